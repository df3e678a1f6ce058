"""The services of the directory, as documents."""

import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import F
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
    found = defaultdict(
        lambda: {"needs": {}, "types": {}, "topics": [], "day": [], "area": [], "language": []}
    )
    vendor = connection.vendor
    listed = json.dumps([key.hex for key in keys])
    with connection.cursor() as cursor:
        cursor.execute(_labels_query(vendor), [listed] * len(LABELS))
        rows = cursor.fetchall()
    # Sorted here: no two databases agree on the order of a union.
    for service, which, code, label in sorted(rows, key=lambda row: (row[2] or "", row[3] or "")):
        if not label:
            continue
        labels = found[UUID(service) if vendor == "sqlite" else service]
        if which in CODED:
            labels[which][code] = label
        elif which == "day":
            labels["day"] += CodesField().to_python(label)
        else:
            labels[which].append(label)
    return found


# Which label it is, the table in which it stands beside a service, and where its words are: a
# column of that table, or of one that a column of it refers to.
LABELS = [
    ("needs", Service.needs.through, "need", "name"),
    ("types", Service.types.through, "servicetype", "name"),
    ("topics", Service.topics.through, "topic", "name"),
    ("day", Schedule, "", "byday"),
    ("area", ServiceArea, "", "name"),
    ("area", ServiceArea, "area", "name"),
    ("language", ServiceLanguage, "", "name"),
]
CODED = {"needs", "types"}


@cache
def _labels_query(vendor):
    """Said once: to say it takes Django as long as all the rest of indexing one service."""
    keys = {
        "sqlite": "SELECT value FROM json_each(%s)",
        "postgresql": "SELECT value::uuid FROM json_array_elements_text(%s)",
    }[vendor]
    return " UNION ".join(
        f"{_beside(*label)} WHERE beside.service_id IN ({keys})" for label in LABELS
    )


def _beside(which, model, reference, column):
    beside, code, joined = model._meta, "''", ""
    words = f"beside.{beside.get_field(column).column}" if not reference else f"named.{column}"
    if reference:
        field = beside.get_field(reference)
        named = field.related_model._meta
        code = f"CAST(beside.{field.column} AS text)" if which in CODED else code
        joined = f"JOIN {named.db_table} named ON named.{named.pk.column} = beside.{field.column}"
    return (
        f"SELECT beside.service_id, '{which}', {code}, CAST({words} AS text) "  # noqa: S608
        f"FROM {beside.db_table} beside {joined}"
    )
