import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PARENT = """
import sys
from localoffer.operate.supervisor import Child, run
folder = sys.argv[1]
note = ("import os, sys, time; open(f'{sys.argv[1]}/' + sys.argv[2], 'a')"
        ".write(f'{os.getpid()}\\\\n')")
run([
    Child("steady", [sys.executable, "-c", note + "; time.sleep(60)", folder, "steady"]),
    Child("often", [sys.executable, "-c", note, folder, "often"], every=0.3),
])
"""


@pytest.fixture
def parent(tmp_path):
    started = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path("src").resolve())},
        stderr=subprocess.DEVNULL,
    )
    yield started
    started.kill()
    started.wait()


def lines(file, least):
    """The lines of a file once it has at least so many; fails after ten seconds."""
    for _ in range(200):
        found = file.read_text().splitlines() if file.exists() else []
        if len(found) >= least:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{file.name} has only {found}")


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_process_is_started_again(parent, tmp_path):
    first = int(lines(tmp_path / "steady", 1)[0])

    os.kill(first, signal.SIGKILL)

    second = int(lines(tmp_path / "steady", 2)[1])
    assert second != first
    assert parent.poll() is None


def test_what_is_due_again_and_again_is_run_again_and_again(parent, tmp_path):
    assert len(set(lines(tmp_path / "often", 3))) >= 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_stop_together(parent, tmp_path, number):
    child = int(lines(tmp_path / "steady", 1)[0])

    parent.send_signal(number)

    assert parent.wait(10) == 0
    assert not alive(child)
