"""What follows from the words of the index, kept in memory until they change."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock, Thread
from typing import Generic, TypeVar

from django.db import connections

from localoffer.search.models import IndexState

logger = logging.getLogger(__name__)

Value = TypeVar("Value")
MOST = 200
QUICK = 0.1  # seconds: what takes no longer is always as good as new
SHARE = 0.01  # of its time, at most, that a process spends on making what takes longer
NEVER = (None, 0.0, 0, None)


class Kept(Generic[Value]):
    """Values made by ``make(key)``, such as one for each authority.

    One is made again when the revision has moved: that of the words ``of`` the index or of the
    thesaurus (``IndexState.Of``), or of both. Unless it must be ``exact``, nobody waits for what
    takes long, after the first time: it is made again beside the work, and not so soon that it
    takes more than a hundredth of the time. What takes half a second, in an index of a hundred
    thousand things, may be most of a minute old.
    """

    def __init__(self, make: Callable[..., Value], *, of=None, exact: bool = False):
        self._make = make
        self._of = of
        self._exact = exact
        self._values: OrderedDict = OrderedDict()
        self._making: dict = {}
        self._lock = Lock()

    def get(self, key=None) -> Value:
        """The value of this key. It is shared: do not change it."""
        revision = IndexState.objects.revision(self._of)
        made_at, took, made_of, value = self._values.get(key, NEVER)
        if made_at is not None and made_of == revision:
            return value
        if made_at is None or self._exact or took <= QUICK:
            return self._make_again(key, revision)
        if time.monotonic() >= made_at + took / SHARE:
            self._make_again_beside(key, revision)
        return value

    def forget(self):
        """Make everything again."""
        with self._lock:
            self._values.clear()

    def _make_again(self, key, revision):
        started = time.monotonic()
        value = self._make(key)
        done = time.monotonic()
        with self._lock:
            self._values[key] = (done, done - started, revision, value)
            self._values.move_to_end(key)
            while len(self._values) > MOST:
                self._values.popitem(last=False)
        return value

    def _make_again_beside(self, key, revision):
        with self._lock:
            if key in self._making:
                return
            thread = Thread(target=self._beside, args=(key, revision), daemon=True)
            self._making[key] = thread
        thread.start()

    def _beside(self, key, revision):
        try:
            self._make_again(key, revision)
        except Exception:
            logger.exception("Words of the search could not be counted again.")
        finally:
            self._making.pop(key, None)
            connections.close_all()  # this thread's own
