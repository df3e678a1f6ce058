"""What dead workers left behind, found by the tick."""

import logging

from django.db import transaction
from django.utils import timezone

from localoffer.mail.models import OutboxEmail, Priority
from localoffer.mail.states import State

logger = logging.getLogger(__name__)
LOST = "The worker stopped while it was being sent."


@transaction.atomic
def sweep(*, now) -> int:
    """Settle leases that ran out. Returns how many mails were lost sight of.

    What was never tried is sent by another worker. What was tried is unknown: one person's own mail
    is sent again, and the row says so, because a code that comes twice does no harm and one
    that never comes does; news waits until a person has decided.
    """
    expired = OutboxEmail.objects.filter(state=State.SENDING, lease_until__lt=now)
    expired.filter(tried_at=None).update(state=State.QUEUED, lease_until=None)
    lost = expired.update(state=State.UNKNOWN, lease_until=None, uncertain_at=now, last_error=LOST)
    again(OutboxEmail.objects.filter(priority=Priority.PERSONAL), now=now)
    return lost


def again(rows, *, now=None) -> int:
    """Send again what may have been sent; the rows keep that they were unknown. How many."""
    now = now or timezone.now()
    return rows.filter(state=State.UNKNOWN).update(
        state=State.QUEUED, not_before=now, tried_at=None, resent_at=now
    )


def leave(rows, *, why: str) -> int:
    """Send no more of what may have been sent: it counts as sent. Returns how many."""
    return rows.filter(state=State.UNKNOWN).update(
        state=State.ACCEPTED, last_error=why[:500], done_at=timezone.now()
    )
