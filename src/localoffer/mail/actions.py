"""Everything that can happen to mail before it is sent. Apps above call these in their transaction.

A mail is a row before it is sent: rolled back with what caused it, or kept with it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import css_inline
from django.db import transaction
from django.db.models import Q
from django.template import Context
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone
from wagtail.log_actions import log

from localoffer.authority.models import Authority
from localoffer.mail import addresses, retention, sweeping
from localoffer.mail.models import Message, OutboxEmail
from localoffer.mail.states import State

AT_ONCE = 500  # rows of one statement
FORGOTTEN = "The person asked to be forgotten."
TRANSACTIONAL = "transactional"
SUBJECT = "Subject:"
_TOKEN = re.compile(r"[A-Za-z0-9._=-]{0,200}")
_URL = re.compile(r"(https?://[!-;=?-~]{1,480})?")  # no space, no < or >, nothing beyond ASCII
_STYLES = re.compile(r"(?is)<style[^>]*>(.*?)</style>")


class FrozenError(ValueError):
    """The message has been released: what it says stands, but for parts that are withdrawn."""


@dataclass(frozen=True)
class Recipient:
    """Somebody a message goes to. ``person``: the key by which the app above knows them.

    ``personal``: values for the message's places. ``parts``: keys of the parts they get; empty
    for all. ``leave_url`` and ``leave_mailto_token`` give the List-Unsubscribe headers; the token
    has letters, numbers and ``. _ = -`` only.
    """

    person: str
    address: str
    personal: dict = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    leave_url: str = ""
    leave_mailto_token: str = ""


@transaction.atomic
def queue(
    *,
    authority: Authority,
    key: str,
    template: str,
    context: dict,
    to: str,
    person: str = "",
    stream: str = "",
    personal: dict | None = None,
    not_before: datetime | None = None,
) -> OutboxEmail:
    """Write one mail to one person, to be sent once this has committed, or from ``not_before``.

    The same ``key`` again is the same mail. ``template``: the name without its end; of the first
    line of ``<template>.txt`` comes the subject, and nothing in that file is escaped.
    ``<template>.html`` need not be there. Raises TemplateDoesNotExist, and ValueError for a
    template that does not begin with ``Subject:``.
    """
    if found := OutboxEmail.objects.filter(message__authority=authority, message__key=key).first():
        return found
    subject, text, html = _rendered(template, {"authority": authority, **context})
    message = write(
        authority=authority,
        key=key,
        kind=TRANSACTIONAL,
        subject=subject,
        text=text,
        html=html,
        stream=stream,
    )
    address(message, [Recipient(person=person, address=to, personal=personal or {})])
    release(message, not_before=not_before)
    return OutboxEmail.objects.get(message=message, person=person)


def _rendered(template, context):
    plain = get_template(f"{template}.txt").template.render(Context(context, autoescape=False))
    subject, _, text = plain.strip().partition("\n")
    if not subject.startswith(SUBJECT):
        raise ValueError(f"{template}.txt must begin with {SUBJECT!r}")
    try:
        html = get_template(f"{template}.html").render(context)
    except TemplateDoesNotExist:
        html = ""
    return subject.removeprefix(SUBJECT).strip(), text.strip("\n"), html


@transaction.atomic
def write(
    *,
    authority: Authority,
    key: str,
    kind: str,
    subject: str,
    text: str,
    html: str = "",
    parts: dict[str, dict[str, str]] | None = None,
    stream: str = "",
    variant: str = "",
    by=None,
) -> Message:
    """Write what a message says, or find it by its key: then what it says is left as it is.

    ``parts``: what some people get and others do not, by key and in order, each with ``text`` and
    ``html``. Style sheets in ``html`` are put into its elements, and into those of the parts.
    ``variant``: what tells it from other messages of the same words, such as "large print".
    """
    styles = "\n".join(_STYLES.findall(html))
    message, new = Message.objects.get_or_create(
        authority=authority,
        key=key,
        defaults={
            "kind": kind,
            "stream": stream,
            "variant": variant,
            "subject": " ".join(subject.split())[:255],
            "text": text,
            "html": css_inline.inline(html) if html else "",
            "parts": [
                {
                    "key": name,
                    "text": part.get("text", ""),
                    "html": _inlined(part.get("html", ""), styles),
                }
                for name, part in (parts or {}).items()
            ],
        },
    )
    if new and by:
        log(message, "mail.write", user=by)
    return message


def _inlined(html, styles):
    return css_inline.inline_fragment(html, styles) if html and styles else html


def address(message: Message, recipients: Iterable[Recipient]) -> int:
    """Write a row for each person who has none yet; returns how many were added.

    In chunks, each one statement: the caller decides what is a transaction. Running it again
    after it was cut short adds only those missing. An address no mail can go to is a row too,
    that says so: nobody is left out without a trace. Raises ValueError for a way to leave that
    cannot stand in a header.
    """
    return sum(_add(message, chunk) for chunk in _chunks(recipients))


def _chunks(recipients: Iterable[Recipient]) -> Iterator[list[Recipient]]:
    each = iter(recipients)
    while chunk := list(islice(each, AT_ONCE)):
        yield chunk


def _add(message, chunk):
    there = OutboxEmail.objects.filter(message=message, person__in=[one.person for one in chunk])
    known = set(there.values_list("person", flat=True))
    rows = [_row(message, one) for one in chunk if one.person not in known]
    OutboxEmail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
    return len(rows)


def _row(message, recipient):
    if not _TOKEN.fullmatch(recipient.leave_mailto_token):
        raise ValueError("a token to leave by mail has letters, numbers and . _ = - only")
    if not _URL.fullmatch(recipient.leave_url):
        raise ValueError("an address to leave at is a web address in ASCII")
    fault = addresses.fault(recipient.address)
    return OutboxEmail(
        authority_id=message.authority_id,
        message=message,
        person=recipient.person,
        address=recipient.address[: addresses.LONGEST],
        address_hash=addresses.hashed(recipient.address),
        personal=recipient.personal,
        parts=list(recipient.parts),
        leave_url=recipient.leave_url,
        leave_token=recipient.leave_mailto_token,
        priority=message.priority,
        not_before=message.not_before,
        state=State.FAILED_FINAL if fault else State.QUEUED,
        done_at=timezone.now() if fault else None,
        last_error=fault,
    )


@transaction.atomic
def release(message: Message, *, not_before: datetime | None = None) -> None:
    """Let the message be sent from now on, or from ``not_before``. Once is enough.

    The worker looks for what is due every second, so nothing need be told to it.
    """
    now = timezone.now()
    start = max(not_before, now) if not_before else now
    waiting = Message.objects.filter(pk=message.pk, released_at=None)
    if waiting.update(released_at=now, not_before=start):
        message.released_at, message.not_before = now, start
        OutboxEmail.objects.filter(message=message, not_before=None).update(not_before=start)


@transaction.atomic
def drop_part(message: Message, key: str) -> None:
    """Withdraw a part: whoever has not been sent the message gets it without.

    A row left with no part is cancelled. A part that is not there is no error.
    """
    locked = Message.objects.select_for_update().get(pk=message.pk)
    if key not in {part["key"] for part in locked.parts}:
        return
    locked.parts = [part for part in locked.parts if part["key"] != key]
    locked.dropped = [*locked.dropped, key]
    locked.save(update_fields=["parts", "dropped"])
    message.parts, message.dropped = locked.parts, locked.dropped
    left = {part["key"] for part in locked.parts}
    waiting = OutboxEmail.objects.filter(message=message, state=State.QUEUED)
    empty = [
        pk
        for pk, wanted in waiting.values_list("pk", "parts").iterator(2_000)
        if not (left.intersection(wanted) if wanted else left)
    ]
    for start in range(0, len(empty), AT_ONCE):
        cancel(
            OutboxEmail.objects.filter(pk__in=empty[start : start + AT_ONCE]),
            reason="What it told of was withdrawn.",
        )


def cancel(rows, *, reason: str) -> int:
    """Say of rows not sent yet that they will not be, and why. Returns how many.

    ``rows``: a queryset of OutboxEmail, or a list of them. What is being sent is left alone.
    """
    if not hasattr(rows, "filter"):
        rows = OutboxEmail.objects.filter(pk__in=[row.pk for row in rows])
    return rows.filter(state=State.QUEUED).update(
        state=State.CANCELLED, last_error=reason[:500], done_at=timezone.now()
    )


@transaction.atomic
def forget(*, authority: Authority | int, person: str, address: str = "") -> int:
    """Erase what the outbox says of a person; mail not sent yet is cancelled. Returns the rows.

    For somebody who asks to be erased, or whose address must go (UK GDPR, article 17): rows of
    this ``person``, and of whoever was written to at this ``address``. Their own mail goes with
    all it says; of mailings, how many went out stays. A mail that a worker has in its hands at
    this moment may still go.
    """
    whose = Q(person=person) & ~Q(person="")
    if address:
        whose |= Q(address_hash=addresses.hashed(address))
    return _forget(OutboxEmail.objects.filter(whose, authority=authority))


@transaction.atomic
def forget_each(*, authority: Authority | int, people: dict[str, str]) -> int:
    """Erase mails to these people, known by their keys, at these addresses: {person: address}.

    Other mail to the same address stays. Returns the rows.
    """
    hashes = [addresses.hashed(address) for address in people.values()]
    rows = OutboxEmail.objects.filter(authority=authority, address_hash__in=hashes)
    return _forget(rows.filter(person__in=people))


def _forget(rows):
    rows = OutboxEmail.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    cancel(rows, reason=FORGOTTEN)
    sweeping.leave(rows, why=FORGOTTEN)
    number = rows.count()
    retention.empty(rows)
    # What a worker has in its hands it must still be able to read.
    settled = rows.exclude(state=State.SENDING)
    Message.objects.filter(pk__in=settled.values("message"), stream="").delete()
    return number
