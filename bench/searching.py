"""What ``search_speed`` times, in a process with Django and a filled database."""

import os
import time
from collections import Counter

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import override_settings

from localoffer import pagecache
from localoffer.directory import actions
from localoffer.directory.models import Service
from localoffer.search import analysis, entries, facts, filters, indexing, suggesting, vocabulary
from localoffer.search.answering import answer
from localoffer.search.asking import Question
from localoffer.search.matching import matcher
from localoffer.search.models import SearchDocument

PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
PK_ROWS = 20
SOME_AUTHORITIES = 20
TYPED = ["sp", "spe", "speech", "speech th", "au", "autism", "sho", "hol", "wor", "mal", "res", "s"]


def measure(authorities, *, queries, clock):
    """The rows and what else there is to say."""
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC_FILES}}
    override_settings(STORAGES=plain).enable()  # none are collected here
    rebuild = _rebuild()
    some = authorities[:SOME_AUTHORITIES]
    pks = list(SearchDocument.objects.order_by("pk").values_list("pk", flat=True))
    step = max(1, len(pks) // 100)
    spread = [pks[at : at + PK_ROWS * step : step] for at in range(0, len(pks), step * 5)]
    clock.over("bare SELECT of 20 rows by primary key", _bare, spread[:50])
    clock.rows.insert(0, clock.rows.pop())
    _matching(clock, some, queries)
    _search(clock, authorities, queries)
    _browsing(clock, some)
    _suggesting(clock, some)
    _saving(clock, authorities)
    _upkeep(clock)
    return {"rows": clock.rows, "about": {**rebuild, **_sizes()}}


def _rebuild():
    longest, before = [0.0], [time.perf_counter()]

    def progress(done, of):
        now = time.perf_counter()
        longest[0] = max(longest[0], now - before[0])
        before[0] = now

    started, computing = time.perf_counter(), time.process_time()
    moved = indexing.reindex(progress=progress)
    took, computed = time.perf_counter() - started, time.process_time() - computing
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as its own housekeeping does within minutes
    return {
        "rows rebuilt": moved,
        "rebuild, rows a second, pauses included": round(moved / took),
        "rebuild, rows a second of our CPU": round(moved / computed),
        "longest transaction of the rebuild, s": round(longest[0], 3),
    }


def _bare(pks):
    list(SearchDocument.objects.filter(pk__in=pks).values_list("pk", "title"))


def _matching(clock, authorities, queries):
    engine, asked = matcher(), [(query, _tokens(query, authorities[0])) for query in queries]
    ours = [[filters.authority(authorities[0].pk)]]
    name = type(engine).__name__
    clock.over(f"{name}, one authority", lambda one: engine.match(one[1], must=ours), asked)
    place = next(spot for entry in entries.of_authority(authorities[0]) for spot in entry.spots)
    near = [*ours, filters.near(place, 8_000)]
    clock.over(f"{name}, near a place in it", lambda one: engine.match(one[1], must=near), asked)
    clock.over(f"{name}, national", lambda one: engine.match(one[1]), asked)
    found = [(engine.match(tokens), tokens) for _, tokens in asked]
    clock.over(
        "reading the candidates with their impacts",
        lambda one: entries.of_ids(*one),
        found,
        note=f"{sum(len(ids) for ids, _ in found) // len(found)} rows on average",
    )
    rows = list(SearchDocument.objects.for_authority(authorities[0]).values_list("pk", "tokens"))
    clock.over(
        "looking through one authority's rows in Python",
        lambda one: [pk for pk, tokens in rows if set(one[1]) & set(tokens.split())],
        asked,
        repeats=1,
        note=f"{len(rows)} rows, already in memory",
    )


def _tokens(query, authority):
    found = vocabulary.thesaurus_of(authority).found(analysis.words(query))
    concepts = [analysis.concept_token(concept.code) for concept in found]
    return [*dict.fromkeys(analysis.terms(query)), *dict.fromkeys(concepts)]


def _search(clock, authorities, queries):
    terms, authority = facts.terms(), authorities[0]
    questions = [Question(words=query) for query in queries]

    def ask(question):
        return answer(question, authority=authority, place=None, terms=terms)

    ask(questions[0])
    clock.over("the public search, one authority", ask, questions)
    # As behind the page cache, which counts searches beside the requests.
    client = Client(headers={"host": authority.site.hostname}, **{pagecache.COUNTS: True})

    def get(question):
        response = client.get("/find-help/", {"q": question.words})
        if response.status_code != 200:
            raise RuntimeError(response.status_code)

    get(questions[0])
    clock.over("the page of results, uncached, whole stack", get, questions)


def _browsing(clock, authorities):
    clock.over("everything of one authority", entries.of_authority, authorities)

    def facets(authority):
        found = entries.of_authority(authority)
        return [
            Counter(code for entry in found for code in getattr(entry, name))
            for name in ["needs", "types", "days"]
        ]

    clock.over("three facets of it counted", facets, authorities)
    clock.over(
        "one facet, national, by GROUP BY",
        lambda _: list(
            SearchDocument.objects.order_by().values_list("cost_kind").annotate(Count("pk"))
        ),
        range(3),
    )


def _suggesting(clock, authorities):
    asked = [(authority, typed) for authority in authorities[:3] for typed in TYPED]
    for authority in authorities[:3]:
        suggesting.suggest(authority, "a")
    clock.over("suggestions", lambda one: suggesting.suggest(*one), asked)


def _saving(clock, authorities):
    services = list(Service.objects.filter(authority=authorities[0]).order_by("slug")[:20])

    def change(service):
        Service.objects.filter(pk=service.pk).update(description=f"Changed {time.time_ns()}.")

    def index(service):
        with transaction.atomic():
            indexing.changed("service", [str(service.pk)])

    times = {"change": change, "index": index}
    clock.over(
        "indexing one changed service, with its commit",
        lambda service: (times["change"](service), times["index"](service)),
        services,
        repeats=1,
    )
    clock.over("  of which the change itself", change, services, repeats=1)
    clock.over("looking at one that has not changed", index, services, repeats=2)

    def publish(service):
        service.description = f"Published {time.time_ns()}."
        actions.publish(service=service)

    clock.over("publishing one service, all told", publish, services[:10], repeats=1)


def _upkeep(clock):
    engine = matcher()
    clock.once("counting words (kept in memory)", getattr(engine, "count", lambda: None))
    clock.once("repair: everything looked at", lambda: indexing.repair(seconds=600))
    clock.once("repair: nothing has changed", lambda: indexing.repair(seconds=600))


def _sizes():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            file = connection.settings_dict["NAME"]
            sizes = {"whole database, MB": os.path.getsize(file) / 1e6}  # noqa: PTH202
            cursor.execute("SELECT sum(length(block)) FROM search_fts_data")
            sizes["text index, MB"] = cursor.fetchone()[0] / 1e6
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
            sizes = {"whole database, MB": cursor.fetchone()[0] / 1e6}
            cursor.execute("SELECT pg_total_relation_size('search_document_vector')")
            sizes["text index, MB"] = cursor.fetchone()[0] / 1e6
            cursor.execute("SELECT pg_total_relation_size('search_searchdocument')")
            sizes["rows and their indexes, MB"] = cursor.fetchone()[0] / 1e6
    return {what: round(size, 1) for what, size in sizes.items()}
