"""What `serve` and `demo` run: web workers, the task worker and the clock."""

import os
import socket
import sys

from localoffer import env
from localoffer.operate import statics, supervisor

TICK_EVERY = 60
# Threads of each web process: Django runs on others (intake). These read what is sent, show pages
# from memory and hand films over, so that many of them wait for somebody's slow connection.
WEB_THREADS = 64


class AddressInUseError(Exception):
    """Nothing can listen here; the words say why."""


def check_address(*, host: str, port: int) -> None:
    """Raise AddressInUseError if we cannot listen there.

    The server itself would not say so: its workers share their port with whoever is there already.
    """
    try:
        if not 0 < port < 65536:
            raise OverflowError("there is no such port")  # noqa: TRY301
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _name, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise AddressInUseError(
            f"Cannot listen on {host}, port {port}: {reason}. Stop what is there, or choose "
            "another with --port."
        ) from error


def serve(*, host: str, port: int, workers: int, say=print) -> None:
    """Serve until stopped. ``workers``: web processes, usually one a core.

    Raises AddressInUseError.
    """
    check_address(host=host, port=port)
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
        *["--blocking-threads", str(WEB_THREADS), "--no-ws", "--http", "1", "--no-access-log"],
        *["--log-level", "error", "--respawn-failed-workers", "--workers-kill-timeout", "10"],
        *["--http1-header-read-timeout", "15000"],
    ]
    found = [supervisor.Child("web", web), supervisor.Child("worker", [*ours, "worker"])]
    if env.choice("TICK", "minute", among=("minute", "external")) == "minute":
        found.append(supervisor.Child("tick", [*ours, "tick"], every=TICK_EVERY))
    return found
