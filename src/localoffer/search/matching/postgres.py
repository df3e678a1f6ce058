"""Candidates from PostgreSQL's text search: a generated column of each row, with a GIN index.

Its pitfalls seen to: two texts to look for, because ranking with the filters' puts rare squares and
authorities above the words; and rows are ranked only where there is a choice, because each has to
be unpacked for it. Filters stand in the vector with a ``!`` before them, which no word
has.
"""

from django.db import connection

from localoffer.search.matching import CANDIDATES, MOST_FILTERS, OfDatabase, storable

ANY = """
    SELECT id FROM search_searchdocument WHERE vector @@ %(all)s::tsquery LIMIT %(limit)s + 1
"""
LIKELIEST = """
    SELECT id FROM search_searchdocument
    WHERE vector @@ %(all)s::tsquery
    ORDER BY ts_rank('{0.1, 0.2, 0.5, 1}', vector, %(words)s::tsquery) DESC, id LIMIT %(limit)s
"""
COUNT = """
    SELECT word, ndoc FROM ts_stat('SELECT vector FROM search_searchdocument')
    WHERE left(word, 1) <> '!'
"""


class Postgres(OfDatabase):
    """The matcher of a site on PostgreSQL."""

    def match(self, tokens, must=(), limit=CANDIDATES):
        words = storable(tokens)
        needed = [storable(group, most=MOST_FILTERS) for group in must]
        if not words or not all(needed) or limit < 1:
            return []
        every = " & ".join(
            [_any(words), *(_any(f"!{token}" for token in group) for group in needed)]
        )
        asked = {"all": every, "words": _any(words), "limit": limit}
        with connection.cursor() as cursor:
            cursor.execute(ANY, asked)
            found = cursor.fetchall()
            if len(found) > limit:
                cursor.execute(LIKELIEST, asked)
                found = cursor.fetchall()
            return [pk for (pk,) in found]

    def count(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_searchdocument")
            (documents,) = cursor.fetchone()
            cursor.execute(COUNT)
            return documents, dict(cursor.fetchall())


def _any(tokens):
    return "(" + " | ".join(f"'{token}'" for token in tokens) + ")"
