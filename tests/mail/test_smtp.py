"""What a mail server says, and what becomes of the mail: against a server of our own."""

import socket
import threading

import pytest
from aiosmtpd.controller import Controller

from localoffer.mail.backends.base import RefusedError, TryLaterError, UncertainError
from localoffer.mail.backends.smtp import Smtp
from localoffer.mail.composing import Mail
from tests.processes.site import free_port


def mail(to="parent@example.org", content=b"Subject: a\r\n\r\n.\r\nHello\r\n"):
    return Mail(
        reference="1" * 32, to=to, return_path="us@b.example", subject="", text="", content=content
    )


class Server:
    """Answers RCPT and DATA as it is told."""

    def __init__(self):
        self.rcpt, self.data, self.taken = "", "250 queued as 4711", []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append(envelope)
        return self.data


@pytest.fixture
def server():
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def smtp(server):
    return Smtp(host="127.0.0.1", port=server.port)


def test_a_mail_arrives_as_it_was_made_and_the_service_names_it(smtp, server):
    with smtp.session() as session:
        handed = session.send(mail())

    (envelope,) = server.taken
    assert handed.reference == "queued as 4711"
    assert envelope.mail_from == "us@b.example"
    assert envelope.rcpt_tos == ["parent@example.org"]
    assert envelope.content == b"Subject: a\r\n\r\n.\r\nHello\r\n"


@pytest.mark.parametrize(
    ("rcpt", "error", "fields"),
    [
        ("550 5.1.1 unknown", RefusedError, {"mailbox": True}),
        ("550 no such user", RefusedError, {"mailbox": True}),
        ("550 5.7.1 blocked", RefusedError, {"mailbox": False}),
        ("554 no", RefusedError, {"mailbox": False}),
        ("450 4.2.1 greylisted", TryLaterError, {"whole": False}),
        ("421 4.3.2 closing", TryLaterError, {"whole": True}),
    ],
)
def test_each_answer_about_a_mailbox_is_told_apart(smtp, server, rcpt, error, fields):
    server.rcpt = rcpt
    with smtp.session() as session, pytest.raises(error) as raised:
        session.send(mail())

    assert str(raised.value) == rcpt
    assert {name: getattr(raised.value, name) for name in fields} == fields


def test_after_a_refusal_the_next_mail_goes_by_the_same_connection(smtp, server):
    with smtp.session() as session:
        server.rcpt = "550 5.1.1 unknown"
        with pytest.raises(RefusedError):
            session.send(mail())
        server.rcpt, server.data = "", "451 4.3.0 later"
        with pytest.raises(TryLaterError):
            session.send(mail())
        server.data = "554 5.6.0 no"
        with pytest.raises(RefusedError):
            session.send(mail())
        server.data = "250 taken"
        assert session.send(mail()).reference == "taken"


def test_a_server_that_is_not_there_is_tried_later():
    with pytest.raises(TryLaterError) as raised, Smtp(host="127.0.0.1", port=free_port()).session():
        pass

    assert raised.value.whole


@pytest.fixture
def breaking():
    """A server that hangs up after so many answers."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(answers):
        connection, _address = listening.accept()
        with connection, connection.makefile("rb") as lines:
            for answer in answers:
                connection.sendall(answer)
                line = lines.readline()
                while answer.startswith(b"354") and line not in {b".\r\n", b""}:
                    line = lines.readline()

    def start(*answers):
        thread = threading.Thread(target=serve, args=[answers], daemon=True)
        thread.start()
        return Smtp(host="127.0.0.1", port=listening.getsockname()[1])

    yield start
    listening.close()


GREETING = (b"220 hello\r\n", b"250 hello\r\n")


def test_a_line_that_breaks_before_the_mail_was_given_is_no_doubt(breaking):
    with pytest.raises(TryLaterError), breaking(*GREETING, b"250 OK\r\n").session() as session:
        session.send(mail())


def test_a_line_that_breaks_after_the_mail_was_given_is_one(breaking):
    answers = [*GREETING, b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n"]
    with pytest.raises(UncertainError), breaking(*answers).session() as session:
        session.send(mail())
