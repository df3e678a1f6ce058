"""Django's own mail, such as password resets, by the way this installation sends mail."""

import uuid

from django.core.mail.backends.base import BaseEmailBackend

from localoffer.mail import backends
from localoffer.mail.backends.base import MailError, UncertainError
from localoffer.mail.composing import Mail


class EmailBackend(BaseEmailBackend):
    """Sends at once: somebody sits there and waits. Django calls it (``EMAIL_BACKEND``)."""

    def send_messages(self, messages):
        sent = 0
        for message in messages:
            try:
                with backends.chosen().session() as session:
                    for to in message.recipients():
                        session.send(_mail(message, to))
            except (MailError, UncertainError):
                if not self.fail_silently:
                    raise
            else:
                sent += 1
        return sent


def _mail(message, to):
    return Mail(
        reference=uuid.uuid4().hex,
        to=to,
        return_path=message.from_email,
        subject=message.subject,
        text=message.body,
        content=message.message().as_bytes(linesep="\r\n"),
    )
