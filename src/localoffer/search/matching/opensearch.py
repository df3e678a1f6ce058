"""Candidates from OpenSearch, for regions larger than one database likes to search.

An alias stands before one index. A save notes the row in our own database (``Outgoing``) and never
waits for the cluster; the worker and the tick send what was noted. While the cluster does not
answer, the database's own matcher does: its index is kept in any case. What has been withdrawn is
shown no more even before the cluster hears of it, because a candidate without a row is dropped.
"""

import logging
import time
from datetime import timedelta

from django.utils import timezone
from opensearchpy import NotFoundError, OpenSearchException
from opensearchpy import OpenSearch as Client

from localoffer.search.matching import CANDIDATES, MOST_FILTERS, storable
from localoffer.search.models import Outgoing, SearchDocument

logger = logging.getLogger(__name__)

SHAPE = "1"  # of the index: one of another shape is rebuilt
TIMEOUT = 2  # seconds that somebody who searches waits for the cluster
PATIENCE = 60  # seconds that a rebuild waits for it
REST = 30  # seconds for which a cluster that failed is not asked
STALE = timedelta(days=1)
AT_ONCE = 500
CONFLICT, NOT_FOUND = 409, 404
INDEX = {
    # Deletions are remembered for longer than a rebuild takes: it must not bring anything back.
    "settings": {"index": {"gc_deletes": "2h"}},
    "mappings": {
        "dynamic": False,
        "_source": {"enabled": False},
        "properties": {
            "pk": {"type": "long"},
            "tokens": {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
            "filters": {"type": "keyword"},
        },
    },
}


class OpenSearch:
    """The matcher of a site with a cluster. ``otherwise``: the matcher of its database."""

    def __init__(self, url, alias, *, otherwise):
        self.alias = alias
        self._otherwise = otherwise
        self._rest_until = 0.0
        self.client = Client([url], timeout=TIMEOUT, max_retries=0)

    def prepare(self):
        self._otherwise.prepare()

    def put(self, documents):
        self._note(row.pk for row in documents)

    def drop(self, ids):
        self._note(ids)

    def match(self, tokens, must=(), limit=CANDIDATES):
        words = storable(tokens)
        needed = [storable(group, most=MOST_FILTERS) for group in must]
        if not words or not all(needed) or limit < 1:
            return []
        if time.monotonic() >= self._rest_until:
            try:
                return self._match(words, needed, limit)
            except OpenSearchException as error:
                self._rest_until = time.monotonic() + REST
                logger.warning("OpenSearch did not answer; the database does instead: %s", error)
        return self._otherwise.match(tokens, must, limit)

    def document_frequencies(self):
        return self._otherwise.document_frequencies()

    def deliver(self):
        """Send what was noted; where there is no index of this shape yet, make it.

        Any number of processes may do this at once: a row is sent with the number of its note, and
        the cluster keeps the higher. Raises OpenSearchException, and nothing noted is lost.
        """
        if not self._is_built():
            self.rebuild(lambda done, of: None)
        delivered = 0
        while notes := dict(
            Outgoing.objects.order_by("pk").values_list("pk", "document_id")[:AT_ONCE]
        ):
            latest = {document: pk for pk, document in notes.items()}
            rows = SearchDocument.objects.in_bulk(list(latest))
            self._write(self._ours(), latest, rows)
            Outgoing.objects.filter(pk__in=list(notes)).delete()
            delivered += len(latest)
        return delivered

    def rebuild(self, progress):
        """Make an index anew beside the one in use, then put it in its place.

        What is delivered meanwhile goes to both. Rows are copied as version 0, so that a copy
        never replaces what was delivered, nor brings back what was deleted.
        """
        name = f"{self.alias}-{SHAPE}-{timezone.now():%Y%m%d%H%M%S%f}"
        body = {**INDEX, "aliases": {_door(name): {}}}
        self.client.indices.create(index=name, body=body, request_timeout=PATIENCE)
        total = SearchDocument.objects.count()
        done, last = 0, 0
        rows = SearchDocument.objects.order_by("pk").only("tokens", "filters")
        while batch := list(rows.filter(pk__gt=last)[:AT_ONCE]):
            self._write(
                [name], dict.fromkeys([row.pk for row in batch], 0), {row.pk: row for row in batch}
            )
            last = batch[-1].pk
            done += len(batch)
            progress(done, max(total, done))
        self.client.indices.refresh(index=name, request_timeout=PATIENCE)
        actions = [{"add": {"index": name, "alias": self.alias}}]
        actions += [{"remove_index": {"index": index}} for index in self._done_with(name)]
        self.client.indices.update_aliases(body={"actions": actions}, request_timeout=PATIENCE)
        self._rest_until = 0.0

    def _match(self, words, needed, limit):
        found = self.client.search(
            index=self.alias,
            body={
                "size": limit,
                "_source": False,
                "query": {
                    "bool": {
                        "filter": [{"terms": {"filters": group}} for group in needed],
                        "must": [{"match": {"tokens": {"query": " ".join(words)}}}],
                    }
                },
                "sort": ["_score", {"pk": "asc"}],
            },
        )
        return [int(hit["_id"]) for hit in found["hits"]["hits"]]

    def _note(self, ids):
        Outgoing.objects.bulk_create(Outgoing(document_id=pk) for pk in ids)

    def _is_built(self):
        try:
            found = self.client.indices.get_alias(name=self.alias)
        except NotFoundError:
            return False
        return any(index.startswith(f"{self.alias}-{SHAPE}-") for index in found)

    def _done_with(self, name):
        """The index in use before this one, and what a rebuild that came to grief has left."""
        yesterday = f"{timezone.now() - STALE:%Y%m%d%H%M%S%f}"
        for index, found in self.client.indices.get(index=f"{self.alias}-*").items():
            if index != name and (self.alias in found["aliases"] or index[-20:] < yesterday):
                yield index

    def _ours(self):
        """The index in use, and one that is being built."""
        return list(self.client.indices.get(index=f"{self.alias}-*"))

    def _write(self, indices, versions, rows):
        """Bring these rows, and the lack of those that are gone, to each index."""
        lines = []
        for index in indices:
            for pk, version in versions.items():
                about = {
                    "_index": _door(index),
                    "_id": str(pk),
                    "version": version,
                    "version_type": "external_gte",
                }
                if row := rows.get(pk):
                    words = {"pk": pk, "tokens": row.tokens, "filters": row.filters.split()}
                    lines += [{"index": about}, words]
                else:
                    lines.append({"delete": about})
        if not lines:
            return
        answer = self.client.bulk(body=lines, require_alias=True, request_timeout=PATIENCE)
        for item in answer["items"]:
            ((what, result),) = item.items()
            gone = what == "delete" and result["status"] == NOT_FOUND
            if result["status"] >= 300 and result["status"] != CONFLICT and not gone:
                raise OpenSearchException(f"{what} of {result['_id']}: {result.get('error')}")


def _door(index):
    """The alias through which an index is written, so that no write makes one that has gone."""
    return f"{index}-write"
