"""What keeps the sign-up form from being used to bother people, without knowing who uses it.

Nothing of a browser is looked at or kept. A form has a number of its own and the time at which it
was shown, both signed: one form used again and again waits, and so does a form that was only just
shown while very many come in. From more still, whatever their forms, mails go out one by one, and
the page says nothing of it. Nobody else is held up, and nobody is refused for good.
"""

import uuid
from datetime import timedelta

from django.core import signing
from django.db.models import Max

from localoffer.updates.models import SignUp

MINUTE = timedelta(minutes=1)
OF_ONE_FORM = 5  # sign-ups in a minute
OF_ALL_FORMS = 60  # sign-ups of one authority in a minute, from which on forms must be older
MAILS_AT_ONCE = 120  # sign-ups of one authority in a minute whose mails go out at once
DRIP = timedelta(seconds=1)  # between two mails of more than that
LONGEST_DRIP = timedelta(days=1)
OLD_ENOUGH = timedelta(seconds=20)  # to have been filled in by a person
FORM_LASTS = timedelta(hours=24)
SALT = "updates.form"


class StaleFormError(ValueError):
    """The form is not one of ours, was altered, or was open for more than a day."""


class SlowDownError(Exception):
    """Too many came from this form just now. ``seconds``: after which to send it again."""

    def __init__(self, seconds: int):
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


def new_form() -> str:
    """The hidden number of a form that is being shown."""
    return _signer().sign(uuid.uuid4().hex)


def read_form(value: str) -> uuid.UUID:
    """The number of a form that came back. Raises StaleFormError."""
    try:
        return uuid.UUID(hex=_signer().unsign(value, max_age=FORM_LASTS))
    except (signing.BadSignature, ValueError) as error:
        raise StaleFormError from error


def is_fresh(value: str) -> bool:
    """Whether it was shown too short a time ago to have been read. For a form that reads well."""
    try:
        _signer().unsign(value, max_age=OLD_ENOUGH)
    except signing.SignatureExpired:
        return False
    return True


def check(*, authority, form: str, now) -> None:
    """Raise SlowDownError where this form must wait before it is taken."""
    lately = SignUp.objects.for_authority(authority).filter(created_at__gt=now - MINUTE)
    if lately.filter(form=read_form(form)).count() >= OF_ONE_FORM:
        raise SlowDownError(int(MINUTE.total_seconds()))
    if lately.count() >= OF_ALL_FORMS and is_fresh(form):
        raise SlowDownError(int(OLD_ENOUGH.total_seconds()))


def drip(*, authority, now):
    """When the mail of a sign-up that comes now may go: None for at once.

    While more come than people send, a mail a second, in the order in which they came.
    """
    rows = SignUp.objects.for_authority(authority).filter(created_at__gt=now - LONGEST_DRIP)
    last = rows.filter(mail_from__gt=now).aggregate(last=Max("mail_from"))["last"]
    if last:
        return min(last + DRIP, now + LONGEST_DRIP)
    many = rows.filter(created_at__gt=now - MINUTE).count() >= MAILS_AT_ONCE
    return now + DRIP if many else None


def _signer():
    return signing.TimestampSigner(salt=SALT)
