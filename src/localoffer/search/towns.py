"""The places that words can name: towns by their names, and postcodes. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from localoffer.places.lookup import BadPostcodeError, Place, locate
from localoffer.search.analysis import words

# Towns whose names are words too: a place only after "in" or "near", or beside a comma.
WORDS_TOO = """
ash barking bath battle beer bow broadway bury chard church cook crook dale deal down downs eye
field ford hale ham hook hope hove lancing look march new north over reading rugby rye sale
sandwich settle south stone street wash ware well wells west wing worth
"""
ALSO_WORDS = frozenset(WORDS_TOO.split())
# What follows in a longer name that people leave out: Stourport-on-Severn, Tenbury Wells.
TAILS = frozenset({"in", "le", "next", "on", "spa", "under", "upon", "wells"})


@dataclass(frozen=True)
class Town(Place):
    """A town. ``radius``: metres from its middle within which all of it is near."""

    name: str = ""
    radius: int = 0

    def __str__(self):
        return self.name


def town(name: str, *, easting: int, northing: int, radius: int = 0) -> Town:
    return Town(
        postcode="",
        outward="",
        easting=easting,
        northing=northing,
        district="",
        ward="",
        exact=False,
        name=name,
        radius=radius,
    )


class Gazetteer:
    """Finds the towns it was given, and every postcode there is."""

    def __init__(self, towns: Iterable[Town] = (), *, locate: Callable[[str], Place] = locate):
        self._locate = locate
        self._towns: dict[tuple[str, ...], Town] = {}
        shorter: dict[tuple[str, ...], Town | None] = {}
        for one in towns:
            name = tuple(words(one.name))
            if not name:
                continue
            self._towns.setdefault(name, one)
            for at, word in enumerate(name):
                if at and word in TAILS:
                    shorter[name[:at]] = None if name[:at] in shorter else one
                    break
        for name, only in shorter.items():
            if only is not None:
                self._towns.setdefault(name, only)
        self._longest = max(map(len, self._towns), default=0)

    def postcode(self, text: str) -> Place | None:
        """The place of a postcode, or of the first half of one, that there is."""
        try:
            return self._locate(text)
        except BadPostcodeError:
            return None

    def town(self, in_order: Sequence[str], at: int) -> tuple[Town, int] | None:
        """The town whose name begins at one of the folded words, and of how many words it is."""
        for size in range(min(self._longest, len(in_order) - at), 0, -1):
            if found := self._towns.get(tuple(in_order[at : at + size])):
                return found, size
        return None
