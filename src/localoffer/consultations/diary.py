"""The days of consultations, month by month; and what officers should know of how they fall.

Schools choose their own holidays. The two that are the same nearly everywhere are told of here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

# Whoever is asked again before this is asked too much.
APART = timedelta(days=14)


@dataclass(frozen=True)
class Day:
    """One thing that happens on a day: of which entry, and what."""

    on: date
    what: str
    entry: Any


@dataclass(frozen=True)
class Month:
    first: date
    days: list[Day]


def months(entries: Iterable, *, year: int) -> list[Month]:
    """What happens in a year, by month. ``entries``: each with its ``record``."""
    found = defaultdict(list)
    for entry in entries:
        for on, what in _days(entry.record):
            if on.year == year:
                found[on.replace(day=1)].append(Day(on, what, entry))
    return [
        Month(first, sorted(days, key=lambda day: (day.on, day.what)))
        for first, days in sorted(found.items())
    ]


def years(entries: Iterable) -> list[int]:
    """The years in which anything happens, the newest first."""
    return sorted({on.year for each in entries for on, _what in _days(each.record)}, reverse=True)


def _days(record):
    yield record.opens_on, "Opens"
    yield record.closes_on, f"Closes at {record.closing_words.partition(' on ')[0]}"
    if record.published_at:
        yield timezone.localdate(record.published_at), "Results published"
    elif record.results_due:
        yield record.results_due, "Results promised"
    if record.decided_on:
        yield record.decided_on, "Decided"


def holiday(first: date, last: date) -> str:
    """The holidays into which days fall, in words; empty for none."""
    for year in range(first.year, last.year + 1):
        if first <= date(year, 12, 31) and last >= date(year, 12, 21):
            return "Christmas"
        if first <= date(year, 8, 31) and last >= date(year, 7, 25):
            return "the summer holidays"
    return ""


def asked_too_often(record, others) -> list[tuple[Any, set[str]]]:
    """Those that begin to ask the same people less than 14 days before or after this one.

    Each with the codes of the audiences that both ask.
    """
    found = []
    mine = audiences(record)
    for other in others:
        near = abs(other.opens_on - record.opens_on) < APART
        both = mine & audiences(other) if near and other.pk != record.pk else set()
        if both:
            found.append((other, both))
    return found


def audiences(record) -> set[str]:
    """The codes of those whom it asks, as its page was last written, published or not."""
    revision = record.page.latest_revision
    return set(revision.content.get("audiences", [])) if revision else set()
