import copy
import datetime as dt
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import ModelLogEntry

from localoffer.authority.models import PublicItem
from localoffer.directory.codes import Route
from localoffer.directory.importing.writer import UPDATED, source_of
from localoffer.directory.imports import import_services
from localoffer.directory.models import (
    Contact,
    CostOption,
    Location,
    Organisation,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
)
from localoffer.directory.sources.feeds import open_feed
from localoffer.taxonomy.models import Topic
from tests.directory.serving import send, serving
from tests.factories.authority import make_authority

FIXTURES = Path(__file__).parent / "fixtures"
HSDS = json.loads((FIXTURES / "hsds_services.json").read_text())
OURS = [
    Organisation, Location, Service, ServiceAtLocation, Schedule, Contact, CostOption,
    ServiceLanguage, ServiceArea, Service.needs.through, Service.types.through, PublicItem,
    ModelLogEntry,
]  # fmt: skip


@pytest.fixture
def written(tmp_path):
    """Write a document as the feed of a council's system, always under one name."""

    def write(document):
        path = tmp_path / "feed.json"
        path.write_text(json.dumps(document))
        return open_feed(str(path))

    return write


def run(authority, feed, **options):
    return import_services(authority=authority, feed=feed, pause=0, **options)


def counts(report):
    return (
        report.added, report.changed, report.unchanged, len(report.refused), report.missing
    )  # fmt: skip


def everything():
    """Every row that an import could touch, as it is."""
    return {model: list(model.objects.order_by("pk").values()) for model in OURS}


def test_import_writes_a_service_with_all_that_belongs_to_it(authority):
    report = run(authority, open_feed(str(FIXTURES / "hsds_services.json")))

    service = Service.objects.get(name="Barchester Speech Therapy")
    place = Location.objects.get(name="Hogglestock Clinic")
    assert counts(report) == (3, 0, 0, 0, 0)
    assert str(service.pk) == service.source_id == HSDS["contents"][0]["id"]
    assert (service.source, service.source_raw) == ("file:hsds_services.json", HSDS["contents"][0])
    assert (service.slug, service.live, service.organisation.name) == (
        "barchester-speech-therapy",
        True,
        "Barsetshire Community Health",
    )
    assert (service.minimum_age, service.maximum_age) == (2, 11)
    assert (service.cost_kind, service.cost_note) == ("free", "")
    assert (service.waiting_note, service.waiting_as_of, service.waiting_source) == (
        "About 18 weeks",
        dt.date(2026, 1, 15),
        "Barsetshire Community Health",
    )
    assert service.checked_on == dt.date(2026, 1, 15)
    assert service.area_served == "Barsetshire"
    assert list(service.needs.values_list("code", flat=True)) == ["ASD"]
    assert [(hours.byday, hours.when, hours.location) for hours in service.schedules.all()] == [
        (["MO", "WE"], "term", None),
        (["2TU"], "always", place),
    ]
    assert [(each.name, each.phone, each.note) for each in service.contacts.all()] == [
        ("Reception", "01632 960001", "Weekdays"),
        ("", "01632 960002 ext 12", ""),
    ]
    assert [(each.option, each.amount) for each in service.cost_options.all()] == [
        ("Free", Decimal(0))
    ]
    assert [each.code for each in service.languages.all()] == ["pl"]
    assert [each.name for each in service.service_areas.all()] == ["Barsetshire"]
    assert [each.location for each in service.at_locations.all()] == [place]


def test_import_writes_a_place_with_its_point_access_and_address(authority):
    run(authority, open_feed(str(FIXTURES / "hsds_services.json")))

    place = Location.objects.get(name="Hogglestock Clinic")

    assert (place.address_1, place.address_2, place.town) == (
        "1 High Street",
        "Hogglestock",
        "Malvern",
    )
    assert (place.latitude, place.longitude) == (52.10644, -2.31753)
    assert (place.easting, place.northing) == (378349, 245393)
    assert (place.access, place.access_note) == (["hearing_loop"], "Ramp at the side")
    assert place.uprn == "10092008082"


def test_import_finds_a_place_by_its_postcode_where_the_source_has_no_point(authority):
    run(authority, open_feed(str(FIXTURES / "hsds_services.json")))

    place = Location.objects.get(name="Plumstead Pool")

    assert place.latitude == pytest.approx(52.1, abs=0.1)
    assert place.easting == pytest.approx(378_000, abs=5_000)


def test_import_keeps_one_organisation_for_two_of_its_services(authority):
    run(authority, open_feed(str(FIXTURES / "hsds_services.json")))

    organisation = Organisation.objects.get(name="Barsetshire Community Health")
    assert organisation.services.count() == 2
    assert organisation.identifiers == [["GB-CHC", "1234567"]]


def test_import_tells_what_changed_and_who_asked(authority, officer):
    run(authority, open_feed(str(FIXTURES / "hsds_services.json")), by=officer)

    service = Service.objects.get(name="Framley Advice Line")
    assert PublicItem.objects.get(kind="service", key=str(service.pk)).title == service.name
    entry = ModelLogEntry.objects.get(object_id=str(service.pk))
    assert (entry.action, entry.user) == ("wagtail.create", officer)


@pytest.mark.parametrize("name", ["hsds_services.json", "oruk1_services.json", "outpost.csv"])
def test_second_run_changes_nothing(authority, name):
    first = run(authority, open_feed(str(FIXTURES / name)))
    before = everything()

    second = run(authority, open_feed(str(FIXTURES / name)))

    assert (second.added, second.changed, second.missing) == (0, 0, 0)
    assert second.unchanged == first.added
    assert second.mended == first.mended
    assert second.refused == first.refused
    assert everything() == before


def test_second_run_asks_the_same_few_queries_however_many_services(
    authority, written, django_assert_max_num_queries
):
    many = [{"id": str(n), "name": f"Service {n}", "status": "active"} for n in range(120)]
    run(authority, written(many))

    with django_assert_max_num_queries(10):
        run(authority, written(many))


def test_dry_run_says_what_it_would_do_and_changes_nothing(authority, written):
    run(authority, written(HSDS))
    before = everything()
    changed = copy.deepcopy(HSDS)
    changed["contents"][0]["name"] = "Another name"
    changed["contents"][1] = {"id": "new", "name": "New", "status": "active"}

    report = run(authority, written(changed), dry_run=True)

    assert counts(report) == (1, 1, 1, 0, 1)
    assert everything() == before


def test_a_changed_record_is_changed_with_the_rows_below_it_and_keeps_its_key(authority, written):
    run(authority, written(HSDS))
    old = Service.objects.get(name="Barchester Speech Therapy")
    others = set(Service.objects.exclude(pk=old.pk).values_list("pk", "last_published_at"))
    changed = copy.deepcopy(HSDS)
    changed["contents"][0] |= {"name": "Barchester Talking", "contacts": [], "phones": []}
    changed["contents"][0]["schedules"][0]["byday"] = "FR"
    changed["contents"][0]["service_at_locations"][0]["location"]["name"] = "New Clinic"

    report = run(authority, written(changed))

    new = Service.objects.get(name="Barchester Talking")
    assert counts(report) == (0, 1, 2, 0, 0)
    assert (new.pk, new.slug, new.change_note) == (old.pk, old.slug, UPDATED)
    assert not new.contacts.exists()
    assert new.schedules.first().byday == ["FR"]
    assert new.at_locations.get().location.name == "New Clinic"
    assert Location.objects.count() == 2
    assert PublicItem.objects.get(key=str(new.pk)).title == "Barchester Talking"
    assert set(Service.objects.exclude(pk=old.pk).values_list("pk", "last_published_at")) == others


def test_what_people_here_own_stays_when_the_source_changes(authority, written):
    run(authority, written(HSDS))
    service = Service.objects.get(name="Barchester Speech Therapy")
    service.needs.set(["SLCN"])
    service.topics.set(Topic.objects.all()[:1])
    service.decision_maker = "A panel"
    service.complaints_route = "Write to us"
    service.level = Service.Level.SPECIALIST
    service.routes = [Route.GP]
    service.checked_on = dt.date(2026, 6, 1)
    service.save()
    changed = copy.deepcopy(HSDS)
    changed["contents"][0]["description"] = "New words"

    run(authority, written(changed))

    service = Service.objects.get(pk=service.pk)
    assert service.description == "New words"
    assert [need.code for need in service.needs.all()] == ["SLCN"]
    assert service.topics.count() == 1
    assert (service.decision_maker, service.complaints_route) == ("A panel", "Write to us")
    assert (service.level, service.routes) == (Service.Level.SPECIALIST, [Route.GP])
    assert service.checked_on == dt.date(2026, 6, 1)


def test_an_editor_starts_from_what_the_import_made_public(authority, written):
    run(authority, written(HSDS))
    service = Service.objects.get(name="Barchester Speech Therapy")
    service.complaints_route = "Write to us"
    service.save_revision().publish()
    changed = copy.deepcopy(HSDS)
    changed["contents"][0]["description"] = "New words"

    run(authority, written(changed))

    service = Service.objects.get(pk=service.pk)
    assert service.get_latest_revision_as_object().description == "New words"


def test_a_draft_that_waits_for_approval_is_kept(authority, written):
    run(authority, written(HSDS))
    service = Service.objects.get(name="Barchester Speech Therapy")
    service.complaints_route, service.decision_maker = "Write to us", "Drafted"
    service.save_revision()
    changed = copy.deepcopy(HSDS)
    changed["contents"][0]["description"] = "New words"

    run(authority, written(changed))

    service = Service.objects.get(pk=service.pk)
    assert service.description == "New words"
    assert service.get_latest_revision_as_object().decision_maker == "Drafted"


def test_the_waiting_time_goes_when_the_source_drops_it_and_ours_stays(authority, written):
    run(authority, written(HSDS))
    ours = Service.objects.get(name="Framley Advice Line")
    ours.waiting_note, ours.waiting_as_of = "A week", dt.date(2026, 6, 1)
    ours.waiting_source = "We rang"
    ours.save()
    changed = copy.deepcopy(HSDS)
    del changed["contents"][0]["wait_time"]
    changed["contents"][2]["description"] = "New words"

    run(authority, written(changed))

    assert Service.objects.get(name="Barchester Speech Therapy").waiting_as_of is None
    assert Service.objects.get(pk=ours.pk).waiting_note == "A week"


def test_a_service_that_a_whole_list_no_longer_has_is_marked_and_never_deleted(authority, written):
    run(authority, written(HSDS["contents"]))

    report = run(authority, written(HSDS["contents"][1:]))

    gone = Service.objects.get(missing_since__isnull=False)
    assert counts(report) == (0, 0, 2, 0, 1)
    assert (gone.name, gone.live) == ("Barchester Speech Therapy", True)


def test_a_service_that_comes_back_is_missing_no_more(authority, written):
    run(authority, written(HSDS["contents"]))
    run(authority, written(HSDS["contents"][1:]))

    report = run(authority, written(HSDS["contents"]))

    assert counts(report) == (0, 1, 2, 0, 0)
    assert not Service.objects.missing().exists()


@pytest.mark.parametrize(
    "rest",
    [
        {**HSDS, "contents": HSDS["contents"][1:]},
        {**HSDS, "total_items": 2, "last_page": False, "contents": HSDS["contents"][1:]},
        HSDS["contents"][1],
        [*HSDS["contents"][1:], {"name": "Which one is this?"}],
    ],
    ids=["fewer than it says", "not the last page", "one service", "a record without an id"],
)
def test_nothing_is_called_missing_after_part_of_a_list(authority, written, rest):
    run(authority, written(HSDS))
    if isinstance(rest, dict) and "last_page" in rest and not rest["last_page"]:
        rest = {**rest, "total_pages": 2}

    report = run(authority, written(rest))

    assert report.missing == 0
    assert not report.complete
    assert not Service.objects.missing().exists()


def test_a_refused_record_is_not_missing_and_stays_as_it_was(authority, written):
    run(authority, written(HSDS))
    broken = copy.deepcopy(HSDS)
    broken["contents"][0]["name"] = None

    report = run(authority, written(broken))

    assert counts(report) == (0, 0, 2, 1, 0)
    assert report.refused[0].where == "record 1"
    assert report.refused[0].reason == "it has no name"
    assert Service.objects.filter(name="Barchester Speech Therapy").exists()


def test_good_records_are_kept_beside_bad_ones(authority, written):
    documents = [*HSDS["contents"], None, {"id": "x"}, {"name": "y"}, HSDS["contents"][0]]

    report = run(authority, written(documents))

    assert counts(report) == (3, 0, 0, 4, 0)


def test_a_record_that_the_database_refuses_does_not_stop_its_neighbours(
    authority, written, monkeypatch
):
    monkeypatch.setattr("localoffer.directory.importing.columns.schedules", _impossible_schedules)
    records = [
        {"id": str(n), "name": f"Service {n}", "status": "active", "alert": "x" * (n == 2)}
        for n in range(5)
    ]

    report = run(authority, written(records))

    assert counts(report) == (4, 0, 0, 1, 0)
    assert report.refused[0].reason.startswith("the database does not take it")
    assert not Service.objects.filter(name="Service 2").exists()
    assert run(authority, written(records)).unchanged == 4


def _impossible_schedules(record, places):
    return [{"interval": 0}] if record.alert else []


def test_two_authorities_may_import_one_feed(authority, neighbour, written):
    run(authority, written(HSDS))

    report = run(neighbour, written(HSDS))

    assert counts(report) == (3, 0, 0, 0, 0)
    assert Service.objects.filter(authority=neighbour).count() == 3
    assert Service.objects.filter(authority=authority).count() == 3
    assert run(neighbour, written(HSDS)).unchanged == 3


def test_keys_of_records_whose_ids_are_not_uuids_are_the_same_each_time(authority, written):
    record = {"id": 7, "name": "Club", "status": "active"}
    run(authority, written([record]))
    key = Service.objects.get().pk
    Service.objects.all().delete()

    run(authority, written([record]))

    assert Service.objects.get().pk == key


def test_a_service_elsewhere_is_outside_our_area(db, written):
    trafford = make_authority(name="Trafford", gss_code="E08000009")
    places = {"here": "M33 7ZF", "elsewhere": "WR14 1AA"}
    records = [
        {
            "id": name,
            "name": name,
            "status": "active",
            "service_at_locations": [
                {"id": name, "location": {"id": name, "addresses": [{"postal_code": postcode}]}}
            ],
        }
        for name, postcode in places.items()
    ]

    run(trafford, written(records))

    assert dict(Service.objects.values_list("name", "reach")) == {
        "here": Service.Reach.IN_AREA,
        "elsewhere": Service.Reach.OUT_OF_AREA,
    }


def test_services_of_one_name_have_addresses_of_their_own(authority, written):
    run(authority, written([{"id": n, "name": "Club", "status": "active"} for n in range(1, 4)]))

    assert sorted(Service.objects.values_list("slug", flat=True)) == ["club", "club-2", "club-3"]


def test_a_long_source_still_has_a_name_of_its_own():
    one, other = (source_of("https://example.org/" + "x" * length) for length in (200, 201))

    assert len(one) == len(other) == 100
    assert one != other


def test_outpost_import_publishes_nothing_that_was_private(authority):
    run(authority, open_feed(str(FIXTURES / "outpost.csv")))

    assert not Contact.objects.filter(email="private@example.org").exists()
    assert Service.objects.get(name="Old club").status == "inactive"
    assert "private" not in str(list(Service.objects.values("source_raw"))).lower()


def test_odd_text_is_stored_on_any_database(authority, written):
    record = {"id": "1", "name": "Caf\u00e9 \ud83d\ude00", "status": "active", "x\u0000y": "\ud800"}

    report = run(authority, written([record]))

    assert counts(report) == (1, 0, 0, 0, 0)
    assert Service.objects.get().source_raw["xy"] == ""


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("search/severnshire-hsds.json", 993),
        ("directory/bucks_fis_scout_services.json", 20),
        ("directory/outpost_services_valid.csv", 2),
        ("oruk/hsds-uk-mocks/V3.0-UK-Default/service_full.json", 1),
        ("oruk/hsds-uk-mocks/V3.0-UK-Default/service_list.json", 1),
        ("oruk/hsds-uk-mocks/V3.0-UK-Warn/service_full.json", 1),
        ("oruk/hsds-uk-mocks/V3.0-UK-Fail/service_full.json", 1),
    ],
)
def test_real_feed_imports_and_then_has_nothing_new(authority, shared, name, kept):
    first = run(authority, open_feed(str(shared / name)))
    second = run(authority, open_feed(str(shared / name)))

    assert counts(first) == (kept, 0, 0, 0, 0)
    assert counts(second) == (0, 0, kept, 0, 0)


# The command


def command(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("import_services", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_command_tells_what_it_did_and_names_refusals_by_line(authority):
    out, err = command(FIXTURES / "outpost.csv")

    assert "Outpost spreadsheet for Barsetshire" in out
    assert "2  added" in out
    assert "2  refused" in out
    assert err.splitlines() == [
        "line 10 (7) refused: it has no name",
        "line 11 (8) refused: it adds to 99, not seen yet",
    ]


def test_command_needs_to_know_whose_services_where_there_are_two(authority, neighbour):
    with pytest.raises(CommandError, match=r"E10000999 \(Barsetshire\), E10000998 \(Loamshire\)"):
        command(FIXTURES / "outpost.csv")
    command(FIXTURES / "outpost.csv", "--authority", "e10000998")

    assert Service.objects.filter(authority=neighbour).count() == 2


@pytest.mark.django_db
def test_command_without_any_authority_says_so():
    with pytest.raises(CommandError, match="no authority yet"):
        command(FIXTURES / "outpost.csv")


def test_command_with_an_unknown_authority_names_those_there_are(authority):
    with pytest.raises(CommandError, match=r"No authority has the code E1\. .*Barsetshire"):
        command(FIXTURES / "outpost.csv", "--authority", "E1")


def test_command_dry_run_says_that_nothing_was_changed(authority):
    before = everything()

    out, _ = command(FIXTURES / "hsds_services.json", "--dry-run")

    assert "3  added" in out
    assert "Dry run: nothing was changed." in out
    assert everything() == before


def test_command_reads_a_list_by_a_column_map_and_under_a_lasting_name(authority, tmp_path):
    (tmp_path / "map.toml").write_text('name = "Titel"\nurl = "Web"')
    for month in ["october", "november"]:
        (tmp_path / f"{month}.csv").write_text("Titel,Web\nClub,https://club.example.org\n")
        out, _ = command(
            tmp_path / f"{month}.csv", "--map", tmp_path / "map.toml", "--source", "clubs"
        )

    assert "1  unchanged" in out
    assert Service.objects.get().url == "https://club.example.org"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("none.toml", None, "cannot be read"),
        ("bad.toml", "= 1", "neither TOML nor JSON"),
        ("other.toml", 'name = "Nowhere"', 'No heading is called "Nowhere"'),
    ],
)
def test_command_with_a_bad_column_map_says_what_is_wrong(authority, tmp_path, name, text, words):
    if text is not None:
        (tmp_path / name).write_text(text)

    with pytest.raises(CommandError, match=words):
        command(FIXTURES / "outpost.csv", "--map", tmp_path / name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"contents": [{"id": "1", "name": "Cut', "is cut short"),
        ("<html></html>", "is a web page"),
        ('[{"status": "active"}]', "None of the 1 records could be imported"),
        ("", "is empty"),
    ],
)
def test_command_that_can_import_nothing_fails_with_the_reason(authority, tmp_path, content, words):
    (tmp_path / "feed.json").write_text(content)
    before = everything()

    with pytest.raises(CommandError, match=words):
        command(tmp_path / "feed.json")

    assert everything() == before


def test_command_leaves_everything_as_it_was_when_a_feed_fails_on_its_way(authority):
    command(FIXTURES / "hsds_services.json")
    before = everything()

    def answer(handler, path, query):
        if "page=2" in query:
            send(handler, "<html>", status=500)
        else:
            send(handler, json.dumps({**HSDS, "total_pages": 2, "last_page": False}))

    with serving(answer) as address, pytest.raises(CommandError, match="Nothing was changed"):
        command(f"{address}/services")

    assert everything() == before


def test_command_imports_from_an_address(authority):
    with serving(lambda handler, path, query: send(handler, json.dumps(HSDS))) as address:
        out, _ = command(f"{address}/v3/services")
        again, _ = command(f"{address}/v3")

    assert "3  added" in out
    assert "3  unchanged" in again


# Killed on the way

MANY = 400
A_ROW_EACH = ["serviceatlocation", "servicelanguage", "costoption", "servicearea"]
TWO_ROWS_EACH = ["schedule", "contact"]
# What differs between any two runs: moments, and numbers that say nothing.
OF_THE_RUN = {
    "id", "service_id", "uuid", "reference", "first_published_at", "last_published_at", "changed",
    "published",
}  # fmt: skip


@pytest.mark.slow
def test_a_killed_import_leaves_whole_services_and_the_next_run_completes_it(db, tmp_path):
    """Processes of their own, on a database of their own, are killed on the way three times."""
    if connection.vendor != "sqlite":
        pytest.skip("looks into a database file of its own")
    killed, whole = tmp_path / "killed.sqlite3", tmp_path / "whole.sqlite3"
    with sqlite3.connect(connection.settings_dict["NAME"]) as ours, sqlite3.connect(killed) as copy:
        ours.backup(copy)
    _process(killed, "-c", ADD_AUTHORITY).wait()
    shutil.copy(killed, whole)
    feed = tmp_path / "feed.json"
    feed.write_text(json.dumps(_many_services()))
    command = ["-m", "localoffer", "import-services", str(feed), "--skip-checks"]

    stored = [_kill(_process(killed, *command), killed, after) for after in (1, 150, 300)]

    assert all(0 < number < MANY for number in stored)
    assert _process(killed, *command).wait() == 0
    assert _process(whole, *command).wait() == 0
    assert _stored(killed, "service") == MANY
    assert _content(killed) == _content(whole)


ADD_AUTHORITY = """
import django
django.setup()
from tests.factories.authority import make_authority
make_authority()
"""


def _many_services():
    one = HSDS["contents"][0]
    return [{**one, "id": f"s{number}", "name": f"Service {number}"} for number in range(MANY)]


def _process(database, *arguments):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "localoffer.settings",
        "LOCALOFFER_DATA": str(database.parent),
        "LOCALOFFER_DATABASE_URL": f"sqlite:///{database}",
        "LOCALOFFER_DEBUG": "true",
        "PYTHONPATH": os.pathsep.join(["src", "."]),
    }
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=Path(__file__).parents[2],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _kill(process, database, after):
    """Kill the import once so many services are stored; say how many are, all of them whole."""
    patience = time.monotonic() + 60
    while _stored(database, "service") < after:
        assert process.poll() is None
        assert time.monotonic() < patience
        time.sleep(0.002)
    process.kill()
    process.wait()
    stored = _stored(database, "service")
    for table in A_ROW_EACH:
        assert _stored(database, table) == stored
    for table in TWO_ROWS_EACH:
        assert _stored(database, table) == 2 * stored
    return stored


def _stored(database, table):
    with closing(sqlite3.connect(database)) as found:
        return found.execute(f"SELECT count(*) FROM directory_{table}").fetchone()[0]  # noqa: S608


def _content(database):
    """The rows of every table that an import writes, without what differs between any two runs."""
    with closing(sqlite3.connect(database)) as found:
        found.row_factory = sqlite3.Row
        return {
            model._meta.db_table: sorted(
                str({name: row[name] for name in row.keys() if name not in OF_THE_RUN})  # noqa: SIM118
                for row in found.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
            )
            for model in OURS
            if model is not ModelLogEntry
        }
