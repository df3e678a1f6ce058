"""What each record of a feed says, as values of the columns of our tables. Writes nothing."""

import re
import uuid
from decimal import Decimal

from localoffer.directory.importing import terms
from localoffer.directory.models import Location, Schedule, Service
from localoffer.places import grid, lookup

NAMESPACE = uuid.UUID("6b0c1c53-6a2a-5d0e-9f39-1d2f4b7c8e10")
ONS_CODE = re.compile(r"\b[EWSN]\d{8}\b")
FREE = re.compile(r"free(?: of charge)?[.!]?", re.IGNORECASE)


def organisation_id(record):
    return record.source_id or f"name:{record.name.lower()}"[:255]


def place_id(record):
    """A place without an id goes by what it is: the same words are the same place."""
    if record.source_id:
        return record.source_id
    words = "\n".join([record.name, *record.lines, record.city, record.postcode, record.type])
    return f"at:{uuid.uuid5(NAMESPACE, words.lower())}"


def organisation_fields(record):
    return {
        "name": record.name,
        "description": record.description,
        "url": record.url,
        "email": record.email,
        "identifiers": [list(pair) for pair in record.identifiers if all(pair)],
    }


def location_fields(record):
    first, *more = record.lines or [""]
    longest = Location._meta.get_field("postcode").max_length
    if len(record.postcode) > longest:
        more.append(record.postcode)
    return {
        "name": record.name,
        "kind": record.type,
        "address_1": first,
        "address_2": ", ".join(more)[:255],
        "town": record.city,
        "county": record.county,
        "postcode": record.postcode if len(record.postcode) <= longest else "",
        "access": terms.access(record.accessibility),
        "access_note": "\n".join(terms.unknown_access(record.accessibility)),
        "uprn": record.uprn if record.uprn.isdigit() else "",
        **_point(record),
    }


def _point(record):
    """Where a place is: by the source's own point, or else by its postcode."""
    if record.latitude is not None:
        easting, northing = grid.to_grid(record.latitude, record.longitude)
        latitude, longitude = record.latitude, record.longitude
    else:
        try:
            found = lookup.locate(record.postcode)
        except lookup.BadPostcodeError:
            return dict.fromkeys(["easting", "northing", "latitude", "longitude"])
        easting, northing = found.easting, found.northing
        latitude, longitude = found.latitude, found.longitude
    return {
        "easting": round(easting),
        "northing": round(northing),
        "latitude": round(latitude, 6),
        "longitude": round(longitude, 6),
    }


def cost(record):
    """What a service costs as one of our few words, and the source's own where they say more."""
    words = record.fees
    amounts = [Decimal(cost.amount) for cost in record.costs if cost.amount]
    text = " ".join([words, *(cost.option for cost in record.costs)]).lower()
    said_free = bool(FREE.fullmatch(words))
    if not any(amounts) and (said_free or (amounts and not words)):
        kind = Service.Cost.FREE
    elif re.search(r"\bfree\b", text) or (amounts and not all(amounts)):
        kind = Service.Cost.SOME_FREE
    elif "donation" in text:
        kind = Service.Cost.DONATION
    elif amounts or "£" in text:
        kind = Service.Cost.PAID
    else:
        kind = ""
    return kind, "" if said_free else words


def day_of(record):
    """The day on which a source last said that its record is true."""
    return record.assured_on or (record.modified.date() if record.modified else None)


def at_locations(record, locations):
    keys = dict.fromkeys(locations[place_id(place)].pk for place in record.locations)
    return [{"location_id": key} for key in keys]


def schedules(record, places):
    days = Schedule._meta.get_field("byday").labels
    for found in record.schedules:
        yield {
            "location_id": places.get(found.location) if found.location else None,
            "freq": found.freq,
            "interval": found.interval,
            "byday": [day for day in found.byday if day in days],
            "bymonthday": ",".join(map(str, found.bymonthday))[:100],
            "dtstart": found.dtstart,
            "opens": found.opens,
            "closes": found.closes,
            "valid_from": found.valid_from,
            "valid_to": found.valid_to,
            "when": found.when,
            "attending": found.attending[:100],
            "description": found.description,
        }


def contacts(record):
    """A row for each telephone number; the first also says whose it is."""
    for contact in record.contacts:
        who = {"name": contact.name, "title": contact.title, "email": contact.email}
        phones = [{"phone": each.number, "note": each.description} for each in contact.phones]
        first, *more = phones or [{}]
        yield {**who, **first}
        yield from ({"name": contact.name, "title": contact.title, **phone} for phone in more)


def cost_options(record):
    for cost in record.costs:
        yield {
            "option": cost.option,
            "amount": Decimal(cost.amount) if cost.amount else None,
            "amount_description": cost.description,
            "currency": cost.currency,
        }


def languages(record):
    for language in record.languages:
        yield {"code": language.code, "name": language.name}


def service_areas(record, known):
    for area in record.areas:
        codes = [code for code in ONS_CODE.findall(area.uri) if code in known]
        yield {
            "area_id": codes[0] if codes else None,
            "name": area.name,
            "uri": area.uri,
            "extent": area.extent,
        }
