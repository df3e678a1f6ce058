"""Opens a file or an address, works out what it holds, and reads every service of it.

Everything is read before anything is handed over: a feed that fails on its last page has
changed nothing. A feed is *complete* when all that it says it has was seen; only then may a
service that it no longer lists be taken as gone.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from localoffer.directory.sources import csv_map, hsds, oruk1, scout, tables
from localoffer.directory.sources.download import BLANKS, Download, Limits, NotFoundError
from localoffer.directory.sources.records import BadRecordError, FeedError, ServiceRecord
from localoffer.directory.sources.values import LONGEST_LINE

LISTS = ("contents", "content", "services", "data", "items", "results")
LOOKED_AT = 100  # records that decide which standard a feed follows
ROOT_KEYS = {"version", "openapi_url", "openapiUrl", "open_api_url"}
PAGING = {"page", "per_page"}
READERS = {"hsds": hsds, "oruk1": oruk1, "scout": scout, "table": csv_map}


@dataclass(frozen=True)
class Item:
    """One record as it came, and where it stands in the feed."""

    where: str
    record: object = None
    refusal: str = ""
    source_id: str = ""


@dataclass(frozen=True)
class Read:
    """One record once read: a service, or the reason why it is refused."""

    where: str
    source_id: str
    service: ServiceRecord | None = None
    refusal: str = ""


@dataclass(frozen=True)
class Feed:
    key: str  # what names the source, the same at each import
    form: str
    items: list[Item]
    complete: bool
    read: Callable[[object], ServiceRecord]
    notes: Counter = field(default_factory=Counter)

    def __len__(self):
        return len(self.items)

    def services(self) -> Iterator[Read]:
        """Every record read, in the order of the feed; of two with one id the second is refused."""
        seen: dict[str, str] = {}
        for item in self.items:
            yield self._read(item, seen)

    def _read(self, item, seen):
        if item.refusal:
            return Read(item.where, item.source_id, refusal=item.refusal)
        try:
            service = self.read(item.record)
        except BadRecordError as error:
            return Read(item.where, _id_of(item.record), refusal=str(error))
        except RecursionError:
            return Read(item.where, _id_of(item.record), refusal="it is nested too deep to read")
        if first := seen.get(service.source_id):
            return Read(item.where, service.source_id, refusal=f"its id is that of {first} already")
        seen[service.source_id] = item.where
        return Read(item.where, service.source_id, service)


def open_feed(
    address: str,
    *,
    column_map: csv_map.ColumnMap | None = None,
    key: str = "",
    limits: Limits | None = None,
    progress: Callable[[str], None] = lambda words: None,
    download: Download | None = None,
) -> Feed:
    """The feed at a path or an http(s) address. Raises FeedError in plain words.

    ``key`` names the source; without it a file is named by its file name and a feed by its
    address without the page. ``progress`` is told what is being fetched.
    """
    limits = limits or Limits()
    if "://" not in address:
        path = Path(address)
        feed = _file(path, column_map, limits)
        return replace(feed, key=key or f"file:{path.name}")
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        raise FeedError(f"{address} is not an address of a website.") from None
    if scheme not in {"http", "https"}:
        raise FeedError("Only files and addresses with http:// or https:// can be read.")
    visit = _Visit(address, limits, progress, download or Download(limits))
    try:
        feed = visit.feed(column_map)
    except RecursionError:
        raise FeedError(f"{address} sends JSON that is nested too deep to read.") from None
    return replace(feed, key=key or _address_key(address))


def _file(path, column_map, limits):
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise FeedError(f"{path} is a folder. Give the name of a file in it.")
        if size >= limits.size:
            raise FeedError(
                f"{path} is {size / 1e6:,.0f} MB, and we read up to {limits.size / 1e6:,.0f} MB."
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise FeedError(f"There is no file {path}.") from None
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror}.") from None
    if _is_json(content, path):
        return _json_feed(parse(content, str(path)), str(path))
    return _table_feed(content, path, column_map)


def _is_json(content, name):
    """Whether this is JSON rather than a table. Raises FeedError for what is neither."""
    if tables.is_workbook(content):
        return False
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip(BLANKS)[:10]
    if not start:
        raise FeedError(f"{name} is empty.")
    if start.startswith(b"<"):
        raise FeedError(f"{name} is a web page (HTML), not JSON or a table of services.")
    return start.startswith((b"{", b"[")) or str(name).lower().endswith((".json", "/services"))


def parse(content: bytes, name: str):
    """JSON from bytes. Raises FeedError that says where it is wrong or cut short."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise FeedError(f"{name} is a web page (HTML) where JSON was expected.")
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FeedError(f"{name} is not JSON: its letters are not UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated"):
            raise FeedError(f"{name} is cut short: its JSON stops at {where}.") from None
        raise FeedError(f"{name} is not valid JSON ({error.msg} at {where}).") from None
    except (ValueError, RecursionError) as error:
        raise FeedError(f"{name} is JSON that cannot be read: {error}.") from None


def records_of(document, name: str) -> list:
    """The records of one answer, whatever it wraps them in. Raises FeedError."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        raise FeedError(f"{name} is JSON, but no list of services.")
    for wrapper in LISTS:
        found = document.get(wrapper)
        if isinstance(found, list):
            return _with_organisation(found, document) if wrapper == "services" else found
        if isinstance(found, dict):  # one service alone, as some v1 servers answer
            return [found]
    if any(reader.detect(document) for reader in (scout, oruk1, hsds)):
        return [document]
    raise FeedError(f"{name} is JSON, but no list of services.")


def choose(document, records: list, name: str):
    """The reader for these records. Raises FeedError where none of them is a service."""
    sample = [record for record in records[:LOOKED_AT] if isinstance(record, dict)]
    if any(scout.detect(record) for record in sample):
        return scout
    first_version = isinstance(document, dict) and isinstance(document.get("content"), list)
    if any(oruk1.detect(record) for record in sample):
        return oruk1
    if any(hsds.detect(record) for record in sample):
        return oruk1 if first_version else hsds
    raise FeedError(f"{name} is JSON, but none of its {len(records):,} records is a service.")


def _json_feed(document, name):
    records = records_of(document, name)
    if not records:
        raise FeedError(f"{name} lists no services.")
    reader = choose(document, records, name)
    return Feed(
        key="",
        form=reader.NAME,
        items=[Item(f"record {n}", record) for n, record in enumerate(records, start=1)],
        complete=_is_whole(document) and not _more(document, 1) and _all_seen(document, records),
        read=reader.read,
    )


def _table_feed(content, name, column_map):
    try:
        table = tables.rows(content)
        column_map = column_map or csv_map.choose(table[0].cells)
        found = list(csv_map.services(table, column_map))
    except (tables.TableError, csv_map.MapError) as error:
        raise FeedError(f"{name}: {error}") from None
    if not found:
        raise FeedError(f"{name} lists no services.")
    notes = Counter(
        {"heading that stands twice, the first read": len(csv_map.repeated(table[0].cells))}
    )
    return Feed(
        key="",
        form=column_map.name,
        items=[Item(f"line {row.line}", row.record, row.refusal, row.source_id) for row in found],
        complete=True,
        read=csv_map.read,
        notes=+notes,
    )


class _Visit:
    """One crawl of a feed by its address."""

    def __init__(self, address, limits, progress, download):
        self.address = address
        self.limits = limits
        self.progress = progress
        self.download = download

    def feed(self, column_map):
        content = self._get(self.address)
        if not _is_json(content, self.address):
            return _table_feed(content, self.address, column_map)
        document = parse(content, self.address)
        if isinstance(document, dict) and ROOT_KEYS & document.keys() and not _is_list(document):
            self.address = _services_of(self.address)
            document = self._json(self.address)
        first = records_of(document, self.address)
        if not first:
            raise FeedError(f"{self.address} lists no services.")
        reader = choose(document, first, self.address)
        items, last = self._pages(document, first)
        complete = _is_whole(document) and _all_seen(last, items)
        if self._are_summaries(first, reader):
            items = [self._full(item) for item in items]
        return Feed(key="", form=reader.NAME, items=items, complete=complete, read=reader.read)

    def _pages(self, document, records):
        """Every page after the first, until the feed says or shows that there is no more."""
        items, seen, page = [], set(), 1
        start = 0 if isinstance(document, dict) and document.get("number") == 0 else 1
        while records:
            mark = hashlib.sha256(json.dumps(records, sort_keys=True).encode()).digest()
            if mark in seen:
                raise FeedError(
                    f"{self.address} sends the same page again as page {page}: "
                    "its paging never ends. Nothing was read."
                )
            seen.add(mark)
            where = f"page {page}, record" if page > 1 or _more(document, 1) else "record"
            items += [Item(f"{where} {n}", record) for n, record in enumerate(records, start=1)]
            if len(items) > self.limits.records or page >= self.limits.pages:
                raise FeedError(
                    f"{self.address} has not ended after {page:,} pages and {len(items):,} "
                    "records, more than we read. Nothing was read."
                )
            if not _more(document, page):
                break
            page += 1
            self.progress(f"page {page}")
            document = self._json(_at_page(self.address, start + page - 1))
            records = records_of(document, f"page {page}")
        return items, document

    def _are_summaries(self, records, reader):
        path = urlsplit(self.address).path.rstrip("/")
        nested = any(
            reader.NESTED_KEYS & record.keys() for record in records if isinstance(record, dict)
        )
        return path.endswith("/services") and not nested

    def _full(self, item):
        """The item with its full record. Without one it is refused: a summary would empty it."""
        source_id = _id_of(item.record)
        if not source_id:
            return item
        parts = urlsplit(self.address)
        path = f"{parts.path.rstrip('/')}/{quote(source_id, safe='')}"
        url = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        self.progress(f"service {source_id}")
        try:
            document = self._json(url)
        except NotFoundError:
            refusal = "its full record is not there (404 not found)"
            return replace(item, refusal=refusal, source_id=source_id)
        if isinstance(document, dict) and "id" not in document:
            document = (records_of(document, url) or [None])[0]
        return replace(item, record=document)

    def _json(self, url):
        return parse(self._get(url), url)

    def _get(self, url):
        return self.download.get(url)


def _is_list(document):
    return isinstance(document, list) or any(isinstance(document.get(name), list) for name in LISTS)


def _is_whole(document):
    """Whether an answer is a feed from its beginning, rather than one service or organisation."""
    if isinstance(document, list):
        return True
    first = document.get("first_page", document.get("first"))
    return _is_list(document) and "id" not in document and first is not False


def _more(document, page):
    """Whether an answer says that another page follows this one."""
    if not isinstance(document, dict) or document.get("empty") is True:
        return False
    last = document.get("last_page", document.get("last"))
    pages = document.get("total_pages", document.get("totalPages"))
    if isinstance(last, bool) and last:
        return False
    if isinstance(pages, int) and not isinstance(pages, bool):
        return page < pages
    return last is False


def _all_seen(document, records):
    total = None
    if isinstance(document, dict):
        total = document.get("total_items", document.get("totalElements"))
    return not isinstance(total, int) or len(records) >= total


def _with_organisation(services, document):
    """Services nested in their organisation's own record, each with the organisation it is of."""
    if not (document.get("id") and document.get("name")):
        return services
    organisation = {name: value for name, value in document.items() if name != "services"}
    return [
        {"organization": organisation, **service} if isinstance(service, dict) else service
        for service in services
    ]


def _id_of(record):
    """The id of a record that may be refused for something else."""
    found = record.get("id", record.get("source_id")) if isinstance(record, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    try:
        return str(found).strip()[:LONGEST_LINE]
    except ValueError:  # more digits than Python writes out
        return ""


def _services_of(address):
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/services", "", ""))


def _at_page(address, page):
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "page"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("page", page)]), fragment=""))


def _address_key(address):
    """The address without the page, so that each import of one feed goes by one name."""
    parts = urlsplit(address)
    query = sorted(pair for pair in parse_qsl(parts.query) if pair[0] not in PAGING)
    path = parts.path.rstrip("/").removesuffix("/services")
    host = parts.netloc.rpartition("@")[2].lower()
    return urlunsplit((parts.scheme, host, path, urlencode(query), ""))
