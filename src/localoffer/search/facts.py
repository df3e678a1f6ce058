"""What filters and lists need to know of every service of an authority, in two queries."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import CharField, TextField, Value
from django.db.models.functions import Cast, Left
from django.urls import reverse

from localoffer.directory.codes import Access
from localoffer.directory.days import NAMES as DAYS
from localoffer.directory.models import Location, Schedule, Service
from localoffer.directory.wording import ages
from localoffer.places import distance
from localoffer.search.wording import number
from localoffer.taxonomy.models import Need, ServiceType

LONGEST_SUMMARY = 300  # characters of the description, where there is no summary


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that people can go to, in metres on the British National Grid."""

    easting: int
    northing: int
    name: str
    town: str
    postcode: str
    access: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return ", ".join(dict.fromkeys(filter(None, [self.name, self.town, self.postcode])))


@dataclass(slots=True)
class Facts:
    """One listed service."""

    key: str
    slug: str
    name: str
    summary: str
    organisation: str
    minimum_age: int | None
    maximum_age: int | None
    cost_kind: str
    reach: str
    status: str
    is_example: bool
    needs: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    spots: list[Spot] = field(default_factory=list)

    @property
    def url(self) -> str:
        return reverse("directory:service", args=[self.slug])

    @property
    def ages(self) -> str:
        words = ages(self.minimum_age, self.maximum_age)
        return words if words == "All ages" else f"Ages {words[0].lower()}{words[1:]}"

    @property
    def cost(self) -> str:
        return str(dict(Service.Cost.choices).get(self.cost_kind, ""))

    @property
    def closed_for_now(self) -> bool:
        return self.status == Service.Status.TEMPORARILY_CLOSED

    @property
    def other_spots(self) -> str:
        """How many places it has besides one: "2 other places"."""
        return number(len(self.spots) - 1, "other place")

    def nearest(self, place) -> Spot | None:
        """Its place nearest to this one, or its first when there is nothing to be near to."""
        if place is None or not self.spots:
            return next(iter(self.spots), None)
        return min(self.spots, key=lambda spot: distance.metres(spot, place))

    def metres(self, place) -> int | None:
        """Metres from ``place`` to its nearest place, or None when it has none."""
        spot = self.nearest(place) if place else None
        return distance.metres(spot, place) if spot else None


COLUMNS = [
    "pk",
    "slug",
    "name",
    "summary",
    "organisation__name",
    "minimum_age",
    "maximum_age",
    "cost_kind",
    "reach",
    "status",
    "is_example",
]
OF_SPOT = [
    f"at_locations__location__{column}"
    for column in ["kind", "easting", "northing", "name", "town", "postcode", "access"]
]


def of_services(authority) -> dict[str, Facts]:
    """The listed services of an authority by their keys."""
    services = {}
    listed = Service.objects.for_authority(authority).listed()
    rows = listed.order_by("pk", "at_locations__sort_order", "at_locations__pk").values_list(
        *COLUMNS, Left("description", LONGEST_SUMMARY), *OF_SPOT
    )
    for row in rows:
        (pk, slug, name, summary, organisation, *rest), spot = row[:-8], row[-7:]
        if pk not in services:
            lead = summary or row[-8]
            services[pk] = Facts(str(pk), slug, name, lead, organisation or "", *rest)
        kind, easting, northing, place, town, postcode, access = spot
        if kind == Location.Kind.PHYSICAL and easting is not None:
            labels = tuple(Access(code).label for code in access if code in Access.values)
            services[pk].spots.append(Spot(easting, northing, place, town, postcode, labels))
    for pk, kind, code in _labels(authority):
        if service := services.get(pk):
            if kind == "day":
                service.days |= {day[-2:] for day in code.split(",") if day[-2:] in DAYS}
            else:
                getattr(service, kind).add(code)
    return {service.key: service for service in services.values()}


def _labels(authority):
    """Needs, kinds and days of every service: rows of service, which of the three, code."""
    of_authority = {"service__authority": authority}
    tables = [
        ("needs", Service.needs.through, "need_id"),
        ("types", Service.types.through, "servicetype_id"),
        ("day", Schedule, "byday"),
    ]
    first, *others = [
        model.objects.filter(**of_authority)
        .order_by()
        .annotate(which=Value(kind, output_field=CharField()), label=Cast(column, TextField()))
        .values_list("service_id", "which", "label")
        for kind, model, column in tables
    ]
    return first.union(*others)


@dataclass(frozen=True, slots=True)
class Terms:
    """The codes that people can filter by, with their names, in the order to show them."""

    needs: dict[str, str]
    types: dict[str, str]


def terms() -> Terms:
    """Needs and kinds of service, in one query."""
    rows = [
        model.objects.order_by()
        .annotate(which=Value(which, output_field=CharField()))
        .values_list("which", "order", "code", "name")
        for which, model in [("needs", Need), ("types", ServiceType)]
    ]
    found = defaultdict(dict)
    for which, _order, code, name in sorted(rows[0].union(rows[1])):
        found[which][code] = name
    return Terms(needs=found["needs"], types=found["types"])
