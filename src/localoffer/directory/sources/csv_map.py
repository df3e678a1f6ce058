"""Services from a table, CSV or Excel, by a map from our fields to the table's headings."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources

from localoffer.directory.sources import hsds, schedules
from localoffer.directory.sources.records import (
    AreaRecord,
    BadRecordError,
    ContactRecord,
    CostRecord,
    LanguageRecord,
    LocationRecord,
    OrganisationRecord,
    ScheduleRecord,
    ServiceRecord,
    TermRecord,
)
from localoffer.directory.sources.tables import Row
from localoffer.directory.sources.values import LONGEST_LINE, Reading, as_mapping

JOINED = {"description", "eligibility", "referral", "fees", "address"}
LISTS = {"service_types", "needs", "suitabilities", "accessibility", "languages", "areas"}
FIELDS = JOINED | LISTS | {
    "source_id", "parent_id", "name", "alternate_name", "summary", "url", "email", "status",
    "visible", "approved", "closed", "organisation_name", "organisation_id",
    "organisation_description", "organisation_email", "organisation_url", "minimum_age",
    "maximum_age", "needs_referral", "free", "waiting", "contact_name", "contact_title",
    "contact_email", "contact_phone", "contact_visible", "location_name", "city", "county",
    "postcode", "country", "latitude", "longitude", "location_visible", "location_masked", "uprn",
    "cost_option", "cost_amount", "cost_description", "schedule_day", "schedule_opens",
    "schedule_closes", "schedule_description", "assured_on", "modified",
}  # fmt: skip
LINK_TYPES = {
    "service_types": "service_type",
    "needs": "sen_need",
    "suitabilities": "intended_audience",
}
PRIVATE = {
    "contact_visible": ["contact_name", "contact_title", "contact_email", "contact_phone"],
    "location_visible": [
        "location_name", "address", "city", "county", "postcode", "country", "latitude",
        "longitude", "uprn", "accessibility",
    ],
}  # fmt: skip

EXPECTED = {"number sent as text", "yes or no sent as text"}  # all that a table holds is text


class MapError(ValueError):
    """The column map cannot be used with this table. The words say why."""


@dataclass(frozen=True)
class ColumnMap:
    name: str
    fields: dict[str, list[str]]
    detect: list[str] = field(default_factory=list)
    separator: str = ";"

    def fits(self, headings) -> bool:
        known = {_key(heading) for heading in headings}
        return bool(self.detect) and all(_key(heading) in known for heading in self.detect)


def shipped() -> list[ColumnMap]:
    """The maps that come with the product, the most particular first."""
    folder = resources.files("localoffer.directory.sources") / "maps"
    return [parse(folder.joinpath(f"{name}.toml").read_text()) for name in ["outpost", "plain"]]


def parse(text: str) -> ColumnMap:
    """A map from TOML or JSON text. Raises MapError."""
    try:
        found = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise MapError(f"The column map is neither TOML nor JSON: {error}") from None
    # A map may be no more than the fields themselves.
    fields = found.get("fields", {k: v for k, v in found.items() if k in FIELDS})
    if not isinstance(fields, dict) or "name" not in fields:
        raise MapError('The column map must say which heading holds "name".')
    if unknown := sorted(set(fields) - FIELDS):
        raise MapError(
            f"The column map names fields that we do not have: {', '.join(unknown)}. "
            f"We have: {', '.join(sorted(FIELDS))}."
        )
    headings = {name: _headings(name, value) for name, value in fields.items()}
    return ColumnMap(
        name=str(found.get("name") if "fields" in found else "") or "table with a column map",
        fields=headings,
        detect=_headings("detect", found.get("detect", [])),
        separator=str(found.get("separator", ";")) or ";",
    )


def choose(headings: list[str]) -> ColumnMap:
    """The shipped map that fits these headings. Raises MapError, naming the headings."""
    for candidate in shipped():
        if candidate.fits(headings):
            return candidate
    raise MapError(
        "The headings are not those of a list that we know. Give a column map with --map. "
        f"The headings are: {', '.join(headings[:60])}"
    )


@dataclass(frozen=True)
class Numbered:
    """One service of a table with the line it starts on, or the reason why there is none."""

    line: int
    record: dict | None
    source_id: str = ""
    refusal: str = ""


def services(table: list[Row], column_map: ColumnMap | None = None) -> Iterator[Numbered]:
    """The services of a table, rows that add to one gathered with it, in the order of the file."""
    headings, *body = table
    column_map = column_map or choose(headings.cells)
    columns = _columns(headings.cells, column_map)
    found: dict[str, dict] = {}
    order = []
    for row in body:
        if len(row.cells) > len(headings.cells) and any(row.cells[len(headings.cells) :]):
            refusal = f"it has {len(row.cells)} cells, and there are {len(headings.cells)} headings"
            order.append(Numbered(row.line, None, "", refusal))
            continue
        cells = _cells(row, columns)
        if not cells:
            continue
        source_id = str(cells.get("source_id", ""))
        parent = str(cells.get("parent_id", ""))
        if parent and parent not in found:
            order.append(Numbered(row.line, None, source_id, f"it adds to {parent}, not seen yet"))
        elif parent:
            found[parent]["more"].append(cells)
        else:
            record = {**cells, "more": [], "separator": column_map.separator}
            found.setdefault(source_id, record)
            order.append(Numbered(row.line, record, source_id))
    yield from order


def repeated(headings: list[str]) -> list[str]:
    """Headings that stand twice in a table: the first of each is read."""
    keys = [_key(heading) for heading in headings if heading]
    return sorted({key for key in keys if keys.count(key) > 1})


def detect(record) -> bool:
    """Whether a record is one that ``services`` made."""
    return isinstance(record, dict) and "more" in record and "separator" in record


def read(record) -> ServiceRecord:
    """A service of a table in neutral form. Raises BadRecordError, saying why."""
    record = as_mapping(record)
    reading = Reading()
    name = reading.required(record, "name", "name")
    separator = reading.line(record, "separator") or ";"
    more = reading.rows(record, "more")
    parts = [_visible(reading, part) for part in [record, *more]]
    organisation = _organisation(reading, record)
    lowest, highest = reading.ages(
        reading.number(record, "minimum_age"), reading.number(record, "maximum_age")
    )
    places = [place for part in parts for place in _place(reading, part, separator)]
    found = {
        "alternate_name": reading.line(record, "alternate_name"),
        "summary": reading.text(record, "summary"),
        "description": reading.text(record, "description"),
        "url": reading.url(record, "url"),
        "email": reading.email(record, "email"),
        "status": _status(reading, record),
        "minimum_age": lowest,
        "maximum_age": highest,
        "eligibility": reading.text(record, "eligibility"),
        "referral": reading.text(record, "referral"),
        "needs_referral": reading.flag(record, "needs_referral"),
        "fees": reading.text(record, "fees"),
        "waiting": reading.text(record, "waiting"),
        "organisation": organisation,
        "locations": hsds.distinct(reading, places),
        "contacts": hsds.merged(contact for part in parts for contact in _contact(reading, part)),
        "schedules": tuple(
            dict.fromkeys(hours for part in parts for hours in _schedule(reading, part))
        ),
        "costs": tuple(dict.fromkeys(cost for part in parts for cost in _cost(reading, part))),
        "languages": tuple(
            LanguageRecord(name=word) for word in _words(reading, record, "languages", separator)
        ),
        "areas": tuple(
            AreaRecord(name=word) for word in _words(reading, record, "areas", separator)
        ),
        "terms": tuple(_terms(reading, parts, separator)),
        "assured_on": reading.date(record, "assured_on"),
        "modified": reading.moment(record, "modified"),
    }
    source_id = reading.identity(record, "source_id")
    if not source_id:
        source_id = _made_id(name, organisation)
    raw = {**parts[0], "more": parts[1:]}
    return ServiceRecord(
        source_id=source_id,
        name=name,
        **found,
        raw=raw,
        mended=tuple(kind for kind in reading.mends if kind not in EXPECTED),
    )


def _made_id(name, organisation):
    """An id for a list that has none: its service and organisation are what names it."""
    made = f"{organisation.name if organisation else ''} / {name}".lower()
    if len(made) > LONGEST_LINE:
        raise BadRecordError("it has no id, and its name is too long to stand for one")
    return made


def _headings(name, value):
    headings = [value] if isinstance(value, str) else value
    if not isinstance(headings, list) or not all(isinstance(each, str) for each in headings):
        raise MapError(f'The column map\'s "{name}" must be a heading or a list of headings.')
    return headings


def _key(heading):
    return " ".join(heading.lower().replace("_", " ").split())


def _columns(headings, column_map):
    """Where each of our fields stands. Raises MapError when the name is nowhere."""
    position = {}
    for index, heading in enumerate(headings):
        position.setdefault(_key(heading), index)
    columns = {
        name: [position[_key(each)] for each in wanted if _key(each) in position]
        for name, wanted in column_map.fields.items()
    }
    if not columns["name"]:
        raise MapError(
            f'No heading is called "{" or ".join(column_map.fields["name"])}", which the column '
            f"map gives for the name. The headings are: {', '.join(headings[:60])}"
        )
    return columns


def _cells(row, columns):
    cells = {}
    for name, indexes in columns.items():
        filled = [row.cells[at] for at in indexes if at < len(row.cells) and row.cells[at]]
        if filled and name == "address":
            cells[name] = filled
        elif filled:
            cells[name] = "\n\n".join(filled) if name in JOINED else filled[0]
    return cells


def _visible(reading, part):
    """The part without what its source keeps to itself, which we then do not store either."""
    hidden = set()
    for flag, names in PRIVATE.items():
        if flag in part and reading.flag(part, flag) is False:
            hidden |= set(names)
            reading.note("kept private by the source, left out")
    return {
        name: value
        for name, value in part.items()
        if name not in hidden and name not in {"more", "separator"}
    }


def _status(reading, record):
    hidden = [name for name in ["visible", "approved"] if name in record]
    if any(reading.flag(record, name) is False for name in hidden):
        return "inactive"
    if "closed" in record and reading.flag(record, "closed"):
        return "temporarily closed"
    return hsds.status(reading, record)


def _organisation(reading, record):
    name = reading.line(record, "organisation_name")
    if not name:
        return None
    return OrganisationRecord(
        source_id=reading.identity(record, "organisation_id"),
        name=name,
        description=reading.text(record, "organisation_description"),
        email=reading.email(record, "organisation_email"),
        url=reading.url(record, "organisation_url"),
    )


def _place(reading, part, separator):
    lines = [reading.line({"line": line}, "line") for line in reading.items(part, "address")]
    place = {
        "name": reading.line(part, "location_name"),
        "lines": tuple(filter(None, lines)),
        "city": reading.line(part, "city", limit=100),
        "county": reading.line(part, "county", limit=100),
        "postcode": reading.postcode(part, "postcode"),
        "country": reading.line(part, "country", limit=60) or "GB",
    }
    latitude, longitude = reading.point(
        reading.number(part, "latitude"), reading.number(part, "longitude")
    )
    if not (place["name"] or place["lines"] or place["city"] or place["postcode"]):
        return
    if reading.flag(part, "location_masked"):
        reading.note("address hidden, as the source asks")
        place |= {"lines": (), "postcode": place["postcode"].split(" ")[0]}
        latitude = longitude = None
    yield LocationRecord(
        source_id="",
        **place,
        latitude=latitude,
        longitude=longitude,
        accessibility=tuple(_words(reading, part, "accessibility", separator)),
        uprn=reading.line(part, "uprn", limit=12),
    )


def _contact(reading, part):
    phone = hsds.phone_of(reading, part, "contact_phone")
    yield ContactRecord(
        name=reading.line(part, "contact_name"),
        title=reading.line(part, "contact_title"),
        email=reading.email(part, "contact_email"),
        phones=(phone,) if phone else (),
    )


def _schedule(reading, part):
    words = reading.line(part, "schedule_description", limit=1000)
    byday = schedules.days(reading, part, "schedule_day")
    opens, closes = reading.time(part, "schedule_opens"), reading.time(part, "schedule_closes")
    if words or byday or opens or closes:
        yield ScheduleRecord(
            byday=byday,
            freq="WEEKLY" if byday else "",
            opens=opens,
            closes=closes,
            description=words,
            when=schedules.when(words),
        )


def _cost(reading, part):
    if reading.flag(part, "free"):
        yield CostRecord(option="Free", amount="0.00")
    cost = CostRecord(
        option=reading.line(part, "cost_option"),
        amount=reading.money(part, "cost_amount"),
        description=reading.line(part, "cost_description"),
    )
    if cost != CostRecord(option=""):
        yield cost


def _words(reading, record, name, separator):
    words = reading.text(record, name).split(separator)
    return [word for word in dict.fromkeys(" ".join(part.split()) for part in words) if word]


def _terms(reading, parts, separator):
    for name, link_type in LINK_TYPES.items():
        words = [word for part in parts for word in _words(reading, part, name, separator)]
        for word in dict.fromkeys(words):
            yield TermRecord(scheme="", code="", name=word[:255], link_type=link_type)
