"""Results as they were published: numbers are stored, never worked out when they are read."""

from django.db import models
from django.db.models import Q

from localoffer.consultations.models.records import Consultation


class Result(models.Model):
    """The tables of a consultation, safe to publish, as they stood at one moment.

    A correction is a new one with its reason: what was published before is kept.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="results")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    threshold = models.PositiveSmallIntegerField()
    tables = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.TextField("words above the tables", max_length=1_000, blank=True)
    reason = models.CharField("why it was made again", max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "results"
        verbose_name_plural = "results"
        ordering = ["consultation", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="consultations_result_once"
            ),
            models.CheckConstraint(
                name="consultations_correction_has_a_reason",
                condition=Q(number=1) | Q(published_at=None) | ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.consultation}: results {self.number}"
