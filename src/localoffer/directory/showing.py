"""What a service's page shows, gathered in the same number of queries however long its lists are.

Knows the service by its attributes: ``models`` asks here for previews, ``views`` for the page.
"""

from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html

from localoffer.authority import references
from localoffer.authority.models import PublicItem
from localoffer.directory import linked_data, schedules, wording
from localoffer.taxonomy.models import Need, ServiceType

RELATED = 4
FEW = 3  # needs that can be read at a glance; more are listed below
PENNY = Decimal("0.01")

NAMED = ["type", "need", "language", "area"]
TERM = ["code", "name"]
CONTACT = ["name", "title", "email", "phone", "note"]
COST = ["option", "amount", "amount_description", "currency"]
MOST_WORDS = len(CONTACT)  # in a row of any kind


def page(service, *, draft=False):
    """The context of ``directory/service.html``. ``draft``: read its rows from memory."""
    rows = _rows_in_memory(service) if draft else _rows(service)
    names = {kind: [(code, name) for code, name, *_ in rows[kind]] for kind in NAMED}
    contacts = [SimpleNamespace(**dict(zip(CONTACT, row, strict=True))) for row in rows["contact"]]
    costs = [SimpleNamespace(**dict(zip(COST, row, strict=False))) for row in rows["cost"]]
    for cost in costs:
        cost.amount = None if cost.amount is None else Decimal(cost.amount).quantize(PENNY)
    at_locations = list(service.at_locations.all().select_related("location"))
    hours = list(service.schedules.all())
    reference = references.shown(rows["reference"][0][0]) if rows["reference"] else ""
    first_phone = next((row.phone for row in contacts if row.phone), "")
    needs = [name for _, name in names["need"]]
    return {
        "service": service,
        "reference": reference,
        "trail": [
            {"title": "Home", "url": "/"},
            {"title": "Find help", "url": reverse("search:find")},
            {"title": service.name},
        ],
        "feedback_url": f"{reverse('feedback:give')}?about={reference}",
        "missing": service.missing_since is not None,
        "description": wording.paragraphs(service.description),
        "glance": _glance(service, needs, first_phone),
        "about": _about(service, reference),
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


def _about(service, reference):
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
        ("Short address of this page", reference and f"{service.authority.root_url}/r/{reference}"),
    ]


def _day(moment):
    return moment and _date(timezone.localtime(moment).date())


def _date(date):
    return formats.date_format(date, "SHORT_DATE_FORMAT")


def _rows(service):
    """Terms, contacts, prices and the reference in one query: kind to tuples of words, in order."""

    def of(kind, queryset, order, number, *words):
        padded = [*words, *[Value("")] * (MOST_WORDS - len(words))]
        texts = [Cast(word, TextField()) for word in padded]
        return queryset.order_by().values_list(Value(kind), order, number, *texts)

    by_hand = Coalesce(F("sort_order"), 0), F("pk")
    by_list = F("order"), Value(0)
    area_name = Coalesce(F("area__name"), F("name"), output_field=TextField())
    first, *rest = [
        of("reference", _items(service), Value(0), Value(0), F("reference")),
        of("type", ServiceType.objects.filter(services=service), *by_list, F("code"), F("name")),
        of("need", Need.objects.filter(services=service), *by_list, F("code"), F("name")),
        of("language", service.languages.all(), *by_hand, F("code"), F("name")),
        of("area", service.service_areas.all(), *by_hand, F("uri"), area_name),
        of("contact", service.contacts.all(), *by_hand, *map(F, CONTACT)),
        of("cost", service.cost_options.all(), *by_hand, *map(F, COST)),
    ]
    rows = defaultdict(list)
    for kind, _order, _number, *words in sorted(first.union(*rest, all=True)):
        rows[kind].append(words)
    return rows


def _items(service):
    return PublicItem.objects.filter(kind="service", key=str(service.pk))


def _rows_in_memory(service):
    def words(rows, names):
        return [[getattr(row, name) for name in names] for row in rows]

    return {
        "reference": [[item.reference] for item in _items(service)],
        "type": words(service.types.all(), TERM),
        "need": words(service.needs.all(), TERM),
        "language": words(service.languages.all(), TERM),
        "area": [
            (row.uri, row.area.name if row.area else row.name)
            for row in service.service_areas.all()
        ],
        "contact": words(service.contacts.all(), CONTACT),
        "cost": words(service.cost_options.all(), COST),
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
