import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localoffer.feedback import actions
from localoffer.feedback.models import MOVES, Comment, IllegalMoveError, State
from tests.factories.authority import make_officer
from tests.factories.feedback import make_comment


@pytest.mark.parametrize(
    ("received", "handled", "kept"),
    [(0, None, True), (364, None, True), (366, None, False), (40, 27, True), (40, 29, False)],
)
def test_an_address_is_deleted_when_its_term_is_over(authority, received, handled, kept):
    now = timezone.now()
    done = {"state": State.ANSWERED, "response": "Done."} if handled is not None else {}
    if handled is not None:
        done["handled_at"] = now - timedelta(days=handled)
    comment = make_comment(
        authority, email="me@example.org", received_at=now - timedelta(days=received), **done
    )

    removed = actions.purge(now=now)

    comment.refresh_from_db()
    assert bool(comment.email) is kept
    assert removed == (0 if kept else 1)
    assert comment.text == "The number is wrong."


def test_purging_twice_does_no_harm(authority):
    make_comment(authority, email="a@example.org", received_at=timezone.now() - timedelta(days=400))

    assert [actions.purge(now=timezone.now()) for _n in range(2)] == [1, 0]


def test_of_two_officers_at_once_one_is_refused(authority):
    officer = make_officer(authority)
    mine = make_comment(authority)
    theirs = Comment.objects.get(pk=mine.pk)

    actions.answer(mine, response="Done.", by=officer)

    with pytest.raises(IllegalMoveError):
        actions.close(theirs, reason="No.", by=officer)
    mine.refresh_from_db()
    assert mine.response == "Done."


def test_the_database_refuses_an_answer_without_words(authority):
    comment = make_comment(authority)

    with pytest.raises(IntegrityError), transaction.atomic():
        comment.move_to(State.ANSWERED, handled_at=timezone.now(), response="")


def test_two_authorities_may_get_the_same_token_and_one_may_not(authority, neighbour):
    token = uuid.uuid4()

    for owner in [authority, neighbour, authority]:
        actions.receive(authority=owner, kind="wrong", text="x", token=token)

    assert Comment.objects.count() == 2


ATTEMPTS = {
    State.ANSWERED: lambda comment, by: actions.answer(comment, response="R", by=by),
    State.CLOSED: lambda comment, by: actions.close(comment, reason="R", by=by),
}


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(attempts=st.lists(st.sampled_from(list(ATTEMPTS)), max_size=4))
def test_only_listed_moves_happen_and_refused_ones_leave_no_trace(authority, attempts):
    comment = make_comment(authority)
    for target in attempts:
        before = Comment.objects.values().get(pk=comment.pk)
        try:
            ATTEMPTS[target](comment, by=None)
        except IllegalMoveError:
            assert Comment.objects.values().get(pk=comment.pk) == before
        else:
            assert target in MOVES[State(before["state"])]
