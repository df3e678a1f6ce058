"""What an app above says of its mailings: their name, who still wants them, how to leave."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from localoffer.mail.models import OutboxEmail


@dataclass
class Stream:
    """A mailing that people have asked for. ``list_id``: the local part of its List-Id."""

    name: str
    list_id: str
    still_wanted: Callable[[list[OutboxEmail]], dict[int, str]]
    leave: Callable[[str], None] | None = None


_streams: dict[str, Stream] = {}


def register(
    stream: str,
    *,
    list_id: str,
    still_wanted: Callable[[list[OutboxEmail]], dict[int, str]],
) -> None:
    """Name a stream. ``still_wanted(rows)``: {row.pk: reason} of those not to send any more.

    It is asked just before they are sent: somebody who left after an edition was written out
    does not get it.
    """
    leave = _streams[stream].leave if stream in _streams else None
    _streams[stream] = Stream(stream, list_id, still_wanted, leave)


def on_leave(stream: str, leave: Callable[[str], None]) -> None:
    """Say what is called with the token of somebody who left by mail. Raises KeyError."""
    _streams[stream].leave = leave


def get(name: str) -> Stream | None:
    return _streams.get(name)


def all_streams() -> Iterable[Stream]:
    return _streams.values()
