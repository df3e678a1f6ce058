"""For one message: who got it, who did not and why, who may have got it twice."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from localoffer.mail import timing
from localoffer.mail.models import Message, OutboxEmail, Priority
from localoffer.mail.states import NOT_REACHED, ON_THE_WAY, REACHED, State

# Left as it was, nobody knows to this day, unless its delivery was reported.
LEFT = Q(state=State.ACCEPTED, uncertain_at__isnull=False)
MAYBE = Q(state=State.UNKNOWN) | Q(resent_at__isnull=False) | LEFT
# What may be looked at by itself, in the order in which people ask.
SHOWS = {
    "got": ("Got it", Q(state__in=REACHED)),
    "not": ("Did not get it", Q(state__in=NOT_REACHED)),
    "maybe": ("Twice, or not at all?", MAYBE),
    "waiting": ("Waiting", Q(state__in=ON_THE_WAY)),
    "all": ("Everybody", Q()),
}
STUCK_AFTER = timezone.timedelta(minutes=30)


@dataclass(frozen=True)
class Line:
    """How many are in one state, for one reason."""

    state: str
    why: str
    number: int


@dataclass(frozen=True)
class Account:
    """What became of one message. ``reasons``: why some did not get it, the most first."""

    total: int
    got: int
    not_reached: int
    waiting: int
    unknown: int
    resent: int
    states: list[Line]
    reasons: list[Line]


MOST_REASONS = 50


def account(message: Message) -> Account:
    """Count the rows: nothing is kept beside them that could say otherwise."""
    rows = OutboxEmail.objects.filter(message=message).order_by()
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    why = (
        rows.filter(state__in=NOT_REACHED)
        .values_list("state", "last_error")
        .annotate(number=Count("pk"))
        .order_by("-number")[:MOST_REASONS]
    )
    return Account(
        total=sum(counts.values()),
        got=sum(counts.get(state, 0) for state in REACHED),
        not_reached=sum(counts.get(state, 0) for state in NOT_REACHED),
        waiting=counts.get(State.QUEUED, 0) + counts.get(State.SENDING, 0),
        unknown=counts.get(State.UNKNOWN, 0),
        resent=rows.filter(resent_at__isnull=False).count(),
        states=[
            Line(State(state).label, "", counts[state]) for state in State.values if state in counts
        ],
        reasons=[Line(State(state).label, said, number) for state, said, number in why],
    )


def counts(messages: list[Message]) -> dict[int, dict[str, int]]:
    """For each of these messages, how many got it, did not, and wait: one query for all."""
    groups = {"got": REACHED, "not": NOT_REACHED, "waiting": ON_THE_WAY}
    found = {message.pk: dict.fromkeys(groups, 0) for message in messages}
    rows = OutboxEmail.objects.filter(message__in=messages).order_by()
    for pk, state, number in rows.values_list("message", "state").annotate(Count("pk")):
        for name, states in groups.items():
            if state in states:
                found[pk][name] += number
    return found


def stuck(rows, *, now):
    """Those of these rows that should have gone half an hour ago; not news that waits for day."""
    late = rows.filter(state=State.QUEUED, not_before__lt=now - STUCK_AFTER, attempts=0)
    hours = settings.MAIL_QUIET_HOURS
    since = timing.loud_since(now, hours)
    if hours is not None and (since is None or now - since < STUCK_AFTER):
        late = late.exclude(priority=Priority.NEWS)
    return late
