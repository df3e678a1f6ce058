"""The surveys of a consultation, one for each group that is asked in its own words."""

from functools import cached_property

from django.db import models
from django.db.models import Q

from localoffer.authority.models import Owned
from localoffer.consultations import questions, variants
from localoffer.consultations.models.records import Consultation
from localoffer.taxonomy.models import Audience


def no_questions():
    return questions.Document().as_json()


class FrozenError(TypeError):
    """A published version is never changed."""


class Instrument(Owned):
    """A survey for one audience: its questions as an officer writes them, and what was published.

    ``draft`` may be unfinished. What people answer is always a version.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="instruments")
    title = models.CharField(
        "whom it is for", max_length=100, help_text="As readers see it: “For parents and carers”."
    )
    slug = models.SlugField("address", max_length=40)
    audience = models.ForeignKey(
        Audience, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="audience"
    )
    introduction = models.TextField("words before the first question", blank=True, max_length=1_000)
    minutes = models.PositiveSmallIntegerField("minutes it takes", default=10)
    order = models.PositiveSmallIntegerField("place in the list", default=1)
    draft = models.JSONField(default=no_questions, editable=False)
    draft_number = models.PositiveIntegerField(default=1, editable=False)
    break_down_by = models.CharField(max_length=6, blank=True, editable=False)
    count_assumed = models.BooleanField(
        "count assumed answers",
        default=False,
        help_text="Answers that are assumed where a version leaves a question out. "
        "The tables say so.",
    )

    class Meta:
        verbose_name = "survey"
        ordering = ["consultation", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "slug"],
                name="consultations_survey_address_once",
                violation_error_message="Another survey of this consultation has this address.",
            )
        ]

    def __str__(self):
        return f"{self.consultation}: {self.title}"

    @property
    def document(self) -> questions.Document:
        """The questions as they are being written."""
        return questions.read(self.draft)

    @cached_property
    def current(self):
        """The version that people are asked now, or None."""
        return max(self.versions.all(), key=lambda version: version.number, default=None)

    @property
    def has_changes(self):
        """Whether the questions differ from those that were last published."""
        return self.current is None or self.current.digest != questions.digest(self.draft)

    @property
    def versions_offered(self):
        """The versions that people can answer on this site, beside the standard one."""
        offered = variants.on_screen(self.current.document) if self.current else []
        return [{"code": each.code, "name": variants.name(each)} for each in offered]

    @property
    def audience_code(self):
        return self.audience_id or ""


class InstrumentVersion(models.Model):
    """Questions as they were published: kept for good, and never changed.

    ``digest`` is of the document: whoever holds a copy can show that it is what was asked.
    """

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = "published version"
        ordering = ["instrument", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "number"], name="consultations_version_once"
            ),
            models.CheckConstraint(name="consultations_version_from_1", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"{self.instrument}, version {self.number}"

    def save(self, *args, **kwargs):
        """Add it. Raises FrozenError for one that was added before."""
        if not self._state.adding:
            raise FrozenError("a published version is never changed: publish a new one")
        self.digest = questions.digest(self.content)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Refused: it is what people were asked."""
        raise FrozenError("a published version is never deleted")

    @cached_property
    def document(self) -> questions.Document:
        """Its questions. Raises FrozenError where somebody has changed them in the database."""
        if questions.digest(self.content) != self.digest:
            raise FrozenError(f"{self} is not what was published")
        return questions.read(self.content)
