"""Ages as people say them: "4 year old", "aged 7-11", "under 5s", "year 6", "when he turns 18"."""

import re
from dataclasses import dataclass

NO_LIMIT = 99  # years: "and over"
OLDEST = 25  # years: somebody older is not the child or young person it is about

IN_WORDS = """
nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty
"""
NUMBERS = {word: number for number, word in enumerate(IN_WORDS.split())}
PLURALS = {
    "ones": 1,
    "twos": 2,
    "threes": 3,
    "fours": 4,
    "fives": 5,
    "sixes": 6,
    "sevens": 7,
    "eights": 8,
    "tens": 10,
    "elevens": 11,
    "sixteens": 16,
    "eighteens": 18,
}
N = rf"(?:\d{{1,2}}(?!\d)|(?:{'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?![a-z]))"
NS = rf"(?:(?:{'|'.join(PLURALS)})\b|{N}(?:['\u2019]?s\b)?)"
YEARS = r"(?:years?|yrs?)"
OLD = rf"(?:[\s-]*{YEARS}[\s-]*olds?\b|\s*y/?o\b|(?<=\d)\s?yrs?\b)"
DASH = r"[-\u2013\u2014]"
# After a number that is a time, an amount or a date.
NO_OTHER = (
    r"(?![\s-]*(?:am|pm|p|mins?|minutes?|hours?|hrs?|days?|weeks?|wks?|months?|mths?|miles?|people"
    r"|sessions?|times?|places?|children|kids|o['\u2019]?clock|st|nd|rd|th|k)\b"
    rf"|\s*[%:]|\.\d|[\s-]*{YEARS}\b(?![\s-]*olds?))"
)
PEOPLE = (
    "son|daughter|child|kid|boy|girl|lad|brother|sister|grandson|granddaughter|grandchild|nephew"
    "|niece"
)
STAGES = {
    r"new[\s-]?born(?:s| bab(?:y|ies))?": (0, 0),
    r"bab(?:y|ies)|infants?": (0, 1),
    r"toddlers?": (1, 3),
    r"pre[\s-]?school(?:ers?)?": (2, 4),
    r"nursery (?:aged?|child|children)": (2, 4),
    r"(?:in|starts?|starting) reception|reception (?:class|age|child|children|year)": (4, 5),
    r"primary[\s-](?:aged?|child|children|pupils?)": (4, 11),
    r"secondary[\s-](?:aged?|child|children|pupils?)": (11, 16),
    r"sixth[\s-]form(?:ers?)?": (16, 19),
    r"tweens?|pre[\s-]?teens?": (9, 12),
    r"teen(?:age|aged|agers?|s)?|adolescents?": (13, 19),
    r"young (?:person|people)": (11, 25),
    r"young adults?": (18, 25),
    r"adults?": (18, NO_LIMIT),
}
KEY_STAGES = {1: (5, 7), 2: (7, 11), 3: (11, 14), 4: (14, 16), 5: (16, 19)}


@dataclass(frozen=True, slots=True)
class Said:
    """Ages in a text: where, and the first and last whole year.

    ``kept``: the words say more than an age, and are still worth looking for.
    """

    start: int
    end: int
    ages: tuple[int, int]
    kept: bool


def _number(text):
    text = text.lower().replace("'", "").replace("\u2019", "")
    if text in PLURALS:
        return PLURALS[text]
    text = text.rstrip("s") if text[:1].isdigit() else text
    return int(text) if text.isdigit() else NUMBERS[text]


def _range(match):
    first, last = _number(match["first"]), _number(match["last"])
    return (first, last) if first < last <= NO_LIMIT else None


def _one(match):
    number = _number(match["number"])
    return (number, number) if number <= OLDEST else None


def _months(match):
    number = _number(match["number"])
    years = number // 12 if match["unit"].lower().startswith("m") else 0
    return years, years


def _under(match):
    number = _number(match["number"])
    return (0, number - 1) if 1 <= number <= OLDEST + 1 else None


def _up_to(match):
    number = _number(match["number"])
    return (0, number) if number <= OLDEST else None


def _over(match):
    number = _number(match["number"])
    return (number, NO_LIMIT) if number <= OLDEST else None


def _school_year(match):
    first = _number(match["first"])
    last = _number(match["last"] or match["first"])
    return (first + 4, last + 5) if first <= last <= 13 else None


def _key_stage(match):
    return KEY_STAGES[int(match["number"])]


def _stage(match):
    return STAGE_AGES[int(match.lastgroup[1:])]


STAGE_AGES = list(STAGES.values())


def _way(meaning, *parts, kept=False):
    return re.compile("".join(parts), re.IGNORECASE), meaning, kept


OF_AGE = r"[\s-]*(?:the )?(?:ages? )?(?:of )?"
TO = rf"\s*(?:{DASH}|to|and|&)\s*"
PERSON = (
    r"(?:(?:i|he|she|they|who)(?:['\u2019]?m|['\u2019]?s|['\u2019]?re| am| is| are)"
    rf"|(?:{PEOPLE})(?:['\u2019]?s| is| who is)?)"
)
# The first that fits a stretch of text has it, so that the longer ways come first.
WAYS = [
    _way(
        _months,
        rf"\b(?P<number>{N})[\s-]*(?P<unit>months?|mths?|weeks?|wks?|days?)[\s-]*olds?\b",
    ),
    _way(
        _school_year,
        rf"\b(?:years?|yrs?)\s*(?P<first>{N})(?:{TO}(?P<last>{N}))?\b",
        kept=True,
    ),
    _way(
        _range,
        rf"\b(?:aged?|ages|between)\s*(?P<first>{N}){TO}(?P<last>{N})(?:{OLD}|['\u2019]?s\b)?",
    ),
    _way(
        _range,
        rf"\b(?P<first>{N})\s*(?:{DASH}|to)\s*(?P<last>{N})(?:{OLD}|['\u2019]?s\b)",
    ),
    _way(
        _range,
        rf"(?<![\d-])\b(?P<first>\d{{1,2}})\s?{DASH}\s?(?P<last>\d{{1,2}})\b{NO_OTHER}",
        rf"(?!{DASH}?\d)",
    ),
    _way(
        _under,
        rf"\b(?:under|below|younger than|less than|u(?=\d)){OF_AGE}(?P<number>{NS})(?:{OLD})?",
        NO_OTHER,
    ),
    _way(_up_to, rf"\bup to{OF_AGE}(?P<number>{NS})(?:{OLD})?{NO_OTHER}"),
    _way(_over, rf"\b(?:over|above|older than){OF_AGE}(?P<number>{NS})(?:{OLD})?{NO_OTHER}"),
    _way(
        _over,
        rf"\b(?:aged? )?(?P<number>{N})(?:{OLD})?\s*",
        r"(?:\+|plus\b|(?:and|or|&) (?:over|above|older|up)\b)",
    ),
    _way(_one, rf"\b(?P<number>{N})(?:\s?\u00bd| and a half)?{OLD}"),
    _way(_one, rf"\baged?\s*(?:of\s*)?(?P<number>{N})\b{NO_OTHER}"),
    _way(_one, rf"\b{PERSON}\s+(?P<number>{N})\b{NO_OTHER}"),
    _way(_one, rf"\b(?P<number>{N})\s?{YEARS}?\s(?=(?:{PEOPLE})\b)"),
    _way(
        _one,
        r"\b(?:turn(?:s|ed|ing)?|reach(?:es|ed|ing)?)\s*(?:age\s*)?",
        rf"(?P<number>{N})\b{NO_OTHER}",
        kept=True,
    ),
    _way(
        _one,
        r"\b(?:at|from|until|till|before|post|pre)[\s-]*(?:age\s*)?",
        rf"(?P<number>1[1-9]|2[0-5])\b{NO_OTHER}",
        kept=True,
    ),
    _way(
        _over,
        rf"\b(?:after|past|beyond)[\s-]*(?:age\s*)?(?P<number>1[1-9]|2[0-5])\b{NO_OTHER}",
        kept=True,
    ),
    _way(_key_stage, r"\b(?:key[\s-]?stage|ks)\s?(?P<number>[1-5])\b", kept=True),
    _way(
        _stage,
        "|".join(rf"(?P<s{at}>\b(?:{stage})\b)" for at, stage in enumerate(STAGES)),
        kept=True,
    ),
]

# Before an age that is not wanted.
NOT = re.compile(
    r"\b(?:but\s+)?(?:not|no|excluding|except)\s+(?:(?:suitable|aimed|meant)\s+)?(?:for\s+)?$",
    re.IGNORECASE,
)


def read(text: str) -> list[Said]:
    """The ages in a text, in their order. None of their words is in two of them.

    Ages that are not wanted are turned round: "not for under 11s" is 11 and over.
    """
    found: list[Said] = []
    for pattern, meaning, kept in WAYS:
        for match in pattern.finditer(text):
            ages = meaning(match)
            if ages and all(match.end() <= one.start or match.start() >= one.end for one in found):
                found.append(_turned(text, match, ages, kept=kept))
    return sorted(found, key=lambda said: said.start)


def _turned(text, match, ages, *, kept):
    refused = NOT.search(text[: match.start()])
    if not refused:
        return Said(match.start(), match.end(), ages, kept)
    first, last = ages
    others = (last + 1, NO_LIMIT) if first == 0 else (0, first - 1)
    return Said(refused.start(), match.end(), others, False)


def together(several: list[tuple[int, int]]) -> tuple[int, int] | None:
    """One range of ages from several: what they share, or from the first to the last of all."""
    if not several:
        return None
    firsts, lasts = zip(*several, strict=True)
    if max(firsts) <= min(lasts):
        return max(firsts), min(lasts)
    return min(firsts), max(lasts)


def label(ages: tuple[int, int]) -> str:
    """Ages for people: "Age 4", "Ages 7 to 11", "Under 5", "Age 16 and over"."""
    first, last = ages
    if first == last:
        return "Under 1" if first == 0 else f"Age {first}"
    if last >= NO_LIMIT:
        return f"Age {first} and over"
    return f"Under {last + 1}" if first == 0 else f"Ages {first} to {last}"
