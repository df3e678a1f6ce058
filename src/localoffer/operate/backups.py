"""Copies of the database and the media, taken while the site runs, and put back.

A backup is a folder: ``manifest.json``, the database (a SQLite file, or pg_dump's archive) and
``media/``. It is complete only when its manifest is there, which is written last.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.utils import timezone

import localoffer
from localoffer.authority import erasures
from localoffer.consultations.actions import answering
from localoffer.mail import sweeping
from localoffer.updates.actions import following

MANIFEST = "manifest.json"
FORMAT = 1


class BackupError(Exception):
    """The backup could not be made or put back; the words say why."""


def backup(folder: Path) -> Path:
    """Write a new backup into a folder of its own below ``folder``; return its path.

    Raises BackupError if it cannot be written. Nothing is left half made under its final name.
    """
    name = f"localoffer-{timezone.now():%Y%m%dT%H%M%S}Z"
    made = folder / f"{name}.partial"
    try:
        made.mkdir(parents=True)
        database = _sqlite_copy(made) if _is_sqlite() else _postgres_dump(made)
        if Path(settings.MEDIA_ROOT).is_dir():
            shutil.copytree(settings.MEDIA_ROOT, made / "media")
        manifest = {
            "format": FORMAT,
            "localoffer": localoffer.__version__,
            "made": timezone.now().isoformat(timespec="seconds"),
            "engine": connection.vendor,
            "database": database,
            "sha256": {
                str(file.relative_to(made)): _digest(file)
                for file in sorted(made.rglob("*"))
                if file.is_file()
            },
        }
        (made / MANIFEST).write_text(json.dumps(manifest, indent=1))
        return made.rename(folder / name)
    except OSError as error:
        raise BackupError(f"The backup could not be written: {error}") from error


def restore(folder: Path, *, overwrite: bool = False) -> dict:
    """Put a backup back: database, then media, then people's deletions since. Returns its manifest.

    What people had deleted after it was made is read from the database that it replaces. Mail
    that waits in it is not sent again before somebody has said so: it may have been sent.

    Raises BackupError, with nothing changed, if the backup is not whole, was made on another kind
    of database, or this database holds anything and ``overwrite`` was not asked for.
    """
    manifest = _checked_manifest(folder)
    if manifest["engine"] != connection.vendor:
        raise BackupError(
            f"This backup is of {manifest['engine']} and this site runs on {connection.vendor}."
        )
    if connection.introspection.table_names() and not overwrite:
        raise BackupError(
            "This database is not empty. Stop the site and ask for --overwrite to replace it."
        )
    database = folder / manifest["database"]
    deleted_since = _erasures()
    if _is_sqlite():
        _sqlite_restore(database)
    else:
        _postgres_restore(database)
    _restore_media(folder / "media")
    call_command("migrate", interactive=False, verbosity=0)
    erasures.carry_over(deleted_since)
    following.erase_again()
    answering.withdraw_again()
    sweeping.doubt(now=timezone.now())
    return manifest


def _erasures():
    """What people had deleted, as the database says that is about to go; nothing if it cannot."""
    try:
        return erasures.everything()
    except DatabaseError:
        return []


def _checked_manifest(folder):
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise BackupError(f"There is no whole backup in {folder}: {error}") from error
    if manifest.get("format") != FORMAT:
        raise BackupError("This backup was made by a release that this one does not understand.")
    for name, digest in manifest["sha256"].items():
        file = folder / name
        if not file.is_file() or _digest(file) != digest:
            raise BackupError(f"{name} in this backup is missing or damaged.")
    return manifest


def _digest(file):
    with file.open("rb") as contents:
        return hashlib.file_digest(contents, "sha256").hexdigest()


def _is_sqlite():
    return connection.vendor == "sqlite"


def _sqlite_copy(folder):
    # SQLite's own online backup: consistent while others write, and it blocks nobody.
    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as source:
        with sqlite3.connect(folder / "database.sqlite3") as copy:
            source.backup(copy)
        copy.close()
    source.close()
    return "database.sqlite3"


def _sqlite_restore(database):
    connections.close_all()
    target = Path(settings.DATABASES["default"]["NAME"])
    arriving = target.with_suffix(".arriving")
    shutil.copy(database, arriving)
    for leftover in ["-wal", "-shm"]:
        Path(f"{target}{leftover}").unlink(missing_ok=True)
    arriving.replace(target)


def _postgres_dump(folder):
    _postgres(["pg_dump", "--format=custom", "--no-owner", f"--file={folder / 'database.dump'}"])
    return "database.dump"


def _postgres_restore(database):
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connections.close_all()
    _postgres(["pg_restore", "--no-owner", "--exit-on-error", "--dbname", _name(), str(database)])


def _name():
    return connection.settings_dict["NAME"]


def _postgres(command):
    values = connection.settings_dict
    known = {
        "PGHOST": values["HOST"],
        "PGPORT": str(values["PORT"] or ""),
        "PGUSER": values["USER"],
        "PGPASSWORD": values["PASSWORD"],
        "PGDATABASE": values["NAME"],
    }
    environment = {**os.environ, **{name: value for name, value in known.items() if value}}
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError as error:
        raise BackupError(f"{command[0]} is not installed here.") from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{command[0]}: {error.stderr.strip()}") from error


def _restore_media(folder):
    target = Path(settings.MEDIA_ROOT)
    if not folder.is_dir():
        return
    arriving = target.with_name(f"{target.name}.arriving")
    shutil.rmtree(arriving, ignore_errors=True)
    shutil.copytree(folder, arriving)
    shutil.rmtree(target, ignore_errors=True)
    arriving.rename(target)
