"""``localoffer worker``: there when a task comes, and next to nothing when none does."""

import os
import time
from pathlib import Path

import pytest

from tests.processes.site import wait_until

pytestmark = pytest.mark.slow
IDLE = 8  # seconds
ENQUEUE = "from localoffer.search.tasks import deliver; deliver.enqueue()"
WAITED = """
from django_tasks_db.models import DBTaskResult
for task in DBTaskResult.objects.exclude(started_at=None):
    print("waited", (task.started_at - task.enqueued_at).total_seconds())
"""


def waits(site):
    """How many seconds each task waited that was begun."""
    said = site.run("shell", "-v", "0", "-c", WAITED).stdout
    return [float(line.split()[1]) for line in said.splitlines() if line.startswith("waited")]


def seconds_of(process):
    """The CPU time of a process and of those that it has started."""
    below = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    ticks = 0
    for pid in [process.pid, *below]:
        columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(columns[11]) + int(columns[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def test_a_task_is_taken_up_soon_and_waiting_for_one_costs_little(running):
    """Developers' settings too: Django would look at every file of ours each second."""
    worker = running.start("-m", "localoffer", "worker", LOCALOFFER_DEBUG="true")
    running.run("shell", "-v", "0", "-c", ENQUEUE)
    wait_until(lambda: waits(running), "the first task has begun")

    running.run("shell", "-v", "0", "-c", ENQUEUE)
    before, began = seconds_of(worker), time.monotonic()
    time.sleep(IDLE)
    share = (seconds_of(worker) - before) / (time.monotonic() - began)

    assert waits(running)[-1] < 2.5
    assert share < 0.02
