"""A plain map drawn from points alone: no tiles, no outlines, nothing from another host. Pure.

North is up, and a metre is as long one way as the other (British National Grid). All of it is a
picture of the list beside it: nothing is only on the map.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, hypot
from statistics import median
from typing import NamedTuple

from localoffer.places.distance import METRES_IN_A_MILE
from localoffer.search.documents import Spot
from localoffer.search.entries import Entry

WIDTH = HEIGHT = 400  # units of the drawing; a phone shows about 0.8 pixels for each
MARGIN = 34
EDGE = 14  # units from the edge to the scale
WIDE, HIGH = 60, 34  # units of a marker: those that would overlap share one
SMALLEST = 8_000  # metres across, so that one point is not drawn as if it were a county
FAR = 25_000  # metres beyond the others at which a point is left off the map
MOST_TOWNS = 9
LETTER = 9  # units that a letter of a town's name takes
BARS = (0.5, 1, 2, 5, 10, 20, 50)  # miles


@dataclass(frozen=True, slots=True)
class Numbered:
    """A result of the list: its number, what it is, and where, if anywhere."""

    number: int
    name: str
    spot: Spot | None


@dataclass(frozen=True, slots=True)
class Marker:
    """One or more results at the same place on the map. ``x`` and ``y``: its middle."""

    x: float
    y: float
    label: str
    width: float
    numbers: tuple[int, ...]
    words: str

    @property
    def left(self) -> float:
        return round(self.x - self.width / 2, 1)

    @property
    def top(self) -> float:
        return round(self.y - 16, 1)


class Name(NamedTuple):
    """A town: where its dot is, where the words are, and which end of them is there."""

    text: str
    x: float
    y: float
    words_x: float
    words_y: float
    anchor: str


@dataclass(slots=True)
class Schematic:
    """The drawing, in its own units."""

    markers: list[Marker]
    dots: list[tuple[float, float]]
    towns: list[Name]
    bar: float
    bar_x: float
    bar_words: str
    you: tuple[float, float] | None
    star: tuple[float, float] | None
    ring: float
    grid: list[float]
    nowhere: list[Numbered] = field(default_factory=list)
    off: list[Numbered] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def drawn(self) -> bool:
        return bool(self.markers)


class Frame(NamedTuple):
    """The square of the National Grid that is drawn: its south-west corner and its side, metres."""

    west: float
    south: float
    side: float

    def at(self, spot) -> tuple[float, float]:
        scale = (WIDTH - 2 * MARGIN) / self.side
        return (
            round(MARGIN + (spot.easting - self.west) * scale, 1),
            round(HEIGHT - MARGIN - (spot.northing - self.south) * scale, 1),
        )

    def holds(self, spot) -> bool:
        return (
            0 <= spot.easting - self.west <= self.side
            and 0 <= spot.northing - self.south <= self.side
        )

    @property
    def unit(self) -> float:
        """Units of the drawing to a metre."""
        return (WIDTH - 2 * MARGIN) / self.side


def draw(
    results: Sequence[Numbered],
    *,
    others: Iterable[Spot] = (),
    everywhere: Sequence[Entry] = (),
    place=None,
    miles: int | None = None,
) -> Schematic:
    """The map of numbered results.

    ``others``: places of results that are on other pages, drawn as dots. ``everywhere``: every
    service of the authority, whose towns give the map its names. ``place``: where the person is,
    with ``easting`` and ``northing``; ``miles``: how far they would go.
    """
    home = [spot for entry in everywhere if entry.reach == "in" for spot in entry.spots]
    frame = _frame([result.spot for result in results if result.spot], home, place, miles)
    on, off, nowhere = [], [], []
    for result in results:
        if result.spot is None:
            nowhere.append(result)
        else:
            (on if frame.holds(result.spot) else off).append(result)
    bar = max((one for one in BARS if one * METRES_IN_A_MILE * frame.unit <= 110), default=BARS[0])
    markers = _markers(on, frame)
    you = frame.at(place) if place is not None and frame.holds(place) else None
    star = you and _beside(you, markers)
    length = round(bar * METRES_IN_A_MILE * frame.unit, 1)
    bar_x = _clear_of(markers, length)
    return Schematic(
        markers=markers,
        dots=sorted({frame.at(spot) for spot in others if frame.holds(spot)}),
        towns=_towns(home, frame, markers, star, bar_x),
        bar=length,
        bar_x=bar_x,
        bar_words=f"{bar:g} mile{'' if bar == 1 else 's'}",
        you=you,
        star=star,
        ring=round(miles * METRES_IN_A_MILE * frame.unit, 1) if miles and you else 0,
        grid=[WIDTH * part / 4 for part in range(1, 4)],
        nowhere=nowhere,
        off=off,
    )


def _frame(spots, home, place, miles) -> Frame:
    """Around the person as far as they would go; else around the authority and what was found."""
    if place is not None and miles:
        side = max(2.2 * miles * METRES_IN_A_MILE, SMALLEST / 2)
        return Frame(place.easting - side / 2, place.northing - side / 2, side)
    core = _middle_most(home or spots)
    near = [spot for spot in spots if _beyond(spot, core) < FAR]
    if place is not None and (not core or _beyond(place, core) < FAR):
        near.append(place)
    shown = core + near
    if not shown:
        return Frame(0, 0, SMALLEST)
    west, east = min(s.easting for s in shown), max(s.easting for s in shown)
    south, north = min(s.northing for s in shown), max(s.northing for s in shown)
    side = max(east - west, north - south, SMALLEST)
    return Frame((west + east - side) / 2, (south + north - side) / 2, side)


def _middle_most(spots):
    """The places of an authority without the few that lie far out, such as a head office."""
    if not spots:
        return []
    x, y = median(s.easting for s in spots), median(s.northing for s in spots)
    by_distance = sorted(spots, key=lambda s: hypot(s.easting - x, s.northing - y))
    return by_distance[: ceil(len(by_distance) * 0.95)]


def _beyond(spot, core):
    """Metres to the nearest of these places."""
    return min(
        (hypot(spot.easting - s.easting, spot.northing - s.northing) for s in core), default=0
    )


def _markers(results, frame):
    """Markers that do not touch: results too near each other to press apart share one."""
    groups: list[list[Numbered]] = []
    for result in results:
        x, y = frame.at(result.spot)
        for group in groups:
            gx, gy = frame.at(group[0].spot)
            if abs(x - gx) < WIDE and abs(y - gy) < HIGH:
                group.append(result)
                break
        else:
            groups.append([result])
    markers = []
    for group in groups:
        x, y = frame.at(group[0].spot)
        label = str(group[0].number)
        if len(group) > 1:
            label += f" +{len(group) - 1}"
        width = max(32, 16 + LETTER * 1.05 * len(label))
        x = min(max(x, width / 2 + 2), WIDTH - width / 2 - 2)
        words = "; ".join(f"{one.number}, {one.name}" for one in group)
        numbers = tuple(one.number for one in group)
        title = f"Result{'s' if len(group) > 1 else ''} {words}"
        markers.append(Marker(round(x, 1), y, label, round(width, 1), numbers, title))
    return markers


def _clear_of(markers, length):
    """Where the scale begins: at the left, or at the right where a marker hides it."""
    hidden = any(m.left < EDGE + length + WIDE and m.top + 32 > HEIGHT - 46 for m in markers)
    return round(WIDTH - EDGE - max(length, WIDE), 1) if hidden else EDGE


def _beside(you, markers):
    """Where to draw the star: where the person is, or just above the marker that hides it."""
    x, y = you
    for marker in markers:
        if abs(x - marker.x) < marker.width / 2 + 8 and abs(y - marker.y) < HIGH / 2 + 8:
            return x, round(marker.top - 9, 1)
    return you


def _towns(home, frame, markers, star, bar_x):
    """Names of the towns with the most services, where there is room for them."""
    by_town = defaultdict(list)
    for spot in home:
        if spot.town:
            by_town[spot.town.strip().title() if spot.town.isupper() else spot.town.strip()].append(
                spot
            )
    names: list[Name] = []
    taken = [(m.left, m.y - 15, m.left + m.width, m.y + 15) for m in markers]
    if star:
        taken.append((star[0] - 12, star[1] - 12, star[0] + 12, star[1] + 12))
    taken.append((bar_x - EDGE, HEIGHT - 46, bar_x + 136, HEIGHT))  # the scale
    taken.append((WIDTH - 40, 0, WIDTH, 46))  # north
    for town, spots in sorted(by_town.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        middle = Spot(
            round(median(s.easting for s in spots)),
            round(median(s.northing for s in spots)),
            "",
            "",
            "",
        )
        if not frame.holds(middle):
            continue
        x, y = frame.at(middle)
        long = LETTER * len(town)
        sides = [
            (x + 8, y, x + 8, "start"),
            (x - 8, y, x - 8 - long, "end"),
            (x, y + 26, x - long / 2, "middle"),
            (x, y - 26, x - long / 2, "middle"),
        ]
        for words_x, words_y, left, anchor in sides:
            box = (left, words_y - 9, left + long, words_y + 9)
            fits = left > 2 and left + long < WIDTH - 2 and box[1] > 0 and box[3] < HEIGHT
            if fits and not any(_overlap(box, other) for other in taken):
                names.append(Name(town, x, y, round(words_x, 1), round(words_y, 1), anchor))
                taken.append(box)
                break
        if len(names) == MOST_TOWNS:
            break
    return names


def _overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
