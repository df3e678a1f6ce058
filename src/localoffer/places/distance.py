"""How far apart two places are, as the crow flies.

A place is anything with ``easting`` and ``northing`` in metres on the British National Grid,
where Pythagoras is right to a few parts in ten thousand.
"""

from math import hypot
from typing import NamedTuple, Protocol

METRES_IN_A_MILE = 1_609.344


class OnGrid(Protocol):
    """Has a point on the British National Grid."""

    @property
    def easting(self) -> int: ...

    @property
    def northing(self) -> int: ...


class Box(NamedTuple):
    """Edges of a square, in metres on the National Grid; all four are inside it."""

    west: int
    south: int
    east: int
    north: int


def metres(a: OnGrid, b: OnGrid) -> int:
    """Metres from one place to the other, to the nearest metre."""
    return round(hypot(a.easting - b.easting, a.northing - b.northing))


def miles(distance: float) -> float:
    """Miles of a distance in metres."""
    return distance / METRES_IN_A_MILE


def box(place: OnGrid, metres: int) -> Box:
    """The square that holds all within so many metres: what a database index can filter by."""
    return Box(
        place.easting - metres,
        place.northing - metres,
        place.easting + metres,
        place.northing + metres,
    )
