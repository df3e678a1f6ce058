"""What follows from the words of the index, kept in memory until they change."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from localoffer.search.models import IndexState

Value = TypeVar("Value")
MOST = 200
QUICK = 0.1  # seconds: what takes no longer is always as good as new
SHARE = 0.01  # of its time, at most, that a process spends on making what takes longer
NEVER = (None, 0.0, 0, None)


class Kept(Generic[Value]):
    """Values made by ``make(key)``, such as one for each authority.

    One is made again when the revision has moved: that of the words ``of`` the index or of the
    thesaurus (``IndexState.Of``), or of both. Unless it must be ``exact``, what takes long is not
    made so soon again that it takes more than a hundredth of the time: what takes half a second, in
    an index of a hundred thousand things, may be most of a minute old.
    """

    def __init__(self, make: Callable[..., Value], *, of=None, exact: bool = False):
        self._make = make
        self._of = of
        self._exact = exact
        self._values: OrderedDict = OrderedDict()
        self._lock = Lock()

    def get(self, key=None) -> Value:
        """The value of this key. It is shared: do not change it."""
        revision = IndexState.objects.revision(self._of)
        now = time.monotonic()
        made_at, took, made_of, value = self._values.get(key, NEVER)
        if made_at is not None and (made_of == revision or self._still_good(now, made_at, took)):
            return value
        value = self._make(key)
        done = time.monotonic()
        with self._lock:
            self._values[key] = (done, done - now, revision, value)
            self._values.move_to_end(key)
            while len(self._values) > MOST:
                self._values.popitem(last=False)
        return value

    def forget(self):
        """Make everything again."""
        with self._lock:
            self._values.clear()

    def _still_good(self, now, made_at, took):
        return not self._exact and took > QUICK and now < made_at + took / SHARE
