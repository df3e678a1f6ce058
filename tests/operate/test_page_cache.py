"""The page cache with real processes: what one changes, another shows at its next request."""

import itertools
import signal

import pytest

from tests.processes.site import ask, founded, free_port, send, wait_until

pytestmark = pytest.mark.slow
HUB = "/news-updates-and-feedback/"
IN_READING = ["before the version", "before the page", "after the page", "before it is kept"]
IN_WRITING = ["changed", "committed", "moved"]
number = itertools.count(1)


def stale(reader, writer, *, in_reading, in_writing, order):
    """Publish while a page is being made; say whether the old page is shown after both."""
    title = f"Title {next(number)} of the hub"
    path = f"{HUB}?n={title[6:8].strip()}"
    read = {"path": path, "wait_at": in_reading}
    write = {"title": title, "wait_at": in_writing}
    if order == "the reader is first":
        reader.begin("get", **read)
        writer.begin("publish", **write)
        reader.finish()
        writer.finish()
    elif order == "the writer is first":
        writer.begin("publish", **write)
        reader.begin("get", **read)
        writer.finish()
        reader.finish()
    else:
        reader.begin("get", **read)
        writer.begin("publish", **write)
        writer.finish()
        reader.finish()
    return title not in reader.do("get", path=path)["words"]


ORDERS = ["the reader is first", "the writer is first", "the writer is within"]
GAPS = list(itertools.product(IN_READING, IN_WRITING, ORDERS))


def test_no_gap_between_two_processes_leaves_an_old_page(running):
    reader = running.talk("reader")

    left = [
        gap
        for gap in GAPS
        if stale(reader, running.writer, in_reading=gap[0], in_writing=gap[1], order=gap[2])
    ]

    assert left == []
    assert reader.do("get", path=HUB)["from_memory"] is False
    assert reader.do("get", path=HUB)["from_memory"] is True


def test_without_the_rule_gaps_leave_old_pages(running):
    """What the test above proves: a version that is read late takes an old page for a new one."""
    reader = running.talk("reader", "--late")
    within = [("after the page", "moved", order) for order in ORDERS[::2]]

    left = [
        gap
        for gap in within
        if stale(reader, running.writer, in_reading=gap[0], in_writing=gap[1], order=gap[2])
    ]

    assert left == within


@pytest.mark.parametrize("killed", ["changed", "committed"])
def test_a_writer_that_is_killed_leaves_nothing_that_the_tick_does_not_mend(running, killed):
    reader = running.talk("reader")
    reader.do("get", path=HUB)
    running.writer.begin("publish", title="Another title", wait_at=killed)

    running.writer.process.send_signal(signal.SIGKILL)
    running.writer.process.wait()
    assert "Another title" not in reader.do("get", path=HUB)["words"]
    assert running.run("tick").returncode == 0

    assert ("Another title" in reader.do("get", path=HUB)["words"]) is (killed == "committed")


def test_what_was_withdrawn_is_gone_at_the_next_request(running):
    reader = running.talk("reader")
    assert reader.do("get", path=HUB)["status"] == 200

    running.writer.do("hide", slug=HUB.strip("/"))

    assert reader.do("get", path=HUB)["status"] == 404


def test_a_change_outside_a_transaction_is_seen_as_soon(running):
    reader = running.talk("reader")
    reader.do("get", path=HUB)

    assert running.writer.do("rename", title="Another title") is True

    assert "Another title" in reader.do("get", path=HUB)["words"]


@pytest.fixture(scope="module")
def server(spare_database, tmp_path_factory):
    """A site with two web workers of the real server."""
    with founded(tmp_path_factory.mktemp("server"), spare_database()) as site:
        site.port = free_port()
        site.server = site.start(
            *["-m", "granian", "tests.processes.served:application", "--interface", "wsgi"],
            *["--host", "127.0.0.1", "--port", str(site.port), "--workers", "2"],
            *["--blocking-threads", "16", "--no-ws", "--http", "1", "--log-level", "error"],
        )
        wait_until(lambda: workers(site.port), "two workers answer")
        yield site


def workers(port):
    """The processes that answer, once there are two of them."""
    found = {ask(port, HUB)[1]["x-process"] for _ in range(20)}
    return found if len(found) == 2 else None


def from_each(server, path, **headers):
    """An answer from each worker."""
    answers = {}

    def both():
        status, names, body = ask(server.port, path, **headers)
        answers.setdefault(names["x-process"], (status, names, body.decode()))
        return len(answers) == 2

    wait_until(both, "both workers answer")
    return list(answers.values())


def test_every_worker_shows_a_change_at_once_and_tells_old_copies_from_new(server):
    (tag,) = {names["etag"] for _, names, _ in from_each(server, HUB)}
    assert {status for status, *_ in from_each(server, HUB, If_None_Match=tag)} == {304}

    server.writer.do("publish", title="Another title")

    for _ in range(10):  # each a connection of its own, to either worker
        assert b"Another title" in ask(server.port, HUB)[2]
    again = from_each(server, HUB, If_None_Match=tag)
    assert {status for status, *_ in again} == {200}
    (new,) = {names["etag"] for _, names, _ in again}
    assert new != tag
    assert {status for status, *_ in from_each(server, HUB, If_None_Match=new)} == {304}


def test_what_is_sent_on_the_wire_poisons_no_page(server):
    host = f"127.0.0.1:{server.port}"
    alone = {body for *_, body in from_each(server, HUB)}
    requests = [
        f"GET http://evil.example{HUB} HTTP/1.1\r\nHost: {host}\r\n",
        f"GET {HUB} HTTP/1.1\r\nhOsT: {host}\r\nX-Forwarded-Host: evil.example\r\n",
        f"GET {HUB} HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n",
        f"GET {HUB} HTTP/1.1\r\nHost: evil.example\r\n",
        f"GET {HUB} HTTP/1.1\r\n",
        f"GET {HUB} HTTP/1.0\r\n",
        f"GET {HUB} HTTP/1.1\r\nHost: {host}\r\nX_Forwarded_Host: evil.example\r\n",
        f"GET {HUB} HTTP/1.1\r\nHost: {host}\r\nCookie: a=evil.example\r\nCookie: b=1\r\n",
        f"GET {HUB} HTTP/1.1\r\nHost: {host}\r\nRange: bytes=0-9\r\n",
        f"GET {HUB} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\n",
        f"HEAD {HUB} HTTP/1.1\r\nHost: {host}\r\n",
        f"GET {HUB}#evil.example HTTP/1.1\r\nHost: {host}\r\n",
        f"GET /x/..{HUB} HTTP/1.1\r\nHost: {host}\r\n",
    ]
    for _ in range(4):
        for request in requests:
            answer = send(server.port, f"{request}Connection: close\r\n\r\n".encode())
            assert answer[:9] in {b"HTTP/1.1 ", b"HTTP/1.0 "}
            assert b"evil.example" not in answer

    assert {body for *_, body in from_each(server, HUB)} == alone


def test_head_on_the_wire_is_the_page_without_its_words(server):
    _, page, body = ask(server.port, HUB)
    status, head, nothing = ask(server.port, HUB, method="HEAD")

    assert (status, nothing) == (200, b"")
    assert head["content-length"] == page["content-length"] == str(len(body))


def test_tallies_are_not_lost_when_the_server_stops(running):
    port = free_port()
    server = running.start(
        *["-m", "granian", "tests.processes.served:application", "--interface", "wsgi"],
        *["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "error"],
    )
    wait_until(lambda: ask(port, "/tally/")[0] == 200, "the server answers")
    for _ in range(7):
        ask(port, "/tally/")
    server.send_signal(signal.SIGTERM)
    assert server.wait(20) == 0

    lines = (running.folder / "tallies").read_text().splitlines()
    # The one that waited for the server, which was made, and those shown from memory.
    assert sum(int(line.removeprefix("tallied ")) for line in lines) == 8
