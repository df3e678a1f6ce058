"""What pages cost: requests for each second of CPU time, queries, and bytes on the wire.

Beside the same pages built as a tutorial would (``bench.naive``), a Django view that has the bytes
ready, and a WSGI function that does nothing else.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from bench.reporting import RESULTS, report

PAGES = {
    "home": "/",
    "hub": "/news-updates-and-feedback/",
    "news": "/news/",
    "news story": "/news/mainstream-autism-bases-film/",
    "section": "/guides/",
    "guide": "/guides/ehc-plans/ask-for-ehc-needs-assessment/",
    "service": "/find-help/service/larkbank-nursery/",
    "search results": "/find-help/?q=speech&postcode=WR14+1AA",
}
SITE = RESULTS / "site"
ROOT = Path(__file__).parents[1]
PORT = 8191
STARTS_WITHIN = 60


def main(arguments):
    options = _options(arguments)
    site = options.data or _demonstration()
    environment = _environment(site)
    with _asking(environment) as product, _asking(environment, "bench.naive.settings") as naive:
        cached = product(do="can", name="localoffer.pagecache")
        rows = [
            _page(name, path, product, naive, cached=cached, options=options)
            for name, path in PAGES.items()
        ]
    report(
        "pages",
        rows,
        about={
            "req/s": "requests for each second of CPU time, in this process, without a server",
            "naive": "the same pages, models and templates through Wagtail's plain ways",
            "queries": "the first time after a change, then; the naive site's each time",
            "bytes": "of a first view with everything, brotli",
            "rounds": f"{options.rounds} of {options.seconds} s each, interleaved; the median",
        },
    )
    if options.serve or options.peer:
        _served(environment, options)


def _options(arguments):
    parser = argparse.ArgumentParser(prog="python -m bench pages", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a minute, for a first look")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of CPU time for each figure")
    parser.add_argument(
        "--data", type=Path, help="a data folder of the demonstration, to use as is"
    )
    parser.add_argument("--serve", action="store_true", help="also over HTTP, by the real server")
    parser.add_argument(
        "--peer", action="append", default=[], metavar="NAME=URL", help="a page of another server"
    )
    options = parser.parse_args(arguments)
    if options.short:
        options.rounds, options.seconds = 3, 0.2
    return options


def _page(name, path, product, naive, *, cached, options):
    asked = [(product, "django"), (naive, "django"), (product, "bare")]
    if cached:
        asked += [(product, "cached"), (product, "raw")]
    rates = [[] for _ in asked]
    for _ in range(options.rounds):
        for (process, application), found in zip(asked, rates, strict=True):
            took = process(
                do="measure", application=application, path=path, seconds=options.seconds
            )
            if not took["status"].startswith("200"):
                sys.exit(f"{path} answers {took['status']}")
            found.append(took["requests"] / took["cpu"])
    ours, plain, bare, *kept = map(statistics.median, rates)
    wire, plain_wire = (process(do="wire", path=path) for process in (product, naive))
    queries, plain_queries = (process(do="queries", path=path) for process in (product, naive))
    return {
        "page": name,
        "queries": f"{queries['first']}, {queries['then']}",
        "naive queries": plain_queries["then"],
        "req/s": ours,
        "naive req/s": plain,
        "ratio": ours / plain,
        "bare view req/s": bare,
        "cached req/s": kept[0] if kept else "",
        "raw req/s": kept[1] if kept else "",
        "cached/raw": kept[0] / kept[1] if kept else "",
        "html bytes": wire["html"],
        "all bytes": wire["html"] + wire["assets"],
        "same words": "yes" if wire["digest"] == plain_wire["digest"] else "no",
    }


def _demonstration():
    """A demonstration made today by this release: made once, and used until either is over."""
    release = max(
        file.stat().st_mtime_ns
        for file in (ROOT / "src").rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    )
    stamp, made = SITE / "made", f"{date.today()} {release}"  # noqa: DTZ011  the day here
    if stamp.exists() and stamp.read_text() == made:
        return SITE
    print("Making the demonstration that is measured …")
    shutil.rmtree(SITE, ignore_errors=True)
    SITE.mkdir(parents=True)
    environment = _environment(SITE)
    _run(["demo", "--no-serve", "--port", "80"], environment)
    _run(["shell", "-v0", "--no-imports", "-c", COLLECT], environment)
    stamp.write_text(made)
    return SITE


COLLECT = "from localoffer.operate import statics; statics.collect()"


def _run(arguments, environment):
    command = [sys.executable, "-m", "localoffer", *arguments]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(ran.stdout + ran.stderr)


def _environment(site):
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LOCALOFFER_")}
    return {
        **ours,
        "LOCALOFFER_DATA": str(site),
        "LOCALOFFER_LOG_LEVEL": "CRITICAL",
        "LOCALOFFER_TICK": "external",
        "DJANGO_SETTINGS_MODULE": "localoffer.settings",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def _asking(environment, settings="localoffer.settings"):
    """A process of ``bench.asking``, as a function that it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.asking"],
        env={**environment, "DJANGO_SETTINGS_MODULE": settings},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def tell(**work):
        process.stdin.write(json.dumps(work) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            sys.exit("The process that asks for pages has ended.")
        return json.loads(line)

    try:
        yield tell
    finally:
        process.stdin.close()
        process.wait()


# Over HTTP


def _served(environment, options):
    """The same pages by the real server, one worker, one connection; and other servers' pages."""
    rows = []
    if options.serve:
        with _server(environment) as group:
            rows += [
                _visit(name, f"http://localhost:{PORT}{path}", options, group=group)
                for name, path in PAGES.items()
            ]
    rows += [_visit(*peer.split("=", 1), options) for peer in options.peer]
    report("pages_served", rows, about={"connection": "one, kept open; the wall clock"})


@contextmanager
def _server(environment):
    command = [sys.executable, "-m", "localoffer", "serve", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(PORT), "--workers", "1"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(process):
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()
    sys.exit("The server did not start.")


def _visit(name, url, options, *, group=None):
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=30)
    path = f"{parts.path or '/'}{parts.query and '?'}{parts.query}"
    times, size = [], 0
    for _ in range(5):
        _get(connection, path)
    cpu, began = _cpu(group), time.monotonic()
    while time.monotonic() - began < options.rounds * options.seconds:
        start = time.perf_counter()
        size = _get(connection, path)
        times.append(time.perf_counter() - start)
    cpu = _cpu(group) - cpu
    connection.close()
    cuts = statistics.quantiles(times, n=20) if len(times) > 1 else times * 19
    return {
        "page": name,
        "req/s": len(times) / sum(times),
        "p50 ms": cuts[9] * 1000,
        "p95 ms": cuts[18] * 1000,
        "req/CPU s": len(times) / cpu if cpu else "",
        "bytes": size,
    }


def _get(connection, path):
    connection.request("GET", path, headers={"Accept-Encoding": "gzip, deflate, br"})
    return len(connection.getresponse().read())


def _cpu(group):
    """The CPU time, in seconds, of every process in a group."""
    if group is None:
        return 0.0
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
