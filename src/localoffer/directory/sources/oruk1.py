"""Open Referral UK 1.0, as live feeds write it: American and misspelt plurals included."""

from localoffer.directory.sources import hsds, schedules
from localoffer.directory.sources.records import (
    CostRecord,
    LanguageRecord,
    LocationRecord,
    ScheduleRecord,
    ServiceRecord,
    TermRecord,
)
from localoffer.directory.sources.values import Reading, as_mapping

NAME = "Open Referral UK 1.0"
TYPES = ("service_taxonomys", "service_taxonomies")
ELIGIBILITIES = ("eligibilitys", "eligibilities")
NESTED_KEYS = {
    *TYPES, *ELIGIBILITIES, "regular_schedules", "holiday_schedules", "service_at_locations",
    "cost_options", "contacts", "service_areas", "languages", "fundings", "locations", "location",
}  # fmt: skip
# What only version 1 has; the words it shares with version 3 say nothing.
OWN_KEYS = {
    *TYPES, *ELIGIBILITIES, "regular_schedules", "holiday_schedules", "fundings",
    "attending_type", "attending_access", "deliverable_type",
}  # fmt: skip
REFERRALS = {
    "referral": "You need to be referred.",
    "appointment": "You need an appointment.",
    "membership": "You need to be a member.",
    "drop-in": "You can drop in.",
}


def detect(record) -> bool:
    """Whether a record of an unknown feed is a service in this form."""
    return isinstance(record, dict) and bool(OWN_KEYS & record.keys())


def read(record) -> ServiceRecord:
    """A service of this feed in neutral form. Raises BadRecordError, saying why."""
    record = as_mapping(record)
    reading = Reading()
    source_id = hsds.identity_of(reading, record)
    name = reading.required(record, "name", "name")
    rules = reading.rows(record, *ELIGIBILITIES)
    lowest, highest = _ages(reading, record, rules)
    sites = _sites(reading, record)
    access = reading.line(record, "attending_access").lower()
    attending = reading.line(record, "attending_type")
    found = {
        "alternate_name": reading.line(record, "alternate_name"),
        "description": reading.text(record, "description"),
        "url": reading.url(record, "url"),
        "email": reading.email(record, "email"),
        "status": hsds.status(reading, record),
        "minimum_age": lowest,
        "maximum_age": highest,
        "eligibility": _eligibility(reading, rules),
        "referral": reading.text(record, "application_process") or REFERRALS.get(access, ""),
        "needs_referral": True if access == "referral" else None,
        "fees": reading.text(record, "fees"),
        "waiting": reading.text(record, "wait_time"),
        "organisation": hsds.organisation(reading, reading.one(record, "organization")),
        "costs": tuple(_costs(reading, record)),
        "areas": tuple(hsds.areas(reading, record)),
        "languages": tuple(_languages(reading, record)),
        "terms": (*_types(reading, record), *_rule_terms(reading, rules)),
        "assured_on": reading.date(record, "assured_date"),
        "modified": reading.moment(record, "last_modified", "updated_at"),
        "locations": hsds.distinct(
            reading, [place for site in sites for place in _place(reading, site)]
        ),
        "contacts": hsds.merged(hsds.contacts(reading, record)),
        "schedules": tuple(
            dict.fromkeys(
                [
                    *_schedules(reading, record, attending),
                    *(hours for site in sites for hours in _schedules_at(reading, site, attending)),
                ]
            )
        ),
    }
    return ServiceRecord(
        source_id=source_id, name=name, **found, raw=record, mended=tuple(reading.mends)
    )


def _sites(reading, record):
    """Rows that hold a location each, whether the feed nests it once more or not."""
    sites = reading.rows(record, "service_at_locations")
    bare = reading.rows(record, "locations") or reading.rows(record, "location")
    return [*sites, *({"location": location} for location in bare)]


def _ages(reading, record, rules):
    """The youngest minimum and the oldest maximum of all that a service says of ages."""
    lowest = [reading.number(row, "minimum_age") for row in [record, *rules]]
    highest = [reading.number(row, "maximum_age") for row in [record, *rules]]
    return reading.ages(
        min((age for age in lowest if age is not None), default=None),
        max((age for age in highest if age is not None), default=None),
    )


def _eligibility(reading, rules):
    words = [reading.line(row, "eligibility") for row in rules]
    return ". ".join(dict.fromkeys(filter(None, words)))


def _types(reading, record):
    for row in reading.rows(record, *TYPES):
        if term := _term(reading, reading.one(row, "taxonomy"), "service_type"):
            yield term


def _rule_terms(reading, rules):
    for rule in rules:
        for row in reading.rows(rule, "taxonomys", "taxonomies"):
            nested = row.get("taxonomy")
            term = nested if isinstance(nested, dict) else row
            if term := _term(reading, term, "eligibility"):
                yield term


def _term(reading, record, link_type):
    name = reading.line(record, "name")
    if not name:
        return None
    return TermRecord(
        scheme=reading.line(record, "vocabulary"),
        code=reading.identity(record, "id"),
        name=name,
        link_type=link_type,
    )


def _costs(reading, record):
    for row in reading.rows(record, "cost_options"):
        cost = CostRecord(
            option=reading.line(row, "option"),
            amount=reading.money(row, "amount"),
            description=reading.line(row, "amount_description"),
        )
        if cost != CostRecord(option=""):
            yield cost


def _languages(reading, record):
    for row in reading.rows(record, "languages"):
        if name := reading.line(row, "language", "name", limit=100):
            yield LanguageRecord(name=name)


def _place(reading, site):
    record = reading.one(site, "location")
    if not record:
        return
    physical = reading.rows(record, "physical_addresses")
    postal = reading.rows(record, "postal_addresses")
    latitude, longitude = reading.point(
        reading.number(record, "latitude"), reading.number(record, "longitude")
    )
    yield LocationRecord(
        source_id=reading.identity(record, "id"),
        name=reading.line(record, "name"),
        type="postal" if postal and not physical else "physical",
        **hsds.address_of(reading, next(iter([*physical, *postal]), {})),
        latitude=latitude,
        longitude=longitude,
        accessibility=tuple(_accessibility(reading, record)),
    )


def _accessibility(reading, record):
    for row in reading.rows(record, "accessibility_for_disabilities"):
        if words := reading.line(row, "accessibility"):
            yield words


def _schedules_at(reading, site, attending):
    location = site.get("location")
    place = Reading().identity(location, "id") if isinstance(location, dict) else ""
    yield from _schedules(reading, site, attending, place or None)
    if isinstance(location, dict):
        yield from _schedules(reading, location, attending, place or None)


def _schedules(reading, record, attending, location=None):
    regular = [_regular(reading, row) for row in reading.rows(record, "regular_schedules")]
    holiday = [_holiday(reading, row) for row in reading.rows(record, "holiday_schedules")]
    for found in [*regular, *holiday]:
        if any(value not in ("", None, ()) for value in found.values()):
            words = found.pop("description")
            yield ScheduleRecord(
                **found,
                description=words,
                when=schedules.when(words),
                attending=attending,
                location=location,
            )


def _regular(reading, row):
    byday = schedules.days(reading, row, "byday") or schedules.weekday(reading, row, "weekday")
    freq = reading.choice(row, "freq", choices=schedules.FREQUENCIES, default="", kind="frequency")
    starts, ends = reading.span(reading.date(row, "valid_from"), reading.date(row, "valid_to"))
    return {
        "byday": byday,
        "freq": freq or ("WEEKLY" if byday else ""),
        "opens": reading.time(row, "opens_at"),
        "closes": reading.time(row, "closes_at"),
        "valid_from": starts,
        "valid_to": ends,
        "dtstart": reading.date(row, "dtstart"),
        "bymonthday": schedules.days_of_month(reading, row, "bymonthday"),
        "description": reading.line(row, "description", limit=1000),
    }


def _holiday(reading, row):
    """Hours between two dates. "Closed" has no field in version 3: it is said in words."""
    closed = reading.flag(row, "closed")
    start, end = reading.span(reading.date(row, "start_date"), reading.date(row, "end_date"))
    words = f"Closed {_between(start, end)}" if closed else "Holiday opening hours"
    nothing = start is None and end is None
    return {
        "opens": None if closed else reading.time(row, "opens_at"),
        "closes": None if closed else reading.time(row, "closes_at"),
        "valid_from": start,
        "valid_to": end,
        "description": "" if nothing else words.strip(),
    }


def _between(start, end):
    parts = []
    if start:
        parts.append(f"from {start.day} {start:%B %Y}")
    if end:
        parts.append(f"until {end.day} {end:%B %Y}")
    return " ".join(parts)
