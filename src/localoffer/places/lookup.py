"""Where a postcode is, without asking another host. No query: two look-ups in files.

``find`` answers for a postcode that is known exactly, ``locate`` for what a person typed.
"""

from dataclasses import dataclass
from functools import cached_property

from localoffer.places import bundled, grid, imported, postcodes

HOW_TO_TYPE = "Enter a full postcode, such as WR14 1AA, or the first half, such as WR14"
ELSEWHERE = "We only hold places in England, Scotland and Wales. " + HOW_TO_TYPE
NOT_KNOWN = "We do not know a postcode that starts with {outward}. Check it and try again"


class BadPostcodeError(ValueError):
    """What was typed is not a place we can look near. The message is for the person."""


@dataclass(frozen=True)
class Place:
    """A point, in metres on the British National Grid, and the areas it is in.

    ``postcode`` is empty where only the first half was given. ``exact`` is false where the point
    is the middle of all postcodes with that first half. ``district`` is the ONS code of the lowest
    tier council, and ``ward`` of the ward, empty until postcodes with wards are imported.
    """

    postcode: str
    outward: str
    easting: int
    northing: int
    district: str
    ward: str
    exact: bool

    def __str__(self):
        return self.postcode if self.exact else self.outward

    @cached_property
    def _degrees(self):
        return grid.to_latitude_longitude(self.easting, self.northing)

    @property
    def latitude(self) -> float:
        """WGS 84 degrees, within about 5 metres."""
        return self._degrees[0]

    @property
    def longitude(self) -> float:
        """WGS 84 degrees, within about 5 metres."""
        return self._degrees[1]

    @property
    def note(self) -> str:
        """What to tell the person where their postcode is not known; else empty."""
        if self.exact or not self.postcode:
            return ""
        return (
            f"We do not know the postcode {self.postcode}. "
            f"Distances are from the middle of {self.outward}."
        )


Located = Place


def find(text: str | None) -> Place | None:
    """The place of a full postcode that is known exactly, or None."""
    postcode = postcodes.parse(text)
    return _exact(postcode) if postcode else None


def locate(text: str | None) -> Located:
    """The place that a person means by a full postcode or its first half.

    A full postcode that is not known, or has no point of its own, is placed in the middle of its
    outward code, with ``exact`` false and a ``note``. Raises BadPostcodeError, whose message is
    for the person.
    """
    postcode = postcodes.parse(text)
    outward = postcodes.outward(postcode) if postcode else postcodes.parse_outward(text)
    if not outward:
        raise BadPostcodeError(HOW_TO_TYPE)
    if postcodes.area(outward) in postcodes.NORTHERN_IRELAND | postcodes.ISLANDS:
        raise BadPostcodeError(ELSEWHERE)
    place = (_exact(postcode) if postcode else None) or _middle(outward, postcode or "")
    if place is None:
        raise BadPostcodeError(NOT_KNOWN.format(outward=outward))
    return place


def is_in(place: Place, authority) -> bool:
    """Whether a place is in an authority: its own ONS code, or that of one of its districts."""
    return place.district in {authority.gss_code, *authority.districts}


def _exact(postcode):
    for source in (imported, bundled):
        letter = source.letter(postcode[0])
        if row := letter and letter.find(postcode):
            return Place(
                postcode=postcode,
                outward=postcodes.outward(postcode),
                easting=row.easting,
                northing=row.northing,
                district=row.district,
                ward=row.ward,
                exact=True,
            )
    return None


def _middle(outward, postcode):
    """The middle of an outward code: of the bundled set first, which holds all of its rows."""
    for source in (bundled, imported):
        letter = source.letter(outward[0])
        if middle := letter and letter.outward(outward):
            return Place(
                postcode=postcode,
                outward=outward,
                easting=middle.easting,
                northing=middle.northing,
                district=middle.district,
                ward="",
                exact=False,
            )
    return None
