"""What a record remembers of the feed or file it came from."""

import uuid

from django.db import models
from django.db.models import Q

from localoffer.authority.models import Owned


class Sourced(Owned):
    """A record that may have been imported. Its key never changes, whatever its source does.

    ``source`` is empty for what people entered here. ``source_raw`` is what the source sent, as it
    came; ``source_hash`` tells the importer that nothing changed; ``missing_since`` is the day of
    the first complete import that no longer held it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=100, blank=True, editable=False)
    source_id = models.CharField(max_length=255, blank=True, editable=False)
    source_hash = models.CharField(max_length=64, blank=True, editable=False)
    source_raw = models.JSONField(null=True, blank=True, editable=False)
    missing_since = models.DateField(null=True, blank=True, editable=False)

    OF_THE_SOURCE = ["source", "source_id", "source_hash", "source_raw", "missing_since"]

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "source", "source_id"],
                condition=~Q(source=""),
                name="%(app_label)s_%(class)s_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(source="", source_id="") | (~Q(source="") & ~Q(source_id="")),
                name="%(app_label)s_%(class)s_source_has_id",
            ),
        ]
