"""Candidates from SQLite's FTS5. Its table reads the rows' own columns, and triggers keep it true.

FTS5 pitfalls seen to: ``detail`` stays full, or ordering by rank loses candidates; the column of
filters weighs nothing, or rare squares and authorities outrank the words. To weigh words, ``bm25``
counts the rows of every authority that have them, so it is asked only where there is a choice.
"""

from django.db import connection, transaction

from localoffer.search.matching import CANDIDATES, MOST_FILTERS, OfDatabase, storable

ANY = "SELECT rowid FROM search_fts WHERE search_fts MATCH %s LIMIT %s"
LIKELIEST = """
    SELECT rowid FROM search_fts WHERE search_fts MATCH %s
    ORDER BY bm25(search_fts, 1.0, 0.0), rowid LIMIT %s
"""
COUNT = "SELECT term, doc FROM search_vocabulary WHERE col = 'tokens'"
TRIGGERS_THERE = (
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_fts_%'"
)
REBUILD = "INSERT INTO search_fts(search_fts) VALUES ('rebuild')"
FORGET = """
    INSERT INTO search_fts(search_fts, rowid, tokens, filters)
    VALUES ('delete', old.id, old.tokens, old.filters);
"""
LEARN = """
    INSERT INTO search_fts(rowid, tokens, filters) VALUES (new.id, new.tokens, new.filters);
"""
TRIGGERS = {
    "search_fts_insert": f"""
        CREATE TRIGGER search_fts_insert AFTER INSERT ON search_searchdocument
        BEGIN {LEARN} END
    """,
    "search_fts_delete": f"""
        CREATE TRIGGER search_fts_delete AFTER DELETE ON search_searchdocument
        BEGIN {FORGET} END
    """,
    "search_fts_update": f"""
        CREATE TRIGGER search_fts_update AFTER UPDATE OF tokens, filters ON search_searchdocument
        WHEN old.tokens <> new.tokens OR old.filters <> new.filters
        BEGIN {FORGET} {LEARN} END
    """,
}


class Sqlite(OfDatabase):
    """The matcher of an embedded site."""

    def prepare(self):
        """Put the triggers in place: a migration that makes the table anew loses them."""
        with connection.cursor() as cursor:
            cursor.execute(TRIGGERS_THERE)
            there = {name for (name,) in cursor.fetchall()}
            if there >= TRIGGERS.keys():
                return
        with transaction.atomic(), connection.cursor() as cursor:
            for name in TRIGGERS.keys() - there:
                cursor.execute(TRIGGERS[name])
            cursor.execute(REBUILD)

    def match(self, tokens, must=(), limit=CANDIDATES):
        words = storable(tokens)
        needed = [storable(group, most=MOST_FILTERS) for group in must]
        if not words or not all(needed) or limit < 1:
            return []
        query = " AND ".join(
            [*(f"(filters : {_any(group)})" for group in needed), f"(tokens : {_any(words)})"]
        )
        with connection.cursor() as cursor:
            cursor.execute(ANY, [query, limit + 1])
            found = cursor.fetchall()
            if len(found) > limit:
                cursor.execute(LIKELIEST, [query, limit])
                found = cursor.fetchall()
            return [pk for (pk,) in found]

    def count(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM search_searchdocument")
            (documents,) = cursor.fetchone()
            cursor.execute(COUNT)
            return documents, dict(cursor.fetchall())


def _any(tokens):
    return "(" + " OR ".join(f'"{token}"' for token in tokens) + ")"
