"""The page cache alone, in front of small WSGI applications of the tests."""

import gzip
import itertools
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer import pagecache
from localoffer.pagecache import BEGAN, LONDON, UNTIL, PageCache

HTML = ("Content-Type", "text/html; charset=utf-8")
LONG = "<p>Words of a page.</p>" * 100
NOON = datetime(2026, 11, 24, 12, tzinfo=LONDON).timestamp()


class Site:
    """An application that counts, behind a page cache, and everything that a test may turn."""

    def __init__(self, answer=None, **options):
        self.answer = answer or (lambda environ: ("200 OK", [HTML], LONG))
        self.asked = []
        self.version = 1
        self.now = NOON
        options = {"size": 1_000_000, "personal": ["sessionid", "messages"], "every": 0} | options
        self.cache = PageCache(
            self.application, version=lambda: self.version, clock=lambda: self.now, **options
        )

    def application(self, environ, start_response):
        self.asked.append(environ)
        status, headers, body = self.answer(environ)
        start_response(status, headers)
        return [body.encode() if isinstance(body, str) else body]

    def get(self, path="/", query="", method="GET", **headers):
        """The answer's status, headers (names in lower case) and body, taken apart."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "HTTP_HOST": "local.example",
        } | headers
        got = []
        body = self.cache(environ, lambda *head: got.append(head))
        status, pairs, *_ = got[-1]
        return status, {name.lower(): value for name, value in pairs}, b"".join(body)

    @property
    def renderings(self):
        return len(self.asked)


def test_a_page_is_made_once_and_shown_to_everyone():
    site = Site()

    answers = [site.get() for _ in range(3)]

    assert site.renderings == 1
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][2] == LONG.encode()


def test_it_keeps_to_the_rules_of_wsgi():
    site = Site()
    checked = validator(site.cache)
    for _ in range(2):
        environ = {"QUERY_STRING": ""}
        setup_testing_defaults(environ)
        result = checked(environ, lambda status, headers, exc_info=None: lambda data: None)
        assert b"".join(result) == LONG.encode()
        result.close()

    assert site.renderings == 1


# What a page is kept under


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"path": "/a/"}, {"path": "/b/"}),
        ({"path": "/a/"}, {"path": "/A/"}),
        ({"path": "/a"}, {"path": "/a/"}),
        ({"query": "a=1"}, {"query": "a=2"}),
        ({"query": "a=1"}, {"query": ""}),
        ({"query": "a=1&a=2"}, {"query": "a=2&a=1"}),
        ({"query": "a=1&%61=2"}, {"query": "a=2&%61=1"}),
        ({"HTTP_HOST": "one.example"}, {"HTTP_HOST": "two.example"}),
        ({"HTTP_HOST": "one.example"}, {"HTTP_HOST": "one.example:81"}),
        ({"wsgi.url_scheme": "http"}, {"wsgi.url_scheme": "https"}),
    ],
)
def test_different_requests_are_different_pages(one, other):
    site = Site(lambda environ: ("200 OK", [HTML], repr([environ[name] for name in NAMED])))

    assert site.get(**one)[2] != site.get(**other)[2]
    assert site.renderings == 2


NAMED = ["PATH_INFO", "QUERY_STRING", "HTTP_HOST", "wsgi.url_scheme"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a=1&b=2", "b=2&a=1"),
        ("a=1&b=2&a=3", "b=2&a=1&a=3"),
        ("a=1", "&a=1&&"),
        ("a=1", "a=1&utm_source=leaflet&UTM_Campaign=x&fbclid=1&%75tm_id=3"),
        ("", "gclid=1"),
    ],
)
def test_the_order_of_parameters_and_the_marks_of_advertisers_make_no_other_page(one, other):
    site = Site(lambda environ: ("200 OK", [HTML], environ["QUERY_STRING"]))

    assert site.get(query=one)[2] == site.get(query=other)[2]
    assert site.renderings == 1
    assert "utm" not in site.asked[0]["QUERY_STRING"].lower()


@given(st.lists(st.tuples(st.sampled_from("abc%61+"), st.text(max_size=5)), max_size=8))
def test_a_page_is_shown_its_query_with_the_values_of_each_name_in_their_order(pairs):
    site = Site(lambda environ: ("200 OK", [HTML], environ["QUERY_STRING"]))
    query = "&".join(f"{name}={value.encode('unicode_escape').hex()}" for name, value in pairs)

    shown = site.get(query=query)[2].decode()

    def by_name(text):
        read = {}
        for part in filter(None, text.split("&")):
            name, _, value = part.partition("=")
            read.setdefault(name.replace("%61", "a").replace("+", " "), []).append(value)
        return read

    assert by_name(shown) == by_name(query)


def test_the_page_is_made_from_what_it_is_kept_under_and_from_nothing_else():
    site = Site()
    held_back = {
        "HTTP_COOKIE": "shortlist=1; csrftoken=2",
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "10.0.0.1",
        "HTTP_X_ORIGINAL_URL": "/admin/",
        "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
        "HTTP_ACCEPT_LANGUAGE": "cy",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_USER_AGENT": "x",
        "HTTP_REFERER": "https://evil.example/",
        "HTTP_RANGE": "bytes=0-1",
        "HTTP_IF_MODIFIED_SINCE": "Tue, 24 Nov 2026 12:00:00 GMT",
        "HTTP_X_LOCALOFFER_TALLY": "x",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "5",
        "REMOTE_ADDR": "10.0.0.1",
        "REMOTE_USER": "someone",
    }

    site.get(query="a=1", **held_back)

    seen = site.asked[0]
    assert {name for name in seen if name.startswith("HTTP_")} == {"HTTP_HOST"}
    assert not {"CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_USER"} & set(seen)
    assert (seen["REQUEST_METHOD"], seen["REMOTE_ADDR"]) == ("GET", "")


@pytest.mark.parametrize("behind_proxy", [True, False])
def test_the_scheme_that_a_proxy_tells_counts_only_behind_one(behind_proxy):
    site = Site(
        lambda environ: ("200 OK", [HTML], str(environ.get("HTTP_X_FORWARDED_PROTO"))),
        behind_proxy=behind_proxy,
    )

    plain, secure = (site.get(HTTP_X_FORWARDED_PROTO=proto)[2] for proto in ["http", "https"])

    assert (plain, secure) == ((b"http", b"https") if behind_proxy else (b"None", b"None"))


def test_a_query_too_long_to_keep_reaches_the_page_as_it_is():
    site = Site(lambda environ: ("200 OK", [HTML], environ["QUERY_STRING"]))
    query = "b=1&a=" + "x" * 1000

    for _ in range(2):
        assert site.get(query=query)[2].decode() == query
    assert site.renderings == 2


# What is never kept


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        ("200 OK", [HTML, ("Set-Cookie", "a=1")], LONG),
        ("200 OK", [HTML, ("set-cookie", "a=1")], LONG),
        ("200 OK", [HTML, ("Cache-Control", "private")], LONG),
        ("200 OK", [HTML, ("Cache-Control", "max-age=9, No-Store")], LONG),
        ("200 OK", [HTML, ("Cache-Control", "public"), ("cache-control", "no-store")], LONG),
        ("200 OK", [HTML, ("Pragma", "no-cache")], LONG),
        ("200 OK", [HTML, ("Vary", "Cookie")], LONG),
        ("200 OK", [HTML, ("Vary", "Accept-Encoding, Cookie")], LONG),
        ("200 OK", [HTML, ("Vary", "*")], LONG),
        ("200 OK", [HTML, ("Vary", "Accept-Language")], LONG),
        ("200 OK", [HTML, ("Content-Encoding", "gzip")], LONG),
        ("200 OK", [HTML, ("Content-Security-Policy", "script-src 'nonce-abc'")], LONG),
        ("200 OK", [HTML], LONG + '<input name="csrfmiddlewaretoken" value="x">'),
        ("200 OK", [HTML], "x" * (pagecache.LARGEST_PAGE + 1)),
        ("201 Created", [HTML], LONG),
        ("206 Partial Content", [HTML], LONG),
        ("302 Found", [("Location", "/")], ""),
        ("307 Temporary Redirect", [("Location", "/")], ""),
        ("400 Bad Request", [HTML], LONG),
        ("401 Unauthorized", [HTML, ("WWW-Authenticate", "Basic")], LONG),
        ("403 Forbidden", [HTML], LONG),
        ("405 Method Not Allowed", [HTML], LONG),
        ("500 Internal Server Error", [HTML], LONG),
        ("503 Service Unavailable", [HTML], LONG),
    ],
)
def test_an_answer_that_may_be_somebodys_own_is_never_kept(status, headers, body):
    site = Site(lambda environ: (status, headers, body))

    answers = [site.get() for _ in range(2)]

    assert site.renderings == 2
    assert {answer[0] for answer in answers} == {status}
    assert {answer[2] for answer in answers} == {body.encode()}
    assert all(answer[1].items() >= {(n.lower(), v) for n, v in headers[-1:]} for answer in answers)


@pytest.mark.parametrize("status", ["200 OK", "301 Moved Permanently", "404 Not Found", "410 Gone"])
def test_these_are_kept(status):
    site = Site(lambda environ: (status, [HTML, ("Location", "/there/")], LONG))

    assert site.get() == site.get()
    assert site.get()[1]["location"] == "/there/"
    assert site.renderings == 1


def test_an_answer_in_parts_is_passed_on_as_it_comes_and_closed():
    closed = []

    class Parts:
        def __iter__(self):
            return iter([b"one ", b"two"])

        def close(self):
            closed.append(True)

    def application(environ, start_response):
        start_response("200 OK", [HTML])
        return Parts()

    site = Site()
    site.cache = PageCache(application, version=lambda: 1, size=1_000_000, every=0)

    assert site.get()[2] == site.get()[2] == b"one two"
    site.get(method="HEAD")
    assert len(closed) == 0  # the server closes what it was given ...
    site.cache = PageCache(application, version=lambda: 1, size=1_000_000, every=0)
    site.get(method="HEAD")
    assert len(closed) == 1  # ... and we what it was not


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"])
def test_other_methods_are_passed_on_and_leave_no_page(method):
    site = Site(lambda environ: ("200 OK", [HTML], environ["REQUEST_METHOD"]))

    site.get(method=method)
    site.get(method=method)

    assert [environ["REQUEST_METHOD"] for environ in site.asked] == [method] * 2
    assert site.get()[2] == b"GET"


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_COOKIE": "sessionid=1"},
        {"HTTP_COOKIE": "a=1; sessionid=1"},
        {"HTTP_COOKIE": "a=1;sessionid = 1"},
        {"HTTP_COOKIE": "a=1,sessionid=1"},
        {"HTTP_COOKIE": "messages=x"},
        {"HTTP_AUTHORIZATION": "Bearer x"},
    ],
)
def test_whoever_is_known_is_neither_shown_a_kept_page_nor_leaves_one(headers):
    site = Site(lambda environ: ("200 OK", [HTML], environ.get("HTTP_COOKIE", "") or "anyone"))

    site.get(**headers)
    anyone = site.get()
    own = site.get(**headers)

    assert site.renderings == 3
    assert anyone[2] == b"anyone"
    assert own[2] == headers.get("HTTP_COOKIE", "anyone").encode()


def test_a_page_that_reads_another_cookie_shows_nobody_what_is_in_it():
    site = Site(lambda environ: ("200 OK", [HTML], environ.get("HTTP_COOKIE", "nothing")))

    shown = {site.get(HTTP_COOKIE=f"shortlist={number}")[2] for number in range(3)}

    assert shown == {b"nothing"}


def test_a_page_that_cannot_be_kept_is_shown_to_its_reader_with_all_they_sent():
    def answer(environ):
        headers = [HTML, ("Vary", "Cookie")]
        return "200 OK", headers, environ.get("HTTP_COOKIE", "nothing")

    site = Site(answer)

    shown = [site.get(HTTP_COOKIE=f"shortlist={number}")[2] for number in range(3)]

    assert shown == [b"shortlist=0", b"shortlist=1", b"shortlist=2"]
    assert site.renderings == 4  # asked twice only the first time


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/feedback/"])
def test_some_paths_are_passed_on_as_they_are(path):
    site = Site(never=["/admin/", "/feedback/"])

    site.get(path, HTTP_COOKIE="csrftoken=1")
    site.get(path)

    assert site.renderings == 2
    assert site.asked[0]["HTTP_COOKIE"] == "csrftoken=1"


def test_a_size_of_nothing_keeps_nothing():
    site = Site(size=0)

    site.get()
    site.get()

    assert site.renderings == 2


# Time


def test_a_page_is_kept_for_ten_minutes_and_not_longer():
    site = Site()
    site.get()

    site.now += pagecache.LONGEST - 1
    site.get()
    assert site.renderings == 1
    site.now += 1
    site.get()
    assert site.renderings == 2


def test_an_address_where_nothing_is_is_asked_again_after_a_minute():
    site = Site(lambda environ: ("404 Not Found", [HTML], LONG))
    site.get()

    site.now += pagecache.LONGEST_MISSING

    site.get()
    assert site.renderings == 2


def moment(*parts, fold=0):
    return datetime(*parts, tzinfo=LONDON, fold=fold).timestamp()


# The clocks of 2026 and 2027: back on 25 October at 2, forward on 28 March at 1.
AROUND = [
    moment(2026, 7, 1, 15),
    moment(2026, 10, 24, 23, 55),
    moment(2026, 10, 25, 0, 55),
    moment(2026, 10, 25, 1, 30),
    moment(2026, 10, 25, 1, 30, fold=1),
    moment(2026, 10, 25, 23, 50),
    moment(2027, 3, 27, 23, 50),
    moment(2027, 3, 28, 0, 59),
    moment(2027, 3, 28, 23, 55),
    moment(2027, 2, 28, 23, 59, 59),
]


@pytest.mark.parametrize("closes_in", [1, 59, 301, 599, 3600])
@pytest.mark.parametrize("began", AROUND)
def test_no_page_outlives_the_moment_at_which_it_closes_or_the_day(began, closes_in):
    closes = began + closes_in

    def answer(environ):
        environ[UNTIL] = closes
        now = datetime.fromtimestamp(site.now, LONDON)
        return "200 OK", [HTML], f"{'open' if site.now < closes else 'closed'} on {now:%j}"

    site = Site(answer)
    site.now = began
    for _ in range(1300):
        site.now += 3.1
        today = datetime.fromtimestamp(site.now, LONDON)
        word = "open" if site.now < closes else "closed"
        assert site.get()[2].decode() == f"{word} on {today:%j}"
        if site.now > began + min(closes_in, 900) + 30 and closes_in > 900:
            break


@pytest.mark.parametrize("began", AROUND)
def test_midnight_is_the_next_one_in_london(began):
    end = pagecache.next_midnight(began)

    assert 0 < end - began <= 25 * 3600
    assert datetime.fromtimestamp(end, LONDON).strftime("%H%M%S") == "000000"
    before = datetime.fromtimestamp(end - 1, LONDON).date()
    assert before == datetime.fromtimestamp(began, LONDON).date()
    assert before + timedelta(days=1) == datetime.fromtimestamp(end, LONDON).date()


def test_a_page_that_took_so_long_that_it_closed_meanwhile_is_not_shown_again():
    def answer(environ):
        environ[UNTIL] = environ[BEGAN] + 1
        site.now += 2
        return "200 OK", [HTML], str(site.renderings)

    site = Site(answer)

    assert (site.get()[2], site.get()[2]) == (b"1", b"2")


# Versions: the two-process tests are in tests/operate/test_freshness.py


def test_a_page_is_made_anew_when_anything_has_changed():
    site = Site(lambda environ: ("200 OK", [HTML], str(site.version)))
    site.get()

    site.version = 2

    assert site.get()[2] == b"2"


def test_a_page_made_while_something_changed_is_not_kept():
    def answer(environ):
        old = site.version
        site.version += 1
        return "200 OK", [HTML], str(old)

    site = Site(answer)

    assert [site.get()[2] for _ in range(3)] == [b"1", b"2", b"3"]


def test_a_slow_page_of_an_old_version_does_not_take_the_place_of_a_newer_one():
    waiting, go = threading.Event(), threading.Event()

    def answer(environ):
        if site.renderings == 1:
            waiting.set()
            go.wait(5)
            return "200 OK", [HTML], "old"
        return "200 OK", [HTML], "new"

    site = Site(answer)
    slow = threading.Thread(target=site.get)
    slow.start()
    waiting.wait(5)
    site.version = 2
    site.get()
    go.set()
    slow.join(5)

    assert site.get()[2] == b"new"


# Encodings, ETags, HEAD


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("BR ; q=0.000 , GZIP;q=1.0", "gzip"),
        ("br;q=0.1", "br"),
        ("*", "gzip"),
        ("*;q=0", ""),
        ("gzip;q=0, *", ""),
        ("brx, xgzip", ""),
        (";;,,=q", ""),
        ("x" * 5000, ""),
    ],
)
def test_a_page_comes_in_an_encoding_that_the_reader_accepts(accepted, encoding):
    site = Site()
    plain = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]

    for _ in range(2):
        _, headers, body = site.get(HTTP_ACCEPT_ENCODING=accepted)

        assert headers.get("content-encoding", "") == encoding
        assert headers["vary"] == "Accept-Encoding"
        assert headers["content-length"] == str(len(body))
        assert plain(body) == LONG.encode()
    assert site.renderings == 1


def test_what_is_small_or_is_no_text_comes_as_it_is():
    for headers, body in [([HTML], "Short"), ([("Content-Type", "image/png")], "x" * 1000)]:
        site = Site(lambda environ, headers=headers, body=body: ("200 OK", headers, body))
        _, got, sent = site.get(HTTP_ACCEPT_ENCODING="br")
        assert ("content-encoding" in got, sent) == (False, body.encode())


def test_each_encoding_has_a_strong_tag_of_its_own():
    site = Site()
    tags = [site.get(HTTP_ACCEPT_ENCODING=one)[1]["etag"] for one in ["", "gzip", "br"]]

    assert len(set(tags)) == 3
    assert all(tag.startswith('"') for tag in tags)
    for tag, encoding in zip(tags, ["", "gzip", "br"], strict=True):
        status, headers, body = site.get(HTTP_ACCEPT_ENCODING=encoding, HTTP_IF_NONE_MATCH=tag)
        assert (status[:3], body, headers["etag"]) == ("304", b"", tag)
        assert "content-length" not in headers
        assert headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{tag}", "304"),
        ("W/{tag}", "304"),
        ('"other", W/{tag}', "304"),
        ("*", "304"),
        ('"other"', "200"),
        ("other", "200"),
        ("", "200"),
    ],
)
def test_a_reader_who_has_the_page_is_told_that_it_is_the_same(known, status):
    site = Site()
    tag = site.get()[1]["etag"]

    assert site.get(HTTP_IF_NONE_MATCH=known.format(tag=tag))[0][:3] == status


def test_the_tag_changes_with_the_words_and_not_with_the_version():
    site = Site(lambda environ: ("200 OK", [HTML], "old" if site.version < 3 else "new"))
    tags = []
    for site.version in [1, 2, 3]:
        tags.append(site.get()[1]["etag"])

    assert tags[0] == tags[1] != tags[2]
    assert site.get(HTTP_IF_NONE_MATCH=tags[0])[0] == "200 OK"


def test_only_a_page_that_is_there_has_a_tag():
    site = Site(lambda environ: ("404 Not Found", [HTML], LONG))

    assert "etag" not in site.get()[1]
    assert site.get(HTTP_IF_NONE_MATCH="*")[0] == "404 Not Found"


@pytest.mark.parametrize("first", ["HEAD", "GET"])
def test_head_is_answered_from_the_same_page(first):
    site = Site()
    site.get(method=first)

    head, get = site.get(method="HEAD"), site.get()

    assert site.renderings == 1
    assert site.asked[0]["REQUEST_METHOD"] == "GET"
    assert head[:2] == get[:2]
    assert (head[2], get[2]) == (b"", LONG.encode())


def test_ranges_are_answered_with_the_whole():
    site = Site()
    for _ in range(2):
        status, _, body = site.get(HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE="x")
        assert (status, body) == ("200 OK", LONG.encode())


def test_the_headers_of_the_page_are_kept_and_no_browser_keeps_it_unasked():
    safe = [
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("Strict-Transport-Security", "max-age=9"),
        ("Referrer-Policy", "same-origin"),
    ]
    site = Site(lambda environ: ("200 OK", [HTML, *safe, ("X-Localoffer-Tally", "x")], LONG))
    site.get()

    _, headers, _ = site.get()
    (page,) = site.cache._book.pages.values()
    names = [name.lower() for name, _ in page.copies["br"].headers]

    assert len(names) == len(set(names))
    assert {name.lower(): value for name, value in safe}.items() <= headers.items()
    assert headers["cache-control"] == "no-cache"
    assert "x-localoffer-tally" not in headers


def test_a_page_that_says_how_long_it_may_be_kept_is_left_its_word():
    site = Site(lambda environ: ("200 OK", [HTML, ("Cache-Control", "max-age=9")], LONG))

    assert site.get()[1]["cache-control"] == "max-age=9"


# Room


def test_a_flood_of_addresses_washes_away_itself_and_not_what_people_read():
    site = Site(size=40 * (pagecache.OVERHEAD + 100))
    for number in range(2000):
        site.get(query=f"junk={number}")
        for read in range(5):
            site.get(f"/read/{read}/")

    made = Counter(environ["PATH_INFO"] for environ in site.asked)
    assert {path: number for path, number in made.items() if path != "/"} == {
        f"/read/{read}/": 1 for read in range(5)
    }
    assert site.cache._book.size <= 40 * (pagecache.OVERHEAD + 100)


def test_pages_take_no_more_room_than_they_are_given():
    site = Site(
        lambda environ: ("200 OK", [("Content-Type", "image/png")], "x" * 10_000), size=100_000
    )
    for number in range(50):
        site.get(query=f"a={number}")
        site.get(query=f"a={number}", HTTP_ACCEPT_ENCODING="gzip")

    book = site.cache._book
    assert book.size == sum(page.size for page in book.pages.values()) <= 100_000


def test_copies_made_later_are_counted():
    site = Site()
    for accepted in ["br", "gzip", ""]:
        site.get(HTTP_ACCEPT_ENCODING=accepted)

    (page,) = site.cache._book.pages.values()
    bodies = sum(len(copy.body[0]) for copy in page.copies.values())
    assert page.size == site.cache._book.size == pagecache.OVERHEAD + bodies


def test_a_page_larger_than_all_the_room_is_shown_and_let_go():
    site = Site(
        lambda environ: ("200 OK", [("Content-Type", "image/png")], "x" * 10_000), size=5_000
    )

    assert len(site.get()[2]) == 10_000
    assert site.cache._book.size == 0


def test_what_is_remembered_of_headers_and_queries_is_bounded(monkeypatch):
    monkeypatch.setattr(pagecache, "REMEMBERED", 50)
    site = Site()
    for number in range(500):
        site.get(query=f"a={number}", HTTP_ACCEPT_ENCODING=f"gzip, x{number}")

    assert len(site.cache._queries) <= 50
    assert len(site.cache._encodings) <= 50


def test_many_threads_may_ask_at_once():
    site = Site(
        lambda environ: ("200 OK", [HTML], LONG + environ["QUERY_STRING"] + str(site.version)),
        size=30_000,
    )
    wrong = []

    def read(start):
        for number in itertools.islice(itertools.cycle(range(start, start + 30)), 400):
            accepted = ["br", "gzip", ""][number % 3]
            before = site.version
            _, headers, body = site.get(query=f"a={number}", HTTP_ACCEPT_ENCODING=accepted)
            plain = {"br": brotli.decompress, "gzip": gzip.decompress}.get(
                headers.get("content-encoding"), bytes
            )(body)
            allowed = {f"a={number}{version}" for version in range(before, site.version + 1)}
            if plain.decode().removeprefix(LONG) not in allowed:
                wrong.append(plain[-20:])
            if number == start:
                site.version += 1

    threads = [threading.Thread(target=read, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert wrong == []


# Tallies


@pytest.fixture
def counted():
    """What was handed over."""
    total = Counter()
    pagecache.hand_tallies_to(total.update)
    yield total
    pagecache.hand_tallies_to(None)


def tallying(environ):
    return "200 OK", [HTML, ("X-Localoffer-Tally", environ["QUERY_STRING"])], LONG


def test_pages_are_counted_when_they_are_made_and_when_they_are_shown_from_memory(counted):
    site = Site(tallying)
    for query in ["a=1", "a=1", "a=2", "a=1"]:
        site.get(query=query)

    site.cache.hand_over()
    site.cache.hand_over()

    assert counted == {"a=1": 3, "a=2": 1}


def test_pages_that_are_not_kept_are_counted_once_and_whoever_makes_them_is_told_so(counted):
    told = []

    def personal(environ):
        told.append(environ.get(pagecache.COUNTS))
        return "200 OK", [HTML, ("X-Localoffer-Tally", "a"), ("Set-Cookie", "b=c")], LONG

    site = Site(personal)
    site.get()
    site.get(HTTP_COOKIE="other=x")
    site.get(HTTP_AUTHORIZATION="x")
    site.cache.hand_over()

    assert counted == {"a": 3}
    assert set(told) == {True}


def test_where_nothing_is_kept_whoever_makes_a_page_counts_it(counted):
    told = []

    def count(environ):
        told.append(environ.get(pagecache.COUNTS))
        return tallying(environ)

    site = Site(count, size=0)
    site.get(query="a=1")
    site.cache.hand_over()

    assert counted == {}
    assert told == [None]


def test_tallies_that_could_not_be_counted_are_given_again():
    given, fails = [], [True]

    def add(counts):
        given.append(dict(counts))
        if fails.pop() if fails else False:
            raise OSError("no database")

    pagecache.hand_tallies_to(add)
    site = Site(tallying)
    for _ in range(3):
        site.get(query="a=1")
    site.cache.hand_over()
    site.get(query="a=1")
    site.cache.hand_over()
    pagecache.hand_tallies_to(None)

    assert given == [{"a=1": 3}, {"a=1": 4}]


def test_they_are_handed_over_beside_the_requests_with_the_chores(counted):
    done = threading.Event()
    site = Site(tallying, every=0.02, chores=[lambda: 1 / 0, done.set])
    site.get(query="a=1")
    site.get(query="a=1")

    assert done.wait(5)
    deadline = time.monotonic() + 5
    while not counted and time.monotonic() < deadline:
        time.sleep(0.01)
    assert counted == {"a=1": 2}
