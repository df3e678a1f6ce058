"""What there is to tell, once each, and who has been told."""

from datetime import timedelta

from django.db import connection, models
from django.utils import timezone

from localoffer.authority.models import Owned, OwnedQuerySet, PublicItem

# Whoever changes how often they are told is owed no more than this. What they were told of is known
# for longer, so that they are not told of it again.
OWED_FOR = timedelta(days=62)  # two months
TOLD_KEPT = timedelta(days=120)


class ContentQuerySet(OwnedQuerySet):
    def in_time(self, starts, ends):
        """What became public or was changed from one instant to another, that one left out."""
        return self.filter(at__gte=starts, at__lt=ends)

    def public(self):
        return self.filter(item__state=PublicItem.State.PUBLIC)

    def for_editions(self):
        """Without urgent notices, which are sent at once."""
        return self.exclude(change=Content.Change.URGENT)


class Content(Owned):
    """That one public thing was published or changed: the same event twice is one row."""

    class Change(models.TextChoices):
        PUBLISHED = "published", "New"
        CHANGED = "changed", "Changed"
        URGENT = "urgent", "Urgent"

    item = models.ForeignKey(PublicItem, models.PROTECT, related_name="+")
    change = models.CharField(max_length=10, choices=Change)
    revision = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    note = models.CharField("what changed", max_length=255, blank=True)

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "change", "revision"], name="updates_content_once"
            )
        ]
        indexes = [models.Index(fields=["authority", "at"])]

    def __str__(self):
        return f"{self.get_change_display()}: {self.item}"


class ToldQuerySet(OwnedQuerySet):
    def add(self, pairs, *, authority, edition=None):
        """Note that people were told of things: pairs of keys of a subscriber and a content.

        Those noted before stay as they are. Written without a model's instance for each row: an
        edition to a large county is a million of them.
        """
        table, columns = self.model._meta.db_table, "authority_id, edition_id, at"
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        fixed = authority.pk, edition and edition.pk, now
        with connection.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "{table}" ({columns}, subscriber_id, content_id) '  # noqa: S608
                "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [(*fixed, *pair) for pair in pairs],
            )

    def past_their_term(self, *, now):
        return self.filter(at__lt=now - TOLD_KEPT)


class Told(Owned):
    """That somebody has been told of something, however often they were to hear of it."""

    subscriber = models.ForeignKey("updates.Subscriber", models.CASCADE, related_name="+")
    content = models.ForeignKey(Content, models.CASCADE, related_name="+")
    edition = models.ForeignKey(
        "updates.Edition", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    objects = ToldQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "told"
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "content"], name="updates_told_once")
        ]
        indexes = [models.Index(fields=["at"])]

    def __str__(self):
        return f"{self.content_id} to {self.subscriber_id}"
