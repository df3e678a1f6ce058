"""The services of the directory, as documents."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from localoffer.directory.codes import Access, Route
from localoffer.directory.days import NAMES as DAYS
from localoffer.directory.fields import CodesField
from localoffer.directory.models import (
    Location,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
)
from localoffer.search.documents import Document, Spot

AT_ONCE = 500
LONGEST_SUMMARY = 300  # characters of the description, where there is no summary
EXTRA = [
    "eligibility",
    "how_to_get_it",
    "decision_maker",
    "how_decided",
    "booking",
    "status_note",
    "waiting_note",
    "while_you_wait",
    "capacity_note",
    "cost_note",
]
COLUMNS = [
    "pk",
    "slug",
    "name",
    "summary",
    "description",
    "alternate_name",
    "organisation__name",
    "area_served",
    "minimum_age",
    "maximum_age",
    "cost_kind",
    "reach",
    "status",
    "is_example",
    "routes",
    *EXTRA,
]
OF_SPOT = ["kind", "easting", "northing", "name", "town", "postcode", "access"]
APART = "\n"  # between a code and its name, in one column


def documents(authority, keys=None) -> Iterator[Document]:
    """The services that one authority lists: three queries for each few hundred."""
    listed = Service.objects.for_authority(authority).listed()
    if keys is None:
        keys = list(listed.order_by("pk").values_list("pk", flat=True))
    before, _, after = reverse("directory:service", args=["slug"]).rpartition("slug")
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        rows = list(listed.filter(pk__in=some).order_by("pk").values(*COLUMNS))
        if rows:
            found = [row["pk"] for row in rows]
            places, labels = _places(found), _labels(found)
            for row in rows:
                # The address is asked for once: reversing is slow.
                address = f"{before}{row['slug']}{after}"
                yield _document(row, address, places[row["pk"]], labels[row["pk"]], authority)


def _document(row, address, places, labels, authority):
    summary, text = row["summary"], row["description"]
    if not summary:
        summary, text = _divided(text)
    towns = [word for place in places for word in (place["name"], place["town"])]
    days = tuple(day for day in DAYS if any(code[-2:] == day for code in labels["day"]))
    spots = tuple(
        Spot(
            place["easting"],
            place["northing"],
            place["name"],
            place["town"],
            place["postcode"],
            tuple(Access(code).label for code in place["access"] if code in Access.values),
        )
        for place in places
        if place["kind"] == Location.Kind.PHYSICAL and place["easting"] is not None
    )
    extra = [
        *(row[name] for name in EXTRA),
        dict(Service.Cost.choices).get(row["cost_kind"], ""),
        *(Route(code).label for code in row["routes"] if code in Route.values),
        *(DAYS[day] for day in days),
        *(label for spot in spots for label in spot.access),
        *labels["language"],
    ]
    return Document(
        kind="service",
        key=str(row["pk"]),
        title=row["name"],
        summary=summary,
        url=address,
        authority_id=authority.pk,
        other_names=row["alternate_name"],
        needs=_lines(labels["needs"].values()),
        category=_lines([*labels["types"].values(), *labels["topics"]]),
        organisation=row["organisation__name"] or "",
        place=_lines([*towns, row["area_served"], *labels["area"]]),
        text=text,
        extra=_lines(extra),
        need_codes=tuple(labels["needs"]),
        type_codes=tuple(labels["types"]),
        minimum_age=row["minimum_age"],
        maximum_age=row["maximum_age"],
        cost_kind=row["cost_kind"],
        days=days,
        spots=spots,
        reach=row["reach"],
        status=row["status"],
        is_example=row["is_example"],
    )


def _divided(text):
    """The beginning of a description, and the rest: whole words of each."""
    if len(text) <= LONGEST_SUMMARY:
        return text, ""
    end = text.rfind(" ", 0, LONGEST_SUMMARY + 1)
    end = end if end > 0 else LONGEST_SUMMARY
    return text[:end], text[end:]


def _lines(words):
    return "\n".join(dict.fromkeys(str(word) for word in words if word))


def _places(keys):
    """The places of each service, in their order."""
    found = defaultdict(list)
    columns = {f"the_{name}": F(f"location__{name}") for name in OF_SPOT}
    rows = ServiceAtLocation.objects.filter(service__in=keys).order_by("sort_order", "pk")
    for service, *values in rows.values_list("service_id", *columns.values()):
        place = dict(zip(OF_SPOT, values, strict=True))
        found[service].append(place)
    return found


def _labels(keys):
    """What else stands beside each service: codes with names, and words, in one query."""
    tables = [
        ("needs", Service.needs.through, _coded("need")),
        ("types", Service.types.through, _coded("servicetype")),
        ("topics", Service.topics.through, F("topic__name")),
        ("day", Schedule, F("byday")),
        ("area", ServiceArea, F("name")),
        ("area", ServiceArea, F("area__name")),
        ("language", ServiceLanguage, F("name")),
    ]
    first, *others = [
        model.objects.filter(service__in=keys)
        .order_by()
        .annotate(which=Value(which, CharField()), label=Cast(column, TextField()))
        .values_list("service_id", "which", "label")
        for which, model, column in tables
    ]
    found = defaultdict(
        lambda: {"needs": {}, "types": {}, "topics": [], "day": [], "area": [], "language": []}
    )
    # Sorted here: no two databases agree on the order of a union.
    for service, which, label in sorted(first.union(*others), key=lambda row: row[2] or ""):
        if not label:
            continue
        if which in ("needs", "types"):
            code, _, name = label.partition(APART)
            found[service][which][code] = name
        elif which == "day":
            found[service]["day"] += CodesField().to_python(label)
        else:
            found[service][which].append(label)
    return found


def _coded(term):
    return Concat(F(f"{term}__code"), Value(APART), F(f"{term}__name"), output_field=TextField())
