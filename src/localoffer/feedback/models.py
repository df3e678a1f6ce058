"""What people tell the authority about its Local Offer, and what was done with it."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from localoffer.authority import references
from localoffer.authority.models import Owned, OwnedQuerySet, PublicItem

MOST_CHARACTERS = 5_000
# Twenty working days, as a calendar counts them.
ANSWER_DUE = timedelta(days=28)
# An address is kept only to answer with: for this long after the comment was dealt with, in case
# the person writes back, and never longer than this after it came.
ADDRESS_KEPT_AFTER_HANDLED = timedelta(days=28)
ADDRESS_KEPT_AT_MOST = timedelta(days=365)


class State(models.TextChoices):
    RECEIVED = "received", "Waiting"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed without an answer"


MOVES = {
    State.RECEIVED: {State.ANSWERED, State.CLOSED},
    State.ANSWERED: set(),
    State.CLOSED: set(),
}


class IllegalMoveError(ValueError):
    """The comment is not in a state from which it can make this move."""


class CommentQuerySet(OwnedQuerySet):
    def waiting(self):
        return self.filter(state=State.RECEIVED)

    def overdue(self, *, now):
        return self.waiting().filter(received_at__lt=now - ANSWER_DUE)

    def with_address_past_its_term(self, *, now):
        """Those whose writer's address must be deleted by now."""
        return self.exclude(email="").filter(
            Q(handled_at__lt=now - ADDRESS_KEPT_AFTER_HANDLED)
            | Q(received_at__lt=now - ADDRESS_KEPT_AT_MOST)
        )


class Comment(Owned):
    """What somebody told the authority about its Local Offer.

    The law asks the authority to seek comments on its content, its accessibility and how it was
    made (SEND Regulations 2014, regulation 56). Nothing is kept of who wrote but an address to
    answer, where one was given, and that only for its term.
    """

    class Kind(models.TextChoices):
        WRONG = "wrong", "Something is wrong or out of date"
        MISSING = "missing", "Something is missing"
        FORMAT = "format", "I need this in another format"
        PRAISE = "praise", "Something helped me"
        OTHER = "other", "Something else"

    reference = models.CharField(max_length=9, default=references.new, unique=True, editable=False)
    about = models.ForeignKey(PublicItem, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("what it is about", max_length=10, choices=Kind)
    text = models.TextField("comment", max_length=MOST_CHARACTERS)
    email = models.EmailField("email address to answer", blank=True)
    token = models.UUIDField(
        editable=False, help_text="Of the form it came from, so that it comes once."
    )
    received_at = models.DateTimeField("received", default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    response = models.TextField("what we answered or did", blank=True)
    handled_at = models.DateTimeField("dealt with", null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "token"], name="feedback_comment_once"),
            models.CheckConstraint(
                name="feedback_comment_handled_with_response_and_date",
                condition=Q(state="received", handled_at=None, response="")
                | (Q(state__in=["answered", "closed"], handled_at__isnull=False) & ~Q(response="")),
            ),
        ]

    def __str__(self):
        return f"Comment {self.shown_reference}"

    @property
    def shown_reference(self):
        return references.shown(self.reference)

    @property
    def is_overdue(self):
        return self.state == State.RECEIVED and self.received_at < timezone.now() - ANSWER_DUE

    def move_to(self, state, **changes):
        """Change state, and the fields that go with it, or raise IllegalMoveError.

        One conditional update: of two officers who try at once, one is refused.
        """
        if state not in MOVES[State(self.state)]:
            raise IllegalMoveError(f"{self.get_state_display()} cannot become {state.label}")
        still_here = Comment.objects.filter(pk=self.pk, state=self.state)
        if not still_here.update(state=state, **changes):
            raise IllegalMoveError("someone else has just dealt with this comment")
        self.refresh_from_db()
