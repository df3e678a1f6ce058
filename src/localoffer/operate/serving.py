"""What `serve` and `demo` run: web workers, the task worker and the clock."""

import os
import sys

from localoffer import env
from localoffer.operate import statics, supervisor

TICK_EVERY = 60


def serve(*, host: str, port: int, workers: int, say=print) -> None:
    """Serve until stopped. ``workers``: web processes, usually one a core."""
    if statics.collect():
        say("Collected static files.")
    os.environ["LOCALOFFER_SERVING_ON"] = host
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")
    supervisor.run(children(host=host, port=port, workers=workers))


def children(*, host, port, workers):
    """The processes to keep running."""
    ours = [sys.executable, "-m", "localoffer"]
    web = [
        *[sys.executable, "-m", "granian", "localoffer.wsgi:application", "--interface", "wsgi"],
        *["--host", host, "--port", str(port), "--workers", str(workers)],
        *["--blocking-threads", "8", "--no-ws", "--http", "1", "--no-access-log"],
        *["--log-level", "warning", "--respawn-failed-workers"],
        *["--http1-header-read-timeout", "15000"],
    ]
    found = [supervisor.Child("web", web), supervisor.Child("worker", [*ours, "worker"])]
    if env.choice("TICK", "minute", among=("minute", "external")) == "minute":
        found.append(supervisor.Child("tick", [*ours, "tick"], every=TICK_EVERY))
    return found
