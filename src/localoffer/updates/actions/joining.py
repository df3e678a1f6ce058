"""Signing up: asked for by anybody, done by whoever reads the mail."""

from dataclasses import asdict, dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from localoffer.mail import actions as mail
from localoffer.updates import links, slowing
from localoffer.updates.actions.following import follow, note
from localoffer.updates.models import (
    Act,
    Channel,
    ConsentRecord,
    ConsentText,
    SignUp,
    Subscriber,
)
from localoffer.updates.models.people import MAILS_A_DAY
from localoffer.updates.tasks import send_link

TRIES = 4  # at the same instant, for the same address


@dataclass(frozen=True)
class Settings:
    """How and for whom somebody wants to be told. Empty lists: everywhere, every age, everybody."""

    format: str
    areas: list[str] = field(default_factory=list)
    ages: list[str] = field(default_factory=list)
    audiences: list[str] = field(default_factory=list)
    promotional: bool = False


@dataclass(frozen=True)
class Choices:
    """What somebody wants to follow. ``item``: the primary key of a ``PublicItem``.

    Without ``settings`` those that they have, if any, stay.
    """

    topics: list[str] = field(default_factory=list)
    item: int | None = None
    frequency: str = "weekly"
    settings: Settings | None = None

    @classmethod
    def of(cls, stored: dict):
        """Read what was kept with a sign-up."""
        settings = stored.get("settings")
        return cls(**{**stored, "settings": Settings(**settings) if settings else None})


@transaction.atomic
def ask(*, authority, address: str, address_key: str, form, choices: Choices, now=None) -> None:
    """Note what somebody wants and mail a confirmation to the address, which may not be theirs.

    Whether the address is known makes no difference to anything that whoever asks can see. The
    same form sent twice is one mail; an address gets ``MAILS_A_DAY`` at most, and no word of it.
    """
    now = now or timezone.now()
    sign_up = _take_a_slot(
        authority=authority,
        address=address,
        address_key=address_key,
        form=form,
        now=now,
        kind=SignUp.Kind.JOIN,
        mail_from=slowing.drip(authority=authority, now=now),
        choices=asdict(choices),
        wording=ConsentText.objects.current(authority),
    )
    if sign_up is None:
        return
    mail.queue(
        authority=authority,
        key=f"updates/sign-up/{sign_up.uuid}",
        template="updates/mail/confirm",
        context={"confirm_url": links.confirm(sign_up)},
        to=address,
        person=str(sign_up.uuid),
        not_before=sign_up.mail_from,
    )


@transaction.atomic
def ask_for_link(*, authority, address: str, address_key: str, form, now=None) -> None:
    """Mail somebody who follows the address of their own page. To an unknown address goes nothing.

    Counted with the confirmations, so that this form bombs nobody either. Whether somebody follows
    is looked up afterwards (``linking``): neither an answer nor how long it takes says so.
    """
    sign_up = _take_a_slot(
        authority=authority,
        address=address,
        address_key=address_key,
        form=form,
        now=now or timezone.now(),
        kind=SignUp.Kind.LINK,
    )
    if sign_up:
        who = sign_up.uuid.hex
        transaction.on_commit(lambda: send_link.enqueue(who))


def _take_a_slot(*, authority, address_key, form, now, **fields):
    """One of the day's few sign-ups of an address; None where there is none left, or no need."""
    day = timezone.localdate(now)
    rows = SignUp.objects.for_authority(authority).filter(address_key=address_key)
    for _try in range(TRIES):
        if rows.filter(form=form).exists():
            return None
        slot = rows.filter(day=day).count() + 1
        if slot > MAILS_A_DAY:
            return None
        try:
            with transaction.atomic():
                return SignUp.objects.create(
                    authority=authority,
                    address_key=address_key,
                    form=form,
                    day=day,
                    slot=slot,
                    created_at=now,
                    **fields,
                )
        except IntegrityError:
            continue  # somebody took it at this very moment
    return None


@transaction.atomic
def confirm(sign_up: SignUp, *, now=None) -> Subscriber | None:
    """Do what was asked for, now that the person at the address has said yes.

    Pressed twice, it is done once. None where the person has been erased since.
    """
    now = now or timezone.now()
    waiting = SignUp.objects.filter(pk=sign_up.pk, confirmed_at=None)
    known = Subscriber.objects.for_authority(sign_up.authority_id)
    if not waiting.update(confirmed_at=now):
        return known.filter(address_key=sign_up.address_key).first()
    return _join(
        authority=sign_up.authority,
        reach={"address": sign_up.address, "address_key": sign_up.address_key},
        choices=Choices.of(sign_up.choices),
        wording=sign_up.wording,
        channel=Channel.WEB,
        now=now,
    )


@transaction.atomic
def add_by_staff(
    *,
    authority,
    address="",
    address_key="",
    postal_name="",
    postal_address="",
    choices: Choices,
    channel: Channel,
    by,
    now=None,
) -> Subscriber:
    """Add somebody who rang, wrote or spoke to us, with the words that were read to them.

    Somebody with this address already gets what was chosen now besides.
    """
    return _join(
        authority=authority,
        reach={
            "address": address,
            "address_key": address_key,
            "postal_name": postal_name,
            "postal_address": postal_address,
        },
        choices=choices,
        wording=ConsentText.objects.current(authority),
        channel=channel,
        now=now or timezone.now(),
        by=by,
    )


def _join(*, authority, reach, choices, wording, channel, now, by=None):
    settings = choices.settings or Settings(format="html")
    fields = asdict(settings)
    subscriber, new = None, True
    if reach["address_key"]:
        subscriber, new = Subscriber.objects.get_or_create(
            authority=authority,
            address_key=reach["address_key"],
            defaults={**reach, **fields, "agreed_at": now},
        )
    else:
        subscriber = Subscriber.objects.create(
            authority=authority, **reach, **fields, agreed_at=now
        )
    if not new:
        reach = {name: value for name, value in reach.items() if value}
        Subscriber.objects.filter(pk=subscriber.pk).update(
            state=Subscriber.State.ACTIVE,
            ended_at=None,
            agreed_at=now,
            asked_at=None,
            paused_until=None,
            **reach,
            **(fields if choices.settings else {}),
        )
        subscriber.refresh_from_db()
    ConsentRecord.objects.create(
        authority=authority,
        subscriber=subscriber,
        wording=wording,
        channel=channel,
        taken_by=by,
        confirmed_at=now,
    )
    note(subscriber, Act.ADDED if by else Act.JOINED, by=by, about=f"Wording {wording.version}")
    follow(
        subscriber,
        topics=choices.topics,
        items=[choices.item] if choices.item else [],
        frequency=choices.frequency,
        now=now,
        by=by,
    )
    return subscriber
