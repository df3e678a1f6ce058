"""What mail asks of us and tells us: who still wants it, who left by mail, whose mail came back."""

import uuid
from collections import defaultdict

from django.db.models import Max, Min, Q
from django.utils import timezone

from localoffer.mail.models import OutboxEmail
from localoffer.mail.states import State as Sending
from localoffer.updates import expanding, matching, sources, tokens
from localoffer.updates.actions import following
from localoffer.updates.models import Content, EndedReason, Subscriber, Subscription, Told

LEFT = "They left before it was sent."
PAUSED = "They paused before it was sent."


def still_wanted(rows) -> dict[int, str]:
    """Which of these mails are not to go out any more, and why.

    Somebody who left one thing since an edition was written out gets it without what only that
    thing brought: the row's ``parts`` are narrowed. If they take leaving back, they are told of it.
    """
    by_person = {_uuid(row.person): row for row in rows}
    people = Subscriber.objects.filter(uuid__in=filter(None, by_person))
    people = {person.uuid: person for person in people}
    today = timezone.localdate()
    unwanted, look, not_told = {}, [], []
    for row in rows:
        person = people.get(_uuid(row.person))
        if person is None or person.state != Subscriber.State.ACTIVE:
            unwanted[row.pk] = LEFT
            if person:
                not_told.append((row, person, row.parts))
        elif person.is_paused(on=today):
            unwanted[row.pk] = PAUSED
        else:
            look.append((row, person))
    ended = Subscription.objects.filter(subscriber__in=[person for _row, person in look])
    ended = dict(ended.exclude(ended=None).values_list("subscriber_id").annotate(last=Max("ended")))
    changed = [
        (row, person) for row, person in look if ended.get(person.pk, row.created) > row.created
    ]
    unwanted |= _narrow(changed, not_told)
    _untell(not_told)
    return unwanted


def _untell(not_told):
    """Note of what somebody was not told after all; should they take leaving back, it is owed.

    ``not_told``: rows, each with its person and the keys of the parts that are not sent.
    """
    editions = expanding.editions_of({row.message_id: row.message for row, *_rest in not_told})
    for row, person, keys in not_told:
        if edition := editions.get(row.message_id):
            items = Content.objects.filter(pk__in=[int(key) for key in keys]).values("item")
            told = Told.objects.filter(subscriber=person, edition=edition, content__item__in=items)
            if first := told.aggregate(first=Min("content__at"))["first"]:
                ended = Subscription.objects.filter(
                    Q(owed_from=None) | Q(owed_from__gt=first),
                    subscriber=person,
                    frequency=edition.frequency,
                    ended__gt=row.created,
                )
                ended.update(owed_from=first)
                told.delete()


def _narrow(changed, not_told):
    """Take out of rows what nobody follows any more for whom they are, and note it as not told."""
    if not changed:
        return {}
    keys = {int(key) for row, _person in changed for key in row.parts if key.isdecimal()}
    contents = Content.objects.filter(pk__in=keys).select_related("item").in_bulk()
    details = sources.details_of([content.item for content in contents.values()])
    follows = defaultdict(list)
    living = Subscription.objects.filter(subscriber__in=[person for _row, person in changed])
    for subscriber, *pair in living.living().values_list("subscriber_id", "topic_id", "item_id"):
        follows[subscriber].append(pair)
    unwanted = {}
    for row, person in changed:
        wants = expanding.wants_of(person, follows[person.pk])
        kept = [key for key in row.parts if _concerns(contents.get(int(key)), details, wants)]
        not_told.append((row, person, [key for key in row.parts if key not in kept]))
        if not kept:
            unwanted[row.pk] = LEFT
        elif kept != row.parts:
            row.parts = kept
            OutboxEmail.objects.filter(pk=row.pk).update(parts=kept)
    return unwanted


def _concerns(content, details, wants):
    found = content and details.get(content.item_id)
    return bool(found) and matching.concerns(content.item_id, found, wants)


def left_by_mail(token: str) -> None:
    """Somebody wrote to the address for leaving: the same as their mail program's button."""
    try:
        who, scope = tokens.read(tokens.LEAVE, token)
    except tokens.BadTokenError:
        return
    if subscriber := Subscriber.objects.filter(uuid=who).first():
        following.leave(subscriber, scope=scope or tokens.EVERYTHING)


def heard(row, address_hash: str, event: str) -> None:
    """A mail came back for good, or was called spam: nothing more is sent to this person."""
    reasons: dict[str, str] = {
        str(Sending.HARD_BOUNCED): str(EndedReason.BOUNCED),
        str(Sending.COMPLAINED): str(EndedReason.COMPLAINT),
    }
    who = _uuid(row.person) if row else None
    if who is None or event not in reasons:
        return
    if subscriber := Subscriber.objects.filter(uuid=who).first():
        following.leave(subscriber, reason=reasons[event])


def _uuid(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
