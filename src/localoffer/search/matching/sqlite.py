"""Candidates from SQLite's FTS5. Its table reads the rows' own columns, and triggers keep it true.

FTS5 pitfalls seen to: ``detail`` stays full, or ordering by rank loses candidates; the column of
filters weighs nothing, or rare squares and authorities outrank the words.
"""

from django.db import connection

from localoffer.search.matching import CANDIDATES, MOST_FILTERS, Counting, storable

MATCH = """
    SELECT rowid FROM search_fts WHERE search_fts MATCH %s
    ORDER BY bm25(search_fts, 1.0, 0.0), rowid LIMIT %s
"""
COUNT = "SELECT term, doc FROM search_vocabulary WHERE col = 'tokens'"


class Sqlite(Counting):
    """The matcher of an embedded site."""

    def put(self, documents):
        """Nothing to do: a trigger has."""

    def drop(self, ids):
        """Nothing to do: a trigger has."""

    def match(self, tokens, must=(), limit=CANDIDATES):
        words = storable(tokens)
        needed = [storable(group, most=MOST_FILTERS) for group in must]
        if not words or not all(needed):
            return []
        query = " AND ".join(
            [*(f"(filters : {_any(group)})" for group in needed), f"(tokens : {_any(words)})"]
        )
        with connection.cursor() as cursor:
            cursor.execute(MATCH, [query, limit])
            return [pk for (pk,) in cursor.fetchall()]

    def count(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_searchdocument")
            (documents,) = cursor.fetchone()
            cursor.execute(COUNT)
            return documents, dict(cursor.fetchall())


def _any(tokens):
    return "(" + " OR ".join(f'"{token}"' for token in tokens) + ")"
