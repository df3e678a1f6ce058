"""What somebody follows, from the first yes to the last goodbye."""

from datetime import date

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from localoffer.authority import erasures
from localoffer.authority.models import PublicItem
from localoffer.mail import actions as mail
from localoffer.taxonomy.models import Topic
from localoffer.updates import tokens, windows
from localoffer.updates.actions.editions import MADE_GOOD_FOR
from localoffer.updates.models import (
    Act,
    Channel,
    ConsentRecord,
    ConsentText,
    Edition,
    EndedReason,
    Frequency,
    HistoryEntry,
    SignUp,
    Subscriber,
    Subscription,
)
from localoffer.updates.models.content import OWED_FOR
from localoffer.updates.models.people import UNDO_WITHIN

ERASED = "subscriber"
OFTEN = [Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY]
CAN_BE_UNDONE = [EndedReason.LEFT, EndedReason.LEFT_ALL, EndedReason.STAFF, EndedReason.SILENCE]
SETTINGS = ("format", "areas", "ages", "audiences", "promotional", "postal_name", "postal_address")


def note(subscriber, act, *, about="", reason="", by=None):
    """Add to what happened to somebody."""
    HistoryEntry.objects.create(
        authority_id=subscriber.authority_id,
        subscriber=subscriber,
        act=act,
        about=about,
        reason=reason,
        by=by,
    )


@transaction.atomic
def follow(subscriber, *, topics=(), items=(), frequency, now=None, by=None) -> int:
    """Follow topics and single things as often as this. Returns how many are new.

    What is followed already is from now on followed as often as this.
    """
    now = now or timezone.now()
    living = {one.scope: one for one in _living(subscriber)}
    topics = Topic.objects.filter(pk__in=topics)
    items = PublicItem.objects.filter(pk__in=items, authority_id=subscriber.authority_id)
    wanted = [Subscription(topic=topic) for topic in topics]
    wanted += [Subscription(item=item) for item in items]
    new = [one for one in wanted if one.scope not in living]
    for one in new:
        one.authority_id, one.subscriber = subscriber.authority_id, subscriber
        one.frequency, one.started = frequency, now
    Subscription.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        titles = ", ".join(str(one) for one in new)
        note(subscriber, Act.FOLLOWED, about=f"{titles}: {Frequency(frequency).label}", by=by)
    for one in wanted:
        if one.scope in living:
            change_frequency(living[one.scope], frequency, now=now, by=by)
    return len(new)


@transaction.atomic
def change_frequency(subscription, frequency, *, now=None, by=None) -> bool:
    """Tell somebody of one thing more or less often. Nothing is told twice, and nothing is lost.

    The told-list takes care of the first. For the second, they are owed all that is new since the
    window began that the next edition of the old kind would have told them of: never from before
    they followed it, or longer ago than ``OWED_FOR``. Who wants only urgent news is owed nothing.
    """
    now = now or timezone.now()
    if subscription.frequency == frequency:
        return False
    owed = None if frequency == Frequency.URGENT else _owed_from(subscription, now)
    changed = Subscription.objects.filter(pk=subscription.pk, ended=None).update(
        frequency=frequency, owed_from=owed
    )
    if changed:
        subscription.frequency, subscription.owed_from = frequency, owed
        about = f"{subscription}: {Frequency(frequency).label}"
        note(subscription.subscriber, Act.CHANGED, about=about, by=by)
    return bool(changed)


def _owed_from(subscription, now):
    """Since when somebody has not been told what is new, being told as often as until now."""
    if subscription.frequency not in OFTEN:
        return subscription.owed_from
    theirs = Edition.objects.for_authority(subscription.authority_id)
    theirs = theirs.filter(frequency=subscription.frequency)
    began = windows.around(subscription.frequency, now).starts
    last = windows.ending_on(subscription.frequency, timezone.localdate(began))
    if now - last.ends < MADE_GOOD_FOR and not theirs.filter(day=last.day).exists():
        began = last.starts  # ``tick`` has not made its edition yet
    unsent = theirs.unsent().aggregate(first=Min("starts"))["first"]
    owed = min(filter(None, [subscription.owed_from, began, unsent]))
    return max(owed, subscription.started, now - OWED_FOR)


@transaction.atomic
def apply_settings(subscriber, *, by=None, **settings) -> bool:
    """Change how and for whom somebody is told: fields named in ``SETTINGS``."""
    changed = [name for name, value in settings.items() if getattr(subscriber, name) != value]
    for name in changed:
        if name not in SETTINGS:
            raise ValueError(f"{name} is not a setting")
        setattr(subscriber, name, settings[name])
    if changed:
        subscriber.save(update_fields=changed)
        note(subscriber, Act.CHANGED, about=", ".join(changed), by=by)
    return bool(changed)


@transaction.atomic
def change(subscriber, *, topics, frequency, settings, now=None, by=None) -> None:
    """Give somebody other topics, another rhythm and other settings, all at once.

    ``topics``: the codes of all they want from now on; what else they follow stays.
    ``frequency``: of everything; empty leaves each as it is, and new topics as often as the first.
    """
    now = now or timezone.now()
    living = _living(subscriber)
    had = {one.topic_id for one in living if one.topic_id}
    often = frequency or (living[0].frequency if living else Frequency.WEEKLY)
    follow(subscriber, topics=set(topics) - had, frequency=often, now=now, by=by)
    for one in living:
        if one.topic_id and one.topic_id not in topics:
            leave(subscriber, scope=one.scope, now=now, by=by)
        elif frequency:
            change_frequency(one, frequency, now=now, by=by)
    apply_settings(subscriber, by=by, **settings)


@transaction.atomic
def pause(subscriber, *, until: date, by=None) -> None:
    """Send nothing before a day. What is new meanwhile is not sent afterwards either."""
    Subscriber.objects.filter(pk=subscriber.pk).update(paused_until=until)
    Subscription.objects.filter(subscriber=subscriber).update(owed_from=None)
    subscriber.paused_until = until
    note(subscriber, Act.PAUSED, about=f"until {until:%Y-%m-%d}", by=by)


@transaction.atomic
def resume(subscriber, *, by=None) -> None:
    """End a pause before its time."""
    if (
        Subscriber.objects.filter(pk=subscriber.pk)
        .exclude(paused_until=None)
        .update(paused_until=None)
    ):
        subscriber.paused_until = None
        note(subscriber, Act.RESUMED, by=by)


@transaction.atomic
def leave(subscriber, *, scope=tokens.EVERYTHING, reason="", why="", by=None, now=None) -> int:
    """End what a scope names. Returns how many subscriptions: none where it was ended before.

    Whoever follows nothing any more has left: the address is erased when leaving can no longer be
    taken back. ``why``: what staff were told.
    """
    now = now or timezone.now()
    everything = scope == tokens.EVERYTHING
    reason = reason or (EndedReason.LEFT_ALL if everything else EndedReason.LEFT)
    found = [one for one in _living(subscriber) if everything or one.scope == scope]
    ended = Subscription.objects.filter(pk__in=[one.pk for one in found], ended=None).update(
        ended=now, ended_reason=reason
    )
    if ended:
        note(
            subscriber,
            Act.LEFT,
            about=", ".join(str(one) for one in found),
            reason=why or EndedReason(reason).label,
            by=by,
        )
    _settle(subscriber, now)
    return ended


def _settle(subscriber, now):
    """Whether somebody follows anything decides whether they have left."""
    follows = Subscription.objects.filter(subscriber=subscriber).living().exists()
    rows = Subscriber.objects.filter(pk=subscriber.pk)
    if follows:
        rows.filter(state=Subscriber.State.ENDED).update(
            state=Subscriber.State.ACTIVE, ended_at=None
        )
    else:
        rows.active().update(state=Subscriber.State.ENDED, ended_at=now, paused_until=None)
    subscriber.refresh_from_db()


def to_undo(subscriber, *, scope=tokens.EVERYTHING, now):
    """What was left so lately that it can be taken back, the same thing once."""
    found = (
        Subscription.objects.filter(
            subscriber=subscriber, ended__gte=now - UNDO_WITHIN, ended_reason__in=CAN_BE_UNDONE
        )
        .to_show()
        .order_by("-ended", "-pk")
    )
    living = {one.scope for one in _living(subscriber)}
    latest = {}
    for one in found:
        if one.scope not in living and scope in {tokens.EVERYTHING, one.scope}:
            latest.setdefault(one.scope, one)
    return list(latest.values())


@transaction.atomic
def undo(subscriber, *, scope=tokens.EVERYTHING, by=None, now=None) -> int:
    """Take back leaving, on the consent that was given before. Returns how many came back."""
    now = now or timezone.now()
    found = to_undo(subscriber, scope=scope, now=now)
    back = Subscription.objects.filter(pk__in=[one.pk for one in found]).exclude(ended=None)
    number = back.update(ended=None, ended_reason="")
    if number:
        note(subscriber, Act.UNDONE, about=", ".join(str(one) for one in found), by=by)
        _settle(subscriber, now)
    return number


@transaction.atomic
def stay(subscriber, *, channel=Channel.WEB, by=None, now=None) -> bool:
    """Note that somebody still wants to be told. False where they have left: nothing is noted."""
    now = now or timezone.now()
    here = Subscriber.objects.filter(pk=subscriber.pk).active()
    if not here.update(agreed_at=now, asked_at=None):
        return False
    subscriber.refresh_from_db()
    ConsentRecord.objects.create(
        authority_id=subscriber.authority_id,
        subscriber=subscriber,
        wording=ConsentText.objects.current(subscriber.authority),
        channel=channel,
        taken_by=by,
        confirmed_at=now,
    )
    note(subscriber, Act.STAYED, by=by)
    return True


@transaction.atomic
def erase(subscriber) -> None:
    """Forget somebody: their row, all that belongs to it, and what mail says of their address."""
    erasures.note(ERASED, subscriber.uuid)
    mail.forget(
        authority=subscriber.authority_id,
        person=str(subscriber.uuid),
        address=subscriber.address,
    )
    if subscriber.address_key:
        SignUp.objects.filter(
            authority_id=subscriber.authority_id, address_key=subscriber.address_key
        ).delete()
    subscriber.delete()


def erase_again() -> int:
    """Forget those whom a backup from before has brought back; return how many."""
    back = list(erasures.noted(ERASED, Subscriber.objects.values_list("uuid", flat=True)))
    for subscriber in Subscriber.objects.filter(uuid__in=back):
        erase(subscriber)
    return len(back)


def held(subscriber) -> dict:
    """All that is kept about somebody, for them to read (UK GDPR, articles 15 and 20)."""
    return {
        "email": subscriber.address,
        "state": subscriber.get_state_display(),
        "format": subscriber.get_format_display(),
        "areas": subscriber.areas,
        "ages": subscriber.ages,
        "audiences": subscriber.audiences,
        "promotional": subscriber.promotional,
        "postal_name": subscriber.postal_name,
        "postal_address": subscriber.postal_address,
        "paused_until": subscriber.paused_until,
        "left": subscriber.ended_at,
        "follows": [
            {
                "what": str(one),
                "how_often": one.get_frequency_display(),
                "since": one.started,
                "ended": one.ended,
                "why_it_ended": one.get_ended_reason_display(),
            }
            for one in subscriber.subscriptions.to_show()
        ],
        "said_yes": [
            {
                "at": record.confirmed_at,
                "how": record.get_channel_display(),
                "to_these_words": record.wording.text,
            }
            for record in subscriber.consent_records.select_related("wording")
        ],
        "history": [
            {"at": entry.at, "what": entry.get_act_display(), "about": entry.about}
            for entry in subscriber.history.all()
        ],
    }


def _living(subscriber):
    return list(Subscription.objects.filter(subscriber=subscriber).living().to_show())
