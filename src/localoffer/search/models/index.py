"""The index of everything public: one row a thing, the same on every database.

Written by ``indexing`` alone. The database itself keeps what its matcher reads in step with the
rows (a trigger on SQLite, a generated column on PostgreSQL: migration 0001), so that a row that
goes is found no more, whoever deletes it.
"""

import json
import secrets

from django.db import connections, models, transaction
from django.db.models import Q
from django.utils import timezone

from localoffer.authority.models import Owned, OwnedQuerySet

LONGEST_START = 60
LARGEST_CHANGE = 2**32
MOST_CHANGES = 200


def impact_key(token: str) -> str:
    """How a token begins in the text of ``SearchDocument.impacts``."""
    return f"{json.dumps(token, ensure_ascii=False)}: "


class SearchDocumentQuerySet(OwnedQuerySet):
    def holding(self, *tokens: str):
        """The rows that have all of these stems and concepts."""
        return self.filter(*(Q(impacts__contains=impact_key(token)) for token in tokens))


class SearchDocument(Owned):
    """What is searchable and shown in a list of one service, guide, page, story or other thing."""

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    url = models.CharField(max_length=500)
    # How much each stem or concept counts for: JSON, and text to the database, because a search
    # looks for a few of them in each of a thousand rows and PostgreSQL is slow to unpack them all.
    impacts = models.TextField(default="{}")
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

    objects = SearchDocumentQuerySet.as_manager()

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
    def revision(self, of=None) -> int:
        """Which words there now are, of one kind or of both: what is kept in memory keys on it."""
        kinds = [of] if of else IndexState.Of.values
        # Asked of every search several times: Django takes ten times as long to say it.
        with connections[self.db].cursor() as cursor:
            marks = ", ".join(["%s"] * len(kinds))
            cursor.execute(
                f'SELECT SUM(change) FROM search_indexstate WHERE "of" IN ({marks})',  # noqa: S608
                [str(kind) for kind in kinds],
            )
            return int(cursor.fetchone()[0] or 0)

    def move(self, of="index"):
        """Say that words of this kind have changed, in the transaction in which they do."""
        with connections[self.db].cursor() as cursor:  # of every change that is indexed, as above
            cursor.execute(
                'INSERT INTO search_indexstate ("of", change) VALUES (%s, %s)',
                [str(of), 1 + secrets.randbelow(LARGEST_CHANGE)],
            )

    @transaction.atomic
    def compact(self):
        """Make one row of many, without moving a revision."""
        for of in IndexState.Of.values:
            rows = list(self.filter(of=of).values_list("pk", "change"))
            if len(rows) > MOST_CHANGES:
                self.filter(pk__in=[pk for pk, _ in rows]).delete()
                self.create(of=of, change=sum(change for _, change in rows))


class IndexState(models.Model):
    """A change of the words of the index or of a thesaurus.

    A revision is the sum of all changes. So nothing waits for another's transaction, as it would
    to update one row, and what is rolled back leaves the revision as it was; a number is random
    because a counted one would come back with other words behind it.
    """

    class Of(models.TextChoices):
        INDEX = "index", "The index"
        THESAURUS = "thesaurus", "A thesaurus"

    of = models.CharField(max_length=9, choices=Of)
    change = models.BigIntegerField()

    objects = IndexStateQuerySet.as_manager()

    def __str__(self):
        return f"{self.of} {self.change}"


class IndexCheck(models.Model):
    """The one row that says for what state of everything the whole index was last found right."""

    state = models.CharField(max_length=32)

    def __str__(self):
        return self.state


class Outgoing(models.Model):
    """A document whose state another search engine has still to be told of.

    Written in the transaction of the change; the worker and the tick empty it (``delivering``).
    """

    document_id = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "outgoing"

    def __str__(self):
        return str(self.document_id)
