"""What an import costs: the first time, unchanged, a little changed; and how long others wait.

The reference is the same JSON, parsed, and as many rows written to bare tables in one transaction.
All the while another connection writes a row every 10 ms: the longest that it had to wait says
whether a site can be used during an import.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from contextlib import closing
from pathlib import Path

from bench.reporting import report

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "data" / "search" / "severnshire-hsds.json"
SHORT = 300
REPEATS = 3
EVERY = 50  # one record in so many is changed


def main(options: list[str]) -> None:
    """Measure in a process of its own, with a new database that is gone afterwards."""
    asked = _asked(options)
    with tempfile.TemporaryDirectory(prefix="localoffer-bench-") as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LOCAL")},
            "LOCALOFFER_DATA": folder,
            "LOCALOFFER_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "localoffer.settings",
        }
        feed = ["--feed", str(asked.feed.resolve())] if asked.feed else []
        made = ["--made", str(asked.made)] if asked.made else []
        subprocess.run(
            [sys.executable, "-m", "bench.imports", *feed, *made],
            cwd=ROOT,
            env=environment,
            check=True,
        )


def _asked(options):
    parser = argparse.ArgumentParser(prog="bench imports", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="as `make bench` runs it: no different"
    )
    parser.add_argument("--feed", type=Path, help="a file of services (Open Referral UK 3)")
    parser.add_argument("--made", type=int, help="so many made-up services instead")
    return parser.parse_args(options)


def _measure(asked):
    import django  # noqa: PLC0415  only in the process that has its settings

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from localoffer.operate import founding  # noqa: PLC0415

    folder = settings.DATA
    call_command("migrate", verbosity=0)
    authority = founding.found(
        name="Severnshire",
        council="Severnshire Council",
        code="E10000099",
        host="severnshire.example",
        is_default=True,
    )
    feed = folder / "feed.json"
    if asked.feed or (REAL.exists() and not asked.made):
        source = asked.feed or REAL
        document = json.loads(source.read_text("utf-8"))
    else:
        source = "made up"
        document = _made_up(asked.made or SHORT)
    feed.write_text(json.dumps(document))
    records = document["contents"]
    clock = Clock(folder, authority, feed)
    clock.plainly(records)
    clock.over("dry run", dry_run=True)
    clock.over("first time")
    clock.over("nothing changed")
    for record in records[::EVERY]:
        record["description"] = f"{record.get('description') or ''} Changed."
    feed.write_text(json.dumps(document))
    clock.over(f"one record in {EVERY} changed")
    about = {
        "feed": str(source),
        "services": len(records),
        "megabytes": round(feed.stat().st_size / 1e6, 1),
    }
    report("imports", clock.rows, about=about)


class Clock:
    """Times imports of a file, beside a writer who wants the database for itself now and then."""

    def __init__(self, folder, authority, feed):
        self.folder, self.authority, self.feed = folder, authority, feed
        self.rows = []

    def plainly(self, records):
        """The reference, the best of a few: it is over so soon that anything disturbs it."""
        took, self.computed = min(self._plain(f"plain{at}.sqlite3") for at in range(REPEATS))
        self._add("reference", took, self.computed, "", len(records), 0.0)

    def _plain(self, name):
        """Parse the file, and write a row for each service and for each row it has."""
        started, computing = time.perf_counter(), time.process_time()
        parsed = json.loads(self.feed.read_text("utf-8"))["contents"]
        with closing(sqlite3.connect(self.folder / name)) as plain:
            plain.execute("CREATE TABLE service (id TEXT PRIMARY KEY, name TEXT, raw TEXT)")
            plain.execute("CREATE TABLE part (service TEXT, raw TEXT)")
            plain.executemany(
                "INSERT INTO service VALUES (?, ?, ?)",
                [(one["id"], one["name"], json.dumps(one)) for one in parsed],
            )
            plain.executemany(
                "INSERT INTO part VALUES (?, ?)",
                [
                    (one["id"], json.dumps(part))
                    for one in parsed
                    for parts in one.values()
                    if isinstance(parts, list)
                    for part in parts
                ],
            )
            plain.commit()
        return time.perf_counter() - started, time.process_time() - computing

    def over(self, name, **options):
        """Import the file once, through all that the command does but its printing."""
        from localoffer.directory.imports import import_services  # noqa: PLC0415
        from localoffer.directory.sources.feeds import open_feed  # noqa: PLC0415

        with Neighbour(self.folder / "db.sqlite3") as neighbour:
            started, computing = time.perf_counter(), time.process_time()
            done = import_services(
                authority=self.authority, feed=open_feed(str(self.feed)), **options
            )
            took, computed = time.perf_counter() - started, time.process_time() - computing
        what = f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged"
        number = done.added + done.changed + done.unchanged + len(done.refused)
        self._add(name, took, computed, what, number, neighbour.longest)

    def _add(self, name, took, computed, what, number, waited):
        self.rows.append(
            {
                "import": name,
                "seconds": round(took, 3),
                "CPU": round(computed, 3),
                "CPU of the reference": computed / self.computed,
                "records a second": round(number / took),
                "longest wait, ms": round(waited * 1000),
                "what": what,
            }
        )


class Neighbour:
    """Somebody else who writes to the same database all the while: how long did they wait?"""

    def __init__(self, file):
        self.file, self.longest = file, 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._stop.set()
        self._thread.join()

    def _write(self):
        with closing(sqlite3.connect(self.file, timeout=60, isolation_level=None)) as database:
            database.execute("CREATE TABLE IF NOT EXISTS neighbour (moment REAL)")
            while not self._stop.wait(0.01):
                asked = time.perf_counter()
                database.execute("BEGIN IMMEDIATE")
                database.execute("INSERT INTO neighbour VALUES (?)", [asked])
                database.execute("COMMIT")
                self.longest = max(self.longest, time.perf_counter() - asked)


def _made_up(number):
    """A feed of so many services, each with a place, hours, a contact and a price of its own."""
    namespace = uuid.UUID("8d4a5f0e-6f0f-4f0b-9e55-3d1a4c3b9a10")

    def key(kind, at):
        return str(uuid.uuid5(namespace, f"{kind}{at}"))

    contents = [
        {
            "id": key("service", at),
            "name": f"Example club {at}",
            "status": "active",
            "description": f"A club for children who like company. Group {at} meets each week. "
            * 6,
            "minimum_age": at % 10,
            "maximum_age": at % 10 + 8,
            "organization": {
                "id": key("organisation", at % 20),
                "name": f"Example trust {at % 20}",
                "description": "A charity.",
            },
            "schedules": [{"id": key("hours", at), "freq": "WEEKLY", "byday": "MO"}],
            "contacts": [{"id": key("contact", at), "name": "Desk", "email": "desk@example.org"}],
            "cost_options": [{"id": key("price", at), "option": "Session", "amount": 3}],
            "service_at_locations": [
                {
                    "id": key("at", at),
                    "location": {
                        "id": key("place", at),
                        "name": f"Example hall {at}",
                        "location_type": "physical",
                        "latitude": 52.1 + at % 100 / 1000,
                        "longitude": -2.3,
                        "addresses": [
                            {
                                "id": key("address", at),
                                "address_1": f"{at} High Street",
                                "city": "Malvern",
                                "postal_code": "WR14 1AA",
                                "address_type": "physical",
                            }
                        ],
                    },
                }
            ],
        }
        for at in range(number)
    ]
    return {"total_items": number, "total_pages": 1, "page_number": 1, "contents": contents}


if __name__ == "__main__":
    _measure(_asked(sys.argv[1:]))
