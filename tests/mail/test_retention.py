"""What mail keeps of people, for how long, and that it is gone after."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from localoffer.mail import actions, backends, collecting, events, incoming, retention
from localoffer.mail.backends.base import UncertainError
from localoffer.mail.backends.folder import Folder
from localoffer.mail.composing import Mail
from localoffer.mail.delivering import Sender
from localoffer.mail.models import (
    DeliveryEvent,
    IncomingMail,
    Message,
    OutboxEmail,
    Suppression,
)
from localoffer.mail.states import State
from tests.factories.mail import make_message, make_recipients, make_sent, make_stopped
from tests.mail.conftest import Scripted
from tests.mail.test_reports import FIXTURES

# Nothing of a person: what a mailing is, states, times and numbers.
NOTHING_OF_A_PERSON = {
    "mail.Message.id",
    "mail.Message.authority",
    "mail.Message.uuid",
    "mail.Message.kind",
    "mail.Message.stream",
    "mail.Message.variant",
    "mail.Message.parts",
    "mail.Message.dropped",
    "mail.Message.created",
    "mail.Message.released_at",
    "mail.Message.not_before",
    "mail.OutboxEmail.id",
    "mail.OutboxEmail.authority",
    "mail.OutboxEmail.message",
    "mail.OutboxEmail.uuid",
    "mail.OutboxEmail.priority",
    "mail.OutboxEmail.state",
    "mail.OutboxEmail.attempts",
    "mail.OutboxEmail.created",
    "mail.OutboxEmail.not_before",
    "mail.OutboxEmail.lease_until",
    "mail.OutboxEmail.worker",
    "mail.OutboxEmail.tried_at",
    "mail.OutboxEmail.done_at",
    "mail.OutboxEmail.uncertain_at",
    "mail.OutboxEmail.resent_at",
    "mail.DeliveryEvent.id",
    "mail.DeliveryEvent.source",
    "mail.DeliveryEvent.event_id",
    "mail.DeliveryEvent.kind",
    "mail.DeliveryEvent.email",
    "mail.DeliveryEvent.at",
    "mail.DeliveryEvent.received_at",
    "mail.Suppression.id",
    "mail.Suppression.authority",
    "mail.Suppression.reason",
    "mail.Suppression.since",
    "mail.Suppression.lifted_at",
    "mail.IncomingMail.id",
    "mail.IncomingMail.digest",
    "mail.IncomingMail.received_at",
    "mail.IncomingMail.kind",
    "mail.IncomingMail.handled_at",
    "mail.IncomingMail.attempts",
}


def test_every_field_has_a_term_or_holds_nothing_of_a_person():
    fields = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_app_config("mail").get_models()
        for field in model._meta.concrete_fields
    }

    assert fields == set(retention.TERMS) | NOTHING_OF_A_PERSON
    assert not set(retention.TERMS) & NOTHING_OF_A_PERSON


@pytest.fixture
def folder(tmp_path, monkeypatch):
    found = Folder(tmp_path / "mail")
    monkeypatch.setattr(backends, "chosen", lambda: found)
    return found


def after(term, **more):
    return timezone.now() + term + timedelta(**{"minutes": 1, **more})


def files(folder):
    return len(list(folder.path.rglob("*.eml")))


def test_one_persons_own_mail_goes_with_all_it_says(authority, updates, folder):
    make_sent(authority, 1, stream="", key="code", text="Your code is 7")
    edition = make_sent(authority, 2)
    Sender(backend=folder).run()

    retention.purge(now=after(retention.PERSONAL_KEPT, days=-1))
    assert Message.objects.count() == 2
    retention.purge(now=after(retention.PERSONAL_KEPT))

    assert list(Message.objects.all()) == [edition]
    assert files(folder) == 2


@pytest.mark.parametrize("own", [True, False])
def test_mail_of_which_nobody_knows_has_a_term_too(authority, updates, own):
    fields = {"stream": "", "key": "code"} if own else {}
    message = make_sent(authority, 1, **fields)
    Sender(backend=Scripted(UncertainError("dead"))).run()
    kept = retention.PERSONAL_KEPT if own else retention.ADDRESS_KEPT

    retention.purge(now=after(kept, days=-1))
    assert message.emails.get().state == State.UNKNOWN
    retention.purge(now=after(kept))

    left = [(row.state, row.address, row.address_hash) for row in message.emails.all()]
    assert left == ([] if own else [(State.ACCEPTED, "", "")])


def test_in_a_mailing_who_it_went_to_is_erased_and_what_became_of_it_stays(
    authority, updates, folder
):
    message = make_sent(authority, 3)
    Sender(backend=folder).run()

    retention.purge(now=after(retention.ADDRESS_KEPT))

    gone = message.emails.values_list(*retention.NOTHING)
    assert {tuple(map(str, row)) for row in gone} == {
        tuple(str(value) for value in retention.NOTHING.values())
    }
    assert set(message.emails.values_list("state", flat=True)) == {State.ACCEPTED}
    assert files(folder) == 0

    retention.purge(now=after(retention.ROWS_KEPT))
    assert not OutboxEmail.objects.exists()
    assert Message.objects.get() == message


def test_a_file_without_a_row_goes_too(authority, folder):
    with folder.session() as session:
        session.send(Mail("1" * 32, "officer@example.org", "", "", "", content=b"reset"))

    retention.purge(now=after(retention.ADDRESS_KEPT, days=-1))
    assert files(folder) == 1
    retention.purge(now=after(retention.ADDRESS_KEPT))
    assert files(folder) == 0


def test_what_is_still_on_its_way_is_never_erased(authority, updates, folder):
    message = make_message(authority)
    actions.address(message, make_recipients(2))
    actions.release(message, not_before=timezone.now() + timedelta(days=500))

    retention.purge(now=after(timedelta(days=400)))

    assert message.emails.exclude(address="").count() == 2


def test_notices_of_services_and_reports_are_emptied_and_then_go(authority, updates, folder):
    row = make_sent(authority, 1).emails.get()
    events.record(
        source="notify",
        event_id="1",
        kind=str(State.DELIVERED),
        at=None,
        row=row,
        detail="said to <person-0@example.org>",
        raw='{"to": "person-0@example.org"}',
    )
    for name in ["postfix-full", "person"]:
        collecting.keep((FIXTURES / f"{name}.eml").read_bytes())
    incoming.handle_all()

    retention.purge(now=after(retention.RAW_KEPT))
    assert set(DeliveryEvent.objects.values_list("raw", flat=True)) == {""}
    assert "@" not in "".join(DeliveryEvent.objects.values_list("detail", flat=True))
    emptied = {mail.kind: bytes(mail.raw) == b"" for mail in IncomingMail.objects.all()}
    assert emptied == {"report": True, "other": False}

    retention.purge(now=after(retention.OTHER_KEPT))
    assert all(bytes(mail.raw) == b"" for mail in IncomingMail.objects.all())

    retention.purge(now=after(retention.EVENTS_KEPT))
    assert not DeliveryEvent.objects.exists()
    assert not IncomingMail.objects.exists()


def test_who_takes_no_mail_is_kept_as_long_as_that_stands(authority, folder):
    make_stopped(authority)
    lifted = make_stopped(
        authority, "back@example.org", lifted_at=timezone.now(), lifted_reason="They rang"
    )

    retention.purge(now=after(retention.LIFTED_KEPT))

    assert list(Suppression.objects.all()) == [Suppression.objects.exclude(pk=lifted.pk).get()]


def test_nothing_in_the_tables_says_an_address_once_its_term_is_over(authority, updates, folder):
    make_sent(authority, 2)
    make_sent(authority, 1, key="code", stream="")
    backend = Scripted()
    Sender(backend=backend).run()
    row = OutboxEmail.objects.filter(message__stream="updates").first()
    events.record(
        source="x",
        event_id="1",
        kind=str(State.HARD_BOUNCED),
        at=None,
        row=row,
        detail=f"550 5.1.1 {row.address} unknown",
    )

    retention.purge(now=after(retention.EVENTS_KEPT))

    for model in apps.get_app_config("mail").get_models():
        for record in model.objects.values():
            assert "example.org" not in str(record), model
