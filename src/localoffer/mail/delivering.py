"""Sends what is due, in batches: claimed in one short transaction, sent over one connection.

What a worker holds, it holds on a lease. Just before mails are handed over they are marked as
tried, ``GROUP`` at a time. So a worker that dies at any moment leaves behind rows that are known,
rows that were never tried, which another sends, and at most one group of which nobody can say:
those become ``unknown`` (``sweeping``).
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from localoffer.mail import addresses, backends, outcomes, streams, suppressing, timing, webhooks
from localoffer.mail.backends.base import (
    RefusedError,
    Session,
    TryLaterError,
    UncertainError,
)
from localoffer.mail.composing import Envelope, Letter, Mail, compose
from localoffer.mail.models import Message, OutboxEmail, Priority
from localoffer.mail.states import State

logger = logging.getLogger(__name__)

BATCH = 200  # rows claimed at a time
GROUP = 10  # mails of which a killed worker leaves no record: at most so many
LEASE = timedelta(minutes=5)
LETTERS_KEPT = 50
# What is read of no row that is to be sent: reading it takes as long as sending does.
NOT_NEEDED = [
    "tried_at",
    "done_at",
    "uncertain_at",
    "resent_at",
    "last_error",
    "provider_ref",
    "lease_until",
    "worker",
]


@dataclass(frozen=True)
class Outcome:
    """What became of one mail."""

    state: Any  # of State
    why: str = ""
    reference: str = ""
    not_before: datetime | None = None


class Sender:
    """One worker. ``stopping()`` says whether to end after the group under way."""

    def __init__(self, *, backend=None, name: str = "", stopping=lambda: False):
        self.backend = backend or backends.chosen()
        self.name = name or worker_name()
        self.stopping = stopping
        self._letters: dict = {}
        self._open: ExitStack | None = None
        self._session: Session | None = None

    def run(self, *, seconds: float | None = None) -> int:
        """Send until nothing is due, or for so many seconds. Returns how many were tried.

        Raises TryLaterError where the mail service is not there: what was claimed is put back.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        tried = 0
        try:
            while not self.stopping() and (deadline is None or time.monotonic() < deadline):
                rows = claim(worker=self.name, now=timezone.now())
                if not rows:
                    break
                tried += self._send(rows)
        finally:
            self._hang_up()
        return tried

    def _send(self, rows):
        rows = self._wanted(rows)
        tried, done = 0, []
        while rows and not self.stopping():
            try:
                session = self._connected()
            except TryLaterError as error:
                self._settle(done)
                put_back(rows, worker=self.name, why=str(error))
                raise
            group, rows = rows[:GROUP], rows[GROUP:]
            group = self._settle(done, group)
            done, untried, away = self._group(session, group)
            tried += len(done)
            if untried or away:
                self._settle(done)
                done = []
                put_back(untried, worker=self.name, again=True)
            if away:
                put_back(rows, worker=self.name)
                raise TryLaterError(away, whole=True)
        self._settle(done)
        put_back(rows, worker=self.name)
        return tried

    @transaction.atomic
    def _settle(self, done, group=()):
        """Record a group and mark the next as tried, at once: what a killed worker leaves is small.

        Returns those of the next group that are still this worker's.
        """
        finish(done, worker=self.name)
        return begin(group, worker=self.name)

    def _group(self, session, group):
        """Send a group: what became of each, those left untried, and why the service is away."""
        done: list[tuple[OutboxEmail, Outcome]] = []
        for at, row in enumerate(group):
            try:
                mail = self.mail(row)
            except Exception as error:  # one mail that cannot be made must not stop the rest
                logger.exception("mail: %s cannot be made", row.uuid)
                done.append((row, Outcome(State.FAILED_FINAL, f"It could not be made: {error}")))
                continue
            outcome, away = self._try(session, row, mail)
            done.append((row, outcome))
            if away or outcome.state == State.UNKNOWN:
                self._hang_up()
                return done, group[at + 1 :], away
        return done, [], ""

    def _try(self, session, row, mail):
        """Hand one mail over: what became of it, and why the service is away if it is."""
        try:
            handed = session.send(mail)
        except TryLaterError as error:
            outcome = later(row, str(error), now=timezone.now())
            return outcome, str(error) if error.whole else ""
        except RefusedError as error:
            state = State.HARD_BOUNCED if error.mailbox else State.FAILED_FINAL
            return Outcome(state, str(error)), ""
        except UncertainError as error:
            return Outcome(State.UNKNOWN, str(error)), ""
        except Exception as error:  # it may have been taken before we failed
            logger.exception("mail: sending %s", row.uuid)
            return Outcome(State.UNKNOWN, f"We failed: {error!r}"), ""
        return Outcome(State.ACCEPTED, reference=handed.reference), ""

    def _connected(self):
        if self._session is None:
            self._open = ExitStack()
            self._session = self._open.enter_context(self.backend.session())
        return self._session

    def _hang_up(self):
        opened, self._open, self._session = self._open, None, None
        if opened:
            opened.close()

    def _wanted(self, rows):
        """Those that still go out; the rest are settled, each with its reason."""
        refused = suppressing.among(rows)
        by_stream: dict[str, list] = {}
        for row in rows:
            by_stream.setdefault(row.message.stream, []).append(row)
        unwanted: dict[int, str] = {}
        for name, theirs in by_stream.items():
            if stream := streams.get(name):
                unwanted |= stream.still_wanted(theirs)
        withdrawn = {
            row.pk: "What it told of was withdrawn."
            for row in rows
            if row.message.dropped and not self._letter(row.message)[0].keys(row.parts)
        } | {row.pk: "Its address has been erased." for row in rows if not row.address}
        settled = [
            (row, Outcome(State.SUPPRESSED, refused[row.pk])) for row in rows if row.pk in refused
        ]
        settled += [
            (row, Outcome(State.CANCELLED, why))
            for row in rows
            if row.pk not in refused and (why := unwanted.get(row.pk) or withdrawn.get(row.pk))
        ]
        if settled:
            self._settle(settled)
        gone = {row.pk for row, _outcome in settled}
        return [row for row in rows if row.pk not in gone]

    def _letter(self, message):
        """What a message says and who it is from, made ready once."""
        key = message.pk, tuple(message.dropped)
        if key not in self._letters:
            if len(self._letters) >= LETTERS_KEPT:
                self._letters.clear()
            letter = Letter(message.subject, message.text, message.html, message.parts)
            self._letters[key] = letter, envelope(message)
        return self._letters[key]

    def mail(self, row: OutboxEmail) -> Mail:
        """A row's mail, the same each time but for its date."""
        letter, sender = self._letter(row.message)
        return compose(
            letter=letter,
            envelope=sender,
            reference=row.uuid.hex,
            to=row.address,
            personal=row.personal,
            parts=row.parts,
            leave_url=row.leave_url,
            leave_token=row.leave_token,
            now=timezone.now(),
        )


def worker_name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def envelope(message: Message) -> Envelope:
    """Who a message is from: the authority, at the address of the installation."""
    authority = message.authority
    stream = streams.get(message.stream)
    return Envelope(
        sender_name=authority.title,
        sender=settings.MAIL_FROM,
        reply_to=authority.email,
        inbox=settings.MAIL_INBOX,
        plus=settings.MAIL_PLUS,
        echoed=webhooks.ECHOED.get(settings.MAIL_SERVICE, ""),
        list_id=stream.list_id if stream else "",
        list_name=f"{authority.title}: {stream.name}" if stream else "",
    )


def claim(*, worker: str, now: datetime) -> list[OutboxEmail]:
    """Take some of what is due, on a lease. Of two workers, each row is one's."""
    priorities = [Priority.PERSONAL, Priority.URGENT]
    if not timing.is_quiet(now, settings.MAIL_QUIET_HOURS):
        priorities.append(Priority.NEWS)
    due = OutboxEmail.objects.due(now=now).defer(*NOT_NEEDED)
    if not due.filter(priority__in=priorities).exists():
        return []  # nobody is kept from writing just to see that there is nothing
    with transaction.atomic():
        rows: list[OutboxEmail] = []
        for priority in priorities:
            some = due.filter(priority=priority).order_by("not_before", "pk")
            if connection.features.has_select_for_update_skip_locked:
                some = some.select_for_update(skip_locked=True)
            rows += some[: BATCH - len(rows)] if len(rows) < BATCH else []
            OutboxEmail.objects.filter(pk__in=[row.pk for row in rows]).update(
                state=State.SENDING, worker=worker, lease_until=now + LEASE, tried_at=None
            )
    messages = Message.objects.select_related("authority__site").in_bulk(
        {row.message_id for row in rows}
    )
    for row in rows:
        row.message = messages[row.message_id]
        row.state = State.SENDING
    return rows


def _held(rows, worker):
    pks = [row.pk for row in rows]
    return OutboxEmail.objects.filter(pk__in=pks, worker=worker, state=State.SENDING)


def begin(group: Sequence[OutboxEmail], *, worker: str) -> list[OutboxEmail]:
    """Mark a group as tried, just before it is. Returns those that are still this worker's."""
    if not group:
        return []
    now = timezone.now()
    marked = _update(
        "tried_at = %s, attempts = attempts + 1, lease_until = %s",
        [_written(now), _written(now + LEASE)],
        [row.pk for row in group],
        worker=worker,
        states=[State.SENDING],
    )
    group = list(group)
    if marked != len(group):  # a lease ran out while the service was slow
        held = set(_held(group, worker).filter(tried_at=now).values_list("pk", flat=True))
        group = [row for row in group if row.pk in held]
    for row in group:
        row.attempts += 1
    return group


def finish(done: list[tuple[OutboxEmail, Outcome]], *, worker: str) -> None:
    """Record what became of mails, in the caller's transaction.

    One that was given up as lost meanwhile is found again.
    """
    now = timezone.now()
    accepted = [(row.pk, outcome) for row, outcome in done if outcome.state == State.ACCEPTED]
    if accepted:
        _accept(accepted, worker=worker, now=now)
    for row, outcome in done:
        if outcome.state != State.ACCEPTED:
            _finish_one(row, outcome, worker=worker, now=now)


def _accept(accepted, *, worker, now):
    references: list = []
    for pk, outcome in accepted:
        references += [pk, addresses.left_out(outcome.reference)[:200]]
    cases = " WHEN %s THEN %s" * len(accepted)
    _update(
        "state = %s, lease_until = NULL, last_error = '', done_at = %s, "
        # One lost sight of, whose worker comes back to say that it went, went once.
        "uncertain_at = CASE WHEN resent_at IS NULL THEN NULL ELSE uncertain_at END, "
        f"provider_ref = CASE id{cases} END",
        [State.ACCEPTED.value, _written(now), *references],
        [pk for pk, _outcome in accepted],
        worker=worker,
        states=[State.SENDING, State.UNKNOWN],
    )


def _finish_one(row, outcome, *, worker, now):
    why = addresses.left_out(outcome.why)[:500]
    values: dict[str, Any] = {"state": outcome.state, "lease_until": None, "last_error": why}
    if outcome.state == State.QUEUED:
        values |= {"not_before": outcome.not_before, "tried_at": None}
    elif outcome.state == State.UNKNOWN:
        values |= {"uncertain_at": now}
    else:
        values |= {"done_at": now}
    ours = OutboxEmail.objects.filter(
        pk=row.pk, worker=worker, state__in=[State.SENDING, State.UNKNOWN]
    )
    if ours.update(**values) and outcome.state == State.HARD_BOUNCED:
        suppressing.suppress(
            row.authority_id, row.address_hash, suppressing.Reason.HARD_BOUNCE, evidence=why
        )
        outcomes.tell(row, row.address_hash, str(State.HARD_BOUNCED))


def _update(changes, values, pks, *, worker, states):
    """An UPDATE of rows that are this worker's, in its own words; how many it changed.

    Twice for each ten mails: to have Django build it takes longer than the database does to do it.
    """
    table = OutboxEmail._meta.db_table
    sql = (
        f"UPDATE {table} SET {changes} WHERE id IN ({_places(pks)}) AND worker = %s "  # noqa: S608
        f"AND state IN ({_places(states)})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *pks, worker, *(state.value for state in states)])
        return cursor.rowcount


def _places(values):
    return ", ".join(["%s"] * len(values))


def _written(moment):
    return connection.ops.adapt_datetimefield_value(moment)


def later(row: OutboxEmail, why: str, *, now: datetime) -> Outcome:
    """When to try again what was refused for now; or that nobody waits for it any more."""
    personal = row.priority == Priority.PERSONAL
    patience = timing.PERSONAL_PATIENCE if personal else timing.NEWS_PATIENCE
    began = max(row.created, row.message.not_before or row.created)
    if now - began > patience:
        return Outcome(State.FAILED_FINAL, f"Given up after {patience.days} days: {why}")
    ceiling = timing.PERSONAL_CEILING if personal else timing.NEWS_CEILING
    wait = timing.wait(row.attempts, ceiling=ceiling)
    return Outcome(State.QUEUED, why, not_before=now + wait)


def put_back(rows: list[OutboxEmail], *, worker: str, why: str = "", again: bool = False) -> None:
    """Give back what was not tried. ``again``: it was marked as tried, and yet was not."""
    if not rows:
        return
    values: dict[str, Any] = {"state": State.QUEUED, "lease_until": None, "tried_at": None}
    if why:
        values["last_error"] = addresses.left_out(why)[:500]
    if again:
        values["attempts"] = F("attempts") - 1
    _held(rows, worker).update(**values)
