"""Where documents come from: each kind of public thing has one source.

A source is ``documents(authority, keys=None)``: the documents of its kind that one authority
shows in public, or only those of these keys. It takes the same few queries for one as for
hundreds, and leaves out what is not public: what a source does not yield leaves the index.
``apps.ready`` registers them, a line each.
"""

from collections.abc import Callable, Iterable, Iterator

from localoffer.authority.models import Authority
from localoffer.search.documents import Document

Source = Callable[..., Iterator[Document]]

_sources: dict[str, Source] = {}
_without_site: set[str] = set()


def register(kind: str, documents: Source, *, with_site: bool = True) -> None:
    """Say where the documents of this kind come from.

    ``with_site``: whether the authority's site and home page are asked for.
    """
    _sources[kind] = documents
    if not with_site:
        _without_site.add(kind)


def authorities(kind: str, pks: Iterable[int]) -> list[Authority]:
    """These authorities, with all that the source of a kind asks of one: in one query."""
    found = Authority.objects.filter(pk__in=pks).order_by("pk")
    return list(found if kind in _without_site else found.select_related("site__root_page"))


def kinds() -> list[str]:
    """Every kind that can be found."""
    return list(_sources)


def documents(kind: str, authority, keys: list[str] | None = None) -> Iterator[Document]:
    """The documents of a kind that one authority shows, or those of them with these keys."""
    return _sources[kind](authority, keys)
