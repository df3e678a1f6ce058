"""``localoffer serve`` as it is shipped: what dies comes back, what is slow holds up nobody."""

import contextlib
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from localoffer.operate import serving
from tests.processes.site import ask, founded, free_port, wait_until

pytestmark = pytest.mark.slow
HUB = "/news-updates-and-feedback/"


@pytest.fixture(scope="module")
def served(spare_database, tmp_path_factory):
    """A site with one web worker, so that nothing is answered by another."""
    with founded(tmp_path_factory.mktemp("served"), spare_database()) as site:
        site.port = free_port()
        site.server = site.start(
            *["-m", "localoffer", "serve", "--port", str(site.port), "--workers", "1"]
        )
        wait_until(lambda: ask(site.port, HUB)[0] == 200, f"the server answers: {site.log}")
        yield site


def children(pid):
    """The processes that a process has started, with their command lines."""
    found = {}
    with contextlib.suppress(FileNotFoundError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with contextlib.suppress(FileNotFoundError):
                words = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ")
                found[int(child)] = words.decode()
    return found


def named(site, word):
    return next(
        (pid for pid, words in children(site.server.pid).items() if word in words.split()), None
    )


def web_worker(site):
    return next(iter(children(named(site, "granian"))), None)


def alive(pid):
    with contextlib.suppress(FileNotFoundError):
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


def other(find, before):
    """Another process in the place of one, once there is."""
    return wait_until(lambda: (found := find()) != before and found, "another has been started")


@pytest.mark.parametrize("child", ["granian", "worker"])
def test_a_killed_process_comes_back_and_leaves_nobody_behind(served, child):
    before = wait_until(lambda: named(served, child), f"{child} runs")
    below = children(before)

    os.kill(before, signal.SIGKILL)

    other(lambda: named(served, child), before)
    wait_until(lambda: not any(map(alive, below)), "its own children have ended")
    wait_until(lambda: ask(served.port, HUB)[0] == 200, "the server answers again")


def test_a_killed_web_worker_comes_back(served):
    before = wait_until(lambda: web_worker(served), "a web worker runs")

    os.kill(before, signal.SIGKILL)

    other(lambda: web_worker(served), before)
    wait_until(lambda: ask(served.port, HUB)[0] == 200, "the server answers again")


def dribble(port, stop, answers, *, length=100_000):
    """Send a form a byte at a time."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(
            f"POST /feedback/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode()
        )
        while not stop.wait(0.1):
            connection.sendall(b"a")
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            answers.append(connection.recv(100))


def test_twelve_slow_uploads_hold_up_neither_kept_pages_nor_others(served):
    stop, answers = threading.Event(), []
    slow = [threading.Thread(target=dribble, args=(served.port, stop, answers)) for _ in range(12)]
    for thread in slow:
        thread.start()
    time.sleep(1)

    times = {"kept": [], "not kept": [], "sent": []}
    for number in range(10):
        for what, path, method in [
            ("kept", HUB, "GET"),
            ("not kept", f"/feedback/?n={number}", "GET"),
            ("sent", "/feedback/", "POST"),
        ]:
            started = time.monotonic()
            status, _, _ = ask(served.port, path, method=method)
            times[what].append(time.monotonic() - started)
            assert status in {200, 403}  # a form without its token is refused by Django, not by us
    stop.set()
    for thread in slow:
        thread.join(30)

    # Seconds, not the milliseconds that they take: other tests may be using the processor.
    assert sorted(times["kept"])[5] < 0.5
    assert sorted(times["not kept"])[5] < 2
    assert sorted(times["sent"])[5] < 2
    assert not any(answer.startswith(b"HTTP/1.1 200") for answer in answers)


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(served):
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(
            b"POST /feedback/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_parts_without_end_are_cut_off(served):
    sent = 0
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(
            b"POST /feedback/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        part = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        with contextlib.suppress(OSError):
            while sent < 60_000_000:
                connection.sendall(part)
                sent += 65536
    assert 10_000_000 < sent < 40_000_000  # beyond the limit, only what was on its way


def test_a_port_in_use_is_said_and_nothing_is_started(served):
    said = served.run("serve", "--port", str(served.port), "--workers", "1")

    assert said.returncode == 1
    assert f"Cannot listen on 127.0.0.1, port {served.port}" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 99999), ("127.0.0.1", 0), ("192.0.2.1", 8000)]
)
def test_an_address_that_is_not_ours_is_said(host, port):
    with pytest.raises(serving.AddressInUseError, match="Cannot listen"):
        serving.check_address(host=host, port=port)


def test_all_stop_together(served):
    """Last, because it ends what the others use."""
    pids = [served.server.pid]
    for pid in pids:
        pids += children(pid)
    assert len(pids) >= 4

    served.server.send_signal(signal.SIGTERM)

    assert served.server.wait(30) == 0
    wait_until(lambda: not any(map(alive, pids)), "all have ended")
    serving.check_address(host="127.0.0.1", port=served.port)
