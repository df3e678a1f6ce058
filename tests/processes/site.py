"""A site that is run by processes: its data folder, its database and what runs on them."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60


class Site:
    """A data folder and a database of its own."""

    def __init__(self, folder, database):
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("LOCALOFFER_")
        } | {
            "DJANGO_SETTINGS_MODULE": "tests.processes.settings",
            "LOCALOFFER_DATA": str(folder),
            "LOCALOFFER_DATABASE_URL": database,
            "LOCALOFFER_LOG_LEVEL": "ERROR",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }
        self._running = []

    def start(self, *command, **environment):
        """A process of this site, which is stopped with the test."""
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def talk(self, program, *options):
        """A program of ``tests.processes`` that does what it is told."""
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"tests.processes.{program}", *options],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self._running.append(process)
        talker = Talker(process)
        talker.hear("ready")
        return talker

    def run(self, *command):
        """Run a command of ours to its end; what it said."""
        return subprocess.run(
            [sys.executable, "-m", "localoffer", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def stop(self):
        for process in self._running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()

    @property
    def log(self):
        return (self.folder / "log").read_text()


@contextlib.contextmanager
def founded(folder, database):
    """A site with an authority and its first pages, and ``writer`` to change them."""
    site = Site(folder, database)
    try:
        site.writer = site.talk("writer")
        site.writer.do("found")
        yield site
    finally:
        site.stop()


class Talker:
    """A process that does one thing at a time, and waits at a gate if it is told to."""

    def __init__(self, process):
        self.process = process

    def say(self, do, **what):
        self.process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self.process.stdin.flush()

    def hear(self, wanted):
        line = self.process.stdout.readline()
        heard = json.loads(line or "{}")
        assert wanted in heard, heard
        return heard[wanted]

    def do(self, what, **order):
        self.say(what, **order)
        return self.hear("done")

    def begin(self, what, *, wait_at, **order):
        """Have it begin, up to a gate."""
        self.say(what, wait_at=wait_at, **order)
        assert self.hear("at") == wait_at

    def finish(self):
        """Have it go on from the gate to the end."""
        self.say("go on")
        return self.hear("done")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, path="/", *, method="GET", timeout=30, **headers):
    """One request on a connection of its own: status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return response.status, names, response.read()
    finally:
        connection.close()


def send(port, request):
    """Bytes as they are, on a connection of their own: all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def wait_until(holds, what, seconds=PATIENCE):
    """Wait until something holds, and return it. Fails after a minute."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if found := holds():
                return found
        time.sleep(0.1)
    raise AssertionError(f"never happened: {what}")
