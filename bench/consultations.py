"""What answering costs, and counting: answers sent at once by many, and tables of 20,000.

Sent: the button that sends, through the whole stack of the shipped server, with pages being read
all the while. The answers that the server said it has are counted in the database afterwards. The
reference is a Django view without middleware that inserts one row of the same width, by the same
server with as many processes, in the same database, while the same pages are read. SQLite writes
durably in both (``synchronous=full``).

Counted: tables of all answers, made safe to publish, in a process that does nothing else.
"""

import argparse
import contextlib
import http.client
import json
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from bench.reporting import report

ROOT = Path(__file__).parents[1]
CLIENTS, WORKERS, ROUNDS = 8, 2, 3
SHORT, LONG = 400, 2_000
PEOPLE, QUESTIONS = 20_000, 30
STARTS_WITHIN = 40
TOKEN = "a" * 32
PAGES = ["/have-your-say/", "/have-your-say/clubs/"]
SENDING = "/have-your-say/answer/clubs/parents/check/"
TIME_LIMIT, MEMORY_LIMIT = 2.0, 500


def main(options: list[str]) -> None:
    """Measure in processes of its own, with a new database that is gone afterwards."""
    asked = _asked(options)
    with tempfile.TemporaryDirectory(prefix="localoffer-bench-") as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LOCAL")},
            "LOCALOFFER_DATA": folder,
            "LOCALOFFER_LOG_LEVEL": "ERROR",
            "LOCALOFFER_SQLITE_SYNCHRONOUS": "full",
            "LOCALOFFER_TICK": "external",
            "DJANGO_SETTINGS_MODULE": "localoffer.settings",
            "PYTHONPATH": str(ROOT),
        }
        if asked.postgres:
            environment["LOCALOFFER_DATABASE_URL"] = asked.postgres
        _measure(asked, environment)


def _asked(options):
    parser = argparse.ArgumentParser(prog="bench consultations", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"{SHORT} answers a round")
    parser.add_argument("--answers", type=int, help="how many are sent in each of three rounds")
    parser.add_argument("--people", type=int, default=PEOPLE, help="whose answers are counted")
    parser.add_argument("--postgres", help="the address of an empty database, in place of SQLite")
    asked = parser.parse_args(options)
    asked.answers = asked.answers or (SHORT if asked.short else LONG)
    return asked


def _measure(asked, environment):
    made = _inside("prepare", environment)
    ours, bare, read = [], [], []
    for _ in range(ROUNDS):
        drafts = _inside("drafts", environment, number=asked.answers)["cookies"]
        with _server("localoffer.wsgi:application", environment) as port:
            took, pages = _burst(lambda each, port=port: _press(port, each), drafts, port, PAGES)
        ours.append(took)
        read.append(pages)
        there = _inside("kept", environment)
        if there != {"responses": asked.answers, "drafts": 0}:
            sys.exit(f"{asked.answers} were sent, and there are {there}")
        bare_environment = environment | {"DJANGO_SETTINGS_MODULE": "bench.inserting_settings"}
        bodies = [made["answers"]] * asked.answers
        with (
            _server("bench.inserting:application", bare_environment) as port,
            _server("localoffer.wsgi:application", environment, workers=1) as reading,
        ):
            took, _pages = _burst(
                lambda each, port=port: _insert(port, each), bodies, reading, PAGES
            )
        bare.append(took)
        _inside("clear", environment)
    counted = _inside("count", environment, number=asked.people)
    sent, inserted = (
        asked.answers / statistics.median(ours),
        asked.answers / statistics.median(bare),
    )
    report(
        "consultations",
        [
            {"what": "a bare view that inserts one row", "each second": inserted, "of it": 1.0},
            {"what": "answers sent, whole stack", "each second": sent, "of it": sent / inserted},
        ],
        about={
            "database": made["database"],
            "sent": f"{asked.answers} by {CLIENTS} clients, {WORKERS} processes, {ROUNDS} rounds",
            "lost or doubled": "none",
            "pages read meanwhile, each second": round(statistics.median(read)),
            "counted": f"{asked.people:,} people, {QUESTIONS} questions",
            "seconds to count": f"{counted['seconds']:.2f} (aim {TIME_LIMIT})",
            "most memory, MB": f"{counted['memory']:.0f} (aim {MEMORY_LIMIT})",
        },
    )


def _inside(what, environment, **how):
    """What a process of ours with Django has to tell of one task."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.consultations", what, json.dumps(how)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        sys.exit(ran.stderr)
    return json.loads(ran.stdout.splitlines()[-1])


# The clients


def _burst(act, things, port, pages):
    """How long ``act`` takes for all things by all clients; and pages read each second."""
    over, read = threading.Event(), []

    def browse():
        while not over.is_set():
            read.append(_ask(port, "GET", pages[len(read) % len(pages)]).status)
            time.sleep(0.02)  # somebody who reads: 50 a second at most

    reader = threading.Thread(target=browse)
    reader.start()
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = list(pool.map(act, things))
    took = time.perf_counter() - began
    over.set()
    reader.join()
    if set(read) - {200}:
        sys.exit(f"pages were answered with {set(read)}")
    if not all(done):
        sys.exit(f"{done.count(False)} of {len(done)} were refused")
    return took, len(read) / took


_own = threading.local()


def _ask(port, method, address, body=None, headers=None):
    """One request on a connection that this client keeps open."""
    kept = _own.__dict__.setdefault("connections", {})
    if port not in kept:
        kept[port] = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    kept[port].request(method, address, body, headers or {})
    response = kept[port].getresponse()
    response.read()
    return response


def _press(port, cookie):
    headers = {
        "Cookie": f'csrftoken={TOKEN}; answering="{cookie}"',
        "Content-Type": "application/x-www-form-urlencoded",
    }
    response = _ask(port, "POST", SENDING, f"csrfmiddlewaretoken={TOKEN}", headers)
    return response.status == 302 and response.headers["Location"].endswith("/sent/")


def _insert(port, body):
    return _ask(port, "POST", "/insert/", body).status == 200


@contextlib.contextmanager
def _server(application, environment, *, workers=WORKERS):
    """The web server as it is shipped, with another application if need be. Yields its port."""
    from localoffer.operate import serving  # noqa: PLC0415  quick to ask for help without

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = serving.children(host="127.0.0.1", port=port, workers=workers)[0].command
    command = [application if "wsgi:application" in word else word for word in command]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if _ask(port, "GET", "/healthz").status == 200:
                    break
            _own.__dict__.get("connections", {}).pop(port, None)
            time.sleep(0.2)
        else:
            sys.exit("The server did not start.")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


# In a process with Django


def prepare():
    """A database with an authority and an open consultation."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from bench.inserting import TABLE  # noqa: PLC0415
    from localoffer.consultations.actions import planning  # noqa: PLC0415
    from localoffer.consultations.models import (  # noqa: PLC0415
        ConsultationIndexPage,
        ConsultationPage,
        Instrument,
    )
    from localoffer.operate import founding, statics  # noqa: PLC0415
    from localoffer.pages import actions as pages  # noqa: PLC0415
    from localoffer.taxonomy.models import Audience  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    statics.collect()
    authority = founding.found(
        name="Barsetshire",
        council="Barsetshire County Council",
        code="E10000099",
        host="127.0.0.1",
        is_default=True,
    )
    now = timezone.now()
    today = timezone.localdate(now)
    home = authority.site.root_page.specific
    index = ConsultationIndexPage(title="Have your say", slug="have-your-say", summary="Tell us.")
    pages.add(parent=home, page=index, published_at=now)
    page = ConsultationPage(slug="clubs", decision_maker="the cabinet", ways=[])
    page.body = [("text", "<p>Why we ask.</p>")]
    record = planning.add(
        authority=authority,
        title="Clubs",
        summary="What should clubs be like?",
        page=page,
        opens_on=today - timedelta(days=5),
        closes_on=today + timedelta(days=30),
        results_due=today + timedelta(days=60),
    )
    record.page.audiences.set([Audience.objects.get(pk="parents")])
    record.page.save()
    record.page.save_revision()
    document = _document()
    Instrument.objects.create(
        authority=authority,
        consultation=record,
        title="For parents",
        slug="parents",
        draft=document.as_json(),
    )
    planning.set_going(record, now=now)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id VARCHAR(32) PRIMARY KEY, answers TEXT)")
    return {"database": connection.vendor, "answers": json.dumps(_answers(document, 0))}


def _document():
    from localoffer.consultations.questions import (  # noqa: PLC0415
        Document,
        Kind,
        Question,
        new_code,
        options,
    )

    def one(number):
        kind = [Kind.SINGLE, Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.LONG][number % 5]
        return Question(
            code=new_code(),
            kind=kind,
            text=f"Question {number}?",
            options=options([] if kind == Kind.LONG else [f"Choice {n}" for n in range(5)]),
            statements=options(["One", "Two"]) if kind == Kind.SCALE else (),
        )

    return Document(tuple(one(number) for number in range(QUESTIONS)))


def _answers(document, person):
    """What one person answers to every question."""
    from localoffer.consultations.questions import Kind  # noqa: PLC0415

    found = {}
    for place, question in enumerate(document):
        turn = person * 7 + place
        chosen = question.options[turn % 5].code if question.options else ""
        found[question.code] = {
            Kind.SINGLE: chosen,
            Kind.MULTIPLE: [chosen],
            Kind.SCALE: {each.code: chosen for each in question.statements},
            Kind.LONG: f"The club was good for us, {person}.",
        }[question.kind]
    return found


def drafts(number):
    """So many drafts that wait to be sent; the cookie of each."""
    from django.core import signing  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from localoffer.consultations.models import Draft, Instrument  # noqa: PLC0415
    from localoffer.consultations.views.answering import COOKIE, SALT  # noqa: PLC0415

    version, now = Instrument.objects.get().current, timezone.now()
    document = version.document
    made = Draft.objects.bulk_create(
        (
            Draft(version=version, started_at=now, saved_at=now, answers=_answers(document, each))
            for each in range(number)
        ),
        batch_size=500,
    )
    signer = signing.get_cookie_signer(salt=COOKIE + SALT)
    return {"cookies": [signer.sign(each.pk.hex) for each in made]}


def kept():
    from localoffer.consultations.models import Draft, Response  # noqa: PLC0415

    return {"responses": Response.objects.count(), "drafts": Draft.objects.count()}


def clear():
    from django.db import connection  # noqa: PLC0415

    from bench.inserting import TABLE  # noqa: PLC0415
    from localoffer.consultations.models import Response  # noqa: PLC0415

    Response.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608
    return {}


def count(number):
    """Fill the survey, then count it in a process of its own."""
    from localoffer.consultations.models import Instrument, Response  # noqa: PLC0415

    survey = Instrument.objects.get()
    version = survey.current
    document = version.document
    Response.objects.bulk_create(
        (
            Response(
                authority_id=survey.authority_id,
                version=version,
                answers=_answers(document, person),
                submitted_on=survey.consultation.opens_on,
                receipt_digest=uuid.uuid4().hex,
            )
            for person in range(number)
        ),
        batch_size=1_000,
    )
    return _inside("tables", dict(os.environ))


def tables():
    """Make the tables: how long it takes, and the most memory that this process has had."""
    from django.utils import timezone  # noqa: PLC0415

    from localoffer.consultations.actions import planning, results  # noqa: PLC0415
    from localoffer.consultations.models import Consultation  # noqa: PLC0415

    record = Consultation.objects.get()
    now = record.grace_ends + timedelta(hours=1)
    planning.begin_counting(record, now=now)
    began = time.perf_counter()
    results.make(record, now=timezone.now())
    took = time.perf_counter() - began
    return {
        "seconds": took,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024,
    }


TASKS = {each.__name__: each for each in (prepare, drafts, kept, clear, count, tables)}

if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(TASKS[sys.argv[1]](**json.loads(sys.argv[2]))))
