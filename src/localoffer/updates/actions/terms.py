"""What ends by itself: every term of this app (docs/operate/what-updates-keep.md)."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from localoffer.mail import actions as mail
from localoffer.mail.models import OutboxEmail
from localoffer.mail.states import REACHED
from localoffer.updates import links
from localoffer.updates.actions import following
from localoffer.updates.models import Act, EndedReason, Format, SignUp, Subscriber, Told

AT_ONCE = 200


def purge(*, now) -> int:
    """Delete what is past its term: sign-ups, people who left, and old lines of the told-list."""
    deleted = 0
    while some := list(SignUp.objects.all().past_their_term(now=now)[:AT_ONCE]):
        deleted += _forget_sign_ups(some)
    for subscriber in Subscriber.objects.to_erase(now=now)[:AT_ONCE]:
        with transaction.atomic():
            following.erase(subscriber)
            deleted += 1
    old = Told.objects.past_their_term(now=now).values("pk")[:10_000]
    return deleted + Told.objects.filter(pk__in=old).delete()[0]


@transaction.atomic
def _forget_sign_ups(some):
    """Delete sign-ups, and with each the mail that it sent."""
    people = defaultdict(dict)
    for one in some:
        people[one.authority_id][str(one.uuid)] = one.address
    for authority, theirs in people.items():
        mail.forget_each(authority=authority, people=theirs)
    return SignUp.objects.filter(pk__in=[one.pk for one in some]).delete()[0]


def ask_again(*, now) -> int:
    """Ask those who said yes two years ago whether they still want it. Returns how many.

    By mail where they get mail; the others are a row of Today, for somebody to ring or write.
    """
    asked = 0
    people = Subscriber.objects.to_ask_again(now=now).select_related("authority__site")
    for subscriber in people[:AT_ONCE]:
        with transaction.atomic():
            still = Subscriber.objects.filter(pk=subscriber.pk, asked_at=None)
            if not still.update(asked_at=now, ask_arrived=None):
                continue
            following.note(subscriber, Act.ASKED)
            if subscriber.format != Format.POST:
                mail.queue(
                    authority=subscriber.authority,
                    key=_ask_key(subscriber, now),
                    template="updates/mail/stay",
                    context={
                        "stay_url": links.stay(subscriber),
                        "manage_url": links.manage(subscriber),
                    },
                    to=subscriber.address,
                    person=str(subscriber.uuid),
                )
            asked += 1
    return asked


def _ask_key(subscriber, asked_at):
    return f"updates/stay/{subscriber.uuid}/{timezone.localdate(asked_at)}"


def _look_whether_it_arrived(now):
    """Note of whom the mail that asks again has reached, while the outbox still knows."""
    people = list(Subscriber.objects.to_look_after(now=now)[:AT_ONCE])
    keys = {_ask_key(one, one.asked_at): one.pk for one in people}
    rows = OutboxEmail.objects.filter(message__key__in=keys, state__in=REACHED)
    reached = {keys[key] for key in rows.values_list("message__key", flat=True)}
    for arrived in [True, False]:
        some = [one.pk for one in people if (one.pk in reached) == arrived]
        Subscriber.objects.filter(pk__in=some).update(ask_arrived=arrived)


def end_silent(*, now) -> int:
    """End what people did not say they still want. Returns how many people.

    Never of somebody whom the mail that asks did not reach: they are a row of Today.
    """
    _look_whether_it_arrived(now)
    people = list(Subscriber.objects.silent(now=now)[:AT_ONCE])
    for subscriber in people:
        following.leave(subscriber, reason=EndedReason.SILENCE, now=now)
    return len(people)
