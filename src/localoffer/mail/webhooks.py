"""What mail services tell of mail that went through them by SMTP: read by django-anymail.

django-anymail knows how each service says who it is and what it means; what comes of it is ours.
Our own number is looked for in what they send: in the copy of our Message-ID, or in the header
that a service gives back (``ECHOED``).
"""

import hashlib
import importlib
import json
import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import SuspiciousOperation

from localoffer.mail import events, reports
from localoffer.mail.callbacks import MalformedError, as_uuid
from localoffer.mail.models import OutboxEmail
from localoffer.mail.states import State

SERVICES = {
    "brevo": "BrevoTrackingWebhookView",
    "mailgun": "MailgunTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
}
# A header of ours whose value a service gives back, where it keeps no Message-ID of ours.
ECHOED = {"postmark": "X-PM-Metadata-reference"}
MOST_EVENTS = 1_000  # of one call
_OURS = re.compile(rf"(?<![0-9a-f]){reports.REFERENCE}(?![0-9a-f])")
_SOFT = re.compile(r'(?i)"soft_?bounce"')
KINDS = {
    "queued": State.ACCEPTED,
    "sent": State.ACCEPTED,
    "delivered": State.DELIVERED,
    "deferred": events.DELAYED,
    "bounced": State.HARD_BOUNCED,
    "rejected": State.FAILED_FINAL,
    "failed": State.FAILED_FINAL,
    "complained": State.COMPLAINED,
}


class NotThemError(Exception):
    """Whoever called did not show that they are the mail service."""


@dataclass(frozen=True)
class Told:
    """One thing that a service says of one mail."""

    event_id: str
    kind: str
    at: datetime | None
    mailbox: bool
    detail: str
    raw: str


def read(service: str, request) -> list[Told]:
    """What a call says, of those things that we act on.

    Raises NotThemError, and MalformedError for what the service does not send.
    """
    if not secured(service):
        raise NotThemError("No password is set, so nobody is listened to.")
    module = importlib.import_module(f"anymail.webhooks.{service}")
    try:
        view = getattr(module, SERVICES[service])()
        view.run_validators(request)
    except SuspiciousOperation as error:
        raise NotThemError(str(error)) from error
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise NotThemError("This is not signed as it should be.") from error
    try:
        found = view.parse_events(request)[:MOST_EVENTS]
        return [_told(one) for one in found if one.event_type in KINDS]
    except Exception as error:  # whatever its reader chokes on, somebody else wrote
        raise MalformedError(f"not what {service} sends") from error


def secured(service: str) -> bool:
    """Whether what is set is enough to know the service by. Mailgun always signs."""
    if service == "mailgun":
        return bool(settings.MAIL_SERVICE_KEY)
    return bool(settings.MAIL_SERVICE_PASSWORD)


def _told(event):
    raw = json.dumps(event.esp_event, default=str, sort_keys=True)
    said = " ".join(str(one) for one in (event.mta_response, event.description) if one)
    kind = str(KINDS[event.event_type])
    status = reports.status_of(said)
    if kind == State.HARD_BOUNCED and (
        status.startswith("4") or event.reject_reason == "timed_out" or _SOFT.search(raw)
    ):
        kind = str(State.SOFT_BOUNCED)
    return Told(
        event_id=str(event.event_id or hashlib.sha256(raw.encode()).hexdigest()),
        kind=kind,
        at=event.timestamp,
        mailbox=reports.is_of_mailbox(status, said)
        and event.reject_reason in {"invalid", "bounced", None},
        detail=f"{event.reject_reason or event.event_type}: {said}".rstrip(": "),
        raw=raw,
    )


def take(service: str, told: Told) -> bool:
    """Act on one event. False if it had come before, or is about mail that is not ours."""
    numbers = [as_uuid(number) for number in _OURS.findall(told.raw)[:20]]
    row = OutboxEmail.objects.filter(uuid__in=numbers).first() if numbers else None
    if row is None:
        return False
    return events.record(
        source=service,
        event_id=told.event_id,
        kind=told.kind,
        at=told.at,
        row=row,
        mailbox=told.mailbox,
        detail=told.detail,
        raw=told.raw,
    )
