"""The index of everything public: one row a thing, the same on every database.

Written by ``indexing`` alone. The database itself keeps what its matcher reads in step with the
rows (a trigger on SQLite, a generated column on PostgreSQL: migration 0001), so that a row that
goes is found no more, whoever deletes it.
"""

import secrets

from django.db import models
from django.utils import timezone

from localoffer.authority.models import Owned

LONGEST_START = 60


class SearchDocument(Owned):
    """What is searchable and shown in a list of one service, guide, page, story or other thing."""

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    url = models.CharField(max_length=500)
    impacts = models.JSONField(default=dict)  # how much each stem or concept counts for
    tokens = models.TextField(blank=True)  # the same for matchers: repeated up to three times
    filters = models.TextField(blank=True)  # tokens of ``filters.of``
    need_codes = models.JSONField(default=list)
    type_codes = models.JSONField(default=list)
    audience_codes = models.JSONField(default=list)
    days = models.JSONField(default=list)
    spots = models.JSONField(default=list)  # fields of ``documents.Spot``, in order
    minimum_age = models.PositiveSmallIntegerField(null=True)
    maximum_age = models.PositiveSmallIntegerField(null=True)
    cost_kind = models.CharField(max_length=9, blank=True)
    organisation = models.CharField(max_length=255, blank=True)
    reach = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=18, blank=True)
    is_example = models.BooleanField(default=False)
    dated = models.DateField(null=True)
    source_hash = models.CharField(max_length=32)
    analyser_version = models.CharField(max_length=80, db_index=True)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_document_once")]

    def __str__(self):
        return self.title


class TitleStart(Owned):
    """A title from one of its words on, folded: what suggestions look up by how it begins."""

    document = models.ForeignKey(SearchDocument, models.CASCADE, related_name="starts")
    start = models.CharField(max_length=LONGEST_START)

    class Meta:
        indexes = [models.Index(fields=["authority", "start"], name="search_titlestart_begins")]

    def __str__(self):
        return self.start


class IndexStateQuerySet(models.QuerySet):
    def revision(self) -> int:
        """Which words the index and the thesaurus now hold: what is kept in memory keys on it."""
        return self.filter(pk=1).values_list("revision", flat=True).first() or 0

    def move(self):
        """Say that those words have changed, in the transaction in which they do."""
        # Random rather than counted: a number that a rolled-back transaction used never returns.
        state = IndexState(pk=1, revision=secrets.randbits(62))
        self.bulk_create(
            [state], update_conflicts=True, unique_fields=["id"], update_fields=["revision"]
        )


class IndexState(models.Model):
    """The one row that says which words the index holds."""

    revision = models.BigIntegerField(default=0)

    objects = IndexStateQuerySet.as_manager()

    def __str__(self):
        return str(self.revision)


class Outgoing(models.Model):
    """A document whose state another search engine has still to be told of.

    Written in the transaction of the change; the worker and the tick empty it (``delivering``).
    """

    document_id = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "outgoing"

    def __str__(self):
        return str(self.document_id)
