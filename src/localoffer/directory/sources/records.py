"""The neutral form in which every reader hands over a service, whatever the feed looked like.

Nothing here knows Django: a record is values, so that it can be compared, hashed and tested
by itself. Names are ours; the readers know the names of each standard.
"""

import dataclasses
import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field

# Raise it when a reader starts to read something that it left out before: every
# imported service is then written once more, although its source has not changed.
READING = 1

ALWAYS, TERM, HOLIDAYS = "always", "term", "holidays"


class BadRecordError(ValueError):
    """This record cannot be imported. The words say why, for the officer who must mend it."""


class FeedError(Exception):
    """The feed as a whole cannot be read. The words say what is wrong with it."""


@dataclass(frozen=True)
class OrganisationRecord:
    source_id: str
    name: str
    description: str = ""
    email: str = ""
    url: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()  # (scheme, identifier), org-id.guide codes


@dataclass(frozen=True)
class CostRecord:
    option: str
    amount: str = ""  # pounds as a decimal number in text, or "" where the source has none
    currency: str = "GBP"
    description: str = ""


@dataclass(frozen=True)
class LocationRecord:
    source_id: str
    name: str
    type: str = "physical"  # physical, postal or virtual
    lines: tuple[str, ...] = ()
    city: str = ""
    county: str = ""
    postcode: str = ""
    country: str = "GB"
    latitude: float | None = None
    longitude: float | None = None
    accessibility: tuple[str, ...] = ()
    uprn: str = ""


@dataclass(frozen=True)
class ScheduleRecord:
    byday: tuple[str, ...] = ()  # RFC 5545: MO, 2TU, -1FR
    freq: str = ""  # WEEKLY, MONTHLY or "" where only words are given
    interval: int = 1
    opens: dt.time | None = None
    closes: dt.time | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    dtstart: dt.date | None = None
    bymonthday: tuple[int, ...] = ()
    description: str = ""
    when: str = ALWAYS
    attending: str = ""  # in person, online, by phone: the source's words
    location: str | None = None  # the source id of the place where these hours apply


@dataclass(frozen=True)
class PhoneRecord:
    number: str
    description: str = ""


@dataclass(frozen=True)
class ContactRecord:
    name: str = ""
    title: str = ""
    email: str = ""
    phones: tuple[PhoneRecord, ...] = ()


@dataclass(frozen=True)
class LanguageRecord:
    code: str = ""
    name: str = ""


@dataclass(frozen=True)
class AreaRecord:
    name: str = ""
    uri: str = ""
    extent: str = ""


@dataclass(frozen=True)
class TermRecord:
    scheme: str
    code: str
    name: str
    link_type: str = ""


@dataclass(frozen=True)
class ServiceRecord:
    source_id: str
    name: str
    alternate_name: str = ""
    summary: str = ""
    description: str = ""
    url: str = ""
    email: str = ""
    status: str = "active"  # active, inactive, defunct or temporarily closed
    minimum_age: int | None = None  # years
    maximum_age: int | None = None  # years, that birthday's year included
    eligibility: str = ""
    referral: str = ""  # how to get it
    needs_referral: bool | None = None
    fees: str = ""
    waiting: str = ""
    alert: str = ""
    organisation: OrganisationRecord | None = None
    locations: tuple[LocationRecord, ...] = ()
    schedules: tuple[ScheduleRecord, ...] = ()
    contacts: tuple[ContactRecord, ...] = ()
    costs: tuple[CostRecord, ...] = ()
    languages: tuple[LanguageRecord, ...] = ()
    areas: tuple[AreaRecord, ...] = ()
    terms: tuple[TermRecord, ...] = ()
    assured_on: dt.date | None = None
    modified: dt.datetime | None = None
    # What the source sent, kept as it came, and the kinds of fault mended on the way in.
    raw: dict = field(default_factory=dict, compare=False, repr=False)
    mended: tuple[str, ...] = field(default=(), compare=False, repr=False)


NOT_CONTENT = {"raw", "mended"}


def fingerprint(record):
    """64 hexadecimal digits that change when anything we keep of the record changes."""
    content = {name: value for name, value in vars(record).items() if name not in NOT_CONTENT}
    text = json.dumps([READING, content], default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value):
    return vars(value) if dataclasses.is_dataclass(value) else value.isoformat()
