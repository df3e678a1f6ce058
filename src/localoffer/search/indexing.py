"""Keeps the index in step with everything public. The only module that writes it.

A change is indexed in its own transaction, and what is public no longer leaves at once. What a
release, an edit of the thesaurus or a restart finds out of date is repaired by the tick.
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from hashlib import blake2b
from itertools import islice

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from localoffer.authority.models import Authority, PublicItem
from localoffer.search import analysis, filters, sources, tasks, vocabulary
from localoffer.search.documents import Document
from localoffer.search.matching import LONGEST_TOKEN, matcher
from localoffer.search.models import (
    LONGEST_START,
    IndexCheck,
    IndexState,
    SearchDocument,
    TitleStart,
)
from localoffer.search.words import WORD, fold
from localoffer.taxonomy.models import LoadedFile

SHAPE = "2"  # of a row: move it when a row is made differently of the same document
AT_ONCE = 100
PAUSE = 0.05  # seconds between two transactions of many, in which others may write (SQLite)
MOST_TOKENS = 3000  # different ones of a document: the heaviest
TWICE, THREE_TIMES = 1.2, 1.7  # an impact from which a token is repeated for matchers
MOST_STARTS = 6
NOT_SUGGESTED = {"news"}  # nobody types the title of a story
WRITTEN = [
    field.name
    for field in SearchDocument._meta.concrete_fields
    if field.name not in {"id", "kind", "key"}
]


def changed(kind: str, keys: list[str]) -> int:
    """Bring the index in line with what was announced, in the transaction in which it was.

    Returns how many rows were written or went.
    """
    moved = 0
    if kind not in sources.kinds():
        return moved
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        owners = defaultdict(list)
        public = PublicItem.objects.public().filter(kind=kind, key__in=some)
        for key, authority in public.values_list("key", "authority_id"):
            owners[authority].append(key)
        kept = []
        for authority in sources.authorities(kind, list(owners)):
            found = list(sources.documents(kind, authority, owners[authority.pk]))
            moved += put(authority, found)
            kept += [document.key for document in found]
        if gone := set(some) - set(kept):
            moved += drop(SearchDocument.objects.filter(kind=kind, key__in=gone))
    return moved


@transaction.atomic
def put(authority, documents: Iterable[Document]) -> int:
    """Write the rows of these documents that are not as they should be; return how many."""
    documents = list(documents)
    thesaurus = vocabulary.thesaurus_of(authority)
    version = version_of(thesaurus)
    known = {}
    for kind in {document.kind for document in documents}:
        keys = [document.key for document in documents if document.kind == kind]
        rows = SearchDocument.objects.filter(kind=kind, key__in=keys)
        for key, *named, digest, analyser in rows.values_list(
            "key", "authority_id", "title", "source_hash", "analyser_version"
        ):
            known[kind, key] = named, [digest, analyser]
    rows, retitled = [], []
    for document in documents:
        digest = _digest(document)
        named, state = known.get((document.kind, document.key), (None, None))
        if state != [digest, version]:
            row = _row(document, digest, version, thesaurus)
            rows.append(row)
            if named != [row.authority_id, row.title]:
                retitled.append(row)
    if rows:
        SearchDocument.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["kind", "key"], update_fields=WRITTEN
        )
        TitleStart.objects.filter(document__in=[row.pk for row in retitled]).delete()
        TitleStart.objects.bulk_create(start for row in retitled for start in _starts(row))
        matcher().put(rows)
        _tell()
    return len(rows)


@transaction.atomic
def drop(rows) -> int:
    """Take these rows out of the index; return how many there were."""
    ids = list(rows.values_list("pk", flat=True))
    if ids:
        TitleStart.objects.filter(document__in=ids).delete()
        SearchDocument.objects.filter(pk__in=ids).delete()
        matcher().drop(ids)
        _tell()
    return len(ids)


def reindex(authority=None, *, progress: Callable[[int, int], None] = lambda done, all_: None):
    """Bring every row in line with its source, of one authority or of all; return how many moved.

    Safe while the site serves: many short transactions. Rows that are right are left alone, so
    that it may be stopped and started again. ``progress(done, of)`` is called after each of them.
    """
    matcher().prepare()
    items = PublicItem.objects.public().filter(kind__in=sources.kinds())
    strays = _strays()
    if authority is not None:
        items, strays = items.for_authority(authority), strays.for_authority(authority)
    todo = list(items.order_by("authority", "kind", "pk").values_list("kind", "key"))
    moved = _drop_all(strays)
    for done, changes in _again(todo):
        moved += changes
        progress(done, len(todo))
    return moved


def repair(*, seconds: float) -> int:
    """Put right what is out of date, for at most about so many seconds; return how many rows.

    Looked for: rows that another release or another thesaurus analysed, public things without a
    row, and rows of things that are public no longer. Nothing is looked for again on a day on which
    everything was found right and no word has changed since.
    """
    until = time.monotonic() + seconds
    matcher().prepare()
    IndexState.objects.compact()
    if IndexCheck.objects.filter(pk=1, state=_state()).exists():
        return 0
    moved = _drop_all(_strays())
    for _done, changes in _again(_out_of_date()):
        moved += changes
        if time.monotonic() > until:
            return moved
    IndexCheck.objects.update_or_create(pk=1, defaults={"state": _state()})
    return moved


def prepare_after_migrate(*, using, **kwargs):
    """Once the tables are there: ``migrate search zero`` has just taken them away."""
    if SearchDocument._meta.db_table in connections[using].introspection.table_names():
        matcher().prepare()


def _again(things) -> Iterator[tuple[int, int]]:
    """Index these (kind, key) again; after each transaction, how many so far, rows it changed."""
    done = 0
    by_kind = defaultdict(list)
    for kind, key in things:
        by_kind[kind].append(key)
    for kind, keys in by_kind.items():
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            if done and connection.vendor == "sqlite":
                time.sleep(PAUSE)
            with transaction.atomic():
                # What another transaction is announcing now is left to it: it waits for nobody.
                items = PublicItem.objects.select_for_update(skip_locked=True)
                free = items.filter(kind=kind, key__in=some).values_list("key", flat=True)
                changes = changed(kind, list(free))
            done += len(some)
            yield done, changes


def _drop_all(rows):
    ids = list(rows.values_list("pk", flat=True))
    return sum(
        drop(SearchDocument.objects.filter(pk__in=ids[start : start + AT_ONCE]))
        for start in range(0, len(ids), AT_ONCE)
    )


def _strays():
    """Rows of things that are public no longer."""
    item = PublicItem.objects.public().filter(kind=OuterRef("kind"), key=OuterRef("key"))
    return SearchDocument.objects.filter(~Exists(item))


def _out_of_date():
    """What was analysed otherwise, and then public things that have no row: (kind, key).

    Some have none for good, such as services that have ended: their sources pass over them
    quickly, and they come last so that they hold up nothing.
    """
    found = []
    versions = SearchDocument.objects.order_by().values_list("authority", "analyser_version")
    pairs = list(versions.distinct())
    for authority in Authority.objects.filter(pk__in={pk for pk, _version in pairs}):
        current = version_of(vocabulary.thesaurus_of(authority))
        if any(pk == authority.pk and version != current for pk, version in pairs):
            old = SearchDocument.objects.for_authority(authority)
            old = old.exclude(analyser_version=current).order_by("pk")
            found += old.values_list("kind", "key")
    row = SearchDocument.objects.filter(kind=OuterRef("kind"), key=OuterRef("key"))
    items = PublicItem.objects.public().filter(~Exists(row), kind__in=sources.kinds())
    return [*found, *items.order_by("pk").values_list("kind", "key")]


def _state():
    """All that the index follows from, besides what is announced; and the day."""
    files = LoadedFile.objects.filter(name="concepts.csv").values_list("digest", flat=True)
    parts = [
        timezone.localdate().isoformat(),
        IndexState.objects.revision(),  # of the index and of the thesaurus
        SHAPE,
        analysis.ANALYSER,
        *sources.kinds(),
        *files,
    ]
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _tell():
    """Tell those who keep words in memory, and whoever delivers to another search engine."""
    IndexState.objects.move()
    if settings.OPENSEARCH_URL:
        transaction.on_commit(tasks.deliver.enqueue)


def version_of(thesaurus) -> str:
    """What a row was analysed by: of another version it is out of date."""
    return f"{SHAPE}.{analysis.ANALYSER}.{getattr(thesaurus, 'version', '')}"


def _digest(document):
    return blake2b(repr(document).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _row(document, digest, version, thesaurus):
    found = analysis.impacts(document, thesaurus)
    heaviest = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOKENS]
    impacts = {token: impact for token, impact in heaviest if len(token) <= LONGEST_TOKEN}
    return SearchDocument(
        authority_id=document.authority_id,
        kind=document.kind,
        key=document.key,
        title=document.title[:255],
        summary=document.summary,
        url=document.url,
        impacts=json.dumps(impacts, ensure_ascii=False),
        tokens=" ".join(_repeated(impacts)),
        filters=" ".join(filters.of(document)),
        need_codes=list(document.need_codes),
        type_codes=list(document.type_codes),
        audience_codes=list(document.audience_codes),
        days=list(document.days),
        spots=[astuple(spot) for spot in document.spots],
        minimum_age=document.minimum_age,
        maximum_age=document.maximum_age,
        cost_kind=document.cost_kind,
        organisation=document.organisation[:255],
        reach=document.reach,
        status=document.status,
        is_example=document.is_example,
        dated=document.dated,
        source_hash=digest,
        analyser_version=version,
        changed=timezone.now(),
    )


def _repeated(impacts) -> Iterator[str]:
    for token, impact in impacts.items():
        yield token
        if impact >= TWICE:
            yield token
        if impact >= THREE_TIMES:
            yield token


def _starts(row):
    """The title from each of its first words on."""
    if row.kind in NOT_SUGGESTED:
        return
    folded = " ".join(WORD.findall(fold(row.title)))
    begins = islice(re.finditer(r"\S+", folded), MOST_STARTS)
    for start in dict.fromkeys(folded[word.start() :][:LONGEST_START] for word in begins):
        yield TitleStart(authority_id=row.authority_id, document_id=row.pk, start=start)
