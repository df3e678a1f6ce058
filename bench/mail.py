"""What mail costs: writing an edition out to everybody, and sending it.

The reference of writing out is as many rows of the same width in a bare table. The reference of
sending is a loop of smtplib over one connection with the same bytes, to the same server, which is a
process of its own (aiosmtpd) and throws everything away.
"""

import argparse
import os
import smtplib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import closing
from pathlib import Path

from bench.reporting import report

ROOT = Path(__file__).parents[1]
SHORT = {"people": 20_000, "mails": 2_000}
LONG = {"people": 100_000, "mails": 10_000}
ROUNDS = 3
SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"

async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink()), "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()

asyncio.run(main())
"""


def main(options: list[str]) -> None:
    """Measure in a process of its own, with a new database that is gone afterwards."""
    asked = _asked(options)
    with tempfile.TemporaryDirectory(prefix="localoffer-bench-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LOCAL")},
            "LOCALOFFER_DATA": folder,
            "LOCALOFFER_LOG_LEVEL": "WARNING",
            "LOCALOFFER_MAIL": f"smtp://127.0.0.1:{port}",
            "LOCALOFFER_MAIL_FROM": "localoffer@barsetshire.example",
            "LOCALOFFER_MAIL_INBOX": "mail@barsetshire.example",
            "LOCALOFFER_MAIL_QUIET_HOURS": "never",
            "DJANGO_SETTINGS_MODULE": "localoffer.settings",
        }
        if asked.postgres:
            environment["LOCALOFFER_DATABASE_URL"] = asked.postgres
        sink = subprocess.Popen([sys.executable, "-c", SINK, str(port)])
        try:
            subprocess.run(
                [sys.executable, "-m", "bench.mail", *options],
                cwd=ROOT,
                env=environment,
                check=True,
            )
        finally:
            sink.kill()
            sink.wait()


def _asked(options):
    parser = argparse.ArgumentParser(prog="bench mail", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="as `make bench` runs it: 20,000 rows, 2,000 mails"
    )
    parser.add_argument("--people", type=int, help="how many one edition is written out to")
    parser.add_argument("--mails", type=int, help="how many are sent, in each of three rounds")
    parser.add_argument("--postgres", help="the address of an empty database, in place of SQLite")
    asked = parser.parse_args(options)
    sizes = SHORT if asked.short else LONG
    asked.people = asked.people or sizes["people"]
    asked.mails = asked.mails or sizes["mails"]
    return asked


def _measure(asked):
    import django  # noqa: PLC0415  only in the process that has its settings

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from localoffer.operate import founding  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    authority = founding.found(
        name="Barsetshire",
        council="Barsetshire County Council",
        code="E10000099",
        host="barsetshire.example",
        is_default=True,
    )
    rows = [*_written(authority, asked.people, settings.DATA)]
    rows += _sent(authority, asked.mails, settings.MAIL["server"])
    about = {
        "database": connection.vendor,
        "people": asked.people,
        "mails": f"{asked.mails} in each of {ROUNDS} rounds; the median",
    }
    report("mail", rows, about=about)


def _row(what, number, timed, against=None):
    took, computed = timed
    return {
        "what": what,
        "number": number,
        "seconds": took,
        "CPU": computed,
        "each second": round(number / took),
        "of the reference": round(against[0] / took, 2) if against else 1.0,
    }


def _recipients(number, key):
    from localoffer.mail.actions import Recipient  # noqa: PLC0415

    for at in range(number):
        yield Recipient(
            person=uuid.uuid5(uuid.NAMESPACE_URL, f"{key}{at}").hex,
            address=f"person.{at}@{key}.example.org",
            personal={"manage_url": f"https://barsetshire.example/updates/manage/{at:040}/"},
            parts=("one", "two", "three") if at % 3 else ("two",),
            leave_url=f"https://barsetshire.example/updates/leave/{at:040}/",
            leave_mailto_token=f"{at:040}",
        )


def _edition(authority, key):
    """An edition of a usual size: three items, a page of HTML with a style sheet."""
    from localoffer.mail import actions  # noqa: PLC0415

    words = "A club for children who like company meets each week in the village hall. " * 3
    return actions.write(
        authority=authority,
        key=key,
        kind="edition",
        stream="trial",
        subject="What is new in the Barsetshire Local Offer",
        text="Hello,\n\n{{ parts }}\n\nChange or stop these emails: {{ manage_url }}\n",
        html=(
            "<html><head><style>p{margin:0 0 16px;font:16px/1.5 arial}h2{font:bold 20px arial}"
            "</style></head><body><p>Hello,</p>{{ parts }}"
            '<p><a href="{{ manage_url }}">Change or stop these emails</a></p></body></html>'
        ),
        parts={
            name: {
                "text": f"News {name}\n\n{words}\n",
                "html": f"<h2>News {name}</h2><p>{words}</p>" * 3,
            }
            for name in ("one", "two", "three")
        },
    )


def _written(authority, number, folder):
    """Writing an edition out to everybody, as `updates` does: in chunks, each a transaction."""
    from localoffer.mail import actions  # noqa: PLC0415

    message = _edition(authority, "written")
    with _Clock() as clock:
        added = actions.address(message, _recipients(number, "written"))
        actions.release(message)
    if added != number:
        raise AssertionError(f"{added} rows for {number} people")
    bare = _bare_rows(number, folder)
    yield _row("bare rows, one transaction", number, bare)
    yield _row("an edition written out", number, clock.timed, bare)
    message.emails.all().delete()


def _bare_rows(number, folder):
    with _Clock() as clock, closing(sqlite3.connect(folder / "plain.sqlite3")) as plain:
        plain.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, person TEXT, raw TEXT)")
        plain.executemany(
            "INSERT INTO mail (person, raw) VALUES (?, ?)",
            ((one.person, f"{one}") for one in _recipients(number, "plain")),
        )
        plain.commit()
    return clock.timed


def _sent(authority, number, server):
    """The same bytes by a bare loop, and by one worker from rows, in turns."""
    from localoffer.mail import actions  # noqa: PLC0415
    from localoffer.mail.delivering import Sender  # noqa: PLC0415

    bare, ours = [], []
    for at in range(ROUNDS):
        message = _edition(authority, f"sent{at}")
        actions.address(message, _recipients(number, f"sent{at}"))
        actions.release(message)
        mails = _bytes_of(message)
        bare.append(_loop(mails, server))
        with _Clock() as clock:
            sent = Sender().run()
        ours.append(clock.timed)
        if sent != number:
            raise AssertionError(f"{sent} of {number} were sent")
    reference = sorted(bare)[ROUNDS // 2]
    yield _row("bare smtplib loop, one connection", number, reference)
    yield _row(
        "one worker, from rows to marked as sent", number, sorted(ours)[ROUNDS // 2], reference
    )


def _bytes_of(message):
    """Each mail as the worker makes it, made beforehand."""
    from localoffer.mail.delivering import Sender  # noqa: PLC0415

    sender = Sender()
    made = []
    for row in message.emails.select_related("message__authority__site"):
        mail = sender.mail(row)
        made.append((mail.return_path, mail.to, mail.content))
    return made


def _loop(mails, server):
    with _Clock() as clock, smtplib.SMTP(server["host"], server["port"]) as connection:
        for sender, to, content in mails:
            connection.sendmail(sender, [to], content)
    return clock.timed


class _Clock:
    """Seconds that went by, and seconds of computing of this process alone."""

    def __enter__(self):
        self.started = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *error):
        self.timed = (
            time.perf_counter() - self.started[0],
            time.process_time() - self.started[1],
        )


if __name__ == "__main__":
    _measure(_asked(sys.argv[1:]))
