"""Keeps the index in step with everything public. The only module that writes it.

A change is indexed in its own transaction, and what is public no longer leaves at once. What a
release, an edit of the thesaurus or a restart finds out of date is repaired by the tick.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from hashlib import blake2b
from itertools import islice

from django.db import transaction
from django.utils import timezone

from localoffer.authority.models import Authority, PublicItem
from localoffer.search import analysis, filters, sources, vocabulary
from localoffer.search.documents import Document
from localoffer.search.matching import LONGEST_TOKEN, matcher
from localoffer.search.models import LONGEST_START, IndexState, SearchDocument, TitleStart
from localoffer.search.words import WORD, fold

SHAPE = "1"  # of a row: move it when a row is made differently of the same document
AT_ONCE = 200
MOST_TOKENS = 3000  # different ones of a document: the heaviest
TWICE, THREE_TIMES = 1.2, 1.7  # an impact from which a token is repeated for matchers
MOST_STARTS = 6
WRITTEN = [
    field.name
    for field in SearchDocument._meta.concrete_fields
    if field.name not in {"id", "kind", "key"}
]


def changed(kind: str, keys: list[str]) -> None:
    """Bring the index in line with what was announced, in the transaction in which it was."""
    if kind not in sources.kinds():
        return
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        owners = defaultdict(list)
        public = PublicItem.objects.public().filter(kind=kind, key__in=some)
        for key, authority in public.values_list("key", "authority_id"):
            owners[authority].append(key)
        kept = []
        authorities = Authority.objects.select_related("site__root_page").in_bulk(list(owners))
        for pk, authority in authorities.items():
            found = list(sources.documents(kind, authority, owners[pk]))
            put(authority, found)
            kept += [document.key for document in found]
        drop(SearchDocument.objects.filter(kind=kind, key__in=set(some) - set(kept)))


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
        for key, title, *state in rows.values_list(
            "key", "title", "source_hash", "analyser_version"
        ):
            known[kind, key] = title, state
    rows, retitled = [], []
    for document in documents:
        digest = _digest(document)
        title, state = known.get((document.kind, document.key), (None, None))
        if state != [digest, version]:
            row = _row(document, digest, version, thesaurus)
            rows.append(row)
            if title != row.title:
                retitled.append(row)
    if rows:
        SearchDocument.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["kind", "key"], update_fields=WRITTEN
        )
        TitleStart.objects.filter(document__in=[row.pk for row in retitled]).delete()
        TitleStart.objects.bulk_create(start for row in retitled for start in _starts(row))
        matcher().put(rows)
        IndexState.objects.move()
    return len(rows)


@transaction.atomic
def drop(rows) -> int:
    """Take these rows out of the index; return how many there were."""
    ids = list(rows.values_list("pk", flat=True))
    if ids:
        TitleStart.objects.filter(document__in=ids).delete()
        SearchDocument.objects.filter(pk__in=ids).delete()
        matcher().drop(ids)
        IndexState.objects.move()
    return len(ids)


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
        impacts=impacts,
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
    folded = " ".join(WORD.findall(fold(row.title)))
    begins = islice(re.finditer(r"\S+", folded), MOST_STARTS)
    for start in dict.fromkeys(folded[word.start() :][:LONGEST_START] for word in begins):
        yield TitleStart(authority_id=row.authority_id, document_id=row.pk, start=start)
