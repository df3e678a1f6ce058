"""Tokens that stand for facts, so that a matcher can leave out what does not fit. Pure.

A matcher takes them as an AND of ORs: ``[[authority(12)], near(place, 5_000), costs_nothing()]``.
What has no limit of some kind carries a token that says so, and each question for that kind asks
for that token too. They begin with ``z``, in a column of their own.
"""

from collections.abc import Iterable

from localoffer.places.distance import OnGrid

CELL = 20_000  # metres: the side of a square of the grid
OLDEST = 25
NO_PLACE = "zgnone"
ANY_NEED = "znany"
ANY_AGE = "zyany"
FREE = "zfree"


def authority(pk: int) -> str:
    return f"za{pk}"


def kind(name: str) -> str:
    return f"zk{_letters(name)}"


def needs(codes: Iterable[str]) -> list[str]:
    """Any of these needs; what names no need is for all of them."""
    return [*(f"zn{_letters(code)}" for code in codes), ANY_NEED]


def types(codes: Iterable[str]) -> list[str]:
    return [f"zt{_letters(code)}" for code in codes]


def days(codes: Iterable[str]) -> list[str]:
    return [f"zd{_letters(code)}" for code in codes]


def costs_nothing() -> list[str]:
    return [FREE]


def ages(first: int, last: int) -> list[str]:
    """Any of these years of age, both ends included."""
    return [*(f"zy{age}" for age in range(max(first, 0), min(last, OLDEST) + 1)), ANY_AGE]


def near(place: OnGrid, metres: int, *, placeless: bool = True) -> list[str]:
    """The squares that a circle around a place may touch, and, unless told not to, no place."""
    west, east = ((place.easting + way * metres) // CELL for way in (-1, 1))
    south, north = ((place.northing + way * metres) // CELL for way in (-1, 1))
    squares = [_cell(x, y) for x in range(west, east + 1) for y in range(south, north + 1)]
    return [*squares, NO_PLACE] if placeless else squares


def of(document) -> list[str]:
    """Every token of a document, each once."""
    spots = {_cell(spot.easting // CELL, spot.northing // CELL) for spot in document.spots}
    youngest, oldest = document.minimum_age, document.maximum_age
    anyone = youngest in (None, 0) and (oldest is None or oldest >= OLDEST)
    return [
        authority(document.authority_id),
        kind(document.kind),
        *(needs(document.need_codes)[:-1] or [ANY_NEED]),
        *types(document.type_codes),
        *days(document.days),
        *([FREE] if document.cost_kind == "free" else []),
        *([ANY_AGE] if anyone else _years(youngest or 0, OLDEST if oldest is None else oldest)),
        *(sorted(spots) or [NO_PLACE]),
    ]


def _years(first, last):
    return ages(first, last)[:-1] or [f"zy{OLDEST}plus"]


def _cell(x, y):
    return f"zg{_signed(x)}x{_signed(y)}"


def _signed(number):
    return str(number) if number >= 0 else f"m{-number}"


def _letters(text):
    return "".join(letter for letter in text.lower() if letter.isascii() and letter.isalnum())
