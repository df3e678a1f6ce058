"""Values as feeds send them, made into values that we keep; every mend is noted by its kind.

What may be tolerated follows the notes on real Open Referral feeds: numbers as text, nulls,
empty text, ids that are numbers, addresses of websites that are not. A value that cannot be
mended is left out and noted; only a record without an id or a name is refused.
"""

import datetime as dt
import math
import re
from decimal import Decimal
from urllib.parse import quote, urlsplit, urlunsplit

from localoffer.directory.sources import markup
from localoffer.directory.sources.records import BadRecordError
from localoffer.places import postcodes

LONGEST_TEXT = 20_000
LONGEST_LINE = 255
LONGEST_URL = 500
MOST_ROWS = 500
OLDEST = 120
DEAREST = Decimal(10) ** 8  # pounds
# The United Kingdom with its seas: a point elsewhere is a mistake (0, 0 and swapped pairs).
LATITUDES, LONGITUDES = (49.0, 61.5), (-9.0, 2.5)
YEARS = range(1900, 2201)

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,15})?")
MONEY = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,4})?")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")
BRITISH_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
TWELVE_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?m\.?", re.IGNORECASE)
YES = {"true", "yes", "y", "1", "on", "t"}
NO = {"false", "no", "n", "0", "off", "f"}


class Reading:
    """One record on its way in. ``mends`` collects the kinds of fault met, one a fault.

    Each method takes the mapping and the names under which the value may stand; the first
    that holds something counts.
    """

    def __init__(self):
        self.mends = []

    def note(self, kind):
        self.mends.append(kind)

    def value(self, record, *names):
        for name in names:
            if name not in record:
                continue
            value = record[name]
            if value is None:
                self.note("null left out")
            elif isinstance(value, str) and not value.strip():
                self.note("empty text left out")
            else:
                return value
        return None

    def text(self, record, *names, limit=LONGEST_TEXT):
        """Plain text, in paragraphs; markup is taken out."""
        value = self.value(record, *names)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.note("value of the wrong kind left out")
            return ""
        if not isinstance(value, str):
            self.note("number where text belongs")
            value = _written(value)
        return self._clean(value, limit)

    def line(self, record, *names, limit=LONGEST_LINE):
        """Plain text on one line."""
        return " ".join(self.text(record, *names, limit=limit).split())

    def _clean(self, text, limit):
        if len(text) > LONGEST_TEXT * 5:  # before any work that grows with its length
            text = text[: LONGEST_TEXT * 5]
        if not text.isprintable():
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            text, found = NOT_TEXT.subn("", text)
            if found:
                self.note("characters that are not text left out")
        if markup.is_markup(text):
            self.note("markup taken out of text")
            text = NOT_TEXT.sub("", markup.to_text(text))
        text = text.strip()
        if len(text) > limit:
            self.note("text too long, cut")
            text = text[: limit - 1].rstrip() + "…"
        return text

    def identity(self, record, *names):
        """A source's id as text, "" where there is none. Ids may be numbers."""
        value = self.value(record, *names)
        if isinstance(value, bool) or not isinstance(value, str | int):
            if value is not None:
                self.note("value of the wrong kind left out")
            return ""
        if isinstance(value, int):
            self.note("id that is a number, kept as text")
            value = _written(value)
        value = NOT_TEXT.sub("", value).strip()
        if len(value) > LONGEST_LINE:
            raise BadRecordError(f"its id is longer than {LONGEST_LINE} characters")
        return value

    def number(self, record, *names):
        """A finite number, or None."""
        value = self.value(record, *names)
        if isinstance(value, str):
            if NUMBER.fullmatch(value.strip()):
                self.note("number sent as text")
                return float(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            try:
                if math.isfinite(value):
                    return value
            except OverflowError:
                pass
        if value is not None:
            self.note("number that is not one left out")
        return None

    def whole(self, record, *names, default, least, most):
        """A whole number between two bounds, or the default."""
        value = self.number(record, *names)
        if value is None:
            return default
        if not least <= value <= most:
            self.note("number out of range left out")
            return default
        return int(value)

    def ages(self, lowest, highest):
        """Two ages in whole years, the right way round, without those nobody has."""
        ages = [self._age(lowest, math.floor), self._age(highest, math.ceil)]
        if None not in ages and ages[0] > ages[1]:
            self.note("ages the wrong way round, swapped")
            ages.reverse()
        return ages

    def _age(self, age, whole):
        if age is None:
            return None
        if not 0 <= age <= OLDEST:
            self.note("age that nobody has left out")
            return None
        return whole(age)

    def span(self, start, end):
        """Two dates, the right way round."""
        if start and end and start > end:
            self.note("dates the wrong way round, swapped")
            return end, start
        return start, end

    def money(self, record, *names):
        """Pounds as decimal text such as "4.50", or ""."""
        value = self.value(record, *names)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.note("value of the wrong kind left out")
            return ""
        text = _written(value) if not isinstance(value, str) else value.strip()
        found = MONEY.fullmatch(text)
        if not found:
            self.note("amount of money that is not a number left out")
            return ""
        if isinstance(value, str):
            self.note("number sent as text")
        whole, part = found.groups()
        pounds = Decimal(whole.replace(",", "") + (part or "")).quantize(Decimal("0.01"))
        if pounds >= DEAREST:
            self.note("amount of money that is not a number left out")
            return ""
        return str(pounds)

    def flag(self, record, *names):
        """True, False, or None where the source does not say."""
        value = self.value(record, *names)
        if value is None or isinstance(value, bool):
            return value
        word = _written(value).strip().lower() if isinstance(value, str | int | float) else ""
        if word in YES | NO:
            if isinstance(value, str):
                self.note("yes or no sent as text")
            return word in YES
        self.note("yes or no that is neither left out")
        return None

    def url(self, record, *names):
        """A web address that works in a link, in ASCII, or ""."""
        value = self.value(record, *names)
        if value is None:
            return ""
        address = _address(value.strip()) if isinstance(value, str) else ""
        if not address:
            self.note("web address that is not one left out")
        elif address != value.strip():
            self.note("web address mended")
        return address

    def email(self, record, *names):
        value = self.value(record, *names)
        if value is None:
            return ""
        address = value.strip().removeprefix("mailto:") if isinstance(value, str) else ""
        if len(address) > 254 or not EMAIL.fullmatch(address):
            self.note("e-mail address that is not one left out")
            return ""
        return address

    def date(self, record, *names):
        value = self.value(record, *names)
        if value is None:
            return None
        text = value.strip() if isinstance(value, str) else ""
        found = _date(text)
        if found is None:
            self.note("date that is not one left out")
        elif len(text) > 10:
            self.note("date with a time, the date kept")
        elif BRITISH_DATE.fullmatch(text):
            self.note("date written as day, month, year")
        return found

    def moment(self, record, *names):
        """A date and time with a zone, or None. Without a zone it is taken as UTC."""
        value = self.value(record, *names)
        if value is None:
            return None
        try:
            found = dt.datetime.fromisoformat(value.strip())
        except (AttributeError, ValueError):
            found = None
        if found is None or found.year not in YEARS:
            self.note("date that is not one left out")
            return None
        if found.tzinfo is None:
            self.note("date without a time or a zone, taken as UTC")
            return found.replace(tzinfo=dt.UTC)
        return found.astimezone(dt.UTC)

    def time(self, record, *names):
        value = self.value(record, *names)
        if value is None:
            return None
        found = _time(value.strip()) if isinstance(value, str) else None
        if found is None:
            self.note("time of day that is not one left out")
        return found

    def postcode(self, record, *names):
        """A postcode in its usual form. One that is not British is kept as it came."""
        text = self.line(record, *names, limit=20)
        if not text:
            return ""
        found = postcodes.parse(text)
        if not found:
            self.note("postcode that is not a British one, kept as text")
            return text
        return found

    def point(self, latitude, longitude):
        """Latitude and longitude (degrees, WGS 84), or two Nones."""
        if latitude is None or longitude is None:
            return None, None
        inside = (
            LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
        )
        if not inside:
            self.note("point outside the United Kingdom left out")
            return None, None
        return round(float(latitude), 6), round(float(longitude), 6)

    def choice(self, record, *names, choices, default, kind):
        """One of a few words; another is taken as the default and noted as ``kind``."""
        word = self.line(record, *names).lower()
        if not word:
            return default
        if word not in choices:
            self.note(f"{kind} not known, taken as {default or 'not given'}")
            return default
        return choices[word]

    def one(self, record, *names):
        """A mapping within a record, empty where there is none."""
        value = self.value(record, *names)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.note("value of the wrong kind left out")
        return {}

    def rows(self, record, *names):
        """The mappings of a list within a record."""
        return [row for row in self.items(record, *names) if self._is_mapping(row)]

    def items(self, record, *names):
        """The values of a list within a record; one alone is a list of one."""
        value = self.value(record, *names)
        if value is None:
            return []
        if isinstance(value, dict):
            self.note("one where a list belongs")
            return [value]
        if not isinstance(value, list):
            self.note("value of the wrong kind left out")
            return []
        if len(value) > MOST_ROWS:
            self.note(f"more than {MOST_ROWS} of a kind, the rest left out")
        return value[:MOST_ROWS]

    def _is_mapping(self, row):
        if not isinstance(row, dict):
            self.note("null left out" if row is None else "value of the wrong kind left out")
            return False
        return True

    def required(self, record, name, what):
        """The text under a name, or a refusal that says it is missing."""
        text = self.line(record, name)
        if not text:
            raise BadRecordError(f"it has no {what}")
        return text


def as_mapping(record):
    """The record itself, refused where it is not a JSON object."""
    if not isinstance(record, dict):
        raise BadRecordError("it is not a record: braces with names and values are expected")
    return record


def storable(value, deepest=100):
    """The same JSON value without what a database cannot keep.

    That is NUL, lone surrogates and infinity; and what is nested deeper than any feed nests.
    """
    if isinstance(value, str):
        return value if value.isprintable() else NOT_TEXT.sub("", value)
    if isinstance(value, dict | list | tuple) and not deepest:
        return None
    if isinstance(value, dict):
        return {storable(str(key)): storable(item, deepest - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item, deepest - 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _written(number):
    """A number as a person would write it. One too long for that is nobody's."""
    try:
        if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
            return str(int(number))
        return str(number)
    except ValueError:  # more digits than Python writes out
        return ""


def _address(text):
    if text.lower().startswith("www."):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        host = host.encode("idna").decode() if not host.isascii() else host
    except (UnicodeError, ValueError):
        return ""
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(host) or parts.username:
        return ""
    if any(character.isspace() for character in text.strip()):
        return ""
    try:
        address = urlunsplit(
            (
                parts.scheme,
                f"{host}:{port}" if port else host,
                quote(parts.path, safe="/%:@!$&'()*+,;=-._~"),
                quote(parts.query, safe="/?%:@!$&'()*+,;=-._~[]"),
                quote(parts.fragment, safe="/?%:@!$&'()*+,;=-._~"),
            )
        )
    except UnicodeError:
        return ""
    return address if len(address) <= LONGEST_URL else ""


def _date(text):
    british = BRITISH_DATE.fullmatch(text)
    try:
        if british:
            day, month, year = map(int, british.groups())
            found = dt.date(year, month, day)
        elif len(text) == 10:
            found = dt.date.fromisoformat(text)
        else:
            found = dt.datetime.fromisoformat(text).date()
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _time(text):
    clock, twelve = CLOCK.fullmatch(text), TWELVE_HOURS.fullmatch(text)
    if clock:
        hour, minute = int(clock[1]), int(clock[2])
    elif twelve and 1 <= int(twelve[1]) <= 12:
        hour = int(twelve[1]) % 12 + (12 if twelve[3].lower() == "p" else 0)
        minute = int(twelve[2] or 0)
    else:
        return None
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None
