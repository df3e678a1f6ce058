"""Days, weeks and the words around them, as schedules of any feed write them."""

import re

from localoffer.directory.sources.records import ALWAYS, HOLIDAYS, TERM

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BYDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", re.IGNORECASE)
FULL_NAMES = {
    name: code
    for code, names in zip(
        DAYS,
        [
            ("monday", "mon"), ("tuesday", "tue", "tues"), ("wednesday", "wed", "weds"),
            ("thursday", "thu", "thur", "thurs"), ("friday", "fri"), ("saturday", "sat"),
            ("sunday", "sun"),
        ],
        strict=True,
    )
    for name in names
}  # fmt: skip
FREQUENCIES = {"weekly": "WEEKLY", "monthly": "MONTHLY"}
TERM_TIME = re.compile(r"\bterm[\s-]*time\b|\b(?:during|in) term\b", re.IGNORECASE)
SCHOOL_HOLIDAYS = re.compile(
    r"\bschool holidays?\b|\bholiday (?:time|scheme|club|session)s?\b|\bhalf[\s-]term\b",
    re.IGNORECASE,
)
NOT_IN_HOLIDAYS = re.compile(
    r"\b(?:not|except|excluding|excl\.?|closed|outside)\b[^.;]{0,40}"
    r"\b(?:school holidays?|half[\s-]term)",
    re.IGNORECASE,
)


def when(words: str) -> str:
    """Whether hours described in these words hold always, in term time or in school holidays."""
    if NOT_IN_HOLIDAYS.search(words):
        return TERM
    term, holidays = TERM_TIME.search(words), SCHOOL_HOLIDAYS.search(words)
    if bool(term) == bool(holidays):
        return ALWAYS
    return TERM if term else HOLIDAYS


def days(reading, record, *names):
    """Days in RFC 5545 form from a list or text: MO,WE · Monday · 1MO,-1FR."""
    value = reading.value(record, *names)
    if value is None:
        return ()
    words = value if isinstance(value, list) else [value]
    found = []
    for word in words[:50]:
        if isinstance(word, str) and len(word) < 200:
            found += [_day(part) for part in re.split(r"[,;\s]+", word.strip()) if part]
        else:
            found.append(None)
    if None in found:
        reading.note("day of the week not known left out")
    return tuple(dict.fromkeys(day for day in found if day))


def weekday(reading, record, *names):
    """One day from its number, 1 for Monday to 7 for Sunday, or from its name."""
    value = reading.value(record, *names)
    if value is None:
        return ()
    text = str(value).strip() if isinstance(value, str | int) and value is not True else ""
    if text in {"1", "2", "3", "4", "5", "6", "7"}:
        if isinstance(value, str):
            reading.note("number sent as text")
        return (DAYS[int(text) - 1],)
    if isinstance(value, str):
        return days(reading, {"day": value}, "day")
    reading.note("day of the week not known left out")
    return ()


def days_of_month(reading, record, *names):
    """Days of the month from text such as 1,15,-1."""
    value = reading.value(record, *names)
    if value is None:
        return ()
    parts = value.split(",") if isinstance(value, str) else [value]
    found = [_day_of_month(part) for part in parts[:62]]
    if None in found:
        reading.note("day of the month not known left out")
    return tuple(dict.fromkeys(day for day in found if day))


def _day(word):
    if found := BYDAY.fullmatch(word):
        return (found[1] or "").lstrip("+") + found[2].upper()
    return FULL_NAMES.get(word.lower().rstrip("."))


def _day_of_month(part):
    text = part.strip() if isinstance(part, str) else str(part) if type(part) is int else ""
    if re.fullmatch(r"-?\d{1,2}", text) and 1 <= abs(int(text)) <= 31:
        return int(text)
    return None
