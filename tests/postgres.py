"""Where ``make test DB=postgres`` finds PostgreSQL: named, running here already, or started."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


def url() -> str:
    """The address of a server on which test databases may be made. Raises RuntimeError if none."""
    if named := os.environ.get("LOCALOFFER_TEST_DATABASE_URL"):
        return named
    if _answers(5432):
        return "postgresql://postgres@127.0.0.1:5432/postgres"
    address = _start()
    os.environ["LOCALOFFER_TEST_DATABASE_URL"] = address  # the workers of xdist share it
    return address


def _answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _start():
    programs = [shutil.which("initdb"), *Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    initdb = next((Path(program) for program in programs if program), None)
    if initdb is None:
        raise RuntimeError(
            "PostgreSQL is neither running on port 5432 nor installed. Install it, or set "
            "LOCALOFFER_TEST_DATABASE_URL."
        )
    folder = Path(tempfile.mkdtemp(prefix="localoffer-postgres-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    as_user = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    server = [*as_user, str(initdb.with_name("pg_ctl")), "-D", str(folder), "-w"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
    commands = [
        [*as_user, str(initdb), "-A", "trust", "-U", "postgres", "-D", str(folder)],
        [*server, "-o", options, "-l", str(folder / "log"), "start"],
    ]
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    atexit.register(_stop, [*server, "-m", "immediate", "stop"], folder)
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _stop(command, folder):
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder, ignore_errors=True)
