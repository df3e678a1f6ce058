"""What this process has worked out from published content, kept until any of that changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import connection

from localoffer.authority import contentversion

MOST_BYTES = 32 * 1024 * 1024  # in each process; a county's pages and their words take a tenth
Value = TypeVar("Value")


class Shelf:
    """Values by state and key, the least lately used given up when they grow too many."""

    def __init__(self, most: int):
        self.most, self.total, self.content = most, 0, None
        self.values: OrderedDict[tuple, tuple[Any, int]] = OrderedDict()
        self.lock = threading.Lock()

    def find(self, key):
        """The value and its size, or None."""
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
            return self.values.get(key)

    def put(self, key, value, size):
        with self.lock:
            (content, _move), _name = key
            if content != self.content:
                self._drop_others(content)
            self._drop(key)
            self.values[key] = value, size
            self.total += size
            while self.total > self.most:
                self._drop(next(iter(self.values)))

    def clear(self):
        with self.lock:
            self.values.clear()
            self.total = 0

    def _drop_others(self, content):
        """What was kept under another version: nobody will ask for it again."""
        self.content = content
        for key in [key for key in self.values if key[0][0] != content]:
            self._drop(key)

    def _drop(self, key):
        if key in self.values:
            self.total -= self.values.pop(key)[1]


_shelf = Shelf(MOST_BYTES)


def get(key: Hashable, make: Callable[[], Value], *, size: Callable[[Value], int]) -> Value:
    """The value of ``key`` for content as it is now, made unless it is kept.

    It is kept under the version read before it was made, and only if that still stands. None is not
    kept. ``size``: about how many bytes it takes. Threads share it: nobody may change it.
    """
    state = _state()
    if state is None:
        return make()
    found = _shelf.find((state, key))
    if found is None:
        value = make()
        if value is not None and state[0] == contentversion.current():
            _shelf.put((state, key), value, size(value))
        return value
    return found[0]


def forget() -> None:
    """Give up everything that is kept."""
    _shelf.clear()


def _state():
    """What the content is like for this thread; None where a transaction may hide it from others.

    A transaction that has changed something has a state of its own, which nobody else ever reads.
    """
    if not connection.in_atomic_block:
        return contentversion.current(), None
    move = contentversion.pending()
    return None if move is None else (contentversion.current(), move)
