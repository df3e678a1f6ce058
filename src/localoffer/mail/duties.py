"""What mail has to do by the clock (``localoffer tick``)."""

import imaplib
import logging

from django.conf import settings

from localoffer.mail import backends, collecting, delivering, incoming, retention, sweeping
from localoffer.mail.backends.base import TryLaterError

logger = logging.getLogger(__name__)

SEND_FOR = 20  # seconds


def send(*, now) -> None:
    """Leases of dead workers; and what is due, should no worker run."""
    sweeping.sweep(now=now, backend=backends.chosen())
    try:
        delivering.Sender().run(seconds=SEND_FOR)
    except TryLaterError as error:
        logger.warning("mail: %s", error)  # it stays due


def read(*, now) -> None:
    """Reports and people who leave, from our mailbox."""
    try:
        collecting.collect(settings.MAIL_INCOMING)
    except (OSError, imaplib.IMAP4.error) as error:
        logger.warning("mail: our mailbox cannot be read: %s", error)
    incoming.handle_all()


def forget(*, now) -> None:
    """What has been kept for its term (``retention``)."""
    retention.purge(now=now)
