"""What mail services call us with: read strictly, stored once, acted on in any order."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from localoffer.mail import events
from localoffer.mail.backends.notify import STATES
from localoffer.mail.models import OutboxEmail


class MalformedError(ValueError):
    """This is not what the service sends."""


@dataclass(frozen=True)
class Receipt:
    """A delivery receipt of GOV.UK Notify. ``reference``: None for mail that is not ours."""

    number: str
    reference: uuid.UUID | None
    status: str
    at: datetime | None


def receipt(body: bytes) -> Receipt:
    """Read a delivery receipt. Raises MalformedError."""
    try:
        said = json.loads(body)
        number, status = str(uuid.UUID(said["id"])), said["status"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MalformedError("not a delivery receipt") from error
    if not isinstance(status, str) or status not in STATES:
        raise MalformedError(f"a status we do not know: {str(status)[:40]}")
    return Receipt(
        number=number,
        reference=as_uuid(said.get("reference")),
        status=status,
        at=_moment(said.get("completed_at")) or _moment(said.get("sent_at")),
    )


def take(found: Receipt, *, raw: bytes) -> bool:
    """Act on a receipt. False if it had come before, or is about mail that is not ours."""
    row = OutboxEmail.objects.filter(uuid=found.reference).first() if found.reference else None
    if row is None:
        return False
    return events.record(
        source="notify",
        event_id=f"{found.number}:{found.status}",
        kind=str(STATES[found.status]),
        at=found.at,
        row=row,
        detail=f"GOV.UK Notify: {found.status}",
        raw=raw.decode(errors="replace"),
    )


def as_uuid(value: object) -> uuid.UUID | None:
    """Our reference as it comes back, or None for anything else."""
    try:
        return uuid.UUID(hex=str(value))
    except ValueError:
        return None


def _moment(value):
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if found is None or is_naive(found) else found
