"""Answers that came another way than this site, and the staff who key them.

An entry holds a sheet's answers only until they are counted as a response. What stays is which
sheet it was, when it came, who keyed it and how often two people read it differently.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from localoffer.authority.models import Owned
from localoffer.consultations.models.answering import Channel
from localoffer.consultations.models.instruments import InstrumentVersion
from localoffer.consultations.models.records import Consultation

KEYED = [(code, label) for code, label in Channel.choices if code != Channel.WEB]


class Batch(Owned):
    """A pile of sheets, or a list of calls, all of one survey and one way of answering.

    ``start``: where the drawing of the sample begins; nobody is told.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="batches")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="batches")
    channel = models.CharField("how they answered", max_length=10, choices=KEYED)
    reference = models.CharField(
        max_length=40, help_text="What stands on the pile, such as “Paper 1” or “Fair, 12 March”."
    )
    share = models.PositiveSmallIntegerField(
        "how many of 100 are keyed twice",
        default=10,
        help_text="By somebody else, who does not see what was keyed first. 0 for none.",
    )
    start = models.PositiveSmallIntegerField(editable=False)

    class Meta:
        verbose_name = "batch of answers"
        verbose_name_plural = "batches of answers"
        ordering = ["consultation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "reference"], name="consultations_batch_reference_once"
            ),
            models.CheckConstraint(
                name="consultations_batch_share_of_100", condition=Q(share__lte=100)
            ),
            models.CheckConstraint(
                name="consultations_batch_is_not_of_the_web", condition=~Q(channel=Channel.WEB)
            ),
        ]

    def __str__(self):
        return self.reference


class EntryQuerySet(models.QuerySet):
    def of(self, consultation):
        return self.filter(batch__consultation=consultation)

    def waiting(self):
        """Those that are not counted yet."""
        return self.filter(counted=False)

    def to_key_again(self):
        """Those that somebody else is to key too."""
        return self.waiting().filter(second__isnull=True)

    def to_settle(self):
        """Those that two people read differently."""
        return self.waiting().filter(second__isnull=False)


class Entry(models.Model):
    """One sheet or call of a batch, as it was keyed. ``number`` is written on the sheet.

    ``id`` comes from the page on which it was keyed: a page that is sent twice is one entry.
    ``differences``: how many questions two people read differently; None where one person keyed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    received_on = models.DateField()
    answers = models.JSONField()
    chosen = models.BooleanField()
    second = models.JSONField(null=True)
    differences = models.PositiveSmallIntegerField(null=True)
    counted = models.BooleanField(default=False)
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "keyed answers"
        verbose_name_plural = verbose_name
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="consultations_sheet_once"),
            models.CheckConstraint(name="consultations_sheet_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="consultations_counted_entry_is_empty",
                condition=Q(counted=False) | Q(answers={}, second__isnull=True),
            ),
            models.CheckConstraint(
                name="consultations_chosen_is_counted_after_two",
                condition=Q(chosen=False) | Q(counted=False) | Q(differences__isnull=False),
            ),
            models.CheckConstraint(
                name="consultations_two_people_key",
                condition=Q(keyed_by=None) | Q(second_by=None) | ~Q(second_by=F("keyed_by")),
            ),
        ]

    def __str__(self):
        return f"{self.batch}, sheet {self.number}"
