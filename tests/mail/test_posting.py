"""The worker's own thread, and the tick."""

import itertools
import time
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from localoffer.mail import backends, duties, posting
from localoffer.mail.backends.base import TryLaterError
from localoffer.mail.backends.folder import Folder
from localoffer.mail.models import OutboxEmail
from localoffer.mail.states import State
from tests.factories.mail import make_sent
from tests.mail.conftest import Scripted
from tests.processes.site import wait_until


@pytest.mark.slow
def test_the_worker_of_a_site_sends_what_is_written(running, tmp_path):
    running.environment["LOCALOFFER_MAIL"] = "folder"
    running.environment["LOCALOFFER_MAIL_QUIET_HOURS"] = "never"
    postman = running.talk("postman")
    worker = running.start("-m", "localoffer", "worker")

    postman.do("write", key="news", number=3)

    def accepted():
        return {state for _address, state, _uncertain in postman.do("rows", key="news")} == {
            "accepted"
        }

    wait_until(accepted, "all three are sent")
    files = list((running.folder / "mail").rglob("*.eml"))
    assert len(files) == 3
    worker.terminate()
    assert worker.wait(20) in {0, 1}
    assert "Traceback" not in running.log


def test_the_tick_sends_what_no_worker_did(authority, updates, tmp_path, monkeypatch):
    folder = Folder(tmp_path / "mail")
    monkeypatch.setattr(backends, "chosen", lambda: folder)
    message = make_sent(authority, 2)

    duties.send(now=timezone.now())
    duties.send(now=timezone.now())

    assert set(message.emails.values_list("state", flat=True)) == {State.ACCEPTED}
    assert len(list(folder.path.rglob("*.eml"))) == 2


def test_the_tick_does_not_fail_while_the_service_is_away(authority, updates, monkeypatch):
    class Away(Scripted):
        def __enter__(self):
            raise TryLaterError("nobody", whole=True)

    monkeypatch.setattr(backends, "chosen", Away)
    make_sent(authority, 1)

    duties.send(now=timezone.now())

    assert OutboxEmail.objects.get().state == State.QUEUED


def test_a_postman_waits_longer_while_the_service_is_away_and_stops_at_once(monkeypatch):
    runs = []

    class Away:
        def __init__(self, **options):
            pass

        def run(self):
            runs.append(time.monotonic())
            raise TryLaterError("nobody")

    monkeypatch.setattr(posting, "Sender", Away)
    monkeypatch.setattr(posting, "EVERY", 0.05)
    postman = posting.Postman()
    postman.start()
    wait_until(lambda: len(runs) > 3, "it tries again")
    started = time.monotonic()
    postman.stop()

    assert not postman.is_alive()
    assert time.monotonic() - started < 2
    waits = [later - earlier for earlier, later in itertools.pairwise(runs)]
    assert waits[0] < waits[2]


def checks(settings, **fields):
    for name, value in fields.items():
        setattr(settings, name, value)
    said = StringIO()
    call_command("check", deploy=True, stderr=said, fail_level="CRITICAL")
    return said.getvalue()


def test_an_installation_is_told_what_is_wrong_with_its_mail(settings):
    server = {"host": "mail.example", "port": 25}
    smtp = {"MAIL": {"way": "smtp", "server": server}}
    inbox = {"MAIL_INBOX": "in@b.example", "MAIL_INCOMING": {"kind": "path", "path": "/x"}}
    notify = {"MAIL": {"way": "notify", "server": {}}}
    keys = {"key": "k", "template": "t", "reply_to": ""}

    assert "nobody gets any mail" in checks(settings, MAIL={"way": "folder", "server": {}})
    assert "Nobody reads reports" in checks(settings, **smtp)
    assert "Nobody reads reports" not in checks(settings, **smtp, **inbox)
    assert "its key or its template" in checks(settings, **notify)
    assert "its key or its template" not in checks(settings, **notify, NOTIFY=keys)
