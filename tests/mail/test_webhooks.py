"""What mail services call with, in the forms that they document."""

import base64
import hashlib
import hmac
import json

import pytest
from django.urls import reverse

from localoffer.mail.delivering import Sender
from localoffer.mail.models import DeliveryEvent, OutboxEmail, Suppression
from localoffer.mail.states import State
from tests.factories.mail import make_sent
from tests.mail.conftest import Scripted

PASSWORD = "localoffer:a long password"
KEY = "signing key"


@pytest.fixture
def row(authority, updates):
    message = make_sent(authority, 1)
    Sender(backend=Scripted()).run()
    return message.emails.get()


@pytest.fixture
def call(client, settings, row):
    """Call as a service; ``call.by("mailgun")`` chooses which one is set."""

    def by(service):
        settings.MAIL_SERVICE = service
        settings.MAIL_SERVICE_PASSWORD = "" if service == "mailgun" else PASSWORD
        settings.MAIL_SERVICE_KEY = KEY if service == "mailgun" else ""
        settings.ANYMAIL = {
            "WEBHOOK_SECRET": settings.MAIL_SERVICE_PASSWORD,
            "MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
        }

    def call(said, password=PASSWORD):
        body = said if isinstance(said, bytes) else json.dumps(said)
        headers = {}
        if password:
            known = base64.b64encode(password.encode()).decode()
            headers["Authorization"] = f"Basic {known}"
        return client.post(
            reverse("mail_services:service"), body, content_type="application/json", headers=headers
        )

    call.by = by
    by("postmark")
    return call


def message_id(row):
    return f"{row.uuid.hex}@barsetshire.example"


def postmark(row, kind="HardBounce", **fields):
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": kind,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Description": "The server was unable to deliver your message (ex: unknown user).",
        "Details": "smtp;550 5.1.1 The email account does not exist.",
        "Email": row.address,
        "BouncedAt": "2026-11-26T09:00:00Z",
        "Metadata": {"reference": row.uuid.hex},
        **fields,
    }


def mailgun(row, event="failed", severity="permanent", key=KEY, **fields):
    token, moment = "t" * 50, "1795683600"
    signed = hmac.new(key.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": moment, "token": token, "signature": signed},
        "event-data": {
            "event": event,
            "severity": severity,
            "reason": "bounce",
            "recipient": row.address,
            "timestamp": 1795683600.0,
            "message": {"headers": {"message-id": message_id(row)}},
            "delivery-status": {"code": 550, "message": "5.1.1 no such user", "description": ""},
            **fields,
        },
    }


def brevo(row, event="hard_bounce", **fields):
    return {
        "event": event,
        "email": row.address,
        "id": 1,
        "date": "2026-11-26 09:00:00",
        "ts": 1795683600,
        "ts_event": 1795683600,
        "message-id": f"<{message_id(row)}>",
        "reason": "550 5.1.1 unknown user",
        **fields,
    }


FORMS = {
    "postmark": postmark,
    "mailgun": mailgun,
    "brevo": brevo,
}


@pytest.mark.parametrize("service", FORMS)
def test_each_service_is_understood_and_heard_once(call, row, service):
    call.by(service)

    for _ in range(2):
        assert call(FORMS[service](row)).status_code == 200

    row.refresh_from_db()
    assert row.state == State.HARD_BOUNCED
    assert DeliveryEvent.objects.get().source == service
    assert Suppression.objects.get().reason == Suppression.Reason.HARD_BOUNCE
    assert row.address not in DeliveryEvent.objects.get().detail


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (lambda row: postmark(row, "SoftBounce", Details="452 4.2.2 full"), State.SOFT_BOUNCED),
        (lambda row: postmark(row, "Transient"), State.ACCEPTED),
        (lambda row: postmark(row, "SpamNotification"), State.COMPLAINED),
        (lambda row: postmark(row, RecordType="Delivery"), State.DELIVERED),
        (lambda row: postmark(row, RecordType="Open"), State.ACCEPTED),
        (lambda row: postmark(row, RecordType="News"), State.ACCEPTED),
    ],
)
def test_each_kind_of_news_is_told_apart(call, row, said, state):
    assert call(said(row)).status_code == 200

    row.refresh_from_db()
    assert row.state == state


def test_late_news_takes_nothing_back(call, row):
    call.by("brevo")

    for event in ["spam", "hard_bounce", "soft_bounce", "delivered"]:
        assert call(brevo(row, event)).status_code == 200

    row.refresh_from_db()
    assert row.state == State.COMPLAINED
    assert Suppression.objects.get().reason == Suppression.Reason.COMPLAINT


@pytest.mark.parametrize("password", ["", "localoffer:wrong", "x", "ü:ü"])
def test_nobody_is_listened_to_without_the_password(call, row, password):
    assert call(postmark(row), password=password).status_code == 401
    assert not DeliveryEvent.objects.exists()


def test_a_wrong_signature_is_refused(call, row):
    call.by("mailgun")

    assert call(mailgun(row, key="another")).status_code == 401
    assert call({}).status_code == 401
    assert call(b"{").status_code == 401
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("service", ["postmark", "mailgun"])
def test_where_nothing_is_set_nobody_is_listened_to(call, row, settings, service):
    call.by(service)
    settings.MAIL_SERVICE_PASSWORD = settings.MAIL_SERVICE_KEY = ""

    assert call(FORMS[service](row)).status_code == 401
    settings.MAIL_SERVICE = ""
    assert call(FORMS[service](row)).status_code == 404


@pytest.mark.parametrize("said", [b"", b"{", b"\xff", [], "words", 7, {"RecordType": "Inbound"}])
def test_what_the_service_does_not_send_is_refused_and_nothing_is_stored(call, row, said):
    assert call(said).status_code == 400
    assert not DeliveryEvent.objects.exists()


def test_what_is_about_no_mail_of_ours_is_left(call, row):
    assert call(postmark(row, Metadata={})).status_code == 200
    assert call(postmark(row, Metadata={"reference": "0" * 32})).status_code == 200
    assert not DeliveryEvent.objects.exists()


def test_what_is_too_long_is_refused(call, row):
    assert call(b"x" * 2_100_000).status_code == 413


def test_a_service_that_keeps_no_message_id_is_given_our_number(call, row):
    mail = Sender(backend=Scripted()).mail(row)
    assert f"X-PM-Metadata-reference: {row.uuid.hex}\r\n".encode() in mail.content

    call.by("mailgun")
    assert b"X-PM" not in Sender(backend=Scripted()).mail(row).content
    assert OutboxEmail.objects.count() == 1
