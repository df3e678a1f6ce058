"""Answers a question: what is found, in which order, and how many there would be otherwise.

One pass over the facts of an authority's services. Each has the set of the filters that it does
not pass: found are those that pass all, a facet counts those that fail at most that facet, and
what one filter costs is counted the same way.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from localoffer.directory.days import NAMES as DAYS
from localoffer.directory.models import Service
from localoffer.places.distance import METRES_IN_A_MILE
from localoffer.places.lookup import Located
from localoffer.search import entries, facts, sources, wording
from localoffer.search.asking import BEST, GUIDES, MILES, NEAREST, OLDEST, Question
from localoffer.search.documents import Hit, Spot
from localoffer.search.entries import Entry
from localoffer.search.finding import find
from localoffer.search.sources import pages
from localoffer.search.words import fold

WORDS = "words"  # counted as if it were one more filter


@dataclass(slots=True)
class Row:
    """A service in a list of results. ``metres``: to its nearest place, where both are known."""

    service: Entry
    score: float
    metres: int | None
    spot: Spot | None

    @property
    def away(self) -> str:
        return wording.away(self.metres) if self.metres is not None else ""


@dataclass(slots=True)
class Answer:
    """``counts``: for each filter, how many services each of its values would give.

    ``loosened``: how many there would be without one filter. ``placeless``: how many were left
    out only because they have no place to measure to. ``towns`` are for the map.
    """

    services: list[Row]
    guides: list[Hit]
    counts: dict[str, dict] = field(default_factory=dict)
    loosened: dict[str, int] = field(default_factory=dict)
    placeless: int = 0
    everywhere: list[Entry] = field(default_factory=list)


def fits_need(service: Entry, code: str, metres) -> bool:
    """A service that names no need is for all of them, as in ``Service.objects.for_needs``."""
    return not service.needs or code in service.needs


def fits_ages(service: Entry, ages: tuple[int, int], metres) -> bool:
    first, last = ages
    youngest, oldest = service.minimum_age, service.maximum_age
    return (youngest is None or youngest <= last) and (oldest is None or oldest >= first)


def fits_cost(service: Entry, cost: str, metres) -> bool:
    return service.cost_kind == Service.Cost.FREE


def fits_day(service: Entry, day: str, metres) -> bool:
    return day in service.days


def fits_distance(service: Entry, number: int, metres: int | None) -> bool:
    return metres is not None and metres <= number * METRES_IN_A_MILE


def fits_type(service: Entry, code: str, metres) -> bool:
    return code in service.types


FITS: dict[str, Callable] = {
    "need": fits_need,
    "age": fits_ages,
    "cost": fits_cost,
    "day": fits_day,
    "distance": fits_distance,
    "type": fits_type,
}


def chosen(question: Question, place: Located | None) -> dict[str, list]:
    """The values asked for of each filter; any one of them will do."""
    return {
        "need": list(question.needs),
        "age": [question.ages] if question.ages else [],
        "cost": ["free"] if question.free else [],
        "day": list(question.days),
        "distance": [question.miles] if question.miles and place else [],
        "type": list(question.types),
    }


def answer(question: Question, *, authority, place: Located | None, terms: facts.Terms) -> Answer:
    """What there is for a question, in at most seven queries however much that is."""
    hits = _hits(find(authority=authority, words=question.words, place=place).matches)
    services = [entry for entry in entries.of_authority(authority) if entry.kind == "service"]
    scores = {hit.key: hit.score for hit in hits if hit.kind == "service"}
    wanted = chosen(question, place)

    rows, failing = [], []
    for service in services:
        metres = service.metres(place)
        fails = {
            name
            for name, values in wanted.items()
            if values and not any(FITS[name](service, value, metres) for value in values)
        }
        if question.words and service.key not in scores:
            fails.add(WORDS)
        if len(fails) < 2:
            rows.append(Row(service, scores.get(service.key, 0), metres, service.nearest(place)))
            failing.append(fails)

    found = [row for row, fails in zip(rows, failing, strict=True) if not fails]
    found.sort(key=_order(question, place))
    active = [WORDS] * bool(question.words) + [name for name, values in wanted.items() if values]
    return Answer(
        services=found,
        guides=_guides(question, authority, hits),
        counts=_counts(rows, failing, place, terms),
        loosened={name: sum(fails <= {name} for fails in failing) for name in active},
        placeless=sum(
            fails == {"distance"} and row.metres is None
            for row, fails in zip(rows, failing, strict=True)
        ),
        everywhere=services,
    )


def _hits(matches):
    return [
        Hit(one.kind, one.key, one.title, one.summary, one.url, match.score)
        for match in matches
        for one in [match.entry]
    ]


def order_of(question: Question, place: Located | None) -> str:
    """BEST or NEAREST: what was asked for, where it is possible, else what helps most."""
    if place is None:
        return BEST
    return question.sort or (BEST if question.words else NEAREST)


def _order(question, place):
    def distance(row):
        return float("inf") if row.metres is None else row.metres

    def name(row):
        return fold(row.service.name), row.service.key

    def best(row):
        named = not row.service.needs.isdisjoint(question.needs)
        return -row.score, not named, distance(row), name(row)

    def nearest(row):
        return distance(row), -row.score, name(row)

    return nearest if order_of(question, place) == NEAREST else best


def _counts(rows, failing, place, terms):
    values = {
        "need": terms.needs,
        "age": [(age, age) for age in range(OLDEST + 1)],
        "cost": ["free"],
        "day": DAYS,
        "distance": MILES if place else [],
        "type": terms.types,
    }
    counts = {}
    for name, fits in FITS.items():
        alone = {name}
        pool = [row for row, fails in zip(rows, failing, strict=True) if fails <= alone]
        counts[name] = {
            value: sum(fits(row.service, value, row.metres) for row in pool)
            for value in values[name]
        }
    return counts


def _guides(question, authority, hits):
    """Pages, guides and news that hold the words and fit the needs and ages.

    Cost, day, distance and kind are facts of services only. A page that names no need, or no age,
    is for all; where no words were asked for, pages that name the need come first.
    """
    found = [hit for hit in hits if hit.kind != "service"]
    if not question.words and (question.needs or question.what == GUIDES):
        found = [
            Hit(page.kind, page.key, page.title, page.summary, page.url, 0)
            for kind in sources.kinds()
            if kind != "service"
            for page in sources.documents(kind, authority)
        ]
        found.sort(key=lambda hit: (fold(hit.title), hit.key))
    if not found or not (question.needs or question.ages):
        return found
    labels = pages.labels([hit.key for hit in found])
    wanted = set(question.needs)
    kept = []
    for hit in found:
        needs, bands = labels[hit.key]
        if wanted and needs and needs.isdisjoint(wanted):
            continue
        if question.ages and bands and not any(_overlap(band, question.ages) for band in bands):
            continue
        kept.append((not question.words and needs.isdisjoint(wanted), hit))
    kept.sort(key=lambda pair: pair[0])
    return [hit for _, hit in kept]


def _overlap(one, other):
    return one[0] <= other[1] and other[0] <= one[1]
