from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from localoffer.mail import actions, backends, delivering, events, outcomes, sweeping
from localoffer.mail.backends.base import RefusedError, TryLaterError, UncertainError
from localoffer.mail.backends.folder import Folder
from localoffer.mail.delivering import LEASE, Sender
from localoffer.mail.models import DeliveryEvent, Message, OutboxEmail, Suppression
from localoffer.mail.states import State
from tests.factories.mail import make_message, make_recipients, make_sent, make_stopped
from tests.mail.conftest import Scripted


@pytest.fixture
def told(monkeypatch):
    """What apps above hear."""
    heard = []
    monkeypatch.setattr(outcomes, "_listeners", [])
    outcomes.listen(lambda row, address_hash, event: heard.append((row and row.person, event)))
    return heard


def state(message, at=0):
    return message.emails.get(person=f"person-{at}")


def test_what_is_refused_for_now_is_tried_again_later_and_the_others_go(authority, updates):
    message = make_sent(authority, 3)

    Sender(backend=Scripted(TryLaterError("452 4.2.2 Mailbox full"))).run()

    row = state(message)
    assert (row.state, row.attempts) == (State.QUEUED, 1)
    assert row.not_before > timezone.now() + timedelta(seconds=10)
    assert row.last_error == "452 4.2.2 Mailbox full"
    assert message.emails.filter(state=State.ACCEPTED).count() == 2


@pytest.mark.parametrize(
    ("stream", "days", "given_up"),
    [("", 2, True), ("", 0, False), ("updates", 2, False), ("updates", 5, True)],
)
def test_trying_ends_when_nobody_waits_for_it_any_more(authority, updates, stream, days, given_up):
    message = make_sent(authority, 1, stream=stream)
    past = timezone.now() - timedelta(days=days)
    message.emails.update(created=past, not_before=past)
    type(message).objects.update(not_before=past)

    Sender(backend=Scripted(TryLaterError("451 later"))).run()

    assert state(message).state == (State.FAILED_FINAL if given_up else State.QUEUED)


def test_a_refusal_is_final_and_no_mailbox_stops_all_mail_to_it(authority, updates, told):
    message = make_sent(authority, 3)
    answers = [
        RefusedError("550 5.1.1 <person-0@example.org> unknown", mailbox=True),
        RefusedError("554 5.7.1 we do not like your words"),
    ]

    Sender(backend=Scripted(*answers)).run()

    states = [state(message, at).state for at in range(3)]
    assert states == [State.HARD_BOUNCED, State.FAILED_FINAL, State.ACCEPTED]
    stopped = Suppression.objects.get()
    assert stopped.reason == Suppression.Reason.HARD_BOUNCE
    assert "person-0@example.org" not in stopped.evidence + state(message).last_error
    assert told == [("person-0", "hard_bounced")]
    later = make_sent(authority, 3, key="edition 2")
    Sender(backend=Scripted()).run()
    assert state(later).state == State.SUPPRESSED
    assert state(later).last_error == "There is no such mailbox."


def test_an_address_stopped_for_one_authority_still_hears_from_another(
    authority, neighbour, updates
):
    make_stopped(authority, "person-0@example.org")
    ours, theirs = make_sent(authority, 1), make_sent(neighbour, 1)

    Sender(backend=Scripted()).run()

    assert (state(ours).state, state(theirs).state) == (State.SUPPRESSED, State.ACCEPTED)


def test_where_the_line_goes_dead_only_that_mail_is_unknown(authority, updates):
    message = make_sent(authority, 4)
    backend = Scripted(None, UncertainError("The connection broke"))

    Sender(backend=backend).run()

    assert state(message, 1).state == State.UNKNOWN
    assert state(message, 1).uncertain_at
    assert message.emails.filter(state=State.ACCEPTED).count() == 3
    assert list(message.emails.values_list("attempts", flat=True)) == [1, 1, 1, 1]


def test_while_the_service_is_away_everything_waits_untouched(authority, updates):
    class Away(Scripted):
        def __enter__(self):
            raise TryLaterError("nobody answers", whole=True)

    message = make_sent(authority, 3)

    with pytest.raises(TryLaterError):
        Sender(backend=Away()).run()

    rows = message.emails.values_list("state", "attempts", "last_error", "lease_until")
    assert set(rows) == {(State.QUEUED, 0, "nobody answers", None)}


def test_when_the_service_goes_away_midway_the_rest_waits(authority, updates):
    message = make_sent(authority, 14)
    answers = [None, None, TryLaterError("421 busy", whole=True)]

    with pytest.raises(TryLaterError):
        Sender(backend=Scripted(*answers)).run()

    attempts = list(message.emails.order_by("pk").values_list("state", "attempts"))
    assert attempts[:3] == [("accepted", 1), ("accepted", 1), ("queued", 1)]
    assert set(attempts[3:]) == {("queued", 0)}
    assert not message.emails.exclude(lease_until=None).exists()


def test_a_mail_that_cannot_be_made_stops_no_other(authority, updates):
    message = make_sent(authority, 2)
    message.emails.filter(person="person-0").update(personal=[1])

    Sender(backend=Scripted()).run()

    assert state(message, 0).state == State.FAILED_FINAL
    assert state(message, 1).state == State.ACCEPTED


def test_a_code_goes_before_an_edition_and_urgent_before_news(authority, updates):
    make_sent(authority, 2)
    make_sent(authority, 1, key="urgent", kind="urgent", subject="Urgent")
    make_sent(authority, 1, key="code", stream="", kind="transactional", subject="Code")
    backend = Scripted()

    Sender(backend=backend).run()

    news = "What is new in Barsetshire"
    assert [mail.subject for mail in backend.sent] == ["Code", "Urgent", news, news]


def test_news_waits_in_quiet_hours_and_nothing_else_does(authority, updates, settings):
    hour = timezone.localtime().hour
    settings.MAIL_QUIET_HOURS = (hour, (hour + 2) % 24)
    make_sent(authority, 1)
    make_sent(authority, 1, key="urgent", kind="urgent", subject="Urgent")
    make_sent(authority, 1, key="code", stream="", subject="Code")
    backend = Scripted()

    Sender(backend=backend).run()

    assert [mail.subject for mail in backend.sent] == ["Code", "Urgent"]


def test_an_address_no_mail_can_go_to_is_a_row_that_says_so(authority, updates):
    message = make_message(authority)
    wrong = [
        "no address",
        "a@b",
        "sam smith@example.org",
        "x" * 250 + "@example.org",
        "é@é.example",
    ]
    actions.address(
        message, [actions.Recipient(str(at), address) for at, address in enumerate(wrong)]
    )
    actions.release(message)

    assert Sender(backend=Scripted()).run() == 0
    assert set(message.emails.values_list("state", flat=True)) == {State.FAILED_FINAL}
    assert all(message.emails.values_list("last_error", flat=True))


def test_a_bare_address_in_other_capitals_is_the_same_address(authority, updates):
    make_stopped(authority, "Person-0@Example.ORG")
    message = make_sent(authority, 1)

    Sender(backend=Scripted()).run()

    assert state(message).state == State.SUPPRESSED


def test_a_batch_costs_the_same_queries_whatever_its_size(
    authority, updates, django_assert_num_queries
):
    numbers = []
    for size in (1, 10):
        make_sent(authority, size, key=f"of {size}")
        with CaptureQueriesContext(transaction.get_connection()) as queries:
            Sender(backend=Scripted()).run()
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_a_lease_that_ran_out_while_sending_is_settled_all_the_same(authority, updates):
    """The worker was only slow: what it knows in the end outweighs that nobody knew."""
    message = make_sent(authority, 1)

    class Slow(Scripted):
        def send(self, mail):
            OutboxEmail.objects.update(lease_until=timezone.now() - LEASE)
            sweeping.expire(now=timezone.now())
            assert state(message).state == State.UNKNOWN
            return super().send(mail)

    Sender(backend=Slow()).run()

    assert state(message).state == State.ACCEPTED


def test_what_another_worker_took_over_is_not_tried(authority, updates):
    make_sent(authority, 2)
    rows = delivering.claim(worker="first", now=timezone.now())
    OutboxEmail.objects.filter(pk=rows[0].pk).update(worker="second")

    assert [row.pk for row in delivering.begin(rows, worker="first")] == [rows[1].pk]


def test_what_was_never_tried_is_sent_by_another_and_what_was_is_unknown(authority, updates):
    message = make_sent(authority, 3)
    rows = delivering.claim(worker="dead", now=timezone.now())
    delivering.begin(rows[:1], worker="dead")

    sweeping.sweep(now=timezone.now() + LEASE * 2, backend=Scripted())

    states = list(message.emails.order_by("pk").values_list("state", flat=True))
    assert states == [State.UNKNOWN, State.QUEUED, State.QUEUED]


def test_what_waits_in_a_backup_is_not_sent_again_unless_somebody_says_so(authority, updates):
    sent = make_sent(authority, 1)
    Sender(backend=Scripted()).run()
    waiting = make_sent(authority, 1, key="waiting")
    written = make_message(authority, key="written")
    actions.address(written, make_recipients(1))
    coming = make_message(authority, key="coming")
    actions.address(coming, make_recipients(1))
    actions.release(coming, not_before=timezone.now() + timedelta(days=1))

    assert sweeping.doubt(now=timezone.now()) == 2

    states = [state(message).state for message in (sent, waiting, written, coming)]
    assert states == [State.ACCEPTED, State.UNKNOWN, State.UNKNOWN, State.QUEUED]
    assert Sender(backend=Scripted()).run() == 0


def test_a_late_report_settles_what_waits_to_be_sent_again(authority, updates):
    message = make_sent(authority, 1)
    Sender(backend=Scripted(UncertainError("dead"))).run()
    sweeping.send_again(OutboxEmail.objects.all())
    row = state(message)

    events.record(
        source="notify", event_id="1", kind=str(State.DELIVERED), at=timezone.now(), row=row
    )

    assert state(message).state == State.DELIVERED
    assert Sender(backend=Scripted()).run() == 0


def test_a_row_always_has_a_lease_while_it_is_sent_and_a_time_when_it_was_lost(authority, updates):
    make_sent(authority, 1)
    for wrong in [
        {"state": State.SENDING},
        {"lease_until": timezone.now()},
        {"state": State.UNKNOWN},
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            OutboxEmail.objects.update(**wrong)


# Events


def record(row, kind, number, **fields):
    values = {"source": "test", "event_id": str(number), "at": timezone.now(), **fields}
    return events.record(kind=str(kind), row=row, **values)


def test_an_event_is_stored_once_and_a_late_one_takes_nothing_back(authority, updates, told):
    message = make_sent(authority, 1)
    Sender(backend=Scripted()).run()
    row = state(message)

    new = [
        record(row, State.HARD_BOUNCED, 1),
        record(row, State.HARD_BOUNCED, 1),
        record(row, State.DELIVERED, 2),
        record(row, State.ACCEPTED, 3),
    ]

    assert new == [True, False, True, True]
    assert state(message).state == State.HARD_BOUNCED
    assert DeliveryEvent.objects.count() == 3
    assert [event for _person, event in told] == ["hard_bounced", "delivered", "accepted"]


def test_being_blocked_is_no_reason_to_drop_a_person(authority, updates):
    message = make_sent(authority, 1)
    Sender(backend=Scripted()).run()

    record(state(message), State.HARD_BOUNCED, 1, mailbox=False)

    assert state(message).state == State.HARD_BOUNCED
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("days", "stopped"),
    [
        ([1, 2, 3, 4], False),
        ([1, 1, 2, 2, 2], False),
        ([1, 1, 2, 2, 3], True),
        ([1, 2, 3, 4, 40], False),
    ],
)
def test_mail_that_comes_back_for_now_stops_an_address_only_in_the_end(
    authority, updates, days, stopped
):
    message = make_sent(authority, 1)
    Sender(backend=Scripted()).run()

    for number, day in enumerate(sorted(days, reverse=True)):
        record(state(message), State.SOFT_BOUNCED, number, at=timezone.now() - timedelta(days=day))

    assert Suppression.objects.exists() is stopped


def test_a_complaint_weighs_more_than_a_bounce_and_never_less(authority, updates):
    message = make_sent(authority, 1)
    Sender(backend=Scripted()).run()

    record(state(message), State.HARD_BOUNCED, 1)
    record(state(message), State.COMPLAINED, 2)
    record(state(message), State.HARD_BOUNCED, 3)

    assert Suppression.objects.get().reason == Suppression.Reason.COMPLAINT


def test_an_event_of_mail_we_do_not_know_stops_nobody(db, told):
    assert record(None, State.COMPLAINED, 1, address_hash="x" * 64)

    assert not Suppression.objects.exists()
    assert told == [(None, "complained")]


def test_a_time_to_come_is_now(authority, updates):
    message = make_sent(authority, 1)

    record(state(message), State.SOFT_BOUNCED, 1, at=timezone.now() + timedelta(days=400))

    assert DeliveryEvent.objects.get().at <= timezone.now()


# Forgetting, and Django's own mail


def test_whoever_asks_to_be_forgotten_is(authority, updates):
    sent = make_sent(authority, 2)
    Sender(backend=Scripted(UncertainError("dead"))).run()
    waiting = make_sent(authority, 2, key="edition 2")

    assert actions.forget(authority=authority, person="person-0") == 2

    rows = OutboxEmail.objects.filter(person="person-0")
    assert set(rows.values_list("address", "address_hash", "leave_url")) == {("", "", "")}
    assert [row.personal for row in rows] == [{}, {}]
    assert state(sent).state == State.ACCEPTED
    assert state(waiting).state == State.CANCELLED
    assert state(waiting, 1).address


def test_with_what_services_told_of_their_mail(authority, updates):
    message = make_sent(authority, 2)
    for number in [0, 1]:
        record(state(message, number), State.DELIVERED, number, raw="To: somebody")

    actions.forget(authority=authority, person="", address="PERSON-0@example.org")

    told = DeliveryEvent.objects.order_by("pk").values_list("address_hash", "raw")
    assert [bool(hashed or raw) for hashed, raw in told] == [False, True]
    assert [row.address for row in message.emails.order_by("pk")] == ["", "person-1@example.org"]


def test_their_own_mail_goes_with_all_it_says(authority, updates):
    for person in [0, 1]:
        actions.queue(
            authority=authority,
            key=f"code {person}",
            template="updates/mail/link",
            context={"manage_url": "https://barsetshire.example/"},
            to=f"person-{person}@example.org",
            person=f"person-{person}",
        )

    people = {"person-0": "person-0@example.org", "person-1": "another@example.org"}
    assert actions.forget_each(authority=authority, people=people) == 1

    assert Message.objects.get().key == "code 1"


def test_an_address_erased_under_way_is_not_sent_to(authority, updates):
    message = make_sent(authority, 1)
    message.emails.update(address="")

    assert Sender(backend=Scripted()).run() == 0
    assert state(message).state == State.CANCELLED


def test_password_resets_go_the_same_way(settings, tmp_path, monkeypatch):
    settings.EMAIL_BACKEND = "localoffer.mail.backends.own.EmailBackend"
    folder = Folder(tmp_path / "mail")
    monkeypatch.setattr(backends, "chosen", lambda: folder)

    assert send_mail("Reset", "Your code", "us@example.org", ["officer@example.org"]) == 1

    (file,) = folder.path.rglob("*.eml")
    assert b"Your code" in file.read_bytes()
    assert not hasattr(django_mail, "outbox") or django_mail.outbox == []


def test_writing_one_mail_to_one_person(authority, updates, tmp_path, settings):
    (tmp_path / "hello.txt").write_text(
        "Subject: {{ name }}'s code\n\nIt is {{ code }} & {{ authority.name }}.\n"
    )
    (tmp_path / "hello.html").write_text("<style>p {color: red}</style><p>It is {{ code }}</p>")
    (tmp_path / "plain.txt").write_text("No subject")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    context = {"name": "Sam & Jo", "code": "<1>"}
    wanted = {"authority": authority, "context": context, "to": "sam@example.org"}

    row = actions.queue(key="code 1", template="hello", **wanted)
    again = actions.queue(key="code 1", template="hello", **wanted)
    backend = Scripted()
    Sender(backend=backend).run()

    assert row == again
    assert backend.sent[0].subject == "Sam & Jo's code"
    assert backend.sent[0].text == "It is <1> & Barsetshire."
    assert '<p style="color: red;">It is &lt;1&gt;</p>' in backend.sent[0].html
    with pytest.raises(ValueError, match="Subject"):
        actions.queue(key="code 2", template="plain", **wanted)


def test_a_mail_is_rolled_back_with_what_caused_it(authority):
    def fail():
        with transaction.atomic():
            message = make_message(authority)
            actions.address(message, make_recipients(2))
            actions.release(message)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert not OutboxEmail.objects.exists()
