"""Hears of every change that the public can see, and notes what there is to tell of it."""

from hashlib import sha256

from django.db.models import Q
from django.utils import timezone

from localoffer.authority import changes
from localoffer.authority.models import PublicItem
from localoffer.mail import actions as mail
from localoffer.mail.models import Message, OutboxEmail
from localoffer.mail.states import State as Sending
from localoffer.updates import sources
from localoffer.updates.models import Content

AT_ONCE = 500
STREAM = "updates"


def changed(kind: str, keys: list[str]) -> None:
    """Note what was published or changed, in the transaction of the change: each once.

    A change is told where its owners say what changed, and why (its change note): a comma put
    right is nobody's news. What was withdrawn is taken out of mails that have not been sent.

    A thing is new when the public can first see it here, however long ago it was published: the
    edition of an earlier time has gone without it. What is older than this site is so old.
    """
    if sources.of(kind) is None:
        return
    for start in range(0, len(keys), AT_ONCE):
        items = list(PublicItem.objects.filter(kind=kind, key__in=keys[start : start + AT_ONCE]))
        _note([item for item in items if item.state == PublicItem.State.PUBLIC])
        _take_out([item for item in items if item.state != PublicItem.State.PUBLIC])


def _note(items):
    now, past = timezone.now(), changes.is_of_the_past()
    details = sources.details_of(items)
    known = Content.objects.filter(item__in=items)
    known = {one.item_id: one for one in known.filter(change=Content.Change.PUBLISHED)}
    rows, earlier = [], []
    for item in items:
        found = details.get(item.pk)
        if found is None:
            continue
        published = (found.published if past else None) or now
        if item.pk not in known:
            rows.append(_row(item, Content.Change.PUBLISHED, at=published))
        elif published < known[item.pk].at:
            known[item.pk].at = published
            earlier.append(known[item.pk])
        if found.note and item.pk in known:
            revision = sha256(found.note.encode()).hexdigest()
            rows.append(_row(item, Content.Change.CHANGED, revision, at=now, note=found.note))
    Content.objects.bulk_create(rows, ignore_conflicts=True)
    Content.objects.bulk_update(earlier, ["at"])


def _row(item, change, revision="", *, at, note=""):
    return Content(
        authority_id=item.authority_id,
        item=item,
        change=change,
        revision=revision,
        at=at,
        note=note[:255],
    )


def _take_out(items):
    if not items:
        return
    # What cannot wait is said in the mail itself, and may be that the page is gone.
    told_of = Content.objects.filter(item__in=items).for_editions()
    withdrawn = {str(pk) for pk in told_of.values_list("pk", flat=True)}
    if not withdrawn:
        return
    unsent = OutboxEmail.objects.filter(state=Sending.QUEUED, message__stream=STREAM)
    ours = Message.objects.filter(stream=STREAM)
    for message in ours.filter(Q(released_at=None) | Q(pk__in=unsent.values("message"))):
        for part in message.parts:
            if part["key"] in withdrawn:
                mail.drop_part(message, part["key"])
