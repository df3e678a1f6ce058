"""The officer's day: what is waiting, late, stale or closing, each a link to the thing itself.

An app registers a panel when it starts; the admin's first page shows them in order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

SHOWN = 8


@dataclass(frozen=True)
class Row:
    """One thing to do: what it is, where to do it, and why it is here."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Panel:
    """A heading with its rows. ``total`` counts those not shown too."""

    title: str
    rows: list[Row]
    total: int
    all_url: str = ""
    urgent: bool = False

    @property
    def more(self):
        return self.total - len(self.rows)


@dataclass(frozen=True, order=True)
class _Registered:
    order: int
    permission: str = field(compare=False)
    panel: Callable = field(compare=False)


_registered: list[_Registered] = []


def register(panel: Callable[..., Panel | None], *, permission: str, order: int) -> None:
    """Add a panel for people with a permission (``app.codename``) in some authority.

    ``panel(authorities=…, now=…)`` is given only the authorities in which they have it, and
    returns None when there is nothing to say. ``order``: who may be harmed below 100, waiting 100s,
    late 200s, stale 300s, closing 400s.
    """
    _registered.append(_Registered(order, permission, panel))
    _registered.sort()


def panels_for(user, *, permitting: Callable, now) -> Iterable[Panel]:
    """The panels that have something to say to this user, in order."""
    for entry in _registered:
        authorities = permitting(user, [entry.permission])
        if authorities and (panel := entry.panel(authorities=authorities, now=now)):
            yield panel
