"""From an approved edition, or an urgent notice, to one mail for each person it concerns.

Everything happens in short transactions that each leave a whole state behind: what was told and the
mail that tells it are written together, with how far it has come. Killed anywhere and run again, it
goes on where it was; two at once wait for each other.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef
from django.utils import timezone

from localoffer.authority.models import PublicItem
from localoffer.mail import actions as mail
from localoffer.mail.models import Message
from localoffer.updates import links, matching, rendering, sources, tokens
from localoffer.updates.models import (
    Content,
    Edition,
    EditionItem,
    Format,
    Progress,
    Subscriber,
    Subscription,
    Told,
    UrgentNotice,
)
from localoffer.updates.noticing import STREAM

AT_ONCE = 500  # people in one transaction


@dataclass(frozen=True)
class Thing:
    """One public thing that is to be told, and what has happened to it, the oldest first."""

    item: int
    details: sources.Details
    contents: list[tuple[int, datetime]]
    key: str  # of its part in the message


def run(*, now=None) -> int:
    """Send every edition and notice that is due, each to its end. Returns how many ended."""
    now = now or timezone.now()
    finished = 0
    for pk in list(UrgentNotice.objects.filter(sent_at=None).values_list("pk", flat=True)):
        finished += send_notice(pk)
    for pk in list(Edition.objects.to_send(now=now).values_list("pk", flat=True)):
        finished += send_edition(pk, now=now)
    return finished


# Gathering


def gather(authority, starts, ends):
    """What was published or changed in a time and is public now: newest content of each item last.

    Pairs of an item and its contents.
    """
    found = Content.objects.for_authority(authority).in_time(starts, ends).public().for_editions()
    by_item = defaultdict(list)
    for content in found.select_related("item").order_by("at", "pk"):
        by_item[content.item].append(content)
    return list(by_item.items())


def fill(edition) -> int:
    """Give an edition the items of its window, in order. Returns how many."""
    gathered = gather(edition.authority, edition.starts, edition.ends)
    rows = _items(edition, gathered)
    EditionItem.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _items(edition, gathered, *, catch_up=False):
    details = sources.details_of([item for item, _contents in gathered])
    rows = []
    for item, contents in gathered:
        if found := details.get(item.pk):
            row = EditionItem(edition=edition, content=contents[-1], catch_up=catch_up)
            _describe(row, item, found, contents)
            rows.append(row)
    rows.sort(
        key=lambda row: (sources.of(row.content.item.kind).order, -row.content.at.timestamp())
    )
    for order, row in enumerate(rows):
        row.order = order
    return rows


def _describe(row, item, details, contents):
    row.heading = sources.of(item.kind).heading
    row.title, row.summary, row.url = details.title[:255], details.summary, item.url
    row.is_change = all(content.change == Content.Change.CHANGED for content in contents)
    row.note = details.note if row.is_change else ""


# An edition


def send_edition(pk: int, *, now=None) -> bool:
    """Begin or go on, up to the end. Whether it was finished by this call."""
    now = now or timezone.now()
    if not _begin(pk, now):
        return False
    things = things_of(Edition.objects.get(pk=pk))
    while _some_more(pk, things):
        pass
    return _finish(pk, now)


@transaction.atomic
def _begin(pk, now):
    edition = (
        Edition.objects.select_for_update(of=("self",)).select_related("authority__site").get(pk=pk)
    )
    if edition.state == Edition.State.SENDING:
        return True
    if not Edition.objects.filter(pk=pk).to_send(now=now).exists():
        return False
    if not _bring_up_to_date(edition):
        edition.move_to(Edition.State.EMPTY)
        return False
    edition.move_to(Edition.State.SENDING, sent_at=now)
    everything = edition.items.filter(included=True)
    entries = rendering.entries_of(edition, everything)
    for format_ in rendering.MAILED:
        words = write(edition, format_, entries)
        mail.write(
            authority=edition.authority,
            key=message_key(edition, format_),
            kind="edition",
            subject=words.subject,
            text=words.text,
            html=words.html,
            parts=words.parts,
            stream=STREAM,
            variant=format_.label,
        )
    return True


def message_key(edition, format_):
    return f"updates/edition/{edition.uuid}/{format_}"


def editions_of(messages: dict[int, Message]) -> dict[int, Edition]:
    """The editions that these messages are of, by the same keys; others have none."""
    keys = {at: message.key.split("/") for at, message in messages.items()}
    uuids = {at: key[2] for at, key in keys.items() if key[:2] == ["updates", "edition"]}
    found = {str(one.uuid): one for one in Edition.objects.filter(uuid__in=set(uuids.values()))}
    return {at: found[uuid] for at, uuid in uuids.items() if uuid in found}


def sent(edition) -> list[tuple[Message, int]]:
    """The messages of an edition that somebody was written, each with to how many."""
    keys = [message_key(edition, format_) for format_ in rendering.MAILED]
    found = Message.objects.for_authority(edition.authority).filter(key__in=keys)
    found = found.annotate(people=Count("emails")).filter(people__gt=0).order_by("pk")
    return [(message, message.people) for message in found.defer("text", "html", "parts")]


def write(edition, format_, entries):
    """The words of an edition in one format."""
    return rendering.write(
        edition.authority,
        template="updates/mail/edition",
        subject=edition.title,
        entries=entries,
        format=format_,
        context={
            "edition": edition,
            "edition_url": links.absolute(edition.authority, edition.get_absolute_url()),
        },
    )


def _bring_up_to_date(edition):
    """Say of everything what is true now, leave out what was withdrawn, add what is back.

    And what some are owed from before.

    Whether anything is left.
    """
    rows = list(edition.items.select_related("content__item"))
    details = sources.details_of([row.content.item for row in rows])
    window = gather(edition.authority, edition.starts, edition.ends)
    contents = {item.pk: found for item, found in window}
    for row in rows:
        item = row.content.item
        found = details.get(item.pk)
        row.included = row.included and found is not None and item.pk in contents
        if row.included:
            _describe(row, item, found, contents[item.pk])
    fields = ["included", "heading", "title", "summary", "url", "note", "is_change"]
    EditionItem.objects.bulk_update(rows, fields)
    there = {row.content.item_id for row in rows}
    back = _items(edition, [(item, found) for item, found in window if item.pk not in there])
    EditionItem.objects.bulk_create(back, ignore_conflicts=True)
    rows += back
    there |= {row.content.item_id for row in back}
    owed = Subscription.objects.for_authority(edition.authority).living()
    owed = owed.filter(frequency=edition.frequency, owed_from__lt=edition.starts)
    if first := owed.aggregate(first=Min("owed_from"))["first"]:
        earlier = gather(edition.authority, first, edition.starts)
        earlier = [(item, found) for item, found in earlier if item.pk not in there]
        more = _items(edition, earlier, catch_up=True)
        EditionItem.objects.bulk_create(more, ignore_conflicts=True)
    return any(row.included for row in rows)


def things_of(edition) -> list[Thing]:
    """What an edition tells, with all that has happened to each thing since anybody is owed it."""
    rows = edition.items.filter(included=True, content__item__state=PublicItem.State.PUBLIC)
    rows = list(rows.select_related("content__item"))
    items = {row.content.item_id: row for row in rows}
    details = sources.details_of([row.content.item for row in rows])
    first = min((row.content.at for row in rows), default=edition.starts)
    found = Content.objects.for_authority(edition.authority).for_editions()
    found = found.in_time(min(first, edition.starts), edition.ends).filter(item__in=items)
    contents = defaultdict(list)
    for pk, item, at in found.order_by("at", "pk").values_list("pk", "item_id", "at"):
        contents[item].append((pk, at))
    return [
        Thing(item, details[item], contents[item], key=str(row.content_id))
        for item, row in items.items()
        if item in details
    ]


@transaction.atomic
def _some_more(pk, things):
    """Address the next people. Whether there may be more.

    What is withdrawn meanwhile is dropped from the messages themselves (``noticing``).
    """
    edition = (
        Edition.objects.select_for_update(of=("self",)).select_related("authority__site").get(pk=pk)
    )
    if edition.state != Edition.State.SENDING:
        return False
    progress, _new = Progress.objects.get_or_create(edition=edition)
    people = _next_people(edition, progress.cursor, frequency=edition.frequency)
    if not people:
        return False
    letters = _tell(
        edition.authority,
        people,
        things,
        starts=edition.starts,
        frequency=edition.frequency,
        messages=_messages(edition, lambda format_: message_key(edition, format_)),
        edition=edition,
    )
    Progress.objects.filter(pk=progress.pk).update(
        cursor=people[-1].pk, letters=F("letters") + letters.by_post
    )
    Subscription.objects.filter(
        subscriber__in=people, frequency=edition.frequency, ended=None
    ).exclude(owed_from=None).update(owed_from=None)
    return True


@transaction.atomic
def _finish(pk, now):
    edition = Edition.objects.select_for_update(of=("self",)).select_related("authority").get(pk=pk)
    if edition.state != Edition.State.SENDING:
        return False
    for message in _messages(edition, lambda format_: message_key(edition, format_)).values():
        mail.release(message)
    edition.move_to(Edition.State.SENT)
    return True


def _messages(thing, key):
    keys = {key(format_): format_ for format_ in rendering.MAILED}
    found = Message.objects.filter(authority_id=thing.authority_id, key__in=keys)
    return {keys[message.key]: message for message in found}


# People


@dataclass
class Reached:
    """How many people something goes to."""

    by_mail: int = 0
    by_post: int = 0


def _next_people(thing, cursor, *, frequency=None):
    living = Subscription.objects.filter(subscriber=OuterRef("pk")).living()
    if frequency:
        living = living.filter(frequency=frequency)
    people = Subscriber.objects.for_authority(thing.authority_id).active()
    people = people.filter(Exists(living), pk__gt=cursor)
    return list(people.order_by("pk")[:AT_ONCE])


def _tell(authority, people, things, *, starts, messages, frequency=None, edition=None):
    """Write what each of these people is told, and the mail that tells them."""
    told, recipients, reached = [], defaultdict(list), Reached()
    for person, parts, contents, scope in _plan(people, things, starts, frequency):
        told += [(person.pk, content) for content in contents]
        if person.format == Format.POST:
            reached.by_post += 1
            continue
        token = tokens.make(tokens.LEAVE, person.uuid, scope)
        leave = links.leave(authority, token)
        person.authority = authority
        recipients[person.format].append(
            mail.Recipient(
                person=str(person.uuid),
                address=person.address,
                personal={"manage": links.manage(person), "leave": leave},
                parts=tuple(parts),
                leave_url=leave,
                leave_mailto_token=token,
            )
        )
    Told.objects.add(told, authority=authority, edition=edition)
    for format_, theirs in recipients.items():
        reached.by_mail += mail.address(messages[format_], theirs)
    return reached


def _plan(people, things, starts, frequency):
    """For each person who is to be told of something: its parts, its contents, and how to leave."""
    theirs = defaultdict(list)
    living = Subscription.objects.filter(subscriber__in=people).living()
    for row in living.values_list("subscriber_id", "topic_id", "item_id", "frequency", "owed_from"):
        theirs[row[0]].append(row[1:])
    contents = [pk for thing in things for pk, _at in thing.contents]
    known = defaultdict(set)
    told = Told.objects.filter(subscriber__in=people, content__in=contents)
    for subscriber, content in told.values_list("subscriber_id", "content_id"):
        known[subscriber].add(content)
    today = timezone.localdate()
    items = {}
    for person in people:
        if person.is_paused(on=today):
            continue
        counted = [row for row in theirs[person.pk] if frequency in {None, row[2]}]
        wants = wants_of(person, [(topic, item) for topic, item, *_rest in counted])
        since = min([starts, *(owed for *_rest, owed in counted if owed)])
        parts, new = [], []
        for thing in things:
            fresh = [pk for pk, at in thing.contents if at >= since and pk not in known[person.pk]]
            if fresh and matching.concerns(thing.item, thing.details, wants):
                parts.append(thing.key)
                new += fresh
        if parts:
            yield person, parts, new, _scope(theirs[person.pk], items)


def wants_of(person, follows) -> matching.Wants:
    """What somebody wants who follows these pairs of a topic and an item, one of each empty."""
    return matching.Wants(
        topics=frozenset(topic for topic, _item in follows if topic),
        items=frozenset(item for _topic, item in follows if item),
        areas=frozenset(person.areas),
        ages=frozenset(person.ages),
        audiences=frozenset(person.audiences),
        promotional=person.promotional,
    )


def _scope(follows, items):
    """What leaving from a mail ends: the one thing that is followed, or everything."""
    if len(follows) != 1:
        return tokens.EVERYTHING
    topic, item, *_rest = follows[0]
    if topic:
        return f"t-{topic}"
    if item not in items:
        items[item] = PublicItem.objects.values_list("uuid", flat=True).get(pk=item)
    return f"i-{items[item].hex}"


def reach(authority, things, *, frequency=None) -> Reached:
    """How many people these things would go to now. Nothing is written."""
    starts = min((at for thing in things for _pk, at in thing.contents), default=timezone.now())
    reached, cursor = Reached(), 0
    thing = _Of(authority.pk)
    while people := _next_people(thing, cursor, frequency=frequency):
        cursor = people[-1].pk
        for person, *_rest in _plan(people, things, starts, frequency):
            if person.format == Format.POST:
                reached.by_post += 1
            else:
                reached.by_mail += 1
    return reached


@dataclass
class _Of:
    authority_id: int


# What cannot wait


def urgent_thing(item, content=None) -> Thing | None:
    """An item as something urgent; None where nobody is told of such things."""
    found = sources.details_of([item]).get(item.pk)
    if found is None:
        return None
    contents = [(content.pk, content.at)] if content else [(0, timezone.now())]
    return Thing(item.pk, found, contents, key=str(content.pk) if content else "urgent")


def send_notice(pk: int) -> bool:
    """Send an urgent notice to everybody it concerns, however often they are told. At once."""
    _begin_notice(pk)
    while _some_more_of_notice(pk):
        pass
    return _finish_notice(pk)


@transaction.atomic
def _begin_notice(pk):
    notice = (
        UrgentNotice.objects.select_for_update(of=("self",))
        .select_related("authority__site")
        .get(pk=pk)
    )
    if notice.sent_at:
        return
    content = _content_of(notice)
    entry = rendering.Entry(
        key=str(content.pk),
        heading="",
        title=notice.item.title,
        summary="",
        url=links.absolute(notice.authority, notice.item.url),
    )
    for format_ in rendering.MAILED:
        words = rendering.write(
            notice.authority,
            template="updates/mail/urgent",
            subject=f"Urgent: {notice.title}",
            entries=[entry],
            format=format_,
            context={"notice": notice},
        )
        mail.write(
            authority=notice.authority,
            key=_notice_key(notice, format_),
            kind="urgent",
            subject=words.subject,
            text=words.text,
            html=words.html,
            parts=words.parts,
            stream=STREAM,
            variant=format_.label,
        )


def _content_of(notice):
    return Content.objects.get_or_create(
        item=notice.item,
        change=Content.Change.URGENT,
        revision=notice.uuid.hex,
        defaults={"authority_id": notice.authority_id, "at": notice.made_at, "note": notice.title},
    )[0]


def _notice_key(notice, format_):
    return f"updates/urgent/{notice.uuid}/{format_}"


@transaction.atomic
def _some_more_of_notice(pk):
    notice = (
        UrgentNotice.objects.select_for_update(of=("self",))
        .select_related("authority__site")
        .get(pk=pk)
    )
    if notice.sent_at:
        return False
    people = _next_people(notice, notice.cursor)
    thing = urgent_thing(notice.item, _content_of(notice))
    if not people or thing is None:
        return False
    reached = _tell(
        notice.authority,
        people,
        [thing],
        starts=thing.contents[0][1],
        messages=_messages(notice, lambda format_: _notice_key(notice, format_)),
    )
    UrgentNotice.objects.filter(pk=pk).update(
        cursor=people[-1].pk, reached=F("reached") + reached.by_mail
    )
    return True


@transaction.atomic
def _finish_notice(pk):
    notice = UrgentNotice.objects.select_for_update(of=("self",)).get(pk=pk)
    if notice.sent_at:
        return False
    for message in _messages(notice, lambda format_: _notice_key(notice, format_)).values():
        mail.release(message)
    UrgentNotice.objects.filter(pk=pk).update(sent_at=timezone.now())
    return True
