"""The lists that everything else is sorted by. The same for every authority.

The rows are files in ``taxonomy/data/``, loaded after each migration (``actions``). A code never
changes its meaning: pages, services and addresses of searches hold it. A row that is no longer
in the file stays while something may refer to it, marked as retired.
"""

from django.db import models
from django.db.models import F, Q


class TermQuerySet(models.QuerySet):
    def current(self):
        """The rows to offer today."""
        return self.filter(retired=False)


class Term(models.Model):
    """A row of a list: a code that never changes, and the words for it today."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(
        default=False, help_text="No longer offered. Kept, because records may refer to it."
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self):
        return self.name


class Need(Term):
    """A type of need as the school census codes it."""

    class Area(models.TextChoices):
        """The four broad areas of need (SEND Code of Practice 2015, 6.28 to 6.35)."""

        COMMUNICATION = "communication", "Communication and interaction"
        COGNITION = "cognition", "Cognition and learning"
        SEMH = "semh", "Social, emotional and mental health"
        SENSORY_PHYSICAL = "sensory-physical", "Sensory and physical needs"

    plain = models.TextField("in plain words")
    area = models.CharField("broad area", max_length=20, choices=Area, blank=True)


class AgeBand(Term):
    """Ages from one birthday up to the day before another: both ends are included, in years."""

    minimum = models.PositiveSmallIntegerField("from age")
    maximum = models.PositiveSmallIntegerField("to age")

    class Meta(Term.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(maximum__gte=F("minimum")), name="taxonomy_ageband_not_reversed"
            )
        ]


class Audience(Term):
    """Whom something is written for."""


class Consultee(Term):
    """Whom the law says to consult on a Local Offer (SEND Regulations 2014, regulation 54)."""

    reference = models.CharField("place in the law", max_length=20)

    @property
    def letter(self):
        """The letter of paragraph (1); empty for the health bodies and those outside the area."""
        return self.code.rpartition("-")[2] if self.code.startswith("r54-1-") else ""


class Topic(Term):
    """A subject that people look under and follow."""

    plain = models.TextField("in plain words")


class DutyQuerySet(TermQuerySet):
    def in_force(self, *, on):
        """The duties that are law on a day. A proposal is never in force."""
        return self.filter(
            Q(in_force_to=None) | Q(in_force_to__gte=on),
            status=Duty.Status.LAW,
            in_force_from__lte=on,
        )


class Duty(models.Model):
    """One thing the law says must be published or done, in our words. Not legal advice."""

    class Status(models.TextChoices):
        LAW = "law", "Law"
        PROPOSAL = "proposal", "Proposal"

    class Kind(models.TextChoices):
        """What meets a duty."""

        PAGE = "PAGE", "A page"
        SVC = "SVC", "Services in the directory"
        LINK = "LINK", "A link that is kept working"
        NEWS = "NEWS", "News"
        REPORT = "REPORT", "A published document or figures"
        FIELD = "FIELD", "A detail that every directory record gives"
        PROC = "PROC", "A page that says what to do, in steps, and whom to ask"

    code = models.CharField(max_length=40, primary_key=True)
    source = models.CharField("law", max_length=120)
    reference = models.CharField("place in the law", max_length=60)
    text = models.TextField("in our words")
    kind = models.CharField("met by", max_length=60, help_text="Kinds, with a space between.")
    in_force_from = models.DateField()
    in_force_to = models.DateField("last day in force", null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.LAW)
    source_url = models.URLField()
    order = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")),
                name="taxonomy_duty_dates_not_reversed",
            )
        ]

    def __str__(self):
        return f"{self.code}: {self.reference}"

    @property
    def kinds(self):
        """What meets it, as a list of ``Duty.Kind`` values."""
        return self.kind.split()


class ServiceType(Term):
    """What kind of thing a service is, and which duties publishing one helps to meet."""

    class Category(models.TextChoices):
        """The five families of provision (Children and Families Act 2014, section 30(2))."""

        EDUCATION_HEALTH_CARE = "education-health-care", "Education, health and care"
        OTHER_EDUCATION = "other-education", "Other education"
        TRAINING = "training", "Training"
        TRAVEL = "travel", "Travel to school, college and early years"
        ADULTHOOD = "adulthood", "Preparing for adulthood"

    plain = models.TextField("in plain words")
    category = models.CharField(max_length=30, choices=Category)
    duties = models.ManyToManyField(Duty, blank=True, related_name="service_types")


class ConceptQuerySet(TermQuerySet):
    def called(self, text):
        """The concepts that people mean by these words, in whatever case. Often more than one."""
        return self.filter(words__text__iexact=" ".join(text.split())).distinct()


class Concept(Term):
    """An official term, what it means, and what people type when they look for it.

    ``name`` is the plain term first and the abbreviation after. Words are for finding, never
    labels for a child.
    """

    plain = models.TextField("in plain words")
    ambiguous = models.BooleanField(
        default=False, help_text="Its abbreviation has another meaning: show a choice."
    )

    objects = ConceptQuerySet.as_manager()

    @property
    def all_words(self):
        """Every way to say it, for those who keep the list: those never shown are among them."""
        return ", ".join(word.text for word in self.words.all())


class ConceptWord(models.Model):
    """One way to say or spell a concept."""

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="words")
    text = models.CharField(max_length=80)
    official = models.BooleanField(help_text="The law's or the profession's own word.")
    shown = models.BooleanField(
        default=True,
        help_text="Dated or hurtful words and misspellings are found, and never shown.",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["concept", "text"], name="taxonomy_conceptword_once")
        ]

    def __str__(self):
        return self.text


class LoadedFile(models.Model):
    """Which version of a data file is in the tables, so that an unchanged one is not read."""

    name = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self):
        return self.name
