"""What can be told of: an app says here how things of its kind are told, and which they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Details:
    """What an update says of one public thing, as it is now, and whom it concerns.

    ``key``: as in its ``PublicItem``. ``areas``: codes of districts; none means everywhere, as no
    ages and no audiences mean everyone. ``note``: what its owners say has changed, and why.
    """

    key: str
    title: str
    summary: str
    published: datetime | None
    note: str = ""
    topics: frozenset[str] = field(default_factory=frozenset)
    audiences: frozenset[str] = field(default_factory=frozenset)
    ages: frozenset[str] = field(default_factory=frozenset)
    areas: frozenset[str] = field(default_factory=frozenset)
    promotional: bool = False


@dataclass(frozen=True)
class Source:
    """A kind of public thing. ``heading``: over those of its kind in an edition."""

    kind: str
    heading: str
    order: int
    details: Callable[[list[str]], Iterable[Details]]


_sources: dict[str, Source] = {}


def register(
    kind: str, *, heading: str, order: int, details: Callable[[list[str]], Iterable[Details]]
) -> None:
    """Say how things of a kind are told. ``details`` takes keys, in a few queries."""
    _sources[kind] = Source(kind, heading, order, details)


def of(kind: str) -> Source | None:
    """The source of a kind, or None where nobody is told of such things."""
    return _sources.get(kind)


def details_of(items) -> dict[int, Details]:
    """What is to be said of each of these ``PublicItem`` rows, by its primary key."""
    by_kind: dict[str, dict[str, int]] = {}
    for item in items:
        by_kind.setdefault(item.kind, {})[item.key] = item.pk
    return {
        keys[found.key]: found
        for kind, keys in by_kind.items()
        if (source := of(kind))
        for found in source.details(list(keys))
    }
