"""Outpost's own JSON, as FutureGov's Scout front end reads it."""

from localoffer.directory.sources import hsds, schedules
from localoffer.directory.sources.records import (
    ContactRecord,
    CostRecord,
    LocationRecord,
    ScheduleRecord,
    ServiceRecord,
    TermRecord,
)
from localoffer.directory.sources.values import Reading, as_mapping

NAME = "Outpost (Scout) JSON"
NESTED_KEYS = {"locations", "contacts", "taxonomies", "regular_schedules", "send_needs"}
OWN_KEYS = {"organisation", "send_needs", "target_directories", "local_offer", "min_age", "max_age"}
HOW_TO_START = "start to use your service"


def detect(record) -> bool:
    """Whether a record of an unknown feed is a service in this form."""
    return isinstance(record, dict) and bool(OWN_KEYS & record.keys())


def read(record) -> ServiceRecord:
    """A service of this feed in neutral form. Raises BadRecordError, saying why."""
    record = as_mapping(record)
    reading = Reading()
    source_id = hsds.identity_of(reading, record)
    name = reading.required(record, "name", "name")
    lowest, highest = reading.ages(
        reading.number(record, "min_age"), reading.number(record, "max_age")
    )
    offer = reading.one(record, "local_offer")
    places = reading.rows(record, "locations")
    found = {
        "description": "\n\n".join(
            filter(None, [reading.text(record, "description"), reading.text(offer, "description")])
        ),
        "url": reading.url(record, "url"),
        "email": reading.email(record, "email"),
        "status": hsds.status(reading, record),
        "minimum_age": lowest,
        "maximum_age": highest,
        "needs_referral": reading.flag(record, "needs_referral"),
        "referral": _how_to_start(reading, offer),
        "organisation": hsds.organisation(reading, reading.one(record, "organisation")),
        "locations": hsds.distinct(reading, [_place(reading, row) for row in places]),
        "contacts": hsds.merged(_contacts(reading, record)),
        "schedules": tuple(dict.fromkeys(_schedules(reading, record))),
        "costs": tuple(_costs(reading, record)),
        "terms": (
            *_terms(reading, record, "taxonomies", "service_type"),
            *_terms(reading, record, "send_needs", "sen_need"),
            *_terms(reading, record, "suitabilities", "intended_audience"),
        ),
        "modified": reading.moment(record, "updated_at"),
    }
    return ServiceRecord(
        source_id=source_id, name=name, **found, raw=record, mended=tuple(reading.mends)
    )


def _how_to_start(reading, offer):
    for row in reading.rows(offer, "survey_answers"):
        if HOW_TO_START in reading.line(row, "question"):
            return reading.text(row, "answer")
    return ""


def _place(reading, row):
    geometry = reading.one(row, "geometry")
    pair = reading.items(geometry, "coordinates")
    numbers = [reading.number({"n": value}, "n") for value in pair[:2]]
    longitude, latitude = numbers if len(numbers) == 2 else (None, None)
    latitude, longitude = reading.point(latitude, longitude)
    address = hsds.address_of(reading, row)
    if reading.flag(row, "mask_exact_address"):
        reading.note("address hidden, as the source asks")
        outward = address["postcode"].split(" ")[0]
        address |= {"lines": (), "postcode": outward}
        latitude = longitude = None
    return LocationRecord(
        source_id=reading.identity(row, "id"),
        name=reading.line(row, "name"),
        **address,
        latitude=latitude,
        longitude=longitude,
        accessibility=tuple(
            words
            for access in reading.rows(row, "accessibilities")
            if (words := reading.line(access, "name", "label"))
        ),
    )


def _contacts(reading, record):
    for row in reading.rows(record, "contacts"):
        if reading.flag(row, "visible") is False:
            continue
        phone = hsds.phone_of(reading, row, "phone")
        yield ContactRecord(
            name=reading.line(row, "name"),
            title=reading.line(row, "title"),
            email=reading.email(row, "email"),
            phones=(phone,) if phone else (),
        )


def _schedules(reading, record):
    for row in reading.rows(record, "regular_schedules"):
        byday = schedules.weekday(reading, row, "weekday")
        opens, closes = reading.time(row, "opens_at"), reading.time(row, "closes_at")
        if byday or opens or closes:
            yield ScheduleRecord(
                byday=byday, freq="WEEKLY" if byday else "", opens=opens, closes=closes
            )


def _costs(reading, record):
    if reading.flag(record, "free"):
        yield CostRecord(option="Free", amount="0.00")
    for row in reading.rows(record, "cost_options"):
        cost = CostRecord(
            option=reading.line(row, "option"),
            amount=reading.money(row, "amount"),
            description=reading.line(row, "cost_type", "amount_description"),
        )
        if cost != CostRecord(option=""):
            yield cost


def _terms(reading, record, name, link_type):
    for row in reading.rows(record, name):
        if words := reading.line(row, "name", "label"):
            yield TermRecord(
                scheme=f"outpost:{name}",
                code=reading.line(row, "slug"),
                name=words,
                link_type=link_type,
            )
