"""A worker killed at any step: nobody is missed, and nobody gets a mail twice but who is recorded.

What was sent is what a mail server of our own has taken, not what the rows say.
"""

from collections import Counter

import pytest
from aiosmtpd.controller import Controller

from localoffer.mail.delivering import GROUP
from tests.processes.site import founded, free_port

PEOPLE = 25
KILLED = -9
POINTS = [
    ("claim", "before", 1),
    ("claim", "after", 1),
    ("begin", "before", 2),
    ("begin", "after", 2),
    ("command", "before", 26),
    ("command", "after", 26),
    ("command", "after", 27),
    ("data", "before", 1),
    ("data", "after", 1),
    ("data", "before", 13),
    ("data", "after", 13),
    ("data", "after", 20),
    ("data", "after", 25),
    ("finish", "before", 3),
    ("finish", "after", 3),
    *[("statement", "after", time) for time in range(1, 13)],
]


class Sink:
    """Takes every mail, and counts them by who they are to and by Message-ID."""

    def __init__(self):
        self.taken = Counter()
        self.numbers = {}

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd names it
        (to,) = envelope.rcpt_tos
        self.taken[to] += 1
        head = envelope.content.partition(b"\r\n\r\n")[0].split(b"\r\n")
        number = next(line for line in head if line.startswith(b"Message-ID"))
        self.numbers.setdefault(to, set()).add(number)
        return "250 taken"


@pytest.fixture(scope="module")
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture(scope="module")
def site(spare_database, tmp_path_factory, sink):
    with founded(tmp_path_factory.mktemp("site"), spare_database()) as found:
        found.environment["LOCALOFFER_MAIL"] = f"smtp://127.0.0.1:{sink.port}"
        found.environment["LOCALOFFER_MAIL_QUIET_HOURS"] = "never"
        yield found


@pytest.fixture(scope="module")
def postman(site):
    return site.talk("postman")


def faults(postman, sink, key):
    """Whoever was missed, or got more than the rows say they may have."""
    found = []
    for address, state, uncertain in postman.do("rows", key=key):
        times = sink.taken[address]
        most = 2 if uncertain else 1
        least = 0 if state == "unknown" else 1
        if state not in {"accepted", "unknown"} or not least <= times <= most:
            found.append((address, state, uncertain, times))
        if len(sink.numbers.get(address, ())) > 1:
            found.append((address, "has two Message-IDs"))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("step", "edge", "time"), POINTS)
def test_whoever_is_killed_leaves_nobody_out(postman, sink, step, edge, time):
    key = f"{step}-{edge}-{time}"
    postman.do("write", key=key, number=PEOPLE)

    died = postman.do("send", step=step, edge=edge, time=time)
    postman.do("sweep")
    again = postman.do("send")

    assert (died, again) == ([KILLED], [0])
    rows = postman.do("rows", key=key)
    unknown = [address for address, state, _uncertain in rows if state == "unknown"]
    assert faults(postman, sink, key) == []
    assert len(rows) == PEOPLE
    assert len(unknown) <= GROUP
    assert unknown == [address for address, _state, uncertain in rows if uncertain]

    assert postman.do("decide", key=key) == len(unknown)
    postman.do("send")

    assert faults(postman, sink, key) == []
    assert {state for _address, state, _uncertain in postman.do("rows", key=key)} == {"accepted"}
    assert min(sink.taken[address] for address, *_rest in rows) == 1


@pytest.mark.slow
def test_one_persons_own_mail_is_sent_again_by_itself(postman, sink):
    postman.do("write", key="codes", number=5, kind="transactional", stream="")

    postman.do("send", step="data", edge="after", time=3)
    postman.do("sweep")
    postman.do("send")

    rows = postman.do("rows", key="codes")
    assert {state for _address, state, _uncertain in rows} == {"accepted"}
    assert faults(postman, sink, "codes") == []
    assert all(sink.taken[address] for address, *_rest in rows)
    assert all(uncertain for _address, _state, uncertain in rows)


@pytest.mark.slow
def test_two_workers_at_once_send_each_mail_once(postman, sink):
    postman.do("write", key="two", number=400)

    assert postman.do("send", workers=2) == [0, 0]

    assert faults(postman, sink, "two") == []
    assert not any(uncertain for _address, _state, uncertain in postman.do("rows", key="two"))


@pytest.mark.slow
@pytest.mark.parametrize("time", [1, 37, 150])
def test_one_of_two_workers_dies(postman, sink, time):
    key = f"one-of-two-{time}"
    postman.do("write", key=key, number=400)

    died = postman.do("send", workers=2, step="data", edge="after", time=time)
    postman.do("sweep")
    postman.do("send", workers=2)

    assert died == [KILLED, 0]
    rows = postman.do("rows", key=key)
    unknown = [address for address, state, _uncertain in rows if state == "unknown"]
    assert faults(postman, sink, key) == []
    assert len(rows) == 400
    assert 1 <= len(unknown) <= GROUP


@pytest.mark.slow
def test_without_the_mark_a_mail_would_come_twice_and_nobody_would_know(site, sink):
    careless = site.talk("postman", "--careless")
    careless.do("write", key="careless", number=PEOPLE)

    careless.do("send", step="data", edge="after", time=13)
    careless.do("sweep")
    careless.do("send")

    twice = [fault for fault in faults(careless, sink, "careless") if fault[-1] == 2]
    assert len(twice) == 3  # those of the group that was never recorded
