import hashlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings as hypothesis
from pytest_django.plugin import blocking_manager_key
from wagtail.signal_handlers import disable_reference_index_auto_update

from localoffer.search import kept
from tests.factories.authority import make_authority, make_officer
from tests.processes.site import founded

SHARED = Path(__file__).parents[2] / "shared" / "data"

# The same examples in every run, so that a run that passed passes again. Other examples, and more
# of them, are looked for with HYPOTHESIS_PROFILE=search. None is timed: a busy machine is no fault.
hypothesis.register_profile("again", derandomize=True, deadline=None, database=None)
hypothesis.register_profile("search", max_examples=2_000, deadline=None, print_blob=True)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "again"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Migrate once for each set of migrations, not once a run: SQLite's file is kept and copied."""
    database = settings.DATABASES["default"]
    sqlite = database["ENGINE"].endswith("sqlite3")
    template = Path(tempfile.gettempdir()) / f"localoffer-template-{_migrations()}.sqlite3"
    with django_db_blocker.unblock():
        if sqlite and template.exists():
            shutil.copy(template, database["TEST"]["NAME"])
        made = setup_databases(verbosity=0, interactive=False, keepdb=sqlite)
        if sqlite and not template.exists():
            _keep(database["TEST"]["NAME"], template)
        yield
        teardown_databases(made, verbosity=0, keepdb=sqlite)


@pytest.fixture(scope="session")
def spare_database(django_db_setup, django_db_blocker, tmp_path_factory):
    """Copies of the migrated, empty database for processes of their own: call it for an address."""
    made = []

    def copy():
        with django_db_blocker.unblock():
            database = connection.settings_dict["NAME"]
            if connection.vendor == "sqlite":
                path = tmp_path_factory.mktemp("database") / "db.sqlite3"
                with sqlite3.connect(database) as source, sqlite3.connect(path) as target:
                    source.backup(target)
                return f"sqlite:///{path}"
            made.append(f"{database}_{len(made)}")
            _maintain(f'CREATE DATABASE "{made[-1]}" TEMPLATE "{database}"')
            return f"{os.environ['LOCALOFFER_DATABASE_URL'].rpartition('/')[0]}/{made[-1]}"

    yield copy
    for name in made:
        with django_db_blocker.unblock():
            _maintain(f'DROP DATABASE "{name}" WITH (FORCE)')


def _maintain(sql):
    connections.close_all()  # a database that somebody uses cannot be copied
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def running(spare_database, tmp_path):
    """A site of its own, with an authority and its first pages, to run processes on."""
    with founded(tmp_path, spare_database()) as site:
        yield site


def _migrations():
    """A name for the state of every migration and of the reference data loaded after them."""
    found = hashlib.sha256(str(os.getuid()).encode())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        folder = Path(config.path)
        for file in sorted([*folder.glob("migrations/*.py"), *folder.glob("data/*.csv")]):
            found.update(f"{config.label}/{file.name}".encode())
            if config.name.startswith("localoffer."):
                found.update(file.read_bytes())
    return found.hexdigest()[:16]


def _keep(database, template):
    half_written = template.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(database) as source, sqlite3.connect(half_written) as copy:
        source.backup(copy)
    half_written.rename(template)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """What migrations filled comes back after a test that commits: Django empties every table.

    Not after the last test: the database itself has gone then.
    """
    result = yield
    marker = item.get_closest_marker("django_db")
    if nextitem and marker and marker.kwargs.get("transaction"):
        assert marker.kwargs.get("serialized_rollback"), "it would be filled twice without"
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
            connection.close()
    return result


@pytest.fixture(autouse=True, scope="session")
def no_reference_index():
    """Wagtail writes at each save what refers to what. It took a quarter of the time of tests."""
    with disable_reference_index_auto_update():
        yield


@pytest.fixture(autouse=True)
def nothing_lags(monkeypatch):
    """What is kept in memory of the index is that of this test, however slow the machine."""
    monkeypatch.setattr(kept, "QUICK", float("inf"))


@pytest.fixture
def authority(db):
    """Barsetshire, which answers at the host that Django's test client asks for."""
    return make_authority()


@pytest.fixture
def neighbour(db):
    """Loamshire, whose records are none of Barsetshire's business."""
    return make_authority(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")


@pytest.fixture
def officer(authority):
    """Someone with every role in Barsetshire and none elsewhere."""
    return make_officer(authority, role="administrator")


@pytest.fixture
def admin(officer, client):
    """A browser in which that officer has signed in, with their second factor."""
    client.force_login(officer)
    return client


@pytest.fixture(scope="session")
def shared():
    """Real open data for those who have it beside the checkout; the rest of us skip."""
    if not SHARED.is_dir():
        pytest.skip(f"no real data at {SHARED}")
    return SHARED
