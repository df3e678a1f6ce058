"""What dead workers left behind, found by the tick."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from localoffer.mail import events
from localoffer.mail.backends.base import Backend, TryLaterError
from localoffer.mail.models import Message, OutboxEmail, Priority
from localoffer.mail.states import State

logger = logging.getLogger(__name__)

LOST = "The worker stopped while it was being sent."
ASKED_AT_ONCE = 200
ASK_AFTER = timedelta(minutes=1)  # a service may not know at once what it has just taken


def sweep(*, now: datetime, backend: Backend) -> int:
    """Settle leases that ran out. Returns how many mails were lost sight of.

    What was never tried is sent by another worker. What was tried is unknown: a service that can
    be asked is asked. Of the others, one person's own mail is sent again, and the row says so,
    because a code that comes twice does no harm and one that never comes does; news waits until a
    person has decided.
    """
    lost = expire(now=now)
    if backend.can_be_asked:
        ask(backend, now=now)
    else:
        send_again(OutboxEmail.objects.filter(priority=Priority.PERSONAL), now=now)
    return lost


@transaction.atomic
def expire(*, now: datetime) -> int:
    """Leases that ran out: never tried is waiting again, tried is unknown."""
    expired = OutboxEmail.objects.filter(state=State.SENDING, lease_until__lt=now)
    expired.filter(tried_at=None).update(state=State.QUEUED, lease_until=None)
    return expired.update(state=State.UNKNOWN, lease_until=None, uncertain_at=now, last_error=LOST)


@transaction.atomic
def doubt(*, now: datetime) -> int:
    """A backup was put back: what waits in it may have been sent since. Returns how many.

    They are unknown, like mail of a worker that died: news waits until a person has decided.
    """
    waiting = OutboxEmail.objects.filter(state__in=[State.QUEUED, State.SENDING])
    return waiting.filter(Q(not_before=None) | Q(not_before__lte=now)).update(
        state=State.UNKNOWN,
        lease_until=None,
        uncertain_at=now,
        last_error="A backup was put back: it may have been sent since that was made.",
    )


def ask(backend: Backend, *, now: datetime) -> None:
    """Ask the service for each mail that is unknown: taken, it is settled; not, it is sent."""
    unknown = OutboxEmail.objects.filter(state=State.UNKNOWN, uncertain_at__lte=now - ASK_AFTER)
    for row in unknown.order_by("uncertain_at")[:ASKED_AT_ONCE]:
        try:
            found = backend.find(row.uuid.hex)
        except TryLaterError as error:
            logger.warning("mail: %s", error)
            return
        if found is None:
            send_again(OutboxEmail.objects.filter(pk=row.pk), now=now)
            continue
        state, reference = found
        OutboxEmail.objects.filter(pk=row.pk).update(provider_ref=reference)
        events.record(
            source=f"{backend.name}-asked",
            event_id=f"{row.uuid.hex}:{state}",
            kind=state,
            at=now,
            row=row,
        )
        known = OutboxEmail.objects.filter(pk=row.pk, resent_at=None)
        known.exclude(state=State.UNKNOWN).update(uncertain_at=None)


@transaction.atomic
def decide(message: Message, rows, *, again: bool, by) -> int:
    """A person says what becomes of unknown mail: sent again, or left. Logged. How many."""
    number = send_again(rows) if again else leave(rows, why="Nobody knows; left as it is.")
    if number:
        log(message, "mail.again" if again else "mail.leave", user=by, data={"number": number})
    return number


def send_again(rows, *, now=None) -> int:
    """Send again what may have been sent; the rows keep that they were unknown. How many."""
    now = now or timezone.now()
    return rows.filter(state=State.UNKNOWN).update(
        state=State.QUEUED, not_before=now, tried_at=None, resent_at=now, done_at=None
    )


def leave(rows, *, why: str) -> int:
    """Send no more of what may have been sent: it counts as sent. Returns how many."""
    return rows.filter(state=State.UNKNOWN).update(
        state=State.ACCEPTED, last_error=why[:500], done_at=timezone.now()
    )
