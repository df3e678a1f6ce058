"""What families look for and the Local Offer does not have."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from localoffer.authority.models import Owned, OwnedQuerySet, PublicItem
from localoffer.search.scrubbing import LONGEST


class GapQuerySet(OwnedQuerySet):
    def open(self):
        return self.filter(state=Gap.State.OPEN)


class Gap(Owned):
    """Something that may be missing, noted because people looked for it.

    The law asks the authority to seek comments on what is missing from its Local Offer (SEND
    Regulations 2014, regulation 56(1)(a)): what people search for in vain is one of the places to
    look. A gap is not a comment, and nobody's words in particular.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        COVERED = "covered", "Covered now"
        NOT_OURS = "not_ours", "Not for us"

    words = models.CharField(
        "what people look for", max_length=LONGEST, help_text="In their words: swimming hoist."
    )
    note = models.TextField(
        "what we know, and what we will do",
        blank=True,
        help_text="Colleagues see this. It is not published. Name no family.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    covered_by = models.ForeignKey(
        PublicItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="the page or service that covers it",
    )
    noted = models.DateField(default=timezone.localdate, editable=False)
    decided = models.DateField(null=True, blank=True, editable=False)

    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ["-noted", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "words"],
                name="search_gap_once",
                violation_error_message="These words are noted as a gap already.",
            ),
            models.CheckConstraint(
                condition=Q(state="covered", covered_by__isnull=False)
                | (~Q(state="covered") & Q(covered_by=None)),
                name="search_gap_covered_by_something",
                violation_error_message=(
                    "Choose the page or service that covers it, or another state."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided=None)
                | (~Q(state="open") & Q(decided__isnull=False)),
                name="search_gap_decided_on_a_day",
            ),
        ]

    def __str__(self):
        return self.words

    def clean(self):
        """Set the day of the decision, and refuse what covers it if it is another authority's."""
        if self.state == self.State.OPEN:
            self.decided = None
        elif self.decided is None:
            self.decided = timezone.localdate()
        if self.state == self.State.COVERED and self.covered_by is None:
            raise ValidationError({"covered_by": "Choose the page or service that covers it."})
        if self.state != self.State.COVERED and self.covered_by is not None:
            raise ValidationError(
                {"covered_by": "Leave this empty, or say that the gap is covered now."}
            )
        if self.covered_by and self.covered_by.authority_id != self.authority_id:
            raise ValidationError({"covered_by": "This belongs to another Local Offer."})
