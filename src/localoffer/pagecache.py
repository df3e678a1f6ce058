"""Keeps pages in memory, outside Django, and gives them to whoever asks: no query, no template.

**Never out of date.** A page is kept under the version of the content that was read *before* it was
made, and is shown only while that is still the version. So a page made while something changed is
never shown again, whichever process changed it. A page may also say until when it is true by the
clock (``UNTIL``); none outlives ten minutes, or the day in London on which it was made.

**Nobody's own.** The application is asked with a request made anew from what the page is kept under
(path, query, host, scheme) and from nothing else: no cookie, no other header. What it answers to
that, it would answer to anyone. An answer that sets a cookie, varies, forbids keeping or holds a
form's token is not kept, and whoever carries a session is never answered from here.

Knows nothing of Django: any WSGI application that calls ``start_response`` before it returns.
"""

import atexit
import gzip
import hashlib
import logging
import math
import os
import re
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from datetime import time as time_of_day
from multiprocessing.util import Finalize
from urllib.parse import unquote_plus
from zoneinfo import ZoneInfo

import brotli

logger = logging.getLogger(__name__)

# In the WSGI environment, in seconds: when this page was begun, and until when it is true.
BEGAN = "localoffer.began"
UNTIL = "localoffer.until"
TALLY = "x-localoffer-tally"
# Likewise: the tally of the answer is counted here, so that no answer waits for it to be written.
COUNTS = "localoffer.counts"

LONDON = ZoneInfo("Europe/London")
LONGEST = 600.0  # seconds
LONGEST_MISSING = 60.0  # for an address where there is nothing
LARGEST_PAGE = 2_000_000  # bytes, before they are compressed
LONGEST_QUERY = 1_000
OVERHEAD = 2_000  # what a page takes beside its bytes: key, headers, objects
REMEMBERED = 5_000  # queries and Accept-Encoding headers that have been understood
SMALL = 200
EVERY = 5.0  # seconds
MOST_TALLIES = 1_000_000

KEPT = {200, 301, 404, 410}
NOT_TO_KEEP = re.compile(r"private|no-store|no-cache", re.IGNORECASE)
REPLACED = {"vary", "content-length", "etag", TALLY}
WORDS = re.compile(r"text/|application/(?:[\w.+-]+\+)?(?:json|xml|javascript)|image/svg\+xml")
FORM_TOKEN = b"csrfmiddlewaretoken"
# How advertisers mark links. No page is shown these, so that none can depend on them.
MARK = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|mc_[ce]id|igshid|twclid|_g[al]",
    re.IGNORECASE,
)

_add: Callable[[Counter], object] | None = None


def hand_tallies_to(add: Callable[[Counter], object] | None) -> None:
    """Give ``add`` every few seconds how often each ``X-Localoffer-Tally`` was told or shown again.

    Whoever makes a page counts it himself where nobody says ``COUNTS``. ``add`` is called in a
    thread of its own; if it raises, it is given the same again, with what came since.
    """
    global _add  # noqa: PLW0603
    _add = add


class PageCache:
    """A WSGI application that answers for another whenever it can.

    ``version``: called on each request, gives the version of the content. ``size``: how many bytes
    to keep in this process; 0 keeps nothing. ``never``: beginnings of paths that are passed on as
    they are. ``personal``: names of cookies whose bearers are passed on. ``behind_proxy``: whether
    ``X-Forwarded-Proto`` is sent by a proxy of ours. ``chores``: what else to do every few seconds.
    """

    def __init__(
        self,
        application,
        *,
        version: Callable[[], int],
        size: int,
        never: Iterable[str] = (),
        personal: Iterable[str] = (),
        behind_proxy: bool = False,
        chores: Iterable[Callable[[], object]] = (),
        every: float = EVERY,
        clock: Callable[[], float] = time.time,
    ):
        self._application = application
        self._version = version
        self._size = size
        self._never = tuple(never)
        self._personal = re.compile("|".join(map(re.escape, personal)) or "(?!)").search
        self._proto = "HTTP_X_FORWARDED_PROTO" if behind_proxy else ""
        self._chores = tuple(chores)
        self._every = every
        self._clock = clock
        self._book = _Book(None)
        self._lock = threading.Lock()  # of what is written to the book; readers take none
        self._queries: dict[str, str] = {}
        self._encodings: dict[str, str] = {}
        self._tallies: deque[str] = deque(maxlen=MOST_TALLIES)
        self._owed: Counter = Counter()
        self._owing = threading.Lock()
        self._housekeeping_in = 0

    def answer(self, environ, start_response):  # noqa: C901  a call less is what it is for
        """The WSGI application. A method is called quicker than an object is."""
        method = environ["REQUEST_METHOD"]
        if not self._size or (method != "GET" and method != "HEAD"):  # noqa: PLR1714  quickest
            return self._pass(environ, start_response)
        cookies = environ.get("HTTP_COOKIE")
        if (cookies and self._personal(cookies)) or "HTTP_AUTHORIZATION" in environ:
            return self._pass(environ, start_response)
        query = environ["QUERY_STRING"]
        if query:
            query = self._queries.get(query)
            if query is None:
                query = self._understand_query(environ["QUERY_STRING"])
        host, scheme = environ.get("HTTP_HOST"), environ["wsgi.url_scheme"]
        if self._proto:
            scheme = f"{scheme} {environ.get(self._proto)}"
        key = environ["PATH_INFO"], query, host, scheme
        book = self._book  # once: another thread may begin a new one
        if book.version == self._version():
            page = book.pages.get(key)
            if page is not None and self._clock() < page.until:
                if page.copies is None:
                    return self._pass(environ, start_response)
                page.used = True
                if page.tally:
                    self._tallies.append(page.tally)
                # As ``_give`` does, without the price of a call: nearly every request ends here.
                copy = page.copies.get(self._encodings.get(environ.get("HTTP_ACCEPT_ENCODING", "")))
                if copy is not None and method == "GET" and "HTTP_IF_NONE_MATCH" not in environ:
                    start_response(page.status, copy.headers)
                    return copy.body
                return self._give(page, environ, start_response)
        return self._make(key, environ, start_response)

    __call__ = answer

    def _give(self, page, environ, start_response):
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        encoding = self._encodings.get(accepted)
        if encoding is None:
            encoding = self._understand_encoding(accepted)
        copy = page.copies.get(encoding)
        if copy is None:
            copy = self._copy(page, encoding)
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and copy.tag and _names(known, copy.tag):
            start_response("304 Not Modified", copy.unchanged)
            return []
        start_response(page.status, copy.headers)
        return copy.body if environ["REQUEST_METHOD"] == "GET" else []

    def _pass(self, environ, start_response):
        """Let the application answer this one person."""
        if self._size:
            environ[COUNTS] = True

        def start(status, headers, exc_info=None):
            return start_response(status, self._counted(headers), exc_info)

        return self._application(environ, start)

    # Making pages

    def _make(self, key, environ, start_response):
        """Ask the application what it tells anyone, and keep that if it may be kept."""
        path, query, *_ = key
        if path.startswith(self._never) or len(query) > LONGEST_QUERY:
            return self._pass(environ, start_response)
        self._keep_house()
        version, began = self._version(), self._clock()
        asked = self._for_anyone(environ, query)
        asked[BEGAN] = began
        answer = _Answer(self._application, asked)
        page = _Page(until=_end(answer.code, began, asked.get(UNTIL, math.inf)))
        if answer.may_be_kept():
            page.fill(answer)
            self._counted(answer.headers)
            self._keep(key, page, version)
            return self._give(page, environ, start_response)
        if answer.code < 400:
            self._keep(key, page, version)
        if environ.get("HTTP_COOKIE") and answer.code < 500:
            # It may depend on what we held back: ask again with all of it, as from now on.
            answer.close()
            return self._pass(environ, start_response)
        start_response(answer.status, self._counted(answer.headers))
        if environ["REQUEST_METHOD"] == "HEAD":
            answer.close()
            return []
        return answer.body

    def _for_anyone(self, environ, query):
        """The request, without anything of it that the page is not kept under."""
        asked = {
            name: value
            for name, value in environ.items()
            if not name.startswith(("HTTP_", "CONTENT_", "REMOTE_"))
        }
        asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query, "REMOTE_ADDR": "", COUNTS: True}
        for name in ("HTTP_HOST", self._proto):
            if name in environ:
                asked[name] = environ[name]
        return asked

    def _keep(self, key, page, version):
        """Keep a page under the version that was read before it was made, if that still stands."""
        with self._lock:
            if version != self._version():
                return
            book = self._book
            if book.version != version:
                book = self._book = _Book(version)
            book.put(key, page, room=self._size)

    def _copy(self, page, encoding):
        copy = page.made(encoding)
        with self._lock:
            if encoding not in page.copies:
                page.add(encoding, copy)
                if page.book is self._book:
                    page.book.make_room(self._size)
        return copy

    # What is understood once

    def _understand_query(self, query):
        """The query in one order, as the page will be shown it. Values of one name stay in theirs.

        Sorted by the names that Django will read, so that nobody can turn two values around.
        """
        if len(query) > LONGEST_QUERY:
            return query
        parts = [(unquote_plus(part.partition("=")[0]), part) for part in query.split("&") if part]
        kept = [(name, part) for name, part in parts if not MARK.fullmatch(name)]
        understood = "&".join(part for _name, part in sorted(kept, key=lambda pair: pair[0]))
        return _remember(self._queries, query, understood)

    def _understand_encoding(self, accepted):
        weights = {}
        for choice in accepted.lower().split(","):
            name, *parameters = [word.strip() for word in choice.split(";")]
            weights[name] = not any(re.fullmatch(r"q=0(\.0*)?", word) for word in parameters)
        encoding = ""
        if weights.get("br"):
            encoding = "br"
        elif weights.get("gzip", weights.get("*")):
            encoding = "gzip"
        return _remember(self._encodings, accepted, encoding)

    def _counted(self, headers):
        """The headers without the tally, which is counted."""
        others = [pair for pair in headers if pair[0].lower() != TALLY]
        if self._size and len(others) < len(headers):
            self._tallies += [value for name, value in headers if name.lower() == TALLY]
            self._keep_house()
        return others

    # Beside the requests

    def hand_over(self) -> None:
        """Give the tallies to whoever asked for them (``hand_tallies_to``)."""
        with self._owing:
            while self._tallies:
                self._owed[self._tallies.popleft()] += 1
            if self._owed and _add:
                try:
                    _add(Counter(self._owed))
                except Exception:
                    logger.exception("tallies could not be counted")
                    if len(self._owed) < REMEMBERED:
                        return
            self._owed.clear()

    def _keep_house(self):
        """Start this process's thread for that, once: a server may fork after it loads us."""
        if not self._every or self._housekeeping_in == os.getpid():
            return
        with self._lock:
            if self._housekeeping_in == os.getpid():
                return
            self._housekeeping_in = os.getpid()
        threading.Thread(target=self._housekeeping, name="pagecache", daemon=True).start()
        # A server's worker ends as a child of multiprocessing does, or as any program does.
        Finalize(None, self.hand_over, exitpriority=1)
        atexit.register(self.hand_over)

    def _housekeeping(self):
        while True:
            time.sleep(self._every)
            self.hand_over()
            for chore in self._chores:
                try:
                    chore()
                except Exception:
                    logger.exception("page cache: a chore failed")


class _Book:
    """The pages kept under one version."""

    __slots__ = ("pages", "size", "version")

    def __init__(self, version):
        self.version = version
        self.pages = OrderedDict()
        self.size = 0

    def put(self, key, page, *, room):
        old = self.pages.pop(key, None)
        if old is not None:
            self.size -= old.size
            old.book = None
        self.pages[key] = page
        self.size += page.size
        page.book = self
        self.make_room(room)

    def make_room(self, room):
        """Let go of the pages that nobody asked for a second time, the oldest first.

        A page that was used goes round once more, so that a flood of addresses which are each
        asked for once does not wash away what people read.
        """
        while self.size > room:
            key, page = self.pages.popitem(last=False)
            if page.used:
                page.used = False
                self.pages[key] = page
            else:
                self.size -= page.size
                page.book = None


class _Page:
    """A kept page in each encoding asked for; without copies, the note that it cannot be kept."""

    __slots__ = ("book", "copies", "digest", "headers", "size", "status", "tally", "until", "used")

    def __init__(self, *, until):
        self.until = until
        self.copies = None
        self.size = OVERHEAD
        self.used = False
        self.tally = ""
        self.book = None

    def fill(self, answer):
        body = answer.body[0]
        self.status = answer.status
        self.tally = answer.header(TALLY)
        self.headers = [pair for pair in answer.headers if pair[0].lower() not in REPLACED]
        self.headers.append(("Vary", "Accept-Encoding"))
        if not answer.header("cache-control"):
            self.headers.append(("Cache-Control", "no-cache"))  # browsers ask again, by the ETag
        self.digest = ""
        if answer.code == 200:
            self.digest = hashlib.blake2b(body, digest_size=12).hexdigest()
        self.copies = {}
        if len(body) < SMALL or not WORDS.match(answer.header("content-type")):
            whole = _Copy(self, body, "")
            self.add("", whole)
            self.copies |= {"br": whole, "gzip": whole}
        else:
            self.add("br", _Copy(self, brotli.compress(body, quality=5), "br"))

    def made(self, encoding):
        """A copy in an encoding that nobody has asked for yet."""
        body = brotli.decompress(self.copies["br"].body[0])
        if encoding:
            body = gzip.compress(body, compresslevel=6, mtime=0)
        return _Copy(self, body, encoding)

    def add(self, encoding, copy):
        size = len(copy.body[0])
        self.copies[encoding] = copy
        self.size += size
        if self.book is not None:
            self.book.size += size


class _Copy:
    """A page in one encoding, ready to send."""

    __slots__ = ("body", "headers", "tag", "unchanged")

    def __init__(self, page, body, encoding):
        self.body = [body]
        self.tag = f'"{page.digest}{encoding and "-"}{encoding}"' if page.digest else ""
        self.headers = list(page.headers)
        if self.tag:
            self.headers.append(("ETag", self.tag))
        self.unchanged = [pair for pair in self.headers if pair[0].lower() != "content-type"]
        self.headers.append(("Content-Length", str(len(body))))
        if encoding:
            self.headers.append(("Content-Encoding", encoding))


class _Answer:
    """What the application answered: whole, unless it is of the kind that comes in parts."""

    def __init__(self, application, environ):
        self.status, self.headers = "", []
        self._written = []
        result = application(environ, self._start)
        self.code = int(self.status[:3])
        self.streaming = getattr(result, "streaming", not isinstance(result, (list, tuple)))
        if self.streaming:
            self.body = result
        else:
            self.body = [b"".join([*self._written, *result])]
            if hasattr(result, "close"):
                result.close()

    def _start(self, status, headers, exc_info=None):
        self.status, self.headers = status, headers
        return self._written.append

    def header(self, wanted):
        """All that a header says, whatever its case and however often it is there."""
        return ",".join(value for name, value in self.headers if name.lower() == wanted)

    def may_be_kept(self):
        return (
            self.code in KEPT
            and not self.streaming
            and len(self.body[0]) <= LARGEST_PAGE
            and not self.header("set-cookie")
            and not self.header("content-encoding")
            and not self.header("www-authenticate")
            and not NOT_TO_KEEP.search(self.header("cache-control"))
            and not NOT_TO_KEEP.search(self.header("pragma"))
            and self.header("vary").lower().replace(" ", "") in {"", "accept-encoding"}
            and "nonce-" not in self.header("content-security-policy")
            and FORM_TOKEN not in self.body[0]
        )

    def close(self):
        if self.streaming and hasattr(self.body, "close"):
            self.body.close()


def next_midnight(moment: float) -> float:
    """When the day in London ends that a moment is in; both in seconds since the epoch."""
    tomorrow = datetime.fromtimestamp(moment, LONDON).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time_of_day(), LONDON).timestamp()


def _end(code, began, until):
    longest = LONGEST_MISSING if code == 404 else LONGEST
    return min(began + longest, next_midnight(began), until)


def _names(header, tag):
    """Whether ``If-None-Match`` names this copy, though a proxy may have marked it as weak."""
    return header == tag or any(
        one.strip().removeprefix("W/") in (tag, "*") for one in header.split(",")
    )


def _remember(known, asked, understood):
    """Keep what a header or query means, while it is short and there are not too many."""
    if len(asked) <= SMALL:
        if len(known) >= REMEMBERED:
            known.clear()
        known[asked] = understood
    return understood
