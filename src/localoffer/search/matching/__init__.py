"""A matcher: tokens in, ids of candidates out. It ranks only well enough to choose candidates.

There are three: SQLite's FTS5, PostgreSQL's text search and OpenSearch. All of them store the
tokens that ``analysis`` made and analyse nothing themselves, so that they cannot disagree about
what a word is; ``ranking`` puts their candidates in order.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Protocol

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
        """The ids of rows that have any of the tokens, the likeliest first.

        ``must``: an AND of ORs of tokens of ``filters``, which count for nothing in the order.
        """

    def document_frequencies(self) -> tuple[int, dict[str, int]]:
        """How many rows there are, and in how many of them each token stands.

        Kept in memory (``kept``): in a large index a little old. Do not change what it returns.
        """


class Counting:
    """Keeps in memory what ``count`` counts, while the words of the index stay the same."""

    def __init__(self):
        self._counted = Kept(lambda _key: self.count(), of=IndexState.Of.INDEX)

    def count(self) -> tuple[int, dict[str, int]]:
        """How many rows there are, and in how many of them each token stands. Slow."""
        raise NotImplementedError

    def document_frequencies(self) -> tuple[int, dict[str, int]]:
        """As ``count``, without counting again what has not changed."""
        return self._counted.get()


@cache
def matcher() -> Matcher:
    """The matcher of this installation: that of its database."""
    return database()


@cache
def database() -> Matcher:
    """The matcher of the database that the rows are in."""
    # Each module is of use with its own database alone.
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
