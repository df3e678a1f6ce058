"""Fetches what a feed's address answers, within limits, and says in plain words what went wrong."""

import datetime as dt
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from localoffer import __version__
from localoffer.directory.sources.records import FeedError

CHUNK = 65_536
BLANKS = b" \t\r\n\0"
BUSY = {429, 503}
FAULTS = [
    (requests.Timeout, "{url} did not answer within {limits.timeout:g} seconds."),
    (
        requests.exceptions.SSLError,
        "{url} has no valid certificate, so we do not trust what it sends.",
    ),
    (urllib3.exceptions.ProtocolError, "{url} broke off in the middle of its answer."),
    (
        urllib3.exceptions.DecodeError,
        "{url} sends something compressed that cannot be unpacked.",
    ),
    (
        (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, ValueError),
        "{url} is not an address of a website.",
    ),
]


@dataclass(frozen=True)
class Limits:
    """How much of a feed we take. Times in seconds, sizes in bytes after decompression."""

    size: int = 100_000_000  # all answers together
    blank: int = 1_000_000  # an answer may start with so much of nothing
    pages: int = 2_000
    records: int = 100_000
    seconds: float = 3_600  # all requests together
    timeout: float = 30  # one silence
    wait: float = 60  # the longest pause that a busy server may ask for
    tries: int = 4
    redirects: int = 5


class NotFoundError(FeedError):
    """There is nothing at this address."""


class Download:
    """One visit to a feed: every answer counts against the same limits."""

    def __init__(self, limits: Limits, *, pause=time.sleep):
        self.limits = limits
        self.pause = pause
        self.size = 0
        self.until = time.monotonic() + limits.seconds
        self.session = requests.Session()
        self.session.headers["User-Agent"] = f"OpenLocalOffer/{__version__} (service import)"
        self.session.headers["Accept"] = "application/json, text/csv;q=0.5, */*;q=0.1"

    def get(self, url: str) -> bytes:
        """The body of the answer. Raises FeedError; a busy server is asked again."""
        for attempt in range(1, self.limits.tries + 1):
            try:
                with self._open(url) as response:
                    if response.status_code not in BUSY:
                        return self._body(response)
                    wait = _retry_after(response, attempt)
            except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
                raise FeedError(_words(error, url, self.limits)) from None
            if wait > self.limits.wait:
                raise FeedError(f"{url} is busy and asks us to come back in {wait:,.0f} seconds.")
            if attempt < self.limits.tries:
                self.pause(wait)
        raise FeedError(f"{url} is busy (we asked {self.limits.tries} times). Try again later.")

    def _open(self, url):
        """The answer after redirects, whose own bodies are never read."""
        target = url
        for _ in range(self.limits.redirects + 1):
            response = self.session.get(
                target, stream=True, timeout=self.limits.timeout, allow_redirects=False
            )
            location = self.session.get_redirect_target(response)
            if not location:
                return response
            response.close()
            target = urljoin(target, location)
            if urlsplit(target).scheme not in {"http", "https"}:
                raise FeedError(f"{url} leads to an address that is not http:// or https://.")
        raise FeedError(f"{url} sends us on more than {self.limits.redirects} times.")

    def _body(self, response):
        if response.status_code == 404:
            raise NotFoundError(f"There is nothing at {response.url} (404 not found).")
        if not response.ok:
            raise FeedError(
                f"{response.url} answered {response.status_code} {response.reason or ''}".rstrip()
                + "."
            )
        pieces, blank = [], 0
        # What has come so far, not a full chunk: the limit of time holds for a trickle too.
        while piece := response.raw.read1(CHUNK, decode_content=True):
            self.size += len(piece)
            if self.size >= self.limits.size:
                raise FeedError(
                    f"{response.url} sends more than {self.limits.size / 1e6:,.0f} MB, "
                    "more than we read."
                )
            if time.monotonic() > self.until:
                raise FeedError(
                    f"{response.url} was still sending after {self.limits.seconds:,.0f} seconds, "
                    "so we stopped."
                )
            if not pieces and not piece.strip(BLANKS):
                blank += len(piece)
                if blank >= self.limits.blank:
                    raise FeedError(f"{response.url} sends nothing but blanks.")
                continue
            pieces.append(piece)
        return b"".join(pieces)


def _retry_after(response, attempt):
    """Seconds that a busy server asks us to wait; it may give a number or a date."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdigit() and len(asked) < 10:
        return int(asked)
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return 2**attempt
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds())


def _words(error, url, limits):
    if "timed out" in str(error).lower():
        return f"{url} did not answer within {limits.timeout:g} seconds."
    for kinds, words in FAULTS:
        if isinstance(error, kinds):
            return words.format(url=url, limits=limits)
    return f"{url} cannot be reached."
