from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Sqrt
from django.urls import reverse
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
    WorkflowState,
)

from localoffer.authority.models import Authority, Owned, OwnedQuerySet
from localoffer.directory import addresses, showing, wording
from localoffer.directory.codes import Route
from localoffer.directory.fields import CodesField
from localoffer.directory.models.details import Schedule, ServiceAtLocation
from localoffer.directory.models.sourced import Sourced

RELATED_WITHIN = 80_000  # metres: an hour or so by car


class ServiceQuerySet(OwnedQuerySet):
    """The words in which the rest of the product asks for services. All filter in the database."""

    def listed(self):
        """Those that families are shown in lists: public, and running or soon to run again."""
        listed = [Service.Status.ACTIVE, Service.Status.TEMPORARILY_CLOSED]
        return self.filter(live=True, status__in=listed).defer("source_raw")

    def for_age(self, age):
        """Those that take somebody of this age, in whole years."""
        return self.filter(
            Q(minimum_age__isnull=True) | Q(minimum_age__lte=age),
            Q(maximum_age__isnull=True) | Q(maximum_age__gte=age),
        )

    def for_needs(self, codes):
        """Those for any of these needs; a service that names no need is for all of them."""
        named = Service.needs.through.objects.filter(service=OuterRef("pk"))
        return self.filter(~Exists(named) | Exists(named.filter(need__in=list(codes))))

    def of_types(self, codes):
        named = Service.types.through.objects.filter(service=OuterRef("pk"))
        return self.filter(Exists(named.filter(servicetype__in=list(codes))))

    def with_duty(self, codes):
        named = Service.duties.through.objects.filter(service=OuterRef("pk"))
        return self.filter(Exists(named.filter(duty__in=list(codes))))

    def near(self, place, *, metres):
        """Those with a place within so many metres of ``place``, nearest first.

        Each service is given ``distance``: whole metres, as the crow flies, to its nearest place.
        ``place`` has ``easting`` and ``northing`` in metres on the British National Grid.
        """
        x, y = place.easting, place.northing
        east, north = (
            Cast(f"location__{axis}", models.FloatField()) - float(at)
            for axis, at in [("easting", x), ("northing", y)]
        )
        nearest = (
            ServiceAtLocation.objects.filter(
                service=OuterRef("pk"),
                location__easting__range=(x - metres, x + metres),
                location__northing__range=(y - metres, y + metres),
            )
            .annotate(metres=Sqrt(east * east + north * north))
            .order_by("metres")
            .values("metres")[:1]
        )
        return (
            self.annotate(distance=Subquery(nearest, output_field=models.FloatField()))
            .filter(distance__lte=metres)
            .order_by("distance", "name", "pk")
        )

    def free(self):
        return self.filter(cost_kind=Service.Cost.FREE)

    def on_day(self, day):
        """Those that have hours on a day of the week: MO, TU, WE, TH, FR, SA or SU."""
        hours = Schedule.objects.filter(service=OuterRef("pk"), byday__contains=f"{day},")
        return self.filter(Exists(hours))

    def without_referral(self):
        """Those that a family can ask for themselves."""
        return self.filter(routes__contains=CodesField.one(Route.SELF))

    def stale(self, *, on):
        """Public ones whose review was due before a date."""
        return self.filter(live=True, review_due__lt=on)

    def awaiting_approval(self):
        """Those with a draft in an approval workflow."""
        # Keys of what is in a workflow are kept as text, which no database joins to a UUID.
        waiting = WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Service),
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
        return self.filter(pk__in=list(waiting.values_list("object_id", flat=True)))

    def never_checked(self):
        return self.filter(live=True, checked_on__isnull=True)

    def missing(self):
        """Public ones that the last complete import of their source no longer held."""
        return self.filter(live=True, missing_since__isnull=False)

    def without_eligibility(self):
        """Public ones that do not say who can have them (SEND Regulations 2014, Sch 2 para 18)."""
        return self.filter(live=True, eligibility="")

    def related_to(self, service, *, types, at=None):
        """Others of the same types, nearest first; ``at``: a place with a grid reference."""
        others = self.listed().filter(authority=service.authority_id).exclude(pk=service.pk)
        others = others.of_types(types)
        return others.near(at, metres=RELATED_WITHIN) if at else others.order_by("name")


class Service(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    ClusterableModel,
    Sourced,
):
    """Something a family can ask for, go to or ring: the unit of the directory."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Running"
        INACTIVE = "inactive", "Not running"
        DEFUNCT = "defunct", "Ended"
        TEMPORARILY_CLOSED = "temporarily closed", "Closed for now"

    class Level(models.TextChoices):
        UNIVERSAL = "universal", "For everyone"
        TARGETED = "targeted", "For those who need some extra help"
        SPECIALIST = "specialist", "For those who need specialist help"

    class Cost(models.TextChoices):
        FREE = "free", "Free"
        SOME_FREE = "some_free", "Free for some people or some of it"
        DONATION = "donation", "You give what you can"
        PAID = "paid", "You pay"

    class Unit(models.TextChoices):
        DAYS = "days", "days"
        WEEKS = "weeks", "weeks"
        MONTHS = "months", "months"

    class Reach(models.TextChoices):
        IN_AREA = "in", "In our area"
        OUT_OF_AREA = "out", "Outside our area"
        NATIONAL = "national", "All of the country"

    name = models.CharField(max_length=255)
    alternate_name = models.CharField("also known as", max_length=255, blank=True)
    slug = models.SlugField(
        "web address",
        max_length=addresses.LONGEST,
        blank=True,
        help_text="Made from the name. If you change it, the old address leads to the new one.",
    )
    organisation = models.ForeignKey(
        "directory.Organisation", models.PROTECT, null=True, blank=True, related_name="services"
    )
    summary = models.TextField(
        blank=True, help_text="What it is, in one or two plain sentences (60 words at most)."
    )
    description = models.TextField(blank=True, help_text="What happens there. Plain words.")
    status = models.CharField(max_length=18, choices=Status, default=Status.ACTIVE)
    status_note = models.TextField(
        "what people should know about it now",
        blank=True,
        help_text="For example: closed until 5 January. Ring the helpline meanwhile.",
    )

    types = ParentalManyToManyField("taxonomy.ServiceType", blank=True, related_name="services")
    needs = ParentalManyToManyField(
        "taxonomy.Need",
        blank=True,
        related_name="services",
        help_text="Choose none when it is for children with any need.",
    )
    topics = ParentalManyToManyField("taxonomy.Topic", blank=True, related_name="services")
    duties = ParentalManyToManyField(
        "taxonomy.Duty",
        verbose_name="statutory rows",
        blank=True,
        related_name="services",
        help_text="What the law says a Local Offer must tell, and this service tells.",
    )
    level = models.CharField("level of help", max_length=10, choices=Level, blank=True)
    minimum_age = models.PositiveSmallIntegerField("youngest age", null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField("oldest age", null=True, blank=True)
    eligibility = models.TextField(
        "who can have it",
        help_text=(
            "What must be true before somebody can have it. The law asks for this of every service "
            "(SEND Regulations 2014, Schedule 2, paragraph 18). If nothing must: No criteria."
        ),
    )

    routes = CodesField("who can ask for it", among=Route)
    how_to_get_it = models.TextField(blank=True, help_text="What to do first, then next.")
    decision_maker = models.CharField(
        "who decides", max_length=255, blank=True, help_text="A team or panel, not a person."
    )
    how_decided = models.TextField("how it is decided", blank=True)
    booking = models.TextField("how to book", blank=True)
    waiting_value = models.PositiveSmallIntegerField("usual wait", null=True, blank=True)
    waiting_unit = models.CharField("in", max_length=6, choices=Unit, blank=True)
    waiting_note = models.TextField(
        "the wait in words", blank=True, help_text="Instead of a number, or to explain it."
    )
    waiting_as_of = models.DateField("true on", null=True, blank=True)
    waiting_source = models.CharField("who says so", max_length=255, blank=True)
    while_you_wait = models.TextField("what to do while you wait", blank=True)
    capacity_note = models.TextField("places", blank=True, help_text="For example: full until May.")

    cost_kind = models.CharField("cost", max_length=9, choices=Cost, blank=True)
    cost_note = models.TextField("about the cost", blank=True)
    url = models.URLField("website", max_length=500, blank=True)
    email = models.EmailField("email address", blank=True)
    reach = models.CharField(
        "where it is offered", max_length=8, choices=Reach, default=Reach.IN_AREA
    )
    area_served = models.CharField(
        max_length=255, blank=True, help_text="In words, for example: Wyre Forest and Bewdley."
    )
    complaints_route = models.TextField(
        "how to complain",
        help_text="The law asks for this too (Schedule 2, paragraph 17).",
    )
    image = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    owner_team = models.CharField(
        "team that keeps this page true",
        max_length=100,
        help_text="A team, never a named person.",
    )
    checked_on = models.DateField("last checked by a person", null=True, blank=True)
    review_due = models.DateField("next review due", null=True, blank=True)
    change_note = models.CharField(
        "what changed and why", max_length=255, blank=True, help_text="Families see this."
    )
    is_example = models.BooleanField(
        "made up as an example", default=False, help_text="The page says so, plainly."
    )

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="service",
        for_concrete_model=False,
    )
    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="service",
        for_concrete_model=False,
    )

    objects = ServiceQuerySet.as_manager()

    # What belongs to the record itself: an old draft must not bring back an old value.
    OUTSIDE_DRAFTS = [*Sourced.OF_THE_SOURCE, "checked_on", "review_due", "last_published_at"]

    class Meta(Sourced.Meta):
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["authority", "live", "status"]),
            models.Index(fields=["authority", "name"]),
        ]
        constraints = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(
                fields=["authority", "slug"],
                name="directory_service_address_once",
                violation_error_message="Another service has this web address.",
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="directory_service_has_an_address"),
            models.CheckConstraint(
                condition=Q(minimum_age__isnull=True)
                | Q(maximum_age__isnull=True)
                | Q(maximum_age__gte=F("minimum_age")),
                name="directory_service_ages_in_order",
                violation_error_message="The oldest age is below the youngest.",
            ),
            models.CheckConstraint(
                condition=(Q(minimum_age__isnull=True) | Q(minimum_age__lte=120))
                & (Q(maximum_age__isnull=True) | Q(maximum_age__lte=120)),
                name="directory_service_ages_possible",
                violation_error_message="Enter an age of 120 or less.",
            ),
            models.CheckConstraint(
                condition=Q(
                    waiting_value__isnull=True,
                    waiting_unit="",
                    waiting_note="",
                    waiting_as_of__isnull=True,
                    waiting_source="",
                )
                | (
                    Q(waiting_as_of__isnull=False)
                    & ~Q(waiting_source="")
                    & (
                        (Q(waiting_value__isnull=False) & ~Q(waiting_unit=""))
                        | (Q(waiting_value__isnull=True, waiting_unit="") & ~Q(waiting_note=""))
                    )
                ),
                name="directory_service_waiting_has_date_and_source",
                violation_error_message=(
                    "A waiting time has a number and a unit, or words, and always "
                    "the date it was true and who says so."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse what would mix two authorities' records, or take another service's address."""
        super().clean()
        self._choose_slug()
        if self.organisation and self.organisation.authority_id != self.authority_id:
            raise ValidationError({"organisation": "Choose one of this authority's organisations."})
        self._check_ages_and_wait()
        others = FormerAddress.objects.filter(authority_id=self.authority_id, slug=self.slug)
        if others.exclude(service_id=self.pk).exists():
            raise ValidationError({"slug": "This was the address of another service."})

    def _check_ages_and_wait(self):
        """The constraints again, in words beside the field."""
        ages = self.minimum_age, self.maximum_age
        if None not in ages and self.maximum_age < self.minimum_age:
            raise ValidationError({"maximum_age": "The oldest age is below the youngest."})
        if self.waiting_value is not None and not self.waiting_unit:
            raise ValidationError({"waiting_unit": "Choose days, weeks or months."})
        if self.waiting_unit and self.waiting_value is None:
            raise ValidationError({"waiting_value": "Enter how long, or leave the unit empty."})
        waits = self.waiting_value is not None or self.waiting_note
        if waits and not self.waiting_as_of:
            raise ValidationError({"waiting_as_of": "Enter the day on which the wait was true."})
        if waits and not self.waiting_source:
            raise ValidationError({"waiting_source": "Enter who says so, such as the NHS trust."})
        if not waits and (self.waiting_as_of or self.waiting_source):
            raise ValidationError(
                {"waiting_value": "Enter the wait, or empty its date and source."}
            )

    def save(self, *args, **kwargs):
        with transaction.atomic():
            self._choose_slug()
            updating = kwargs.get("update_fields")
            if not self._state.adding and (updating is None or "slug" in updating):
                self._keep_old_address()
            super().save(*args, **kwargs)

    def _choose_slug(self):
        if self.slug or not self.authority_id:
            return
        taken = addresses.Taken(
            slug
            for model in [Service, FormerAddress]
            for slug in model.objects.filter(
                authority_id=self.authority_id, slug__startswith=addresses.stem(self.name)
            ).values_list("slug", flat=True)
        )
        self.slug = taken.choose(self.name)

    def _keep_old_address(self):
        """An address that has been public once always leads here."""
        stored = Service.objects.filter(pk=self.pk, first_published_at__isnull=False)
        old = stored.exclude(slug=self.slug).values_list("slug", flat=True).first()
        if old is None:
            return
        own = FormerAddress.objects.filter(authority_id=self.authority_id)
        own.filter(slug=self.slug, service=self).delete()
        own.update_or_create(
            authority_id=self.authority_id, slug=old, defaults={"service_id": self.pk}
        )

    def publish(self, revision, user=None, *args, **kwargs):
        """As Wagtail's, for people who may publish for this very authority."""
        if user and not kwargs.get("skip_permission_checks"):
            allowed = Authority.objects.permitting(user, ["directory.publish_service"])
            if not allowed.filter(pk=self.authority_id).exists():
                raise PublishPermissionError("You may not publish services of this authority.")
        return super().publish(revision, user, *args, **kwargs)

    def get_absolute_url(self):
        return reverse("directory:service", args=[self.slug])

    @property
    def full_url(self):
        """With the authority's own hostname: previews ask for it."""
        if not self.slug or not self.authority_id:
            return None
        return f"{self.authority.root_url}{self.get_absolute_url()}"

    def get_preview_template(self, request, mode_name):
        return "directory/service.html"

    def get_preview_context(self, request, mode_name):
        return showing.page(self, draft=True)

    def with_content_json(self, content):
        drafted = super().with_content_json(content)
        for field in self.OUTSIDE_DRAFTS:
            setattr(drafted, field, getattr(self, field))
        return drafted

    @property
    def ages(self):
        return wording.ages(self.minimum_age, self.maximum_age)

    @property
    def wait(self):
        return wording.wait(self.waiting_value, self.waiting_unit)

    @property
    def route_labels(self):
        return self._meta.get_field("routes").labels_of(self.routes)

    @property
    def lead(self):
        """What it is in a sentence or two: the summary, or the start of the description."""
        return self.summary or self.description

    @property
    def team(self):
        return self.owner_team or self.authority.team

    @property
    def is_over(self):
        """Whether it cannot be had now, though its page stays."""
        return self.status in [self.Status.INACTIVE, self.Status.DEFUNCT]


class FormerAddress(Owned):
    """An address that a service had when it was public, which leads to where it is now."""

    slug = models.SlugField(max_length=addresses.LONGEST)
    service = models.ForeignKey(Service, models.CASCADE, related_name="former_addresses")

    class Meta:
        verbose_name_plural = "former addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "slug"], name="directory_formeraddress_once"
            )
        ]

    def __str__(self):
        return self.slug
