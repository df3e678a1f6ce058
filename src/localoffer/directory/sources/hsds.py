"""Open Referral records: HSDS-UK 3.0 and the international HSDS 3.0 and 3.1."""

from localoffer.directory.sources import schedules
from localoffer.directory.sources.records import (
    AreaRecord,
    ContactRecord,
    CostRecord,
    LanguageRecord,
    LocationRecord,
    OrganisationRecord,
    PhoneRecord,
    ScheduleRecord,
    ServiceRecord,
    TermRecord,
)
from localoffer.directory.sources.values import Reading, as_mapping

NAME = "Open Referral UK 3.0 (HSDS 3)"
# A record that has none of these is no service: feeds list organisations and terms alike.
SERVICE_KEYS = {
    "status", "organization", "organization_id", "service_at_locations",
    "cost_options", "service_areas", "minimum_age", "maximum_age", "eligibility_description",
    "fees", "fees_description", "assured_date", "application_process", "last_modified",
}  # fmt: skip
# What only a location, or a service at a location, has.
OTHER_KEYS = {"location_type", "service_id", "location"}
# What a list leaves out of its summaries.
NESTED_KEYS = {
    "service_at_locations", "schedules", "cost_options", "service_areas", "attributes",
    "contacts", "languages", "phones", "funding",
}  # fmt: skip
STATUSES = {
    "active": "active",
    "open": "active",
    "live": "active",
    "published": "active",
    "inactive": "inactive",
    "closed": "inactive",
    "archived": "inactive",
    "draft": "inactive",
    "suspended": "temporarily closed",
    "temporarily closed": "temporarily closed",
    "temporarily_closed": "temporarily closed",
    "defunct": "defunct",
    "deleted": "defunct",
}
LOCATION_TYPES = {name: name for name in ["physical", "postal", "virtual"]}
MOST_PHONE = 40


def detect(record) -> bool:
    """Whether a record of an unknown feed is a service in this form."""
    return (
        isinstance(record, dict)
        and bool(SERVICE_KEYS & record.keys())
        and not OTHER_KEYS & record.keys()
    )


def read(record) -> ServiceRecord:
    """A service of this feed in neutral form. Raises BadRecordError, saying why."""
    record = as_mapping(record)
    reading = Reading()
    source_id = identity_of(reading, record)
    name = reading.required(record, "name", "name")
    lowest, highest = reading.ages(
        reading.number(record, "minimum_age"), reading.number(record, "maximum_age")
    )
    sites = reading.rows(record, "service_at_locations")
    found = {
        "alternate_name": reading.line(record, "alternate_name"),
        "summary": reading.text(record, "summary"),
        "description": reading.text(record, "description"),
        "url": reading.url(record, "url"),
        "email": reading.email(record, "email"),
        "status": status(reading, record),
        "minimum_age": lowest,
        "maximum_age": highest,
        "eligibility": reading.text(record, "eligibility_description"),
        "referral": reading.text(record, "application_process"),
        "fees": reading.text(record, "fees_description", "fees"),
        "waiting": reading.text(record, "wait_time"),
        "alert": reading.text(record, "alert"),
        "organisation": organisation(reading, reading.one(record, "organization")),
        "costs": tuple(_costs(reading, record)),
        "areas": tuple(areas(reading, record)),
        "languages": tuple(_languages(reading, record)),
        "terms": tuple(_terms(reading, record)),
        "assured_on": reading.date(record, "assured_date"),
        "modified": reading.moment(record, "last_modified", "modified_date"),
        "locations": distinct(
            reading, [place for site in sites for place in _place(reading, site)]
        ),
        "contacts": merged([*contacts(reading, record), *_contacts_of(reading, sites)]),
        "schedules": tuple(
            dict.fromkeys([*_schedules(reading, record), *_schedules_of(reading, sites)])
        ),
    }
    return ServiceRecord(
        source_id=source_id, name=name, **found, raw=record, mended=tuple(reading.mends)
    )


def identity_of(reading, record):
    """The record's id, or a refusal."""
    source_id = reading.identity(record, "id")
    return source_id or reading.required({}, "id", "id")


def status(reading, record):
    if "status" not in record:
        return "active"
    return reading.choice(record, "status", choices=STATUSES, default="active", kind="status")


def organisation(reading, record):
    """The organisation of a service, or None where the feed does not name one."""
    name = reading.line(record, "name")
    if not name:
        return None
    return OrganisationRecord(
        source_id=reading.identity(record, "id"),
        name=name,
        description=reading.text(record, "description"),
        email=reading.email(record, "email"),
        url=reading.url(record, "website", "url"),
        identifiers=tuple(
            (
                reading.line(row, "identifier_scheme", "identifier_type", limit=50),
                reading.line(row, "identifier", limit=100),
            )
            for row in reading.rows(record, "organization_identifiers")
        ),
    )


def distinct(reading, locations):
    """The places of a service, each once: by id, and by what a visitor would call one place."""
    kept = {}
    ids = set()
    for place in locations:
        same = place.source_id or None
        spot = (place.name.lower(), place.lines, place.postcode, place.type)
        if same in ids or spot in kept:
            reading.note("same place listed twice, joined")
            continue
        ids |= {same} - {None}
        kept[spot] = place
    return tuple(kept.values())


def contacts(reading, record):
    """The contacts of a record, then its own telephone numbers."""
    for row in reading.rows(record, "contacts"):
        yield ContactRecord(
            name=reading.line(row, "name"),
            title=reading.line(row, "title"),
            email=reading.email(row, "email"),
            phones=tuple(phones(reading, row)),
        )
    if numbers := tuple(phones(reading, record)):
        yield ContactRecord(phones=numbers)


def phones(reading, record):
    for row in reading.rows(record, "phones"):
        if phone := phone_of(reading, row, "number"):
            yield phone


def phone_of(reading, record, *names):
    """A telephone number with what it is for, or None where it has no digits to dial."""
    number = reading.line(record, *names).strip("\"' ")
    if not number:
        return None
    if sum(character.isdigit() for character in number) < 3 or len(number) > MOST_PHONE:
        reading.note("telephone number that is not one left out")
        return None
    if extension := reading.line(record, "extension", limit=10):
        number = f"{number} ext {extension}"
    return PhoneRecord(number=number, description=reading.line(record, "description"))


def merged(found):
    """Contacts without the empty ones and without repetitions."""
    return tuple(dict.fromkeys(contact for contact in found if contact != ContactRecord()))


def areas(reading, record):
    for row in reading.rows(record, "service_areas"):
        area = AreaRecord(
            name=reading.line(row, "name", "service_area", "description"),
            uri=reading.url(row, "uri"),
            extent=reading.text(row, "extent"),
        )
        if area != AreaRecord():
            yield area


def _place(reading, site):
    record = reading.one(site, "location")
    if not record:
        return
    addresses = reading.rows(record, "addresses")
    by_type = {reading.line(row, "address_type").lower(): row for row in reversed(addresses)}
    address = by_type.get("physical") or (addresses[0] if addresses else {})
    kind = reading.choice(
        record, "location_type", choices=LOCATION_TYPES, default="physical", kind="kind of place"
    )
    latitude, longitude = reading.point(
        reading.number(record, "latitude"), reading.number(record, "longitude")
    )
    uprn = "uprn" in reading.line(record, "external_identifier_type").lower()
    yield LocationRecord(
        source_id=reading.identity(record, "id") or reading.identity(site, "location_id"),
        name=reading.line(record, "name"),
        type=kind,
        **address_of(reading, address),
        latitude=latitude,
        longitude=longitude,
        accessibility=tuple(_accessibility(reading, record)),
        uprn=reading.line(record, "external_identifier", limit=12) if uprn else "",
    )


def address_of(reading, record):
    """The fields of an address by our names."""
    lines = (reading.line(record, name) for name in ["attention", "address_1", "address_2"])
    return {
        "lines": tuple(line for line in lines if line),
        "city": reading.line(record, "city", limit=100),
        "county": reading.line(record, "state_province", "region", limit=100),
        "postcode": reading.postcode(record, "postal_code", "postcode"),
        "country": reading.line(record, "country", limit=60) or "GB",
    }


def _accessibility(reading, record):
    for row in reading.rows(record, "accessibility"):
        words = reading.line(row, "description", "accessibility")
        details = reading.line(row, "details")
        if both := " ".join(filter(None, [words, details])):
            yield both


def _costs(reading, record):
    for row in reading.rows(record, "cost_options"):
        cost = CostRecord(
            option=reading.line(row, "option"),
            amount=reading.money(row, "amount"),
            currency=reading.line(row, "currency", limit=3).upper() or "GBP",
            description=reading.line(row, "amount_description"),
        )
        if cost.option or cost.amount or cost.description:
            yield cost


def _languages(reading, record):
    for row in reading.rows(record, "languages"):
        language = LanguageRecord(
            code=reading.line(row, "code", limit=10), name=reading.line(row, "name", limit=100)
        )
        if language != LanguageRecord():
            yield language


def _terms(reading, record):
    for row in reading.rows(record, "attributes"):
        term = reading.one(row, "taxonomy_term")
        name = reading.line(term, "name", "term") or reading.line(row, "label", "value")
        if name:
            yield TermRecord(
                scheme=reading.line(term, "taxonomy"),
                code=reading.line(term, "code", "term_uri"),
                name=name,
                link_type=reading.line(row, "link_type", limit=50).lower(),
            )


def _contacts_of(reading, sites):
    for site in sites:
        yield from contacts(reading, site)
        if isinstance(site.get("location"), dict):
            yield from contacts(reading, site["location"])


def _schedules_of(reading, sites):
    for site in sites:
        location = site.get("location") if isinstance(site.get("location"), dict) else {}
        place = Reading().identity(location, "id") or Reading().identity(site, "location_id")
        yield from _schedules(reading, site, place or None)
        yield from _schedules(reading, location, place or None)


def _schedules(reading, record, location=None):
    for row in reading.rows(record, "schedules"):
        words = " ".join(
            filter(None, [reading.line(row, "description", limit=1000), reading.line(row, "notes")])
        )
        starts, ends = reading.span(
            reading.date(row, "valid_from"), reading.date(row, "valid_to", "until")
        )
        schedule = ScheduleRecord(
            byday=schedules.days(reading, row, "byday"),
            freq=reading.choice(
                row, "freq", choices=schedules.FREQUENCIES, default="", kind="frequency"
            ),
            interval=reading.whole(row, "interval", default=1, least=1, most=52),
            opens=reading.time(row, "opens_at"),
            closes=reading.time(row, "closes_at"),
            valid_from=starts,
            valid_to=ends,
            dtstart=reading.date(row, "dtstart"),
            bymonthday=schedules.days_of_month(reading, row, "bymonthday"),
            description=words,
            when=schedules.when(words),
            attending=reading.line(row, "attending_type"),
            location=location,
        )
        if schedule != ScheduleRecord(location=location):
            yield schedule
