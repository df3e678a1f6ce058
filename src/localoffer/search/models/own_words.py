"""The words that one authority adds to those that come with the release, or takes away."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from localoffer.authority.models import Owned
from localoffer.taxonomy.models import Concept


class OwnWords(Owned):
    """What one authority says of one subject: more words for it, and words that it switches off.

    The subject is a concept of the taxonomy, or, where ``concept`` is empty, one of the authority's
    own with ``name`` and ``plain``. The words are written by ``actions.save_words``, which sees to
    it that what they find is found.
    """

    concept = models.ForeignKey(
        Concept, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    name = models.CharField(
        max_length=120, blank=True, help_text="The plain words first: Forest school."
    )
    plain = models.TextField("in plain words", blank=True, help_text="One sentence that explains.")
    words = models.JSONField("words that people type", default=list, blank=True)
    hidden = models.JSONField("words that are found and never shown", default=list, blank=True)
    off = models.JSONField("words switched off here", default=list, blank=True)
    ambiguous = models.BooleanField(
        "some of these words mean something else too",
        default=False,
        help_text="Tick it if the form says so. A search then finds both meanings.",
    )

    class Meta:
        verbose_name = "own words"
        verbose_name_plural = "own words"
        ordering = ["concept__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "concept"],
                name="search_ownwords_once",
                violation_error_message="Your words for this subject are in the list already.",
            ),
            models.UniqueConstraint(
                "authority",
                Lower("name"),
                condition=Q(concept=None),
                name="search_ownwords_name_once",
                violation_error_message="There is a subject of this name already.",
            ),
            models.CheckConstraint(
                condition=Q(concept__isnull=False, name="", plain="")
                | (Q(concept=None) & ~Q(name="")),
                name="search_ownwords_of_one_subject",
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def subject(self):
        """What the words are for."""
        return self.concept.name if self.concept else self.name

    @property
    def code(self):
        """The code of the concept; of a subject of one's own, one that no release will have."""
        return self.concept_id or f"own-{self.pk or 'new'}"

    @property
    def said(self):
        """The words in a line, those that are never shown among them."""
        return ", ".join([*self.words, *self.hidden])

    @property
    def said_off(self):
        return ", ".join(self.off)
