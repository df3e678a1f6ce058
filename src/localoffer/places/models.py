"""Areas of England with a code of the Office for National Statistics.

Postcodes are not a table: ``index`` says where they are kept and why.
"""

from django.db import models
from django.db.models import F, Q


class AreaQuerySet(models.QuerySet):
    def valid(self, *, on):
        """The areas that existed on a day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on),
            Q(valid_to=None) | Q(valid_to__gte=on),
        )

    def local_authorities(self):
        """The councils with duties under Part 3 of the Children and Families Act 2014."""
        return self.filter(kind__in=[Area.Kind.COUNTY, Area.Kind.AUTHORITY])

    def wards_of(self, codes):
        """The wards of districts or of councils, by the codes of either."""
        return self.filter(Q(parent__in=codes) | Q(parent__parent__in=codes), kind=Area.Kind.WARD)


class Area(models.Model):
    """A ward, district, council or region."""

    class Kind(models.TextChoices):
        WARD = "ward", "Ward"
        DISTRICT = "district", "District of a county"
        COUNTY = "county", "County with districts"
        AUTHORITY = "authority", "Council with no districts"
        REGION = "region", "Region"

    code = models.CharField("ONS code", max_length=9, primary_key=True)
    name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField("last day", null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="places_area_dates_not_reversed",
            )
        ]

    def __str__(self):
        return self.name or self.code
