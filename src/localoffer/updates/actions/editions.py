"""An edition's way from the end of its window to the people it is for, and what cannot wait."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from localoffer.authority.models import Authority
from localoffer.mail import actions as mail
from localoffer.updates import expanding, rendering, windows
from localoffer.updates.models import (
    Edition,
    EditionItem,
    IllegalMoveError,
    Subscription,
    UrgentNotice,
)
from localoffer.updates.tasks import send

MADE_GOOD_FOR = timedelta(days=7)  # a window that ended longer ago without an edition stays so
# Nobody can be asked every morning: what a daily edition lists was approved when it was published.
BY_ITSELF = [Edition.Frequency.DAILY]


def make_due(*, now) -> int:
    """Make an edition of every window that has ended and has none. Returns how many."""
    since = now - MADE_GOOD_FOR
    rows = Edition.objects.filter(ends__gt=since - timedelta(days=1))
    there = set(rows.values_list("authority_id", "frequency", "day"))
    due = [
        window
        for frequency in windows.FREQUENCIES
        for window in windows.ended(frequency, after=since, by=now)
    ]
    made = 0
    for authority in Authority.objects.select_related("site").order_by("pk"):
        for window in due:
            if (authority.pk, window.frequency, window.day) not in there:
                made += make(authority, window) is not None
    return made


@transaction.atomic
def make(authority, window) -> Edition | None:
    """The edition of a window, with what it has to tell; None where there is one already.

    A window without anything to tell leaves an edition that says so, and no mail. So does a day
    that nobody would be told of: the archive has the weeks.
    """
    edition, new = Edition.objects.get_or_create(
        authority=authority,
        frequency=window.frequency,
        day=window.day,
        defaults={"starts": window.starts, "ends": window.ends},
    )
    if not new:
        return None
    by_itself = window.frequency in BY_ITSELF
    if not expanding.fill(edition) or (by_itself and not _anybody(edition)):
        EditionItem.objects.filter(edition=edition).delete()
        Edition.objects.filter(pk=edition.pk).update(state=Edition.State.EMPTY)
    elif by_itself:
        edition.move_to(Edition.State.APPROVED, approved_at=timezone.now())
    edition.refresh_from_db()
    return edition


def _anybody(edition):
    living = Subscription.objects.for_authority(edition.authority).living()
    return living.filter(frequency=edition.frequency).exists()


@transaction.atomic
def edit(edition, *, introduction, send_at, included, by) -> None:
    """Change the words above the list, when it goes and what it tells of.

    ``included``: primary keys of its items. An edition that waited, or was approved, is a draft
    again: what is sent is what was approved. Raises IllegalMoveError once it is being sent.
    """
    changes = {"introduction": introduction, "send_at": send_at, "edited_by": by}
    cleared = {"submitted_by": None, "approved_by": None, "approved_at": None}
    if edition.state in {Edition.State.WAITING, Edition.State.APPROVED}:
        edition.move_to(Edition.State.DRAFT, **changes, **cleared)
    else:
        drafts = Edition.objects.filter(pk=edition.pk, state=Edition.State.DRAFT)
        if not drafts.update(**changes):
            raise IllegalMoveError("this edition can no longer be changed")
        edition.refresh_from_db()
    edition.writers.add(by)
    edition.items.update(included=False)
    edition.items.filter(pk__in=included).update(included=True)
    log(edition, "updates.edit", user=by)


@transaction.atomic
def submit(edition, *, by) -> None:
    """Ask somebody else to approve a draft."""
    if not edition.items.filter(included=True).exists():
        raise IllegalMoveError("it tells of nothing: leave something in, or do not send it")
    edition.move_to(Edition.State.WAITING, submitted_by=by)
    edition.writers.add(by)
    log(edition, "updates.submit", user=by)


@transaction.atomic
def take_back(edition, *, by, reason="") -> None:
    """Make a draft again of what waits or was approved, because something is not right."""
    edition.move_to(Edition.State.DRAFT, submitted_by=None, approved_by=None, approved_at=None)
    log(edition, "updates.take_back", user=by, data={"reason": reason})


@transaction.atomic
def approve(edition, *, by, read, now=None) -> None:
    """Let an edition go, at its time.

    ``read``: the fingerprint of what they read. Raises IllegalMoveError for anybody who ever wrote
    in it, and where it is no longer what was read.
    """
    # Whoever changes it writes this row first: nothing changes between the look and the approval.
    Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    edition.refresh_from_db()
    if edition.writers.filter(pk=by.pk).exists():
        raise IllegalMoveError("somebody else must approve what you wrote")
    if edition.state != Edition.State.WAITING:
        raise IllegalMoveError("it does not wait for approval")
    if read != edition.fingerprint:
        raise IllegalMoveError("it was changed after you opened it. Read it again")
    edition.move_to(Edition.State.APPROVED, approved_by=by, approved_at=now or timezone.now())
    log(edition, "updates.approve", user=by)
    transaction.on_commit(send.enqueue)


@transaction.atomic
def cancel(edition, *, by, reason) -> None:
    """Say that an edition will not be sent, and why. What it would have told is told to nobody."""
    edition.move_to(Edition.State.CANCELLED)
    log(edition, "updates.cancel", user=by, data={"reason": reason})


@transaction.atomic
def send_test(edition, *, by, format_) -> None:
    """Send an edition as it is now to the officer who asks, and to nobody else."""
    items = edition.items.filter(included=True)
    words = expanding.write(edition, format_, rendering.entries_of(edition, items))
    message = mail.write(
        authority=edition.authority,
        key=f"updates/test/{edition.uuid}/{format_}/{timezone.now().timestamp()}",
        kind="test",
        subject=f"Test: {words.subject}",
        text=words.text,
        html=words.html,
        parts=words.parts,
    )
    here = expanding.links.absolute(edition.authority, edition.get_absolute_url())
    recipient = mail.Recipient(
        person=f"officer-{by.pk}", address=by.email, personal={"manage": here, "leave": here}
    )
    mail.address(message, [recipient])
    mail.release(message)


@transaction.atomic
def mark_printed(edition, *, by, now=None) -> None:
    """Note that the letters of an edition were printed and posted."""
    waiting = Edition.objects.filter(pk=edition.pk, printed_at=None)
    if waiting.update(printed_at=now or timezone.now(), printed_by=by):
        log(edition, "updates.printed", user=by)


@transaction.atomic
def send_urgently(*, authority, item, title, text, reason, token, by) -> UrgentNotice:
    """Send something now to everybody it concerns. The same form sent twice is one notice."""
    notice, new = UrgentNotice.objects.get_or_create(
        uuid=token,
        defaults={
            "authority": authority,
            "item": item,
            "title": title,
            "text": text,
            "reason": reason,
            "sent_by": by,
        },
    )
    if new:
        log(notice, "updates.urgent", user=by)
        transaction.on_commit(send.enqueue)
    return notice
