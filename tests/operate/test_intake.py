import io
import threading
import time

import pytest

from localoffer.operate import intake
from localoffer.operate.intake import PATIENCE, PIECE, SLOWEST, Bodies, Threads

LIMITS = [("/admin/", 50_000), ("", 5_000)]


class Client:
    """Sends bodies through ``Bodies`` at whatever speed, by a clock of its own."""

    def __init__(self, **options):
        self.now = 0.0
        self.received = []
        self.app = Bodies(self.application, limits=LIMITS, clock=lambda: self.now, **options)

    def application(self, environ, start_response):
        self.received.append((environ.get("CONTENT_LENGTH"), environ["wsgi.input"].read()))
        start_response("200 OK", [])
        return [b"ok"]

    def send(self, body, *, path="/", method="POST", seconds=0.0, **headers):
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": Arriving(self, body)}
        environ["wsgi.input"].seconds = seconds
        got = []
        words = self.app(environ | headers, lambda *head: got.append(head))
        return got[0][0][:3], b"".join(words)


class Arriving(io.BytesIO):
    """A body whose pieces take time."""

    seconds = 0.0

    def __init__(self, client, body):
        super().__init__(body)
        self.client = client

    def read(self, size):
        assert size <= PIECE
        self.client.now += self.seconds
        return super().read(size)


def test_a_body_is_read_whole_before_the_application_is_called():
    client = Client()

    assert client.send(b"a" * 3000, CONTENT_LENGTH="3000") == ("200", b"ok")
    assert client.received == [("3000", b"a" * 3000)]


def test_a_body_in_parts_is_given_a_length():
    client = Client()

    client.send(b"a" * 3000, HTTP_TRANSFER_ENCODING="chunked")

    assert client.received == [("3000", b"a" * 3000)]


@pytest.mark.parametrize("length", ["5001", "999999999999999999"])
def test_a_body_that_is_too_large_is_refused_before_any_of_it_is_read(length):
    client = Client()

    status, words = client.send(b"", CONTENT_LENGTH=length, seconds=1)

    assert (status, client.now, client.received) == ("413", 0, [])
    assert b"too large" in words


def test_parts_are_counted_and_refused_when_they_are_too_many():
    client = Client()

    assert client.send(b"a" * 50_000, HTTP_TRANSFER_ENCODING="chunked", seconds=1)[0] == "413"
    assert client.now <= 6
    assert client.received == []


def test_editors_may_send_more():
    client = Client()

    assert client.send(b"a" * 50_000, CONTENT_LENGTH="50000", path="/admin/images/")[0] == "200"
    assert client.send(b"", CONTENT_LENGTH="50001", path="/admin/images/")[0] == "413"


@pytest.mark.parametrize("length", ["-1", "x", "1.5", "1e3", "+5", " 5", "9" * 19, "²"])
def test_a_length_that_is_none_is_refused(length):
    assert Client().send(b"a", CONTENT_LENGTH=length)[0] == "400"


def test_a_body_that_ends_too_soon_is_refused():
    client = Client()

    assert client.send(b"a" * 9, CONTENT_LENGTH="10")[0] == "400"
    assert client.received == []


def test_a_body_that_dribbles_is_cut_off():
    client = Client()

    assert client.send(b"a" * 5000, CONTENT_LENGTH="5000", seconds=PATIENCE)[0] == "408"
    assert client.now <= 2 * PATIENCE


def test_a_slow_connection_is_given_its_time():
    client = Client()
    seconds = PIECE / SLOWEST

    assert client.send(b"a" * 50_000, CONTENT_LENGTH="50000", path="/admin/", seconds=seconds) == (
        "200",
        b"ok",
    )


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_body_where_none_belongs_is_not_read(method):
    client = Client()

    assert client.send(b"a", method=method, CONTENT_LENGTH="1", seconds=9)[0] == "200"
    assert (client.now, client.received[0][1]) == (0, b"")


def test_only_so_many_are_read_at_once_and_places_are_given_back():
    client, going, go = Client(reading=2), threading.Semaphore(0), threading.Event()

    class Waiting:
        def read(self, size):
            going.release()
            go.wait(10)
            return b"a"

    slow = [
        threading.Thread(
            target=client.app,
            args=(
                {
                    "REQUEST_METHOD": "POST",
                    "PATH_INFO": "/",
                    "CONTENT_LENGTH": "1",
                    "wsgi.input": Waiting(),
                },
                lambda *head: None,
            ),
        )
        for _ in range(2)
    ]
    for thread in slow:
        thread.start()
        going.acquire(timeout=5)

    assert client.send(b"a", CONTENT_LENGTH="1")[0] == "503"
    assert client.send(b"", method="GET")[0] == "200"
    go.set()
    for thread in slow:
        thread.join(5)
    for _ in range(3):
        client.send(b"", CONTENT_LENGTH="9")  # a refused one gives its place back as well
    assert client.send(b"a", CONTENT_LENGTH="1")[0] == "200"


def ask(app, path="/"):
    got = []
    body = app({"PATH_INFO": path}, lambda *head: got.append(head))
    return got[0][0][:3], body


def test_the_application_runs_on_threads_of_its_own():
    names = set()

    def application(environ, start_response):
        names.add(threading.current_thread().name)
        start_response("200 OK", [])
        return [b"one ", b"two"]

    app = Threads(application, threads=2)

    assert [ask(app) for _ in range(5)] == [("200", [b"one two"])] * 5
    assert all(name.startswith("django") for name in names)
    assert threading.current_thread().name not in names


def test_what_waits_for_too_long_is_refused_and_the_rest_is_answered():
    go, going = threading.Event(), threading.Semaphore(0)

    def application(environ, start_response):
        going.release()
        go.wait(10)
        start_response("200 OK", [])
        return [b"ok"]

    app = Threads(application, threads=1, waiting=1)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask(app)[0])) for _ in range(2)]
    for thread in threads:
        thread.start()
    going.acquire(timeout=5)
    while app._places._value:
        time.sleep(0.01)

    assert ask(app)[0] == "503"
    go.set()
    for thread in threads:
        thread.join(5)
    assert (answers, ask(app)[0]) == (["200", "200"], "200")


def test_a_failure_is_the_servers_to_tell_and_costs_no_place():
    def application(environ, start_response):
        raise ZeroDivisionError

    app = Threads(application, threads=1, waiting=0)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            ask(app)


def test_an_answer_in_parts_is_left_to_the_servers_thread():
    class Parts:
        streaming = True
        closed = False

        def __iter__(self):
            yield threading.current_thread().name.encode()

        def close(self):
            self.closed = True

    def application(environ, start_response):
        start_response("200 OK", [])
        return Parts()

    _, parts = ask(Threads(application))

    assert b"".join(parts) == threading.current_thread().name.encode()
    assert not parts.closed


def test_refusals_are_in_words_and_kept_nowhere():
    got = []
    body = intake.refuse(lambda *head: got.append(head), "503 Service Unavailable", intake.BUSY)
    headers = dict(got[0][1])

    assert body == [intake.BUSY.encode()]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Retry-After"] == "30"
