"""GOV.UK Notify, spoken to over HTTP: a stand-in that keeps what it was sent."""

import json
import threading
import uuid
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from localoffer.mail import sweeping
from localoffer.mail.backends.base import RefusedError, TryLaterError, UncertainError
from localoffer.mail.backends.notify import Notify
from localoffer.mail.composing import Mail
from localoffer.mail.delivering import Sender
from localoffer.mail.models import DeliveryEvent, OutboxEmail, Suppression
from localoffer.mail.states import State
from tests.factories.mail import make_sent
from tests.mail.conftest import Scripted
from tests.processes.site import free_port

KEY = f"barsetshire-{uuid.UUID(int=1)}-{uuid.UUID(int=2)}"


class StandIn:
    """Keeps what is sent to it, says what a test wants, and answers for its reference."""

    def __init__(self):
        self.sent, self.answer, self.status = [], None, "delivered"
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                code, said = stand_in.answer or (201, {"id": str(uuid.uuid4())})
                if stand_in.answer is None or code >= 500:
                    stand_in.sent.append(body)
                self.reply(code, said)

            def do_GET(self):
                wanted = parse_qs(urlsplit(self.path).query)["reference"][0]
                found = [
                    {"id": str(uuid.UUID(int=3)), "status": stand_in.status, "created_at": "2026"}
                    for one in stand_in.sent
                    if one["reference"] == wanted
                ]
                code, said = stand_in.answer or (200, {"notifications": found})
                self.reply(code, said)

            def reply(self, code, said):
                self.send_response(code)
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(json.dumps(said).encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def backend(self):
        address = f"http://127.0.0.1:{self.server.server_port}"
        return Notify(key=KEY, template="t", reply_to="r", base_url=address)


@pytest.fixture
def service():
    found = StandIn()
    yield found
    found.server.shutdown()
    found.server.server_close()


def mail():
    text = "A long line that was broken \nand goes on.\n\n > stuffed"
    return Mail("1" * 32, "sam@example.org", "", "News", text, leave_url="https://b.example/leave")


def test_it_gets_our_reference_the_words_unbroken_and_the_way_to_leave(service):
    with service.backend.session() as session:
        session.send(mail())

    assert service.sent == [
        {
            "email_address": "sam@example.org",
            "template_id": "t",
            "personalisation": {
                "subject": "News",
                "body": "A long line that was broken and goes on.\n\n> stuffed",
            },
            "reference": "1" * 32,
            "email_reply_to_id": "r",
            "one_click_unsubscribe_url": "https://b.example/leave",
        }
    ]


def errors(*words):
    return {"errors": [{"error": "BadRequestError", "message": word} for word in words]}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, errors("email_address Not a valid email address")), RefusedError),
        ((403, errors("Invalid token")), TryLaterError),
        ((429, errors("Exceeded rate limit")), TryLaterError),
        ((500, errors("Internal server error")), UncertainError),
        ((503, {}), UncertainError),
        ((201, "not what it says"), UncertainError),
    ],
)
def test_each_answer_is_told_apart(service, answer, error):
    service.answer = answer
    with service.backend.session() as session, pytest.raises(error, match=r"GOV\.UK Notify"):
        session.send(mail())


def test_where_nobody_answers_nothing_was_taken():
    backend = Notify(key=KEY, template="t", base_url=f"http://127.0.0.1:{free_port()}")

    with backend.session() as session, pytest.raises(TryLaterError) as raised:
        session.send(mail())

    assert raised.value.whole


def lost(authority, service, number=2, **fields):
    """A message of which the service failed in the midst of each mail."""
    service.answer = (500, errors("Internal server error"))
    message = make_sent(authority, number, **fields)
    Sender(backend=service.backend).run()
    service.answer = None
    assert set(message.emails.values_list("state", flat=True)) == {State.UNKNOWN}
    return message


LATER = timedelta(minutes=2)


def test_what_is_unknown_is_asked_for_by_our_reference(authority, updates, service):
    message = lost(authority, service)
    first = message.emails.order_by("pk").first()
    service.sent = [one for one in service.sent if one["reference"] == first.uuid.hex]

    sweeping.sweep(now=timezone.now() + LATER, backend=service.backend)

    states = list(message.emails.order_by("pk").values_list("state", flat=True))
    assert states == [State.DELIVERED, State.QUEUED]
    assert message.emails.order_by("pk").first().provider_ref == str(uuid.UUID(int=3))


def test_while_it_cannot_say_what_is_unknown_stays_so(authority, updates, service):
    message = lost(authority, service, stream="")
    service.answer = (403, errors("Invalid token"))

    sweeping.sweep(now=timezone.now() + LATER, backend=service.backend)

    assert set(message.emails.values_list("state", flat=True)) == {State.UNKNOWN}


# Callbacks


TOKEN = "a token of thirty characters or so"


@pytest.fixture
def row(authority, updates, settings):
    settings.NOTIFY_TOKEN = TOKEN
    message = make_sent(authority, 1)
    Sender(backend=Scripted()).run()
    return message.emails.get()


def call(client, said, token=TOKEN):
    body = said if isinstance(said, bytes) else json.dumps(said)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(
        reverse("mail_services:notify"), body, content_type="application/json", headers=headers
    )


def receipt(row, status, **fields):
    return {
        "id": str(uuid.UUID(int=7)),
        "reference": row.uuid.hex,
        "to": row.address,
        "status": status,
        "created_at": "2026-11-26T09:00:00.000000Z",
        "completed_at": "2026-11-26T09:01:00.000000Z",
        "notification_type": "email",
        **fields,
    }


def test_a_receipt_is_acted_on_once_whenever_and_however_often_it_comes(client, row):
    for status in ["permanent-failure", "permanent-failure", "delivered", "sending"]:
        assert call(client, receipt(row, status)).status_code == 200

    row.refresh_from_db()
    assert row.state == State.HARD_BOUNCED
    assert Suppression.objects.count() == 1
    assert DeliveryEvent.objects.count() == 3


@pytest.mark.parametrize("token", ["", "wrong", "ü", TOKEN + "x"])
def test_nobody_else_is_listened_to(client, row, token):
    assert call(client, receipt(row, "delivered"), token=token).status_code == 401
    assert not DeliveryEvent.objects.exists()


def test_where_no_token_is_set_there_is_nothing(client, row, settings):
    settings.NOTIFY_TOKEN = ""

    assert call(client, receipt(row, "delivered"), token="").status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 50_000,
        [],
        {},
        "words",
        {"id": 7, "status": "delivered"},
        {"id": str(uuid.UUID(int=7))},
        {"id": str(uuid.UUID(int=7)), "status": "no such status"},
        {"id": str(uuid.UUID(int=7)), "status": ["delivered"]},
    ],
)
def test_what_is_no_receipt_is_refused_and_nothing_is_stored(client, row, said):
    assert call(client, said).status_code == 400
    assert not DeliveryEvent.objects.exists()


def test_what_is_too_long_is_refused(client, row):
    assert call(client, b"x" * 200_000).status_code == 413


@pytest.mark.parametrize(
    "fields",
    [
        {"reference": None},
        {"reference": "somebody else's"},
        {"reference": ["x"]},
        {"reference": str(uuid.UUID(int=9))},
    ],
)
def test_a_receipt_for_mail_that_is_not_ours_is_left(client, row, fields):
    assert call(client, receipt(row, "permanent-failure", **fields)).status_code == 200
    assert not DeliveryEvent.objects.exists()
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("at", ["yesterday", 7, "2026-11-26T09:01:00", "9999-99-99T00:00:00Z"])
def test_a_time_that_is_none_is_now(client, row, at):
    assert call(client, receipt(row, "delivered", completed_at=at)).status_code == 200

    assert timezone.now() - DeliveryEvent.objects.get().at < timedelta(minutes=5)
    assert OutboxEmail.objects.get().state == State.DELIVERED


def test_it_is_called_by_post_alone(client, row):
    assert client.get(reverse("mail_services:notify")).status_code == 405
