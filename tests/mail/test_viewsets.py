from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from localoffer.authority.models import Authority
from localoffer.mail import actions, backends, events, panels, sweeping, telling
from localoffer.mail.backends.base import RefusedError, UncertainError
from localoffer.mail.backends.folder import Folder
from localoffer.mail.delivering import Sender
from localoffer.mail.models import OutboxEmail, Suppression
from localoffer.mail.states import State
from tests.factories.authority import make_officer
from tests.factories.mail import make_message, make_recipients, make_sent, make_stopped
from tests.mail.conftest import Scripted


@pytest.fixture
def officer(authority, client):
    """A participation officer who is signed in."""
    found = make_officer(authority, role="participation_officer")
    client.force_login(found)
    return found


@pytest.fixture
def message(authority, updates, officer):
    """One got it, one does not exist, one was lost sight of, one waits."""
    found = make_sent(authority, 4)
    answers = [None, RefusedError("550 5.1.1 unknown", mailbox=True), UncertainError("dead")]
    found.emails.filter(person="person-3").update(not_before=timezone.now() + timedelta(hours=1))
    Sender(backend=Scripted(*answers)).run()
    return found


def page(client, name, *args, **query):
    return client.get(reverse(f"mail:{name}", args=args), query)


def words(response):
    assert response.status_code == 200
    return response.content.decode()


def test_one_page_says_who_got_it_who_did_not_and_why_and_who_perhaps(client, message):
    found = words(page(client, "message", message.pk))

    account = telling.account(message)
    assert (account.total, account.got, account.not_reached) == (4, 1, 1)
    assert (account.waiting, account.unknown, account.resent) == (1, 1, 0)
    assert [(line.why, line.number) for line in account.reasons] == [("550 5.1.1 unknown", 1)]
    assert all(f"person-{at}@example.org" in found for at in range(4))
    assert "550 5.1.1 unknown" in found
    assert "Send again to all 1" in found


@pytest.mark.parametrize(
    ("show", "people"),
    [("got", {0}), ("not", {1}), ("maybe", {2}), ("waiting", {2, 3}), ("all", {0, 1, 2, 3})],
)
def test_each_group_can_be_looked_at_by_itself(client, message, show, people):
    found = words(page(client, "message", message.pk, show=show))

    assert {at for at in range(4) if f"person-{at}@example.org" in found} == people


def test_one_person_is_looked_for_without_their_address_in_any_address(client, message):
    url = reverse("mail:message", args=[message.pk])

    found = words(client.post(url, {"address": " Person-1@EXAMPLE.org"}))

    assert "person-1@example.org" in found
    assert "person-0@example.org" not in found


def test_one_person_is_found_whatever_was_looked_at_before(client, message):
    url = reverse("mail:message", args=[message.pk])

    found = words(client.post(f"{url}?show=got&p=9", {"address": "person-1@example.org"}))

    assert '<th scope="row">person-1@example.org</th>' in found


def test_who_may_not_have_got_it_is_still_said_after_it_was_left(client, message):
    client.post(reverse("mail:decide", args=[message.pk]), {"do": "leave"})

    found = words(page(client, "message", message.pk, show="maybe"))

    assert "person-2@example.org" in found
    assert "Not known: left as it was" in found
    row = message.emails.get(person="person-2")
    events.record(source="x", event_id="1", kind="delivered", at=None, row=row)
    found = words(page(client, "message", message.pk, show="maybe"))
    assert "person-2@example.org" not in found


@pytest.mark.parametrize(
    ("do", "state", "again"), [("again", State.QUEUED, True), ("leave", State.ACCEPTED, False)]
)
def test_a_person_decides_what_becomes_of_unknown_mail(client, message, do, state, again):
    url = reverse("mail:decide", args=[message.pk])

    client.post(url, {"do": do})
    client.post(url, {"do": do})

    row = message.emails.get(person="person-2")
    assert (row.state, bool(row.resent_at), bool(row.uncertain_at)) == (state, again, True)
    assert ModelLogEntry.objects.get().action == f"mail.{do}"
    assert message.emails.get(person="person-1").state == State.HARD_BOUNCED


def test_who_got_it_twice_perhaps_is_still_said_after_it_was_sent_again(client, message):
    sweeping.send_again(message.emails.all())
    Sender(backend=Scripted()).run()

    found = words(page(client, "message", message.pk, show="maybe"))

    assert "person-2@example.org" in found
    assert "Maybe: sent again" in found
    assert telling.account(message).resent == 1


def test_one_of_several_can_be_decided_about_alone(client, message):
    message.emails.filter(person="person-3").update(
        state=State.UNKNOWN, uncertain_at=timezone.now()
    )
    two = message.emails.get(person="person-2")

    client.post(reverse("mail:decide", args=[message.pk]), {"do": "again", "email": two.pk})

    states = dict(message.emails.values_list("person", "state"))
    assert (states["person-2"], states["person-3"]) == (State.QUEUED, State.UNKNOWN)


@pytest.mark.parametrize("data", [{}, {"do": "burn"}, {"do": "again", "email": "x"}])
def test_nothing_is_decided_by_accident(client, message, data):
    url = reverse("mail:decide", args=[message.pk])

    assert client.get(url).status_code == 405
    client.post(url, data)

    assert message.emails.get(person="person-2").state == State.UNKNOWN


def test_the_list_says_the_numbers_and_costs_the_same_for_one_as_for_many(
    client, authority, message
):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            found = words(page(client, "index"))
        return len(queries), found

    cost()
    one, found = cost()
    for at in range(5):
        make_sent(authority, 2, key=f"more {at}", subject=f"More {at}")
    many, found = cost()

    assert one == many
    assert "More 4" in found


def test_a_form_of_a_mailing_is_listed_by_its_name_where_somebody_takes_it(
    client, authority, officer
):
    taken = make_message(authority, key="large", subject="Week", variant="Large print")
    actions.address(taken, make_recipients(1))
    actions.release(taken)
    untaken = make_message(authority, key="plain", subject="Week", variant="Plain text")
    actions.release(untaken)

    found = words(page(client, "index"))

    assert "Large print" in found
    assert "Plain text" not in found


def test_messages_to_one_person_are_shown_when_asked_for(client, authority, officer):
    make_sent(authority, 1, key="code", stream="", subject="Your code")

    assert "Your code" not in words(page(client, "index"))
    assert "Your code" in words(page(client, "index", show="all"))


def test_a_mail_in_the_folder_is_seen_as_it_is(
    client, authority, updates, officer, tmp_path, monkeypatch
):
    folder = Folder(tmp_path / "mail")
    monkeypatch.setattr(backends, "chosen", lambda: folder)
    row = make_sent(authority, 1).emails.get()
    Sender(backend=folder).run()

    seen = words(page(client, "email", row.pk))
    html = page(client, "html", row.pk)
    file = page(client, "file", row.pk)

    assert "Hello Person 0," in seen
    assert "List-Unsubscribe-Post" in seen
    assert "<p>A new club.</p>" in words(html)
    policy = html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert file.content == folder.file(row.uuid.hex).read_bytes()
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_a_mail_whose_address_is_erased_is_not_there(client, message):
    row = message.emails.get(person="person-0")
    assert page(client, "email", row.pk).status_code == 200

    OutboxEmail.objects.filter(pk=row.pk).update(address="")

    assert page(client, "email", row.pk).status_code == 404


def test_an_address_is_looked_up_and_only_its_hash_is_stored(client, authority, officer):
    make_stopped(authority, "gone@example.org")
    url = reverse("mail:stopped")

    gone = words(client.post(url, {"address": " GONE@example.org "}))
    here = words(client.post(url, {"address": "here@example.org"}))
    wrong = words(client.post(url, {"address": "nobody"}))

    assert "There is no such mailbox" in gone
    assert "Write to this address again" in gone
    assert "takes our mail" in here
    assert "Enter an email address in the right form" in wrong
    assert "gone" not in str(Suppression.objects.values())


def test_a_stop_is_lifted_with_a_reason_and_logged(client, authority, updates, officer):
    stopped = make_stopped(authority, "person-0@example.org")
    url = reverse("mail:lift", args=[stopped.pk])

    assert "Say how you know" in words(client.post(url, {"reason": " "}))
    assert Suppression.objects.standing().exists()
    client.post(url, {"reason": "They rang on 3 May."})

    stopped.refresh_from_db()
    assert (stopped.lifted_reason, bool(stopped.lifted_at)) == ("They rang on 3 May.", True)
    logged = ModelLogEntry.objects.get()
    assert (logged.action, "rang" in str(logged.data).lower()) == ("mail.lift", False)
    message = make_sent(authority, 1)
    Sender(backend=Scripted()).run()
    assert message.emails.get().state == State.ACCEPTED
    assert client.post(url, {"reason": "Again"}).status_code == 404


def test_a_legal_reason_is_not_lifted(client, authority, officer):
    stopped = make_stopped(authority, reason=Suppression.Reason.LEGAL)

    client.post(reverse("mail:lift", args=[stopped.pk]), {"reason": "They asked"})

    assert Suppression.objects.standing().get() == stopped


def test_a_stop_that_was_lifted_can_come_again(authority, updates):
    make_stopped(authority, "person-0@example.org", lifted_at=timezone.now(), lifted_reason="Rang")
    message = make_sent(authority, 1)
    Sender(backend=Scripted()).run()

    events.record(source="x", event_id="1", kind="hard_bounced", at=None, row=message.emails.get())

    assert Suppression.objects.standing().count() == 1
    assert Suppression.objects.count() == 2


@pytest.mark.parametrize("role", ["content_editor", "directory_officer", "plan_officer"])
def test_who_has_nothing_to_do_with_mail_sees_none(client, authority, message, role):
    client.force_login(make_officer(authority, role=role, email="other@example.org"))

    for name, args in [
        ("index", []),
        ("message", [message.pk]),
        ("email", [message.emails.first().pk]),
        ("stopped", []),
    ]:
        assert page(client, name, *args).status_code == 404


# Today


def trouble(now=None):
    return panels.trouble(authorities=Authority.objects.all(), now=now or timezone.now())


def test_nothing_is_said_while_all_is_well(authority, updates):
    make_sent(authority, 3)
    Sender(backend=Scripted()).run()

    assert trouble() is None


def test_today_says_what_waits_for_a_decision_and_what_was_refused(authority, updates):
    make_sent(authority, 2)
    Sender(backend=Scripted(UncertainError("dead"), RefusedError("554 no"))).run()

    panel = trouble()

    assert panel.urgent
    assert [row.note for row in panel.rows] == [
        "1 email: sent or not? Decide",
        "1 email refused by the mail service",
    ]


def test_today_says_that_mail_does_not_go_out_but_not_at_night(authority, updates, settings):
    message = make_message(authority)
    now = timezone.now()
    actions.address(message, make_recipients(2))
    actions.release(message)

    assert trouble(now + timedelta(minutes=29)) is None
    late = trouble(now + timedelta(minutes=31))
    assert [row.note for row in late.rows] == ["2 emails waiting for over 30 minutes"]
    hour = timezone.localtime(now).hour
    settings.MAIL_QUIET_HOURS = (hour, (hour + 3) % 24)
    assert trouble(now + timedelta(minutes=31)) is None
