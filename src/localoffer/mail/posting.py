"""The part of the worker that sends mail: looks for what is due, for as long as the worker runs."""

import logging
import threading

from django.db import close_old_connections, connections

from localoffer.mail.backends.base import TryLaterError
from localoffer.mail.delivering import Sender

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds between looks when nothing is due
LONGEST_WAIT = 60.0  # seconds, while the mail service is away


class Postman(threading.Thread):
    """Sends mail until told to stop; ``stop`` waits until the group under way is recorded."""

    def __init__(self):
        super().__init__(name="mail", daemon=True)
        self._stopping = threading.Event()

    def run(self):
        wait = EVERY
        while not self._stopping.is_set():
            close_old_connections()
            try:
                Sender(stopping=self._stopping.is_set).run()
                wait = EVERY
            except TryLaterError as error:
                wait = min(LONGEST_WAIT, wait * 2)
                logger.warning("mail waits %.0f s: %s", wait, error)
            except Exception:
                wait = min(LONGEST_WAIT, wait * 2)
                logger.exception("mail failed; again in %.0f s", wait)
            self._stopping.wait(wait)
        connections.close_all()

    def stop(self, *, within: float = 10.0) -> None:
        self._stopping.set()
        self.join(within)
