"""A small parent that starts the site's processes, restarts what dies and stops them together."""

import contextlib
import logging
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
STEADY = 60.0  # a process that ran this long, in seconds, starts again at once
STOP_WITHIN = 15.0


@dataclass
class Child:
    """A process to keep running, or, with ``every``, to run once in so many seconds."""

    name: str
    command: list[str]
    every: float = 0
    process: subprocess.Popen | None = None
    started: float = 0
    start_at: float = 0
    failures: int = field(default=0)

    def start(self, now):
        # A group of its own, so that Ctrl-C reaches the parent alone and it stops all in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603
        self.started = now

    def reap(self, now):
        """Note an exit, and when to start again."""
        if self.process is None or not _has_ended(self.process):
            return
        code, self.process = self.process.returncode, None
        if self.every:
            self.start_at = self.started + self.every
            if code:
                logger.error("%s ended with %s", self.name, code)
            return
        self.failures = 1 if now - self.started > STEADY else self.failures + 1
        wait = 0 if self.failures == 1 else min(LONGEST_WAIT, 2.0 ** (self.failures - 2))
        self.start_at = now + wait
        logger.error("%s stopped with %s; starting it again in %.0f s", self.name, code, wait)

    def due(self, now):
        return self.process is None and now >= self.start_at


def run(children: list[Child]) -> None:
    """Keep the children running until a TERM or INT signal; then stop them all and return."""
    stopping = False

    def stop(number, frame):
        nonlocal stopping
        stopping = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not stopping:
            now = time.monotonic()
            for child in children:
                child.reap(now)
                if child.due(now) and not stopping:
                    child.start(now)
            time.sleep(0.2)
    finally:
        _stop(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(children):
    """Ask each to stop, and end what is left of it after a while.

    Each stops its own children itself: a server whose workers are told as well may wait for ever.
    """
    running = [child.process for child in children if child.process]
    for process in running:
        os.kill(process.pid, signal.SIGTERM)  # not waited for yet, so the number is its own
    deadline = time.monotonic() + STOP_WITHIN
    while running and time.monotonic() < deadline:
        running = [process for process in running if not _has_ended(process)]
        time.sleep(0.05)
    for process in running:
        _end_group(process)
        process.wait()


def _has_ended(process):
    """Whether it has ended. What it started is then ended as well: a killed server's workers.

    It is looked at before it is waited for, so that its number is still its own meanwhile.
    """
    if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        return False
    _end_group(process)
    process.wait()
    return True


def _end_group(process):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
