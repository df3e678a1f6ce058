"""A matcher: tokens in, ids of candidates out. It ranks only well enough to choose candidates.

There are three: SQLite's FTS5, PostgreSQL's text search and OpenSearch. All of them store the
tokens that ``analysis`` made and analyse nothing themselves, so that they cannot disagree about
what a word is; ``ranking`` puts their candidates in order.
"""

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from localoffer.search.kept import Kept
from localoffer.search.models import IndexState, SearchDocument

MOST_TOKENS = 64
MOST_FILTERS = 1000  # of one group: squares of a wide circle
LONGEST_TOKEN = 100
CANDIDATES = 1000


class Matcher(Protocol):
    """What a search engine has to do for us. Nothing that it is asked makes it raise."""

    def prepare(self) -> None:
        """Make sure that all is in place; called after each migration and before a repair."""

    def put(self, documents: Iterable[SearchDocument]) -> None:
        """Take note of rows that were written, in the transaction in which they were."""

    def drop(self, ids: Iterable[int]) -> None:
        """Take note of rows that were deleted, in the transaction in which they were."""

    def match(
        self, tokens: Sequence[str], must: Sequence[Sequence[str]] = (), limit: int = CANDIDATES
    ) -> list[int]:
        """The ids of rows that have any of the tokens; of more than ``limit``, the likeliest first.

        ``must``: an AND of ORs of tokens of ``filters``, which count for nothing in the order.
        """

    def deliver(self) -> int:
        """Send what was noted to where it is looked for; return how many rows that were."""

    def rebuild(self, progress: Callable[[int, int], None]) -> None:
        """Make what is looked in anew from the rows, and use it once it is whole."""

    def document_frequencies(self) -> tuple[int, dict[str, int]]:
        """How many rows there are, and in how many of them each token stands.

        Kept in memory (``kept``): in a large index a little old. Do not change what it returns.
        """


class OfDatabase:
    """What the matchers share that read the rows' own database, which keeps them in step."""

    def __init__(self):
        self._counted = Kept(lambda _key: self.count(), of=IndexState.Of.INDEX)

    def prepare(self) -> None:
        """All is part of the table."""

    def put(self, documents) -> None:
        """The database has seen to it."""

    def drop(self, ids) -> None:
        """The database has seen to it."""

    def deliver(self) -> int:
        """Nothing is sent anywhere."""
        return 0

    def rebuild(self, progress) -> None:
        """There is nothing besides the rows."""

    def count(self) -> tuple[int, dict[str, int]]:
        """How many rows there are, and in how many of them each token stands. Slow."""
        raise NotImplementedError

    def document_frequencies(self) -> tuple[int, dict[str, int]]:
        """As ``count``, without counting again what has not changed."""
        return self._counted.get()

    def forget(self) -> None:
        """Count again."""
        self._counted.forget()


@cache
def matcher() -> Matcher:
    """The matcher of this installation: OpenSearch where it is set, else that of its database."""
    if not settings.OPENSEARCH_URL:
        return database()
    if importlib.util.find_spec("opensearchpy") is None:
        raise ImproperlyConfigured(
            "LOCALOFFER_OPENSEARCH_URL is set, and opensearch-py is not installed: "
            "install localoffer[opensearch]."
        )
    from localoffer.search.matching.opensearch import OpenSearch  # noqa: PLC0415

    return OpenSearch(settings.OPENSEARCH_URL, settings.OPENSEARCH_INDEX, otherwise=database())


@cache
def database() -> Matcher:
    """The matcher of the database that the rows are in."""
    if connection.vendor == "postgresql":
        from localoffer.search.matching.postgres import Postgres  # noqa: PLC0415

        return Postgres()
    from localoffer.search.matching.sqlite import Sqlite  # noqa: PLC0415

    return Sqlite()


def storable(tokens: Iterable[str], *, most: int = MOST_TOKENS) -> list[str]:
    """Those of the tokens that analysis can have stored, each once: no quotes, no operators."""
    kept = dict.fromkeys(
        token for token in tokens if token.isalnum() and len(token) <= LONGEST_TOKEN
    )
    return list(kept)[:most]
