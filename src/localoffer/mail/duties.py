"""What mail has to do by the clock (``localoffer tick``)."""

from django.utils import timezone

from localoffer.mail import delivering, sweeping
from localoffer.mail.backends.base import TryLaterError

SEND_FOR = 20  # seconds


def sweep(*, now=None) -> None:
    """Leases of dead workers, and what is still due because no worker runs."""
    sweeping.sweep(now=now or timezone.now())
    try:
        delivering.Sender().run(seconds=SEND_FOR)
    except TryLaterError:
        return  # said in the log, and on the rows
