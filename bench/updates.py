"""What it costs to write one edition out to everybody who follows: who hears of what, and the rows.

The reference writes as many rows of the told-list and of the outbox, with the same words in them,
to bare tables in one transaction: it asks nothing of whom a thing concerns, and could not go on
after it was killed.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path

from bench.reporting import report

ROOT = Path(__file__).parents[1]
SHORT, LONG = 20_000, 100_000
ITEMS = 6
SATURDAY = date(2026, 2, 28)
AGES = [[], [], ["0-4"], ["5-10", "11-15"]]
TOPICS = [["whole-local-offer"], ["autism-adhd", "ehc-plans"], ["transport"], ["autism-adhd"]]


def main(options: list[str]) -> None:
    """Measure in a process of its own, with a new database that is gone afterwards."""
    asked = _asked(options)
    with tempfile.TemporaryDirectory(prefix="localoffer-bench-") as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LOCAL")},
            "LOCALOFFER_DATA": folder,
            "LOCALOFFER_LOG_LEVEL": "WARNING",
            "LOCALOFFER_MAIL": "folder",
            "DJANGO_SETTINGS_MODULE": "localoffer.settings",
        }
        if asked.postgres:
            environment["LOCALOFFER_DATABASE_URL"] = asked.postgres
        command = [sys.executable, "-m", "bench.updates", *options]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _asked(options):
    parser = argparse.ArgumentParser(prog="bench updates", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"{SHORT:,} people, not {LONG:,}")
    parser.add_argument("--people", type=int)
    parser.add_argument("--postgres", help="the address of an empty database, in place of SQLite")
    asked = parser.parse_args(options)
    asked.people = asked.people or (SHORT if asked.short else LONG)
    return asked


def _measure(asked):
    import django  # noqa: PLC0415  only in the process that has its settings

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from localoffer.mail.models import OutboxEmail  # noqa: PLC0415
    from localoffer.operate import founding  # noqa: PLC0415
    from localoffer.updates import expanding  # noqa: PLC0415
    from localoffer.updates.models import Told  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    authority = founding.found(
        name="Barsetshire",
        council="Barsetshire County Council",
        code="E10000099",
        host="barsetshire.example",
        is_default=True,
    )
    edition = _edition(authority)
    _people(authority, asked.people)
    began = time.perf_counter(), time.process_time()
    expanding.send_edition(edition.pk)
    took = time.perf_counter() - began[0], time.process_time() - began[1]
    mails, told = OutboxEmail.objects.count(), Told.objects.count()
    bare = _bare_rows(settings.DATA)
    report(
        "updates",
        [
            _row("bare rows, one transaction", asked.people, bare),
            _row("an edition to everybody it concerns", asked.people, took, bare),
        ],
        about={
            "database": connection.vendor,
            "people who follow": asked.people,
            "mails and lines told": f"{mails} and {told}",
        },
    )


def _row(what, number, timed, against=None):
    took, computed = timed
    return {
        "what": what,
        "seconds": took,
        "CPU": computed,
        "people each second": round(number / took),
        "of the reference": round(against[0] / took, 2) if against else 1.0,
    }


def _edition(authority):
    """An approved edition with a few pages in it, each for somebody else."""
    from localoffer.pages import actions as pages  # noqa: PLC0415
    from localoffer.pages.models import ContentPage  # noqa: PLC0415
    from localoffer.taxonomy.models import AgeBand, Topic  # noqa: PLC0415
    from localoffer.updates import windows  # noqa: PLC0415
    from localoffer.updates.actions import editions  # noqa: PLC0415
    from localoffer.updates.models import Edition  # noqa: PLC0415

    window = windows.ending_on("weekly", SATURDAY)
    for at in range(ITEMS):
        page = ContentPage(
            title=f"Page {at}", summary="A club meets in the village hall each week."
        )
        page.topics = list(Topic.objects.filter(pk__in=TOPICS[at % len(TOPICS)]))
        page.age_bands = list(AgeBand.objects.filter(pk__in=AGES[at % len(AGES)]))
        pages.add(parent=authority.site.root_page, page=page, published_at=window.starts)
    edition = editions.make(authority, window)
    edition.move_to(Edition.State.APPROVED)
    return edition


def _people(authority, number):
    from localoffer.updates.models import Subscriber, Subscription  # noqa: PLC0415

    people = Subscriber.objects.bulk_create(
        [
            Subscriber(
                authority=authority,
                address=f"parent.{at}@example.org",
                address_key=f"parent.{at}@example.org",
                ages=AGES[at % len(AGES)],
            )
            for at in range(number)
        ],
        batch_size=1_000,
    )
    Subscription.objects.bulk_create(
        (
            Subscription(authority=authority, subscriber=person, topic_id=topic, frequency="weekly")
            for at, person in enumerate(people)
            for topic in TOPICS[at // len(AGES) % len(TOPICS)]
        ),
        batch_size=2_000,
    )


def _bare_rows(folder):
    """The same rows again, already worked out."""
    from localoffer.mail.models import OutboxEmail  # noqa: PLC0415
    from localoffer.updates.models import Told  # noqa: PLC0415

    told = list(Told.objects.values_list("subscriber_id", "content_id"))
    columns = ["person", "address", "address_hash", "personal", "parts", "leave_url", "leave_token"]
    mails = [
        tuple(str(value) for value in row) for row in OutboxEmail.objects.values_list(*columns)
    ]
    began = time.perf_counter(), time.process_time()
    with closing(sqlite3.connect(folder / "plain.sqlite3")) as plain:
        plain.execute("CREATE TABLE told (id INTEGER PRIMARY KEY, person INT, content INT)")
        plain.execute("CREATE UNIQUE INDEX once ON told (person, content)")
        plain.executemany("INSERT INTO told (person, content) VALUES (?, ?)", told)
        plain.execute(f"CREATE TABLE mail (id INTEGER PRIMARY KEY, {', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        plain.executemany(
            f"INSERT INTO mail ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
            mails,
        )
        plain.commit()
    return time.perf_counter() - began[0], time.process_time() - began[1]


if __name__ == "__main__":
    _measure(_asked(sys.argv[1:]))
