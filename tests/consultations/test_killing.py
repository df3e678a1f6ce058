"""A server killed while people send: what it said is sent is there, once, and nothing is lost."""

import contextlib
import http.client
import os
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from localoffer.operate import serving
from tests.processes.site import ask, founded, free_port, wait_until

pytestmark = pytest.mark.slow

PEOPLE, AT_ONCE = 160, 8
TOKEN = "a" * 32


class Served:
    """A site with its web server, as ``localoffer serve`` starts it."""

    def __init__(self, site):
        self.site, self.port = site, free_port()
        self.pollster = site.talk("pollster")
        self.address = self.pollster.do("open_survey")
        self.start()

    def start(self):
        web = serving.children(host="127.0.0.1", port=self.port, workers=1)[0]
        self.process = self.site.start(*web.command[1:])
        wait_until(lambda: ask(self.port, "/healthz")[0] == 200, f"it answers: {self.site.log}")

    def kill(self):
        """Every process of the server at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def send(self, cookie):
        """Press the button that sends. Whether the server said that it was sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {
            "Cookie": f'csrftoken={TOKEN}; answering="{cookie}"',
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = f"csrfmiddlewaretoken={TOKEN}"
        with (
            contextlib.closing(connection),
            contextlib.suppress(OSError, http.client.HTTPException),
        ):
            connection.request("POST", self.address, body, headers)
            response = connection.getresponse()
            to = response.headers.get("Location", "")
            return response.status == 302 and to.endswith("/sent/")
        return False


@pytest.fixture(scope="module")
def served(spare_database, tmp_path_factory):
    with founded(tmp_path_factory.mktemp("served"), spare_database()) as site:
        yield Served(site)


@pytest.mark.parametrize("after", [1, 75])
def test_whoever_was_told_that_it_is_sent_is_counted_once_after_a_kill(served, after):
    people = served.pollster.do("leave", number=PEOPLE)
    before = set(served.pollster.do("taken")[0])
    told, killed = set(), threading.Event()

    def press(person):
        cookie, receipt = person
        if not killed.is_set() and served.send(cookie):
            told.add(receipt)
            if len(told) >= after and not killed.is_set():
                killed.set()
                served.kill()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(press, people))
    there = set(served.pollster.do("taken")[0]) - before

    assert after <= len(told) < PEOPLE
    assert told <= there

    served.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:  # everybody presses again, told or not
        again = list(pool.map(served.send, [cookie for cookie, _receipt in people]))

    receipts, drafts = served.pollster.do("taken")
    counted = Counter(receipts)
    assert all(again)
    assert [counted[receipt] for _cookie, receipt in people] == [1] * PEOPLE
    assert drafts == 0
