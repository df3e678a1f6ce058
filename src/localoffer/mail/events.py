"""What mail services and mailboxes tell of our mail: stored once, in any order, and acted on."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from localoffer.mail import addresses, outcomes, suppressing
from localoffer.mail.models import DeliveryEvent, OutboxEmail
from localoffer.mail.states import State, weaker_than

# Mail that comes back for now: a mailbox may be full for a week. So often, and on so many days.
SOFT_BOUNCES = 5
SOFT_DAYS = 3
SOFT_WITHIN = timedelta(days=30)
DELAYED = "delayed"  # is still being tried: told, and nothing changes
LONGEST_RAW = 100_000


@transaction.atomic
def record(
    *,
    source: str,
    event_id: str,
    kind: str,
    at: datetime | None,
    row: OutboxEmail | None,
    address_hash: str = "",
    mailbox: bool = True,
    detail: str = "",
    raw: str = "",
) -> bool:
    """Store what was told of a mail and act on it. Returns False if it had been told before.

    ``kind``: a value of ``State`` in ``states.REPORTED``, or ``delayed``. ``at``: None for now; a
    time to come counts as now. ``mailbox``: of a hard bounce, whether the mailbox is the reason.
    ``row``: None where the mail is not known any more, or never was: then nobody is suppressed.
    """
    now = timezone.now()
    address_hash = row.address_hash if row else address_hash
    event = DeliveryEvent(
        source=source,
        event_id=event_id[:200],
        kind=kind,
        email=row,
        address_hash=address_hash,
        at=min(at or now, now),
        detail=addresses.left_out(detail)[:500],
        raw=raw.replace("\0", "")[:LONGEST_RAW],
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        return False
    if kind == DELAYED:
        return True
    if row:
        _apply(row, kind, event.detail, now)
        _suppress(row, kind, event.detail, mailbox=mailbox)
    if mailbox or kind != State.HARD_BOUNCED:  # refused as spam is nothing the person did
        outcomes.tell(row, address_hash, kind)
    return True


def _apply(row, kind, detail, now):
    """Say on the row what is known now, unless something weightier was known.

    A mail that waits to be sent again is settled by news of the first time.
    """
    known = Q(state__in=weaker_than(kind)) | Q(state=State.QUEUED, attempts__gt=0)
    values = {"state": kind, "lease_until": None, "done_at": now, "last_error": detail}
    if kind in {State.ACCEPTED, State.DELIVERED}:
        values["last_error"] = ""
    OutboxEmail.objects.filter(known, pk=row.pk).update(**values)
    row.refresh_from_db()


def _suppress(row, kind, detail, *, mailbox):
    reason = None
    if kind == State.COMPLAINED:
        reason = suppressing.Reason.COMPLAINT
    elif kind == State.HARD_BOUNCED and mailbox:
        reason = suppressing.Reason.HARD_BOUNCE
    elif kind == State.SOFT_BOUNCED and _too_often(row):
        reason = suppressing.Reason.SOFT_BOUNCES
    if reason:
        suppressing.suppress(row.authority_id, row.address_hash, reason, evidence=detail)


def _too_often(row):
    since = timezone.now() - SOFT_WITHIN
    came_back = DeliveryEvent.objects.filter(
        kind=State.SOFT_BOUNCED,
        address_hash=row.address_hash,
        email__authority=row.authority_id,
        at__gte=since,
    )
    times = list(came_back.values_list("at", flat=True))
    days = {timezone.localdate(at) for at in times}
    return len(times) >= SOFT_BOUNCES and len(days) >= SOFT_DAYS
