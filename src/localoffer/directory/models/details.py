"""The rows that belong to one service and are drafted, approved and published with it."""

from django.db import models
from django.db.models import F, Q
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from localoffer.directory.fields import DaysField


class ServiceAtLocation(Orderable):
    """A service happens at a place."""

    service = ParentalKey("directory.Service", related_name="at_locations")
    location = models.ForeignKey("directory.Location", models.PROTECT, related_name="at_services")
    description = models.TextField(
        "what is different here", blank=True, help_text="Leave empty when nothing is."
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["service", "location"], name="directory_service_once_at_a_location"
            )
        ]

    def __str__(self):
        return str(self.location)


class Schedule(Orderable):
    """When a service can be had, in the parts of RFC 5545 that Open Referral uses.

    With a location, the hours are those of the service at that place; without, everywhere.
    """

    class Frequency(models.TextChoices):
        WEEKLY = "WEEKLY", "Every week"
        MONTHLY = "MONTHLY", "Every month"

    class When(models.TextChoices):
        ALWAYS = "always", "All year"
        TERM = "term", "In term time"
        HOLIDAYS = "holidays", "In school holidays"

    service = ParentalKey("directory.Service", related_name="schedules")
    location = models.ForeignKey(
        "directory.Location",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Leave empty when the hours are the same everywhere.",
    )
    freq = models.CharField(
        "how often", max_length=7, choices=Frequency, blank=True, default=Frequency.WEEKLY
    )
    interval = models.PositiveSmallIntegerField(
        "every how many weeks or months", default=1, help_text="2 means every other week."
    )
    byday = DaysField(
        "days",
        help_text="For example: Monday to Friday. Or: Monday, Wednesday. Or: second Tuesday.",
    )
    bymonthday = models.CharField(
        "days of the month", max_length=100, blank=True, help_text="For example 1,15. -1: the last."
    )
    dtstart = models.DateField(
        "first date", null=True, blank=True, help_text="Needed when it is not every week or month."
    )
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    valid_from = models.DateField("from", null=True, blank=True)
    valid_to = models.DateField("until", null=True, blank=True)
    when = models.CharField("time of year", max_length=8, choices=When, default=When.ALWAYS)
    attending = models.CharField(
        "how people take part", max_length=100, blank=True, help_text="For example: online."
    )
    description = models.TextField("in your own words", blank=True)

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="directory_schedule_ends_after_it_starts",
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                condition=Q(interval__gte=1),
                name="directory_schedule_interval_from_one",
                violation_error_message="Enter 1 or more.",
            ),
        ]

    def __str__(self):
        return self.description or self.get_freq_display()


class Contact(Orderable):
    """How to reach a service. The name is a role or a team, never a private person."""

    service = ParentalKey("directory.Service", related_name="contacts")
    name = models.CharField("role or team", max_length=255, blank=True)
    title = models.CharField("job title", max_length=255, blank=True)
    email = models.EmailField("email address", blank=True)
    phone = models.CharField("phone number", max_length=60, blank=True)
    note = models.CharField(
        max_length=255, blank=True, help_text="For example: leave a message, we call back."
    )

    def __str__(self):
        return self.name or self.phone or self.email


class CostOption(Orderable):
    """One price: what it is for and how much."""

    service = ParentalKey("directory.Service", related_name="cost_options")
    option = models.CharField("what it is for", max_length=255, blank=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    amount_description = models.CharField(
        "how it is charged", max_length=500, blank=True, help_text="For example: each session."
    )
    currency = models.CharField(max_length=3, default="GBP", editable=False)

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="directory_costoption_not_negative",
                violation_error_message="A price cannot be less than nothing.",
            )
        ]

    def __str__(self):
        return self.option


class ServiceLanguage(Orderable):
    """A language in which a service can be had, besides English."""

    service = ParentalKey("directory.Service", related_name="languages")
    code = models.CharField(
        max_length=10, blank=True, help_text="ISO 639 code, such as pl or bfi (BSL)."
    )
    name = models.CharField(max_length=100, blank=True)

    def __str__(self):
        return self.name or self.code


class ServiceArea(Orderable):
    """Where the people live whom a service takes: a known area, or words."""

    service = ParentalKey("directory.Service", related_name="service_areas")
    area = models.ForeignKey("places.Area", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("or in words", max_length=255, blank=True)
    uri = models.CharField(max_length=500, blank=True, editable=False)
    extent = models.TextField(blank=True, editable=False)

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False) | ~Q(name="") | ~Q(uri="") | ~Q(extent=""),
                name="directory_servicearea_names_an_area",
                violation_error_message="Choose an area or describe it in words.",
            )
        ]

    def __str__(self):
        return self.name or str(self.area or self.uri)
