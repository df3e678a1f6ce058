"""What a service's page shows, gathered in the same number of queries however long its lists are.

Knows the service by its attributes: ``models`` asks here for previews, ``views`` for the page.
"""

from collections import defaultdict

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html

from localoffer.authority.models import PublicItem
from localoffer.directory import linked_data, schedules, wording
from localoffer.taxonomy.models import Need, ServiceType

RELATED = 4
FEW = 3  # needs that can be read at a glance; more are listed below


def page(service, *, draft=False):
    """The context of ``directory/service.html``. ``draft``: read its rows from memory."""
    names = _names_in_memory(service) if draft else _names(service)
    at_locations = list(service.at_locations.all().select_related("location"))
    hours = list(service.schedules.all())
    contacts = list(service.contacts.all())
    costs = list(service.cost_options.all())
    item = PublicItem.objects.filter(kind="service", key=str(service.pk)).first()
    if item:
        item.authority = service.authority
    first_phone = next((row.phone for row in contacts if row.phone), "")
    needs = [name for _, name in names["need"]]
    return {
        "service": service,
        "item": item,
        "trail": [
            {"title": "Home", "url": "/"},
            {"title": "Find help", "url": reverse("search:find")},
            {"title": service.name},
        ],
        "feedback_url": f"{reverse('feedback:give')}?about={item.shown_reference if item else ''}",
        "missing": service.missing_since is not None,
        "description": wording.paragraphs(service.description),
        "glance": _glance(service, needs, first_phone),
        "about": _about(service, item),
        "types": [name for _, name in names["type"]],
        "needs": needs,
        "languages": [name or code for code, name in names["language"]],
        "areas": [name for _, name in names["area"] if name],
        "places": [_place(row, hours) for row in at_locations],
        "hours": _hours(hours, at=None),
        "contacts": [{"row": row, "dialled": wording.dialled(row.phone)} for row in contacts],
        "other_email": "" if any(row.email == service.email for row in contacts) else service.email,
        "costs": [_cost(row) for row in costs],
        "steps": wording.paragraphs(service.how_to_get_it),
        "related": _related(service, names["type"], at_locations),
        "json_ld": linked_data.script(
            linked_data.of_service(
                service,
                types=[name for _, name in names["type"]],
                areas=[name for _, name in names["area"] if name],
                locations=[row.location for row in at_locations],
                schedules=hours,
                contacts=contacts,
                costs=costs,
            )
        ),
    }


def _glance(service, needs, phone):
    """The answers that most families look for first."""
    return [
        ("Ages", service.ages),
        ("For", ("; ".join(needs) or "Any need") if len(needs) <= FEW else ""),
        ("Cost", service.get_cost_kind_display()),
        ("Usual wait", _wait(service)),
        ("Who can ask for it", "; ".join(service.route_labels)),
        ("Phone", _phone(phone)),
    ]


def _wait(service):
    if not service.wait:
        return ""
    return f"{service.wait} (on {_date(service.waiting_as_of)})"


def _phone(phone):
    dialled = wording.dialled(phone)
    if not dialled:
        return phone
    return format_html('<a class="govuk-link" href="tel:{}">{}</a>', dialled, phone)


def _about(service, item):
    """Who keeps the page, and how old what it says is."""
    changed = _day(service.last_published_at)
    if changed and service.change_note:
        changed = f"{changed}: {service.change_note}"
    checked = service.checked_on and _date(service.checked_on)
    return [
        ("Kept by", service.team),
        ("Published", _day(service.first_published_at)),
        ("Last changed", changed),
        ("Last checked by a person", checked or "Not yet"),
        ("Next check due", service.review_due and _date(service.review_due)),
        ("Short address of this page", item and item.short_address),
    ]


def _day(moment):
    return moment and _date(timezone.localtime(moment).date())


def _date(date):
    return formats.date_format(date, "SHORT_DATE_FORMAT")


def _names(service):
    """Types, needs, languages and areas in one query: kind to (code, name) pairs."""

    def of(queryset, kind, code, name, order):
        return queryset.order_by().values_list(
            Value(kind, output_field=CharField()), code, name, order
        )

    rows = of(ServiceType.objects.filter(services=service), "type", F("code"), F("name"), "order")
    rows = rows.union(
        of(Need.objects.filter(services=service), "need", F("code"), F("name"), "order"),
        of(service.languages.all(), "language", F("code"), F("name"), _sorted()),
        of(service.service_areas.all(), "area", F("uri"), _area_name(), _sorted()),
        all=True,
    )
    names = defaultdict(list)
    for kind, code, name, _ in sorted(rows, key=lambda row: (row[3], row[1])):
        names[kind].append((code, name))
    return names


def _sorted():
    return Coalesce(F("sort_order"), Value(0))


def _area_name():
    return Coalesce(F("area__name"), F("name"), output_field=CharField())


def _names_in_memory(service):
    return {
        "type": [(row.code, row.name) for row in service.types.all()],
        "need": [(row.code, row.name) for row in service.needs.all()],
        "language": [(row.code, row.name) for row in service.languages.all()],
        "area": [
            (row.uri, row.area.name if row.area else row.name)
            for row in service.service_areas.all()
        ],
    }


def _place(row, hours):
    location = row.location
    online = location.kind == location.Kind.VIRTUAL
    return {
        "location": location,
        "heading": location.name or ("Online or by phone" if online else "Address"),
        "lines": location.lines,
        "note": row.description,
        "hours": _hours(hours, at=row.location_id),
        "access": row.location.access_labels,
    }


def _hours(rows, *, at):
    return [
        {"words": schedules.in_words(row), "description": row.description}
        for row in rows
        if row.location_id == at
    ]


def _cost(row):
    return {
        "option": row.option,
        "price": wording.price(row.amount, row.currency),
        "description": row.amount_description,
    }


def _related(service, types, at_locations):
    codes = [code for code, _ in types]
    if not codes:
        return []
    places = (row.location for row in at_locations)
    at = next((place for place in places if place.easting is not None), None)
    found = type(service).objects.related_to(service, types=codes, at=at)
    return found.only("name", "slug", "summary", "authority_id")[:RELATED]
