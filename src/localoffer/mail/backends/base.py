"""What every way of sending mail does."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from localoffer.mail.composing import Mail


@dataclass(frozen=True)
class Handed:
    """The service took the mail; ``reference`` is its own name for it, if it gave one."""

    reference: str = ""


class MailError(Exception):
    """The mail was not taken, for certain. ``reference``: what the service said, shortened."""


class TryLaterError(MailError):
    """Not now: the service is busy, or not there. ``whole``: no other mail will fare better."""

    def __init__(self, message: str, *, whole: bool = False):
        super().__init__(message)
        self.whole = whole


class RefusedError(MailError):
    """Never: the service will not take this mail. ``mailbox``: because there is no such address."""

    def __init__(self, message: str, *, mailbox: bool = False):
        super().__init__(message)
        self.mailbox = mailbox


class UncertainError(Exception):
    """The line went dead after the mail was handed over: nobody knows whether it was taken."""


class Session(Protocol):
    """One connection to the service."""

    def send(self, mail: Mail) -> Handed:
        """Hand a mail over. Raises TryLaterError, RefusedError or UncertainError."""


class Backend:
    """A way of sending mail."""

    name = ""
    can_be_asked = False  # whether it can say what became of a mail, by our reference

    def session(self) -> AbstractContextManager[Session]:
        """Open a connection for a batch. Raises TryLaterError (whole) if there is none."""
        raise NotImplementedError

    def find(self, reference: str) -> tuple[str, str] | None:
        """Where ``can_be_asked``: the state of our mail, and the service's own name for it.

        None if it was never taken. Raises TryLaterError if the service cannot say.
        """
        raise NotImplementedError
