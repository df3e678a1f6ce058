"""Mails people the address of their own page, after the form that asked for it was answered."""

from localoffer.mail import actions as mail
from localoffer.updates import links
from localoffer.updates.models import SignUp, Subscriber


def send(who: str) -> bool:
    """Do what a form asked for, by the number of its ``SignUp``. Whether a mail was written.

    Done twice, it is one mail. To somebody who does not follow goes nothing.
    """
    asked = SignUp.objects.filter(uuid=who, kind=SignUp.Kind.LINK).select_related("authority__site")
    if not (sign_up := asked.first()):
        return False
    people = Subscriber.objects.for_authority(sign_up.authority)
    subscriber = people.filter(address_key=sign_up.address_key).exclude(address_key="").first()
    if subscriber is None:
        return False
    subscriber.authority = sign_up.authority
    mail.queue(
        authority=sign_up.authority,
        key=f"updates/sign-up/{sign_up.uuid}",
        template="updates/mail/link",
        context={"manage_url": links.manage(subscriber)},
        to=subscriber.address,
        person=str(sign_up.uuid),
    )
    return True
