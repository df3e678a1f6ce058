"""Everything that can happen to a comment. Views, the admin and commands call these."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from localoffer.feedback.models import Comment, State


@transaction.atomic
def receive(*, authority, kind, text, token, about=None, email=""):
    """Take a comment. The same form sent twice, or twice at once, is one comment."""
    comment, _new = Comment.objects.get_or_create(
        authority=authority,
        token=token,
        defaults={"kind": kind, "text": text, "about": about, "email": email},
    )
    return comment


@transaction.atomic
def answer(comment, *, response, by):
    """Note what was answered or done, and that the comment waits no longer."""
    _handle(comment, State.ANSWERED, response, by)


@transaction.atomic
def close(comment, *, reason, by):
    """Note why there will be no answer, and that the comment waits no longer."""
    _handle(comment, State.CLOSED, reason, by)


def _handle(comment, state, words, by):
    comment.move_to(state, response=words, handled_at=timezone.now())
    log(comment, f"feedback.{state}", user=by)


def purge(*, now):
    """Delete the addresses whose term is over; the comments stay. Returns how many."""
    return Comment.objects.with_address_past_its_term(now=now).update(email="")
