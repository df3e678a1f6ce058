"""The index and the search at volume: one authority and all of them, on each database's matcher.

Beside each time stands what it is in bare SELECTs of twenty rows by their primary keys, through
the same ORM on the same tables in the same run, and for matching also what looking through one
authority's rows in Python takes. "CPU" is of our own process: on a busy machine it tells more than
the clock, but on PostgreSQL it leaves the server's work out. The database is a new SQLite file
with the product's settings; an empty PostgreSQL database may be named besides.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.reporting import report

ROOT = Path(__file__).parents[1]
REPEATS = 3
EVERY = 3  # of the questions, in the short form: one in so many


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench search_speed", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="1,000 services of 10 authorities, SQLite only"
    )
    parser.add_argument("--records", type=int, nargs="+", help="1000 100000")
    parser.add_argument("--authorities", type=int, help="153, all those of England")
    parser.add_argument("--postgres", metavar="URL", help="an empty database that may be filled")
    options = parser.parse_args(arguments)
    sizes = options.records or ([1_000] if options.short else [1_000, 100_000])
    databases = {"sqlite": ""} | ({"postgresql": options.postgres} if options.postgres else {})
    authorities = options.authorities or (10 if options.short else 153)
    rows, about = [], {"authorities": authorities}
    about["load of the machine before"] = round(os.getloadavg()[0], 1)
    for name, url in databases.items():
        for size in sizes:
            with tempfile.TemporaryDirectory(prefix="localoffer-bench-") as data:
                found = _in_its_own_process(
                    data, url, size, authorities, EVERY if options.short else 1
                )
            rows += [{"database": name, "records": size, **row} for row in found["rows"]]
            about |= {f"{name}, {size:,}, {what}": value for what, value in found["about"].items()}
    about["load of the machine after"] = round(os.getloadavg()[0], 1)
    report("search_speed", rows, about=about)


def _in_its_own_process(data, url, *numbers):
    environment = {
        **os.environ,
        "LOCALOFFER_DATA": data,
        "LOCALOFFER_DATABASE_URL": url or f"sqlite:///{data}/db.sqlite3",
        "LOCALOFFER_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "localoffer.settings",
    }
    child = subprocess.run(
        [sys.executable, "-m", "bench.search_speed", "--measure", *map(str, numbers)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(child.stdout.splitlines()[-1])


def _measure(size, number_of_authorities, every):
    import django  # noqa: PLC0415  only in the process that has its settings

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    from bench import records, searching  # noqa: PLC0415  they import models

    authorities = records.add_authorities(number_of_authorities)
    records.add_services(size, authorities)
    found = searching.measure(authorities, queries=records.queries()[::every], clock=_Clock())
    print(json.dumps(found))


class _Clock:
    """Times work over many inputs, and says what it is in the reference's terms."""

    def __init__(self):
        self.rows = []
        self.reference = None

    def over(self, what, work, inputs, *, repeats=REPEATS, note=""):
        """Time ``work`` of each input, the best of so many; add a line."""
        took = [[_once(work, one) for _ in range(repeats)] for one in inputs]
        wall, cpu = (sorted(min(one[at] for one in some) for some in took) for at in (0, 1))
        row = {
            "what": what,
            "n": len(wall),
            "p50 ms": statistics.median(wall),
            "p95 ms": _p95(wall),
            "CPU p50": statistics.median(cpu),
            "CPU p95": _p95(cpu),
        }
        self.reference = self.reference or row["p50 ms"]
        ratio = row["p50 ms"] / self.reference
        self.rows.append({**row, "of bare SELECT": ratio, "note": note})

    def once(self, what, work):
        """Time ``work`` one time; add a line."""
        self.over(what, lambda _: work(), [None], repeats=1)


def _p95(values):
    return values[min(len(values) - 1, int(0.95 * len(values)))]


def _once(work, one):
    """Milliseconds on the clock, and of this process's own computing."""
    wall, cpu = time.perf_counter(), time.process_time()
    work(one)
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)


if __name__ == "__main__":
    _measure(*map(int, sys.argv[2:]))
