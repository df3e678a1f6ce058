"""Backups are made and put back by the real command, in a data folder and database of their own."""

import json
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def localoffer(*arguments, environment):
    return subprocess.run(
        [sys.executable, "-m", "localoffer", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def query(code, environment):
    """Run a line of Python with Django set up; return what it prints."""
    ran = localoffer("shell", "-v0", "--no-imports", "-c", code, environment=environment)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def site(tmp_path_factory, spare_database):
    """A migrated site of its own with one user and one media file."""
    data = tmp_path_factory.mktemp("data")
    environment = {
        **os.environ,
        "LOCALOFFER_DATA": str(data),
        "LOCALOFFER_DATABASE_URL": spare_database(),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    query(
        "from localoffer.accounts.models import User; User.objects.create_user('a@example.org')",
        environment,
    )
    (data / "media").mkdir(exist_ok=True)
    (data / "media" / "picture.txt").write_text("a picture")
    return data, environment


EVERYBODY = (
    "from localoffer.accounts.models import User; print([u.email for u in User.objects.all()])"
)

ERASED = (
    "from localoffer.authority import erasures; print(list(erasures.noted('response', ['a', 'b'])))"
)


def test_what_was_backed_up_comes_back(site, tmp_path):
    data, environment = site
    made = localoffer("backup", tmp_path, environment=environment)
    assert made.returncode == 0, made.stderr
    folder = next(tmp_path.glob("localoffer-*"))

    query("from localoffer.accounts.models import User; User.objects.all().delete()", environment)
    query("from localoffer.authority import erasures; erasures.note('response', 'a')", environment)
    shutil.rmtree(data / "media")
    refused = localoffer("restore", folder, environment=environment)
    restored = localoffer("restore", folder, "--overwrite", environment=environment)

    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert restored.returncode == 0, restored.stderr
    assert query(EVERYBODY, environment) == "['a@example.org']"
    assert query(ERASED, environment) == "['a']"
    assert (data / "media" / "picture.txt").read_text() == "a picture"


@pytest.mark.parametrize("harm", ["remove", "change", "manifest"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_touched(site, tmp_path, harm):
    _data, environment = site
    localoffer("backup", tmp_path, environment=environment)
    folder = next(tmp_path.glob("localoffer-*"))
    database = next(folder.glob("database.*"))
    if harm == "remove":
        database.unlink()
    elif harm == "change":
        with database.open("ab") as file:
            file.write(b"x")
    else:
        (folder / "manifest.json").write_text(json.dumps({"format": 99}))

    ran = localoffer("restore", folder, "--overwrite", environment=environment)

    assert ran.returncode == 1
    assert ran.stderr.startswith("CommandError: ")
    assert query(EVERYBODY, environment) == "['a@example.org']"


def test_a_folder_that_is_no_backup_is_refused(site, tmp_path):
    ran = localoffer("restore", tmp_path, "--overwrite", environment=site[1])

    assert ran.returncode == 1
    assert "There is no whole backup" in ran.stderr
