import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from localoffer.mail import actions
from localoffer.mail.delivering import Sender
from localoffer.mail.models import Message, OutboxEmail
from localoffer.mail.states import State
from tests.factories.mail import make_message, make_recipients, make_sent
from tests.mail.conftest import Scripted


def states(message):
    return dict(message.emails.values_list("person", "state"))


def test_a_message_goes_to_each_person_once(authority, updates, folder):
    message = make_sent(authority, 3)

    Sender(backend=folder).run()
    Sender(backend=folder).run()

    assert set(states(message).values()) == {State.ACCEPTED}
    assert len(list(folder.path.rglob("*.eml"))) == 3
    assert list(message.emails.values_list("attempts", flat=True)) == [1, 1, 1]


def test_what_is_not_released_is_not_sent(authority, updates, folder):
    message = make_message(authority)
    actions.address(message, make_recipients(2))

    assert Sender(backend=folder).run() == 0

    actions.release(message)
    assert Sender(backend=folder).run() == 2


def test_the_same_key_is_the_same_message_and_the_same_person_the_same_row(authority):
    first, second = make_message(authority), make_message(authority, subject="Other words")

    added = [
        actions.address(first, make_recipients(3)),
        actions.address(second, make_recipients(5)),
    ]

    assert first == second
    assert Message.objects.get().subject == "What is new in Barsetshire"
    assert added == [3, 2]
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxEmail.objects.create(
            authority=authority, message=first, person="person-1", address_hash=""
        )


def test_a_withdrawn_part_is_left_out_and_a_row_with_nothing_left_is_cancelled(authority, updates):
    message = make_message(authority)
    both, first, second = make_recipients(3)
    actions.address(message, [both])
    actions.address(message, make_recipients(2, parts=("one",))[1:])
    actions.address(message, make_recipients(3, parts=("two",))[2:])
    actions.release(message)

    actions.drop_part(message, "one")
    actions.drop_part(message, "one")
    backend = Scripted()
    Sender(backend=backend).run()

    assert states(message) == {
        both.person: State.ACCEPTED,
        first.person: State.CANCELLED,
        second.person: State.ACCEPTED,
    }
    assert all("club" not in mail.text and "school" in mail.text for mail in backend.sent)


def test_cancelling_leaves_what_was_sent(authority, updates):
    message = make_sent(authority, 2)
    Sender(backend=Scripted()).run()
    actions.address(message, make_recipients(3))

    assert actions.cancel(message.emails.all(), reason="Called off") == 1
    assert sorted(states(message).values()) == ["accepted", "accepted", "cancelled"]


def test_whoever_left_after_it_was_written_out_does_not_get_it(authority, updates):
    message = make_sent(authority, 3)
    updates["person-1"] = "They have left."
    backend = Scripted()

    Sender(backend=backend).run()

    assert states(message)["person-1"] == State.CANCELLED
    assert message.emails.get(person="person-1").last_error == "They have left."
    assert len(backend.sent) == 2


def test_nothing_goes_before_its_time(authority, updates):
    message = make_message(authority)
    actions.address(message, make_recipients(1))
    actions.release(message, not_before=timezone.now() + timezone.timedelta(hours=1))
    actions.address(message, make_recipients(2))

    assert Sender(backend=Scripted()).run() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"leave_mailto_token": "a b"},
        {"leave_url": "https://a.example/ x"},
        {"leave_url": "https://a.example/>"},
        {"leave_url": "javascript:alert(1)"},
        {"leave_url": "https://a.example/\r\nBcc: all@example.org"},
    ],
)
def test_a_way_to_leave_that_cannot_stand_in_a_header_is_refused(authority, wrong):
    with pytest.raises(ValueError, match="leave"):
        actions.address(make_message(authority), make_recipients(1, **wrong))
