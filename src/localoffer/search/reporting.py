"""What officers see of what people looked for: common words, with what was done about each."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, Sum

from localoffer.authority.models import Authority
from localoffer.search.models import Asked, Gap, OwnWords
from localoffer.search.models.asked import FEWEST_SHOWN
from localoffer.search.words import fold

PERIODS = {"4": "The last 4 weeks", "13": "The last 3 months", "52": "The last 12 months"}
EVERYTHING, NOTHING, LITTLE = "", "nothing", "little"
SHOWING = {
    EVERYTHING: "All words",
    NOTHING: "Found nothing",
    LITTLE: "Found nothing or little",
}


@dataclass(frozen=True)
class Asking:
    """Which counts to show: whose, of how many weeks, from where, for whom, and which words."""

    authority: Authority
    weeks: int
    outward: str = ""
    ages: str = ""
    show: str = EVERYTHING

    def rows(self, *, today: date):
        """The counts themselves, rare ones among them: not to be shown."""
        rows = Asked.objects.for_authority(self.authority).between(
            today - timedelta(weeks=self.weeks - 1), today
        )
        if self.outward:
            rows = rows.filter(outward=self.outward)
        if self.ages:
            rows = rows.filter(ages=self.ages)
        return rows


@dataclass(frozen=True)
class Line:
    """Words that many people typed. ``gap`` and ``subject``: what was done about them already."""

    words: str
    times: int
    empty: int
    thin: int
    gap: Gap | None = None
    subject: OwnWords | None = None

    @property
    def fails(self) -> bool:
        """Whether half of the searches or more found nothing."""
        return self.empty * 2 >= self.times


@dataclass(frozen=True)
class Report:
    """``rare``: how many words may not be shown, and the searches that used them."""

    lines: list[Line]
    searches: int
    rare: dict[str, int] = field(default_factory=dict)


def report(asking: Asking, *, today: date) -> Report:
    """The common words, most searched first, in five queries however many there are."""
    rows = asking.rows(today=today)
    found = rows.common()
    if asking.show == NOTHING:
        found = found.filter(empty__gt=0).order_by("-empty", "-times", "words")
    elif asking.show == LITTLE:
        found = found.filter(Q(empty__gt=0) | Q(thin__gt=0))
        found = found.order_by("-empty", "-thin", "-times", "words")
    else:
        found = found.order_by("-times", "words")
    done = _done([asking.authority])
    return Report(
        lines=[_line(asking.authority.pk, row, *done) for row in found],
        searches=rows.aggregate(all=Sum("searches"))["all"] or 0,
        rare=rows.rare(),
    )


def outward_codes(asking: Asking, *, today: date) -> list[str]:
    """The outward codes from which enough searches came for their words to be told apart."""
    rows = Asking(asking.authority, asking.weeks).rows(today=today).exclude(outward="")
    counted = rows.order_by("outward").values("outward").annotate(times=Sum("searches"))
    return [row["outward"] for row in counted.filter(times__gte=FEWEST_SHOWN)]


def failing(authorities, *, today: date, weeks: int) -> list[tuple[int, Line]]:
    """Common words that mostly find nothing, with the authority's key, worst first.

    Those that are noted as a gap, or are words of the authority's own by now, wait for nobody.
    """
    rows = Asked.objects.filter(authority__in=authorities).between(
        today - timedelta(weeks=weeks - 1), today
    )
    counted = (
        rows.order_by()
        .values("authority", "words")
        .annotate(times=Sum("searches"), empty=Sum("nothing"), thin=Sum("few"))
        .filter(times__gte=FEWEST_SHOWN, empty__gt=0)
        .order_by("-empty", "words")
    )
    done = _done(authorities)
    lines = [(row.pop("authority"), row) for row in counted]
    lines = [(authority, _line(authority, row, *done)) for authority, row in lines]
    return [
        (authority, line)
        for authority, line in lines
        if line.fails and not line.gap and not line.subject
    ]


def _line(authority, row, gaps, subjects):
    key = authority, fold(row["words"])
    return Line(**row, gap=gaps.get(key), subject=subjects.get(key))


def _done(authorities):
    """Gaps and own words by authority and folded words."""
    gaps = {
        (gap.authority_id, fold(gap.words)): gap
        for gap in Gap.objects.filter(authority__in=authorities)
    }
    subjects = {
        (own.authority_id, fold(text)): own
        for own in OwnWords.objects.filter(authority__in=authorities).select_related("concept")
        for text in [*own.words, *own.hidden]
    }
    return gaps, subjects
