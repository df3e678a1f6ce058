"""How long what mail knows about people is kept. ``localoffer tick`` deletes it; a test compares.

An outbox is a list of who is interested in what, and that can say something about a child: it is
kept as long as officers may have to answer for a mail, and no longer (UK GDPR, article 5).
"""

from datetime import datetime, timedelta

from django.db.models import F, Q

from localoffer.mail import backends
from localoffer.mail.models import (
    DeliveryEvent,
    IncomingMail,
    Message,
    OutboxEmail,
    Priority,
    Suppression,
)
from localoffer.mail.states import ON_THE_WAY, State

PERSONAL_KEPT = timedelta(days=30)  # one person's own mail, with all it says
ADDRESS_KEPT = timedelta(days=90)  # in the rows of a mailing
ROWS_KEPT = timedelta(days=396)  # what became of a mailing: 13 months, for a year's comparison
RAW_KEPT = timedelta(days=7)  # of incoming mail that was understood, and of services' notices
OTHER_KEPT = timedelta(days=30)  # of incoming mail that was not
EVENTS_KEPT = timedelta(days=90)
LIFTED_KEPT = timedelta(days=396)  # suppressions that no longer stand

AT_ONCE = 2_000

# Every field that can hold something of a person: how long, from when.
TERMS = {
    "mail.Message.text": "one person's own: 30 days after it was settled; a mailing's names nobody",
    "mail.Message.html": "one person's own: 30 days after it was settled; a mailing's names nobody",
    "mail.Message.subject": "one person's own: 30 days after it was settled",
    "mail.Message.key": "one person's own: 30 days after it was settled",
    "mail.OutboxEmail.address": "90 days after it was settled; one person's own: 30 days",
    "mail.OutboxEmail.address_hash": "90 days after it was settled; one person's own: 30 days",
    "mail.OutboxEmail.personal": "90 days after it was settled; one person's own: 30 days",
    "mail.OutboxEmail.leave_url": "90 days after it was settled",
    "mail.OutboxEmail.leave_token": "90 days after it was settled",
    "mail.OutboxEmail.person": "396 days after it was settled; a key that says nothing by itself",
    "mail.OutboxEmail.parts": "396 days after it was settled",
    "mail.OutboxEmail.last_error": "90 days after it was settled; addresses in it are left out",
    "mail.OutboxEmail.provider_ref": "90 days after it was settled",
    "mail.DeliveryEvent.address_hash": "90 days after it came",
    "mail.DeliveryEvent.detail": "90 days after it came; addresses in it are left out",
    "mail.DeliveryEvent.raw": "7 days after it came",
    "mail.IncomingMail.raw": "7 days after it was read; 30 days where it was not understood",
    "mail.IncomingMail.error": "90 days after it came",
    "mail.Suppression.address_hash": "while it stands; 396 days after it was lifted",
    "mail.Suppression.evidence": "while it stands; addresses in it are left out",
    "mail.Suppression.lifted_reason": "396 days after it was lifted",
}


def purge(*, now: datetime) -> None:
    """Delete what is past its term, some at a time."""
    _give_up(now)
    settled = OutboxEmail.objects.exclude(state__in=ON_THE_WAY)
    own = settled.filter(priority=Priority.PERSONAL, done_at__lt=now - PERSONAL_KEPT)
    _each(own, _delete_messages_of)
    known = ~Q(address_hash="")
    _each(settled.filter(known, done_at__lt=now - ADDRESS_KEPT), empty)
    old = settled.filter(priority__in=Priority.values, done_at__lt=now - ROWS_KEPT)
    _each(old, lambda rows: rows.delete())
    _each(
        DeliveryEvent.objects.filter(received_at__lt=now - RAW_KEPT).exclude(raw=""),
        lambda rows: rows.update(raw=""),
    )
    _each(
        DeliveryEvent.objects.filter(received_at__lt=now - EVENTS_KEPT), lambda rows: rows.delete()
    )
    understood = Q(handled_at__lt=now - RAW_KEPT) & ~Q(kind=IncomingMail.Kind.OTHER)
    _each(
        IncomingMail.objects.exclude(raw=b"").filter(
            understood | Q(received_at__lt=now - OTHER_KEPT)
        ),
        lambda rows: rows.update(raw=b""),
    )
    _each(
        IncomingMail.objects.filter(received_at__lt=now - EVENTS_KEPT), lambda rows: rows.delete()
    )
    if forget := getattr(backends.chosen(), "forget_before", None):
        forget(now - ADDRESS_KEPT)
    _each(Suppression.objects.filter(lifted_at__lt=now - LIFTED_KEPT), lambda rows: rows.delete())


def _give_up(now):
    """What nobody decided about, and no service could say, is left as it is: it has a term too."""
    unknown = OutboxEmail.objects.filter(state=State.UNKNOWN)
    own = Q(priority=Priority.PERSONAL, uncertain_at__lt=now - PERSONAL_KEPT)
    unknown.filter(own | Q(uncertain_at__lt=now - ADDRESS_KEPT)).update(
        state=State.ACCEPTED, done_at=F("uncertain_at"), last_error="Nobody knows."
    )


def _each(rows, forget):
    """Some at a time, so that nobody waits long for the database."""
    while pks := list(rows.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        forget(rows.model.objects.filter(pk__in=pks))


def _delete_messages_of(rows):
    _forget_files(rows)
    Message.objects.filter(stream="", emails__in=rows).delete()


def empty(rows) -> None:
    """Take out of rows whose they were; that they were, and what became of them, stays."""
    _forget_files(rows)
    events = DeliveryEvent.objects.filter(email__in=rows.values("pk"))
    events.update(address_hash="", detail="", raw="")
    rows.update(**NOTHING)


NOTHING = {
    "address": "",
    "address_hash": "",
    "personal": {},
    "leave_url": "",
    "leave_token": "",
    "last_error": "",
    "provider_ref": "",
}


def _forget_files(rows):
    """Mail in the folder, where that is how this installation sends."""
    if forget := getattr(backends.chosen(), "forget", None):
        for reference in rows.values_list("uuid", flat=True):
            forget(reference.hex)
