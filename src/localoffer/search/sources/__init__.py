"""Where documents come from: each kind of public thing has one source.

A source is ``documents(authority, keys=None)``: the documents of its kind that one authority
shows in public, or only those of these keys. It takes the same few queries for one as for
hundreds, and leaves out what is not public: what a source does not yield leaves the index.
``apps.ready`` registers them, a line each.
"""

from collections.abc import Callable, Iterator

from localoffer.search.documents import Document

Source = Callable[..., Iterator[Document]]

_sources: dict[str, Source] = {}


def register(kind: str, documents: Source) -> None:
    """Say where the documents of this kind come from."""
    _sources[kind] = documents


def kinds() -> list[str]:
    """Every kind that can be found."""
    return list(_sources)


def documents(kind: str, authority, keys: list[str] | None = None) -> Iterator[Document]:
    """The documents of a kind that one authority shows, or those of them with these keys."""
    return _sources[kind](authority, keys)
