from django.db import models
from django.db.models import Q

from localoffer.directory.codes import Access
from localoffer.directory.fields import CodesField
from localoffer.directory.models.sourced import Sourced


class Location(Sourced):
    """A place where services happen, a place to write to, or one that is only online."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", "A place to go to"
        POSTAL = "postal", "A place to write to"
        VIRTUAL = "virtual", "Online or by phone"

    name = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PHYSICAL)
    address_1 = models.CharField("address", max_length=255, blank=True)
    address_2 = models.CharField("address, second line", max_length=255, blank=True)
    town = models.CharField(max_length=100, blank=True)
    county = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    easting = models.IntegerField(null=True, blank=True, editable=False)
    northing = models.IntegerField(null=True, blank=True, editable=False)
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)
    access = CodesField("access", among=Access)
    access_note = models.TextField(
        blank=True,
        help_text="What people ask before they come: where to park, which door, how loud it is.",
    )
    uprn = models.CharField(
        "UPRN", max_length=12, blank=True, help_text="Unique Property Reference Number, if known."
    )

    class Meta(Sourced.Meta):
        ordering = ["name", "postcode"]
        indexes = [
            models.Index(fields=["easting", "northing"]),
            models.Index(fields=["authority", "postcode"]),
        ]
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=Q(easting__isnull=True, northing__isnull=True)
                | Q(easting__isnull=False, northing__isnull=False),
                name="directory_location_whole_grid_reference",
            ),
        ]

    def __str__(self):
        return ", ".join(part for part in [self.name, *self.lines] if part) or "Unnamed place"

    @property
    def lines(self):
        """The address, a line each, without those that only repeat the name."""
        parts = [self.address_1, self.address_2, self.town, self.county, self.postcode]
        return [part for part in parts if part and part != self.name]

    @property
    def access_labels(self):
        return self._meta.get_field("access").labels_of(self.access)
