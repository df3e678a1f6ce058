"""`localoffer demo` as a newcomer types it: a process of its own, on a database of its own."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import connection

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("postgresql" in connection.settings_dict["ENGINE"], reason="SQLite's files"),
]


@pytest.fixture
def data(db, tmp_path):
    """A folder whose database has every table and nothing in them."""
    with (
        sqlite3.connect(connection.settings_dict["NAME"]) as ours,
        closing(sqlite3.connect(tmp_path / "db.sqlite3")) as copy,
    ):
        ours.backup(copy)
    return tmp_path


def localoffer(data, *arguments):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("LOCALOFFER_")
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "localoffer", *arguments],
        env={**environment, "LOCALOFFER_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def ask(data, query):
    with closing(sqlite3.connect(data / "db.sqlite3")) as database:
        found = database.execute(query).fetchall()
        database.commit()
        return found


def content(data):
    with closing(sqlite3.connect(data / "db.sqlite3")) as database:
        return hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()


@pytest.mark.parametrize("more", [[], ["--again"]])
def test_content_that_it_did_not_make_is_refused_and_untouched(data, more):
    added = localoffer(
        data,
        *["add-authority", "--name", "Barsetshire", "--council", "Barsetshire Council"],
        *["--code", "E10000099", "--host", "barsetshire.example"],
    )
    assert added.returncode == 0, added.stderr
    before = content(data)

    ran = localoffer(data, "demo", "--no-serve", *more)

    assert ran.returncode == 1
    assert "content that the demonstration did not make" in ran.stderr
    assert "LOCALOFFER_DATA" in ran.stderr
    assert content(data) == before


def test_another_products_database_is_refused_and_untouched(tmp_path):
    ask(tmp_path, "CREATE TABLE patients (name TEXT)")
    before = content(tmp_path)

    ran = localoffer(tmp_path, "demo", "--no-serve")

    assert ran.returncode == 1
    assert "content that the demonstration did not make" in ran.stderr
    assert content(tmp_path) == before


def test_a_feed_that_is_not_there_is_said_before_anything_is_made(tmp_path):
    ran = localoffer(tmp_path, "demo", "--no-serve", "--feed", "none.json")

    assert (ran.returncode, ran.stderr) == (1, "CommandError: There is no file none.json.\n")
    assert not (tmp_path / "db.sqlite3").exists()


def test_one_that_was_stopped_half_way_is_made_anew_and_then_served_again(data):
    ask(data, "INSERT INTO demo_demonstration VALUES (1, 1, '2020-01-01', 0)")

    made = localoffer(data, "demo", "--no-serve")
    again = localoffer(data, "demo", "--no-serve", "--port", "8123")

    assert made.returncode == 0, made.stderr
    assert made.stderr == ""
    assert made.stdout.splitlines()[:3] == [
        "Removing the demonstration that was here …",
        "Making the database (about ten seconds) …",
        "Writing pages and services (about ten seconds) …",
    ]
    assert len(made.stdout.splitlines()) < 15
    assert again.stdout.startswith("This is the demonstration made on ")
    assert ask(data, "SELECT DISTINCT port FROM wagtailcore_site") == [(8123,)]
    assert ask(data, "SELECT complete FROM demo_demonstration") == [(1,)]
