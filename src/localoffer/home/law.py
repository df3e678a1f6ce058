"""What Schedule 2 of the SEND Regulations 2014 asks for, counted against what is published.

A count says that something is there, not that it is good: the page that shows this says so too.
"""

from collections import Counter
from dataclasses import dataclass

from localoffer.authority import kept
from localoffer.directory.models import Service
from localoffer.pages.cards import page_models
from localoffer.taxonomy.models import Duty

SCHEDULE_2 = "S2-"


@dataclass(frozen=True)
class Row:
    """One thing the law asks for, and how many live pages and services say they give it."""

    duty: Duty
    pages: int
    services: int

    @property
    def is_gap(self):
        return not self.pages and not self.services


@dataclass(frozen=True)
class Coverage:
    rows: list[Row]

    @property
    def gaps(self):
        return sum(row.is_gap for row in self.rows)


def coverage(authority, *, on) -> Coverage:
    """Every row of Schedule 2 in force on a day, with its counts, which are kept."""
    return kept.get(
        ("coverage", authority.pk, on),
        lambda: count(authority, on=on),
        size=lambda counted: 2_000 * len(counted.rows),
    )


def count(authority, *, on) -> Coverage:
    """The same, counted now: three queries."""
    duties = Duty.objects.in_force(on=on).filter(code__startswith=SCHEDULE_2, retired=False)
    pages, services = _pages(authority), _services(authority)
    return Coverage([Row(duty, pages[duty.pk], services[duty.pk]) for duty in duties])


def _pages(authority):
    first, *rest = [
        model.objects.of_authority(authority)
        .public()
        .filter(duties__isnull=False)
        .order_by()
        .values_list("duties", "pk")
        for model in page_models()
        if hasattr(model, "duties")
    ]
    return Counter(duty for duty, _page in first.union(*rest))


def _services(authority):
    """A service gives what it names itself, and what its types are known to give."""
    listed = Service.objects.for_authority(authority).listed().order_by()
    own = listed.filter(duties__isnull=False).values_list("duties", "pk")
    by_type = listed.filter(types__duties__isnull=False).values_list("types__duties", "pk")
    return Counter(duty for duty, _service in own.union(by_type))
