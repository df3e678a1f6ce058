"""What every way of sending mail does."""

from collections.abc import Iterator
from contextlib import contextmanager
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


class Backend(Protocol):
    """A way of sending mail."""

    name: str
    can_be_asked: bool  # whether it can say what became of a mail, by our reference

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a connection for a batch. Raises TryLaterError (whole) if there is none."""
        yield  # type: ignore[misc]
