"""Whom the law says to ask about a Local Offer, beside whom a council asked in a year.

SEND Regulations 2014, regulation 54: 14 lettered groups, health bodies, those outside the area. How
many answered comes from published results alone: there it was made safe.
"""

from dataclasses import dataclass

from localoffer.consultations.models import listing
from localoffer.consultations.models.pages import ConsultationPage
from localoffer.consultations.models.results import Result
from localoffer.taxonomy.models import Consultee


@dataclass(frozen=True)
class Asked:
    """One consultation of the year. ``answered``: of each survey, its title and how many, rounded;
    None for fewer than may be told. No survey where no results are published."""

    entry: listing.Entry
    answered: tuple[tuple[str, int | None], ...]

    @property
    def words(self):
        if not self.answered:
            return "No results are published yet"
        return "; ".join(
            f"{title}: {'too few to tell' if number is None else f'about {number}'}"
            for title, number in self.answered
        )


@dataclass(frozen=True)
class Row:
    """One group that the law names, and the consultations that asked it."""

    consultee: Consultee
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Coverage:
    year: int
    years: list[int]
    asked: list[Asked]
    rows: list[Row]

    @property
    def gaps(self):
        return sum(not row.asked for row in self.rows)

    @property
    def most_years(self):
        return len(self.years) > 1


def coverage(authority, *, now, year=None) -> Coverage:
    """Of the consultations that opened in a year: four queries, however many there are.

    ``year``: this year, or the newest in which any opened, if there is none such.
    """
    entries = listing.of(authority, now=now).all
    years = sorted({each.record.opens_on.year for each in entries}, reverse=True)
    if year not in years:
        year = years[0] if years else now.year
    chosen = [each for each in entries if each.record.opens_on.year == year]
    chosen.sort(key=lambda each: (each.record.opens_on, each.record.pk))
    answered = _answered([each.record.pk for each in chosen])
    asked = [Asked(each, answered.get(each.record.pk, ())) for each in chosen]
    ticked = _ticked([each.page.pk for each in chosen])
    return Coverage(
        year=year,
        years=years,
        asked=asked,
        rows=[
            Row(
                consultee,
                tuple(each for each in asked if (each.entry.page.pk, consultee.pk) in ticked),
            )
            for consultee in Consultee.objects.filter(retired=False)
        ],
    )


def year_of(typed: str) -> int | None:
    """The year that an address asks for; None for what is none."""
    return int(typed) if typed.isdecimal() and len(typed) < 5 else None


def _answered(records):
    """What the newest published results say of each."""
    found = {}
    published = Result.objects.filter(consultation__in=records).exclude(published_at=None)
    for result in published.order_by("number"):
        found[result.consultation_id] = tuple(
            (survey["title"], survey["answered"]) for survey in result.tables
        )
    return found


def _ticked(pages):
    through = ConsultationPage.consultees.through
    rows = through.objects.filter(consultationpage__in=pages)
    return set(rows.values_list("consultationpage_id", "consultee_id"))


HEAD = ["year", "place in the law", "whom the law names", "consultation", "address", "answered"]


def sheet(found: Coverage, root: str):
    """A row for each group and consultation; one with no consultation for a group not asked."""
    for row in found.rows:
        facts = [found.year, row.consultee.reference, row.consultee.name]
        for each in row.asked:
            yield [*facts, each.entry.title, f"{root}{each.entry.href}", each.words]
        if not row.asked:
            yield [*facts, "", "", ""]
