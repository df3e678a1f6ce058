"""Acts on mail that came to our mailbox: reports, complaints, and people who leave by mail.

We answer none of it, so no two machines can write to each other for ever.
"""

import logging
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from localoffer.mail import events, reports, streams
from localoffer.mail.models import IncomingMail, OutboxEmail
from localoffer.mail.states import State

logger = logging.getLogger(__name__)

SOURCE = "incoming"
TRIES = 5  # of a mail that makes us fail; then it is left for a person
FAILURES = {
    reports.PERMANENT: State.HARD_BOUNCED,
    reports.TEMPORARY: State.SOFT_BOUNCED,
    reports.DELAYED: events.DELAYED,
}


def handle_all() -> int:
    """Act on each mail not acted on yet. Returns how many. One that fails stops no other."""
    waiting = IncomingMail.objects.filter(handled_at=None).order_by("pk")
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        try:
            done += _handle(pk)
        except Exception as error:
            logger.exception("mail: incoming mail %s", pk)
            _note_failure(pk, error)
    return done


@transaction.atomic
def _handle(pk):
    found = IncomingMail.objects.select_for_update().filter(pk=pk, handled_at=None).first()
    if found is None:
        return 0
    domain = settings.MAIL_FROM.rpartition("@")[2]
    said = reports.read(bytes(found.raw), domain=domain)
    row = _row(said.reference)
    if said.kind == reports.LEAVING:
        for stream in streams.all_streams():
            for token in said.tokens:
                if stream.leave:
                    stream.leave(token)
    elif said.kind in {reports.REPORT, reports.COMPLAINT}:
        events.record(
            source=SOURCE,
            event_id=found.digest,
            kind=str(
                State.COMPLAINED if said.kind == reports.COMPLAINT else FAILURES[said.failure]
            ),
            at=found.received_at,
            row=row,
            mailbox=said.mailbox,
            detail=f"{said.status} {said.said}".strip(),
        )
    found.kind = said.kind
    found.handled_at = timezone.now()
    found.save(update_fields=["kind", "handled_at"])
    return 1


def _row(reference):
    if not reference:
        return None
    return OutboxEmail.objects.select_for_update().filter(uuid=uuid.UUID(hex=reference)).first()


def _note_failure(pk, error):
    found = IncomingMail.objects.get(pk=pk)
    found.attempts += 1
    found.error = repr(error)[:500]
    if found.attempts >= TRIES:
        found.kind, found.handled_at = IncomingMail.Kind.OTHER, timezone.now()
    found.save(update_fields=["attempts", "error", "kind", "handled_at"])
