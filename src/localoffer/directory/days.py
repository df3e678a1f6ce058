"""Days of the week as RFC 5545 codes and as words: ``2TU`` is the second Tuesday of the month."""

import re

NAMES = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
# RFC 5545 counts the weeks of a month before the day.
WEEKS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
BYDAY = NAMES | {
    f"{number}{day}": f"{week} {name}"
    for number, week in WEEKS.items()
    for day, name in NAMES.items()
}
ORDER = list(NAMES)
SHORTEST = 2  # letters that tell one day from another: Mo, Tu
TYPED_WEEKS = {"1st": "1", "2nd": "2", "3rd": "3", "4th": "4", "5th": "5"} | {
    week: number for number, week in WEEKS.items()
}


class UnknownDayError(ValueError):
    """What was typed names no day that we know."""


def in_words(codes) -> str:
    """Codes as they may be typed: "Monday, second Tuesday"."""
    return ", ".join(BYDAY.get(code, code) for code in codes)


def parse(typed: str) -> list[str]:
    """The codes of days typed as words or codes, in the order of the week, each once.

    Understands lists, "and", "to" between two days, and "second" or "2nd" before a day. Raises
    UnknownDayError.
    """
    found = set()
    text = re.sub(r"\s*[-\u2013]\s*(?=[a-z])", " to ", typed.lower())
    for part in re.split(r",|;|\band\b|&|\n", text):
        words = part.split()
        if not words:
            continue
        if "to" in words:
            at = words.index("to")
            found.update(_span(_one(words[:at], typed), _one(words[at + 1 :], typed), typed))
        else:
            found.add(_one(words, typed))
    return sorted(found, key=lambda code: (ORDER.index(code[-2:]), code))


def _span(first, last, typed):
    if first not in NAMES or last not in NAMES:
        raise _unknown(typed)
    start, end = ORDER.index(first), ORDER.index(last)
    return ORDER[start : end + 1] if start <= end else ORDER[start:] + ORDER[: end + 1]


def _one(words, typed):
    code = "".join(words).upper()
    if code in BYDAY:
        return code
    *before, name = words or [""]
    name = name.removesuffix("s")  # Mondays, Weds
    matches = [
        code
        for code, full in NAMES.items()
        if len(name) >= SHORTEST and full.lower().startswith(name)
    ]
    weeks = [word for word in before if word not in ("the", "every", "each")]
    if len(matches) != 1 or len(weeks) > 1 or any(word not in TYPED_WEEKS for word in weeks):
        raise _unknown(typed)
    return (TYPED_WEEKS[weeks[0]] if weeks else "") + matches[0]


def _unknown(typed):
    return UnknownDayError(
        f"We do not understand “{typed.strip()}”. Write days such as: Monday, second Tuesday."
    )
