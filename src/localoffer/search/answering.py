"""Answers a question: what is found, in which order, and how many there would be otherwise.

The one public search: the page, ``localoffer search`` and the benchmarks all ask it. One pass over
the candidates. Each has the set of the filters that it does not pass: found are those that pass
all, a facet counts those that fail at most that facet, and what one filter costs is counted the
same way.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from localoffer.directory.days import NAMES as DAYS
from localoffer.directory.models import Service
from localoffer.places.distance import METRES_IN_A_MILE
from localoffer.places.lookup import Place
from localoffer.search import entries, facts, understanding, wording
from localoffer.search.asking import (
    BEST,
    EVERYTHING,
    GUIDES,
    MILES,
    NEAREST,
    OLDEST,
    SERVICES,
    Question,
)
from localoffer.search.documents import Spot
from localoffer.search.entries import Entry
from localoffer.search.finding import Found, find
from localoffer.search.ranking import Match
from localoffer.search.spelling import Correction
from localoffer.search.thesaurus import Choice
from localoffer.search.understanding import Understood
from localoffer.search.words import fold

WORDS = "words"  # counted as if it were one more filter
KINDS = [EVERYTHING, SERVICES, GUIDES]
OF_SERVICES = {"cost", "day", "distance", "type"}  # guides have no such facts
MANY = 1000  # more needs than there are
OLD = {"news"}  # listed after what does not age, where nothing else decides


@dataclass(slots=True)
class Row:
    """A result. ``close``: it matches nearly as well as the best. ``metres``: from ``place`` to its
    nearest place, where both are known.
    """

    entry: Entry
    score: float
    close: bool
    place: Place | None
    metres: int | None

    @property
    def spot(self) -> Spot | None:
        """Its nearest place. Looked for where it is shown: most rows never are."""
        return self.entry.nearest(self.place)

    @property
    def away(self) -> str:
        return wording.away(self.metres) if self.metres is not None else ""


@dataclass(slots=True)
class Answer:
    """What was found, and all that the page says about it.

    ``rows``: in the order to show them, those that match less well last. ``weaker``: how many
    match less well, shown or not. ``kinds``: how many results of everything, of services, of guides
    and news. ``counts``: for each filter, how many results each of its values would give.
    ``loosened``: where nothing was found, how many there would be without one of the things asked
    for. ``placeless``: how many services were left out only because they have no place to measure
    to. ``guides_aside``: whether guides were left out only because a filter is about services.
    ``place``: where the person is, from the postcode or else from the words. ``everywhere``: all
    that was looked at, for the map.
    """

    rows: list[Row]
    weaker: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    counts: dict[str, dict] = field(default_factory=dict)
    loosened: dict[str, int] = field(default_factory=dict)
    placeless: int = 0
    guides_aside: bool = False
    place: Place | None = None
    everywhere: Sequence[Entry] = ()
    understood: Understood = field(default_factory=Understood)
    corrected: tuple[Correction, ...] = ()
    choices: tuple[Choice, ...] = ()
    crisis: bool = False

    @property
    def shows_weaker(self) -> bool:
        """Whether some of the rows match less well: asked for, or there is nothing better."""
        return bool(self.rows) and not self.rows[-1].close


def fits_need(entry: Entry, code: str, metres) -> bool:
    """What names no need is for all of them, as in ``Service.objects.for_needs``."""
    return not entry.needs or code in entry.needs


def fits_ages(entry: Entry, ages: tuple[int, int], metres) -> bool:
    first, last = ages
    youngest, oldest = entry.minimum_age, entry.maximum_age
    return (youngest is None or youngest <= last) and (oldest is None or oldest >= first)


def fits_cost(entry: Entry, cost: str, metres) -> bool:
    return entry.cost_kind == Service.Cost.FREE


def fits_day(entry: Entry, day: str, metres) -> bool:
    return day in entry.days


def fits_distance(entry: Entry, number: int, metres: int | None) -> bool:
    return metres is not None and metres <= number * METRES_IN_A_MILE


def fits_type(entry: Entry, code: str, metres) -> bool:
    return code in entry.types


FITS: dict[str, Callable] = {
    "need": fits_need,
    "age": fits_ages,
    "cost": fits_cost,
    "day": fits_day,
    "distance": fits_distance,
    "type": fits_type,
}


def fits_what(entry: Entry, what: str) -> bool:
    return what == EVERYTHING or (entry.kind == "service") == (what == SERVICES)


def chosen(question: Question, place: Place | None) -> dict[str, list]:
    """The values asked for of each filter; any one of them will do."""
    return {
        "need": list(question.needs),
        "age": [question.ages] if question.ages else [],
        "cost": ["free"] if question.free else [],
        "day": list(question.days),
        "distance": [question.miles] if question.miles and place else [],
        "type": list(question.types),
    }


class Pool:
    """The candidates of a question, each with the filters that it does not pass."""

    def __init__(self, question: Question, matches, cut: float, place: Place | None):
        self.question = question
        self.place = place
        self.wanted = {name: few for name, few in chosen(question, place).items() if few}
        self.rows = [self._row(match, cut) for match in matches]
        self.failing = [self._fails(row) for row in self.rows]
        self._passing: dict[tuple, list[Row]] = {}

    def _row(self, match, cut):
        metres = match.entry.metres(self.place)
        return Row(match.entry, match.score, match.score >= cut, self.place, metres)

    def _fails(self, row):
        return frozenset(
            name
            for name, values in self.wanted.items()
            if not any(FITS[name](row.entry, value, row.metres) for value in values)
        )

    def passing(self, *, but: str = "", what: str | None = None) -> Sequence[Row]:
        """Those that pass every filter, or all but one of them, of one kind of thing.

        Guides know nothing of cost, day, distance and kind: where they alone are asked for, those
        filters let them through.
        """
        what = what or self.question.what
        let_through = {but} | (OF_SERVICES if what == GUIDES else set())
        key = what, frozenset(let_through & self.wanted.keys())
        if key not in self._passing:
            self._passing[key] = [
                row
                for row, fails in zip(self.rows, self.failing, strict=True)
                if fits_what(row.entry, what) and fails <= let_through
            ]
        return self._passing[key]

    def shown(self, rows: Sequence[Row]) -> list[Row]:
        """Without those that match less well, unless they were asked for or are all there is."""
        close = [] if self.question.weaker else [row for row in rows if row.close]
        return close or list(rows)


def answer(question: Question, *, authority, place: Place | None, terms: facts.Terms) -> Answer:
    """What there is for a question, in at most eight queries however much that is.

    ``place``: of the postcode box; without one, a place in the words counts.
    """
    found = _found(question, authority, place)
    pool = Pool(question, found.matches, found.cut, place or found.understood.place)
    passing = pool.passing()
    rows = pool.shown(passing)
    rows.sort(key=_order(question, pool.place))
    return Answer(
        rows=rows,
        weaker=sum(not row.close for row in passing),
        kinds={what: len(pool.shown(pool.passing(what=what))) for what in KINDS},
        counts=_counts(pool, terms, every=any(not row.close for row in rows)),
        loosened={} if rows else _loosened(pool, authority),
        placeless=_placeless(pool),
        guides_aside=_guides_aside(pool),
        place=pool.place,
        everywhere=[row.entry for row in pool.rows],
        understood=_said(found.understood, place),
        corrected=found.corrected,
        choices=found.choices,
        crisis=found.crisis,
    )


def order_of(question: Question, place: Place | None) -> str:
    """BEST or NEAREST: what was asked for, where it is possible, else what helps most."""
    if place is None:
        return BEST
    return question.sort or (BEST if question.words else NEAREST)


def _found(question, authority, place) -> Found:
    if not question.words:
        return _everything(authority)
    return find(
        authority=authority,
        words=question.words,
        place=place,
        exactly=question.exactly,
        ignore=frozenset(question.ignore),
    )


def _everything(authority):
    return Found([Match(entry, 0) for entry in entries.of_authority(authority)])


def _said(understood, place):
    """What the words said, without the place where a postcode in its own box overrules it."""
    if place is None:
        return understood
    chips = tuple(chip for chip in understood.chips if chip.kind != understanding.PLACE)
    return replace(understood, chips=chips)


def _order(question, place):
    def far(row):
        return float("inf") if row.metres is None else row.metres

    def name(row):
        return row.entry.kind in OLD, fold(row.entry.title), row.entry.key

    def best(row):
        # What names a need that was asked for, and few others, is most about it.
        named = not row.entry.needs.isdisjoint(question.needs)
        about = len(row.entry.needs) if named else MANY
        return not row.close, -row.score, about, far(row), name(row)

    def nearest(row):
        return not row.close, far(row), -row.score, name(row)

    return nearest if order_of(question, place) == NEAREST else best


def _counts(pool, terms, *, every):
    """How many results each value of a filter would give, of those that match as well as these."""
    counts = {}
    for name, count in COUNTS.items():
        rows = [row for row in pool.passing(but=name) if every or row.close]
        counts[name] = count(rows)
    return {
        "need": _of_each(terms.needs, counts["need"]),
        "age": counts["age"],
        "cost": counts["cost"],
        "day": _of_each(DAYS, counts["day"]),
        "distance": counts["distance"] if pool.place else {},
        "type": _of_each(terms.types, counts["type"]),
    }


def _of_each(codes, counts):
    return {code: counts[code] for code in codes}


def _count_needs(rows):
    named = Counter(code for row in rows for code in row.entry.needs)
    for_any = sum(not row.entry.needs for row in rows)
    return defaultdict(lambda: for_any, {code: n + for_any for code, n in named.items()})


def _count_ages(rows):
    """For each year of age: begun with the youngest, ended after the oldest, then added up."""
    steps = [0] * (OLDEST + 2)
    for row in rows:
        youngest, oldest = row.entry.minimum_age or 0, row.entry.maximum_age
        oldest = OLDEST if oldest is None else min(oldest, OLDEST)
        if youngest <= oldest:
            steps[youngest] += 1
            steps[oldest + 1] -= 1
    return {(age, age): count for age, count in enumerate(accumulate(steps[:-1]))}


def _count_cost(rows):
    return {"free": sum(fits_cost(row.entry, "free", None) for row in rows)}


def _count_distances(rows):
    return {
        miles: sum(fits_distance(row.entry, miles, row.metres) for row in rows) for miles in MILES
    }


COUNTS = {
    "need": _count_needs,
    "age": _count_ages,
    "cost": _count_cost,
    "day": lambda rows: Counter(day for row in rows for day in row.entry.days),
    "distance": _count_distances,
    "type": lambda rows: Counter(code for row in rows for code in row.entry.types),
}


def _loosened(pool, authority):
    asked = pool.question
    names = pool.wanted.keys() - (OF_SERVICES if asked.what == GUIDES else set())
    loosened = {
        name: len(pool.shown(pool.passing(but=name))) for name in pool.wanted if name in names
    }
    if asked.words and names:
        everything = _everything(authority)
        wordless = Pool(replace(asked, words=""), everything.matches, 0, pool.place)
        loosened = {WORDS: len(wordless.passing()), **loosened}
    return loosened


def _placeless(pool):
    if "distance" not in pool.wanted or pool.question.what == GUIDES:
        return 0
    near = pool.passing(but="distance")
    return sum(row.metres is None and row.entry.kind == "service" for row in pool.shown(near))


def _guides_aside(pool):
    if pool.question.what != EVERYTHING or OF_SERVICES.isdisjoint(pool.wanted):
        return False
    return len(pool.passing(what=GUIDES)) > sum(
        row.entry.kind != "service" for row in pool.passing()
    )
