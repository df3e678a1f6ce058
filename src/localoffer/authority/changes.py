"""The one door through which a change that the public can see is told.

A domain says here how its things are described; actions announce what they changed, in the same
transaction; the layers above (search, the page cache, e-mail updates) listen. There are no other
signals of our own. Wagtail's page signals are bridged here once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from localoffer.authority.models import PublicItem


@dataclass(frozen=True)
class Description:
    """What the public row of one thing says."""

    key: str
    authority_id: int
    title: str
    url: str
    public: bool
    published: datetime | None = None


_describers: dict[str, Callable[[list[str]], Iterable[Description]]] = {}
_listeners: list[Callable[[str, list[str]], None]] = []
_waiting: ContextVar[dict | None] = ContextVar("waiting", default=None)
_past: ContextVar[bool] = ContextVar("past", default=False)

AT_ONCE = 500


def describe_with(kind: str, describe: Callable[[list[str]], Iterable[Description]]) -> None:
    """Say how things of this kind are described. ``describe`` takes keys, in a few queries."""
    _describers[kind] = describe


def listen(listener: Callable[[str, list[str]], None]) -> None:
    """Call ``listener(kind, keys)`` inside the transaction of every change announced."""
    if listener not in _listeners:
        _listeners.append(listener)


@contextmanager
def together() -> Iterator[None]:
    """Announce all that is announced in this block once, at its end: for many changes at a time.

    Within a transaction of the caller, or the changes would stand before they are told of. A block
    that fails announces nothing.
    """
    waiting: dict[str, dict[str, None]] = defaultdict(dict)
    outer = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(outer)
    for kind, keys in waiting.items():
        announce(kind, keys)


@contextmanager
def of_the_past() -> Iterator[None]:
    """What is announced in this block was public, elsewhere, on the day that it says of itself.

    For what is older than this site: outside, a thing is new on the day it is first public here.
    """
    outer = _past.set(True)
    try:
        yield
    finally:
        _past.reset(outer)


def is_of_the_past() -> bool:
    """Whether what is announced now was public elsewhere before."""
    return _past.get()


@transaction.atomic
def announce(kind: str, keys: Iterable) -> None:
    """Write the public row of each thing and tell the listeners, in this transaction.

    A thing that its domain no longer describes is withdrawn; its row and its short address stay.
    Raises KeyError for a kind nobody describes.
    """
    keys = [str(key) for key in keys]
    if (waiting := _waiting.get()) is not None:
        waiting[kind].update(dict.fromkeys(keys))
        return
    for start in range(0, len(keys), AT_ONCE):
        _write(kind, keys[start : start + AT_ONCE])
    for listener in _listeners:
        listener(kind, keys)


def _write(kind, keys):
    now = timezone.now()
    described = list(_describers[kind](keys))
    PublicItem.objects.bulk_create(
        [
            PublicItem(
                kind=kind,
                key=thing.key,
                authority_id=thing.authority_id,
                title=thing.title[:255],
                url=thing.url,
                state=PublicItem.State.PUBLIC if thing.public else PublicItem.State.WITHDRAWN,
                published=thing.published,
                changed=now,
            )
            for thing in described
        ],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["authority", "title", "url", "state", "published", "changed"],
    )
    gone = set(keys) - {thing.key for thing in described}
    PublicItem.objects.filter(kind=kind, key__in=gone).update(
        state=PublicItem.State.WITHDRAWN, changed=now
    )


def bridge_pages() -> None:
    """Announce what Wagtail's own signals tell of pages that have a ``public_kind``."""
    for signal in [page_published, page_unpublished]:
        signal.connect(_page_changed, dispatch_uid="authority.changes")
    for signal in [page_slug_changed, post_page_move]:
        signal.connect(_branch_changed, dispatch_uid="authority.changes")
    post_delete.connect(_page_deleted, dispatch_uid="authority.changes")
    for signal in [post_save, post_delete]:
        signal.connect(
            _restriction_changed, sender=PageViewRestriction, dispatch_uid="authority.changes"
        )


def _page_changed(sender, instance, **kwargs):
    if kind := getattr(sender, "public_kind", ""):
        announce(kind, [instance.pk])


def _branch_changed(sender, instance, **kwargs):
    by_kind = defaultdict(list)
    for page in instance.get_descendants(inclusive=True).specific(defer=True):
        by_kind[getattr(page.specific_class, "public_kind", "")].append(page.pk)
    for kind, keys in by_kind.items():
        if kind:
            announce(kind, keys)


def _page_deleted(sender, instance, **kwargs):
    if issubclass(sender, Page):
        _page_changed(sender, instance)


def _restriction_changed(sender, instance, **kwargs):
    """A password, or a group, closes or opens a page and all below it."""
    if page := Page.objects.filter(pk=instance.page_id).first():
        _branch_changed(sender, page)
