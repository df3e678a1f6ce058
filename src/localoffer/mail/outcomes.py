"""Where apps above hear what became of a mail."""

from collections.abc import Callable

from localoffer.mail.models import OutboxEmail

Listener = Callable[[OutboxEmail | None, str, str], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call ``listener(row, address_hash, event)`` in the transaction of each event.

    ``row`` is None where the mail is not known any more. ``event``: a value of ``states.State``
    that was reported, such as ``hard_bounced`` or ``complained``.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def tell(row: OutboxEmail | None, address_hash: str, event: str) -> None:
    for listener in _listeners:
        listener(row, address_hash, event)
