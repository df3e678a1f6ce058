"""Our mailbox: taken out once, whatever kind it is, and acted on once."""

import imaplib
import mailbox
import socket
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from localoffer import env
from localoffer.mail import collecting, duties, incoming, streams
from localoffer.mail.delivering import Sender
from localoffer.mail.models import DeliveryEvent, IncomingMail, Suppression
from localoffer.mail.states import State
from tests.factories.mail import make_sent
from tests.mail.conftest import Scripted
from tests.mail.test_reports import FIXTURES, REFERENCE


@pytest.fixture(autouse=True)
def sender(settings):
    settings.MAIL_FROM = "localoffer@barsetshire.example"


@pytest.fixture
def row(authority, updates):
    message = make_sent(authority, 1)
    Sender(backend=Scripted()).run()
    message.emails.update(uuid=REFERENCE)
    return message.emails.get()


def raw(name):
    return (FIXTURES / f"{name}.eml").read_bytes()


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("postfix-no-mailbox", State.HARD_BOUNCED, "hard_bounce"),
        ("workmail", State.HARD_BOUNCED, "hard_bounce"),
        ("exchange-spam", State.HARD_BOUNCED, None),
        ("postfix-full", State.SOFT_BOUNCED, None),
        ("postfix-delayed", State.ACCEPTED, None),
        ("arf-abuse", State.COMPLAINED, "complaint"),
        ("arf-not-spam", State.ACCEPTED, None),
        ("away", State.ACCEPTED, None),
        ("person", State.ACCEPTED, None),
    ],
)
def test_what_comes_in_is_acted_on_once(row, name, state, reason):
    for _ in range(2):
        collecting.keep(raw(name))
        incoming.handle_all()

    row.refresh_from_db()
    stopped = Suppression.objects.values_list("reason", flat=True)
    assert row.state == state
    assert list(stopped) == ([reason] if reason else [])
    assert IncomingMail.objects.get().handled_at
    assert DeliveryEvent.objects.count() <= 1


def test_a_report_that_names_no_mail_of_ours_stops_nobody(authority, updates):
    make_sent(authority, 1)
    collecting.keep(raw("postfix-no-mailbox").replace(b"gone@example.org", b"person-0@example.org"))

    incoming.handle_all()

    assert DeliveryEvent.objects.get().email is None
    assert not Suppression.objects.exists()


def test_whoever_leaves_by_mail_is_handed_to_the_stream(db, updates):
    left = []
    streams.on_leave("updates", left.append)

    for name in ["leave", "away-to-leave", "leave-by-provider"]:
        collecting.keep(raw(name))
        incoming.handle_all()

    assert left == ["TOKEN-1", "token-1", "TOKEN-1"]


def test_one_that_makes_us_fail_stops_no_other_and_is_left_in_the_end(db, updates):
    left = []

    def leave(token):
        left.append(token)
        raise RuntimeError("no")

    streams.on_leave("updates", leave)
    collecting.keep(raw("leave"))
    collecting.keep(raw("person"))

    for _ in range(incoming.TRIES + 2):
        incoming.handle_all()

    assert len(left) == incoming.TRIES
    assert set(IncomingMail.objects.values_list("kind", flat=True)) == {"other"}
    assert not IncomingMail.objects.filter(handled_at=None).exists()


# Where it comes from


def names(path):
    return sorted(found.name for found in Path(path).rglob("*") if found.is_file())


def test_a_folder_of_files_and_a_maildir(db, tmp_path):
    plain, maildir = tmp_path / "plain", tmp_path / "maildir"
    plain.mkdir()
    (plain / "1.eml").write_bytes(raw("away"))
    (plain / ".half-written").write_bytes(b"x")
    box = mailbox.Maildir(maildir)
    box.add(raw("leave"))
    box.add(raw("away"))

    new = [collecting.collect({"kind": "path", "path": str(path)}) for path in (plain, maildir)]

    assert new == [1, 1]  # the same answer twice is one
    assert names(plain) == [".half-written"]
    assert names(maildir) == []


def test_an_mbox_is_emptied(db, tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    for name in ["leave", "person", "away"]:
        box.add(raw(name))
    box.close()

    assert collecting.collect({"kind": "path", "path": str(tmp_path / "box")}) == 3
    assert collecting.collect({"kind": "path", "path": str(tmp_path / "box")}) == 0
    assert (tmp_path / "box").read_bytes() == b""
    kept = bytes(IncomingMail.objects.order_by("pk").first().raw)
    assert b"Subject: leave TOKEN-1" in kept


def test_nowhere_and_a_path_that_is_not_there_are_nothing(db, tmp_path):
    assert collecting.collect({}) == 0
    assert collecting.collect({"kind": "path", "path": str(tmp_path / "none")}) == 0


class Imap(threading.Thread):
    """As much of an IMAP server as a mailbox is read with."""

    def __init__(self, mails):
        super().__init__(daemon=True)

        self.listening = socket.create_server(("127.0.0.1", 0))
        self.mails, self.deleted, self.words = dict(enumerate(mails, 1)), set(), []

    def run(self):
        connection, _address = self.listening.accept()
        with connection, connection.makefile("rwb") as file:
            self._say(file, b"* OK ready\r\n")
            for line in file:
                tag, _, command = line.strip().partition(b" ")
                self.words.append(command.decode())
                self._say(file, self._answer(command) + tag + b" OK done\r\n")
                if command == b"LOGOUT":
                    return

    def _say(self, file, words):
        file.write(words)
        file.flush()

    def _answer(self, command):
        words = command.split()
        if command == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if words[:2] == [b"UID", b"SEARCH"]:
            left = [str(number).encode() for number in self.mails if number not in self.deleted]
            return b"* SEARCH " + b" ".join(left) + b"\r\n"
        if words[:2] == [b"UID", b"FETCH"]:
            content = self.mails[int(words[2])]
            head = b"* 1 FETCH (UID %s BODY[]<0> {%d}\r\n" % (words[2], len(content))
            return head + content + b")\r\n"
        if words[:2] == [b"UID", b"STORE"]:
            self.deleted.add(int(words[2]))
        return b"* BYE\r\n" if command == b"LOGOUT" else b""


def test_an_imap_mailbox_is_emptied_once_it_is_stored(db):
    server = Imap([raw("leave"), raw("away")])
    server.start()
    source = {
        "kind": "imap",
        "tls": False,
        "host": "127.0.0.1",
        "port": server.listening.getsockname()[1],
        "user": "mail",
        "password": "secret",
        "folder": "INBOX",
    }

    assert collecting.collect(source) == 2
    server.join(10)

    assert server.deleted == {1, 2}
    assert server.words[-3:] == ["EXPUNGE", "CLOSE", "LOGOUT"]
    server.listening.close()


def test_a_mailbox_that_cannot_be_read_fails_nothing_else(db, settings, monkeypatch):
    def fail(source):
        raise imaplib.IMAP4.error("no")

    monkeypatch.setattr(collecting, "collect", fail)
    collecting.keep(raw("away"))

    duties.read(now=None)

    assert IncomingMail.objects.get().handled_at


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", {}),
        ("/var/mail/localoffer", {"kind": "path", "path": "/var/mail/localoffer"}),
        (
            "imaps://mail%40b.example:p%3Aw@mail.b.example/Reports",
            {
                "kind": "imap",
                "tls": True,
                "host": "mail.b.example",
                "port": 993,
                "user": "mail@b.example",
                "password": "p:w",
                "folder": "Reports",
            },
        ),
    ],
)
def test_where_mail_comes_in_is_read_from_the_settings(monkeypatch, value, found):
    monkeypatch.setenv("LOCALOFFER_X", value)

    assert env.mailbox("X") == found


@pytest.mark.parametrize("value", ["mail", "pop3://a:secret@b", "imaps://", "imap://b:x/y"])
def test_a_wrong_mailbox_is_refused_without_saying_its_password(monkeypatch, value):
    monkeypatch.setenv("LOCALOFFER_X", value)

    with pytest.raises(ImproperlyConfigured, match="LOCALOFFER_X must be") as raised:
        env.mailbox("X")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("value", "server"),
    [
        ("smtp://mail.b.example", ("mail.b.example", 25, "", "", "none")),
        ("smtps://u:p%2Fw@mail.b.example", ("mail.b.example", 465, "u", "p/w", "tls")),
        ("smtp+starttls://u:p@m.b:2525", ("m.b", 2525, "u", "p", "starttls")),
    ],
)
def test_a_mail_server_is_read_from_the_settings(monkeypatch, value, server):
    monkeypatch.setenv("LOCALOFFER_X", value)

    assert tuple(env.mail("X", "")["server"].values()) == server


@pytest.mark.parametrize("value", ["", "mail", "http://u:secret@b", "smtp://", "smtp://b:x"])
def test_a_wrong_mail_server_is_refused_without_saying_its_password(monkeypatch, value):
    monkeypatch.setenv("LOCALOFFER_X", value)

    with pytest.raises(ImproperlyConfigured, match="LOCALOFFER_X must be") as raised:
        env.mail("X", "")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("value", "hours"), [("21-7", (21, 7)), ("never", None), ("0-23", (0, 23))]
)
def test_quiet_hours_are_read_from_the_settings(monkeypatch, value, hours):
    monkeypatch.setenv("LOCALOFFER_X", value)

    assert env.hours("X", "") == hours


@pytest.mark.parametrize("value", ["", "21", "7-7", "21-24", "nine to five"])
def test_wrong_hours_are_refused(monkeypatch, value):
    monkeypatch.setenv("LOCALOFFER_X", value)

    with pytest.raises(ImproperlyConfigured, match="21-7"):
        env.hours("X", "")
