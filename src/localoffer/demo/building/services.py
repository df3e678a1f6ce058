"""The demonstration's services, from their CSV, through the directory's own actions."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from localoffer.demo.building.reading import CONTENT, BadContentError, with_dates
from localoffer.directory import actions
from localoffer.directory.models import (
    Contact,
    CostOption,
    Location,
    Organisation,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceLanguage,
)
from localoffer.places import lookup

HOURS = re.compile(r"(\w\w) (\d\d:\d\d)-(\d\d:\d\d) (always|term|holidays)")


def build(*, authority, file: str, today: date, taxonomy) -> int:
    """Publish every service of a content file; return how many. Raises BadContentError."""
    text = with_dates((CONTENT / file).read_text(encoding="utf-8"), today)
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    organisations: dict[str, Organisation] = {}
    services = 0
    for key, lines in groupby(rows, key=itemgetter("key")):
        first, *more = list(lines)
        try:
            _service(authority, first, more, organisations, today, taxonomy)
        except (KeyError, ValueError) as error:
            raise BadContentError(f"{file}: {key}: {error!r}") from error
        services += 1
    return services


def _service(authority, row, more, organisations, today, taxonomy):
    name = row["organisation"]
    if name not in organisations:
        organisations[name] = Organisation.objects.create(authority=authority, name=name)
    service = Service(
        authority=authority,
        organisation=organisations[name],
        name=row["name"],
        slug=row["key"],
        summary=row["summary"],
        description=row["description"],
        level=row["level"],
        minimum_age=_number(row["min_age"]),
        maximum_age=_number(row["max_age"]),
        eligibility=row["eligibility"],
        routes=_codes(row["referral"]),
        how_to_get_it=row["how_to_get_it"],
        decision_maker=row["decision_maker"],
        how_decided=row["how_decided"],
        cost_kind=row["cost"],
        cost_note=row["cost_note"],
        while_you_wait=row["while_you_wait"],
        complaints_route=row["complaints"],
        reach=row["area"],
        area_served=row["area_served"],
        url=row["website"],
        email=row["email"],
        owner_team=row["owner_team"],
        is_example=True,
        **_waiting(row, today),
    )
    service.types = taxonomy.of("types", _codes(row["types"]))
    service.needs = taxonomy.of("needs", _codes(row["needs"]))
    service.topics = taxonomy.of("topics", _codes(row["topics"]))
    service.duties = taxonomy.of("duties", _codes(row["duties"]))
    service.contacts = [Contact(phone=row["phone"], email=row["email"])]
    service.languages = [
        ServiceLanguage(name=language)
        for language in _codes(row["languages"])
        if language != "English"
    ]
    if row["cost_amount"]:
        service.cost_options = [CostOption(amount=Decimal(row["cost_amount"]))]
    for line in [row, *more]:
        _at_location(service, line)
    actions.publish(service=service)
    checked = today - timedelta(days=int(row["checked_days_ago"]))
    actions.mark_checked(
        service=service, by=None, on=checked, review_due=checked + timedelta(days=365)
    )


def _at_location(service, row):
    location = None
    if row["location_name"] or row["postcode"]:
        place = lookup.find(row["postcode"])
        location = Location.objects.create(
            authority=service.authority,
            name=row["location_name"],
            address_1=row["address"],
            town=row["town"],
            postcode=row["postcode"],
            access=_codes(row["access"]),
            **(
                {
                    "easting": place.easting,
                    "northing": place.northing,
                    "latitude": place.latitude,
                    "longitude": place.longitude,
                }
                if place
                else {}
            ),
        )
        service.at_locations.add(ServiceAtLocation(location=location))
    for hours in _codes(row["days"]):
        match = HOURS.fullmatch(hours)
        if not match:
            raise ValueError(f"these hours are not like 'MO 10:00-12:00 term': {hours}")
        day, opens, closes, when = match.groups()
        service.schedules.add(
            Schedule(location=location, byday=[day], opens=opens, closes=closes, when=when)
        )


def _waiting(row, today):
    if not row["waiting_value"]:
        return {}
    return {
        "waiting_value": int(row["waiting_value"]),
        "waiting_unit": row["waiting_unit"],
        "waiting_as_of": today - timedelta(days=int(row["waiting_as_of_days_ago"])),
        "waiting_source": row["waiting_source"],
    }


def _codes(text):
    return [code.strip() for code in text.split(";") if code.strip()]


def _number(text):
    return int(text) if text else None
