import pytest

from localoffer.mail import streams
from localoffer.mail.backends.base import Handed
from localoffer.mail.backends.folder import Folder


class Scripted:
    """A mail service that does what a test says, in order, and then takes everything."""

    name = "scripted"
    can_be_asked = False

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def session(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def send(self, mail):
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        self.sent.append(mail)
        return Handed(reference=answer or "taken")


@pytest.fixture
def updates(monkeypatch):
    """A stream whose people all still want it, but for those in the dict it gives."""
    unwanted = {}
    monkeypatch.setattr(streams, "_streams", {})
    streams.register(
        "updates",
        list_id="updates",
        still_wanted=lambda rows: {
            row.pk: unwanted[row.person] for row in rows if row.person in unwanted
        },
    )
    return unwanted


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "mail")


@pytest.fixture(autouse=True)
def no_quiet_hours(settings):
    settings.MAIL_QUIET_HOURS = None
