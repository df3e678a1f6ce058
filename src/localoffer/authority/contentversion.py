"""The version of everything that the public can see: it moves whenever any of it may have changed.

Pages kept in memory are shown only while the version is the one they were made under. A change
of content writes a ``ContentChange`` row in its own transaction, and moves a small file in the data
folder once it has committed; every process of this machine sees the file through shared memory.
A process that is killed in between leaves the row behind, and ``mend`` moves the file for it.

Every write to the database counts, whoever makes it and however, but those to tables named with
``hide``: forgetting to name a table costs speed, forgetting to tell of a change would show what
was withdrawn.
"""

import contextlib
import itertools
import mmap
import os
import re
import secrets
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from localoffer.authority.models import ContentChange

WRITE = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)"
    r'\s+"?(?P<table>\w+)',
    re.IGNORECASE,
)
COLUMN = re.compile(r'"(\w+)" = ')
# What Wagtail writes on a live row when somebody keeps a draft of it, or locks it.
OF_DRAFTS = {
    "latest_revision_id",
    "latest_revision_created_at",
    "draft_title",
    "has_unpublished_changes",
    "locked",
    "locked_at",
    "locked_by_id",
}


class VersionFile:
    """Eight bytes that all processes of a machine share, and the rows' state they stand for."""

    SIZE = 4096

    def __init__(self, path: Path):
        self.path = path
        self._map()

    def current(self) -> int:
        """The version now: no system call. Two versions are only ever the same or different."""
        return self._view[0]

    @property
    def mark(self) -> str:
        """The state of the rows when the file was last moved."""
        return self.path.read_bytes()[8:].rstrip(b"\0").decode()

    def move(self, mark: str) -> None:
        """Give everybody a new version."""
        self._make()
        file = os.open(self.path, os.O_RDWR)
        try:
            # Killed in between, we leave an old mark, which is mended; never the reverse.
            os.pwrite(file, secrets.token_bytes(8), 0)
            os.pwrite(file, mark.encode()[: self.SIZE - 8].ljust(self.SIZE - 8, b"\0"), 8)
        finally:
            os.close(file)

    def look_again(self) -> None:
        """Follow the path to where it leads now, should somebody have replaced the file."""
        with contextlib.suppress(FileNotFoundError):
            if self.path.stat().st_ino == self._inode:
                return
        self._map()

    def _make(self):
        if self.path.exists():
            return
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        fresh.write_bytes(secrets.token_bytes(8).ljust(self.SIZE, b"\0"))
        try:
            with contextlib.suppress(FileExistsError):
                os.link(fresh, self.path)  # whole or not at all, and only one of two at once
        finally:
            fresh.unlink()

    def _map(self):
        self._make()
        file = os.open(self.path, os.O_RDONLY)
        try:
            self._inode = os.fstat(file).st_ino
            shared = mmap.mmap(file, self.SIZE, prot=mmap.PROT_READ)
            self._view = memoryview(shared).cast("Q")
        finally:
            os.close(file)


_writes = itertools.count(1)
_hidden: set[str] = set()
_movers: dict[str, Callable[[], None]] = {}
_paused = False


@cache
def file() -> VersionFile:
    """The version file of this site."""
    return VersionFile(settings.DATA / "content.version")


def current() -> int:
    """The version of the content now. Read it before reading what is to be kept under it."""
    return file().current()


def pending() -> int | None:
    """What tells the state of the transaction under way from every other, in this process.

    None where it has changed nothing that the public sees, or where there is no transaction.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    return connection.content_state if _will_move(connection) else None


def moved() -> None:
    """Tell of a change outside the database, such as to a file that pages show the content of."""
    ContentChange.objects.create()
    _move(DEFAULT_DB_ALIAS)


def hide(*labels: str) -> None:
    """Say that writes to these tables change nothing that the public sees.

    ``labels``: a model such as ``feedback.comment``, or an app for all its models. Each app says so
    of its own when it starts.
    """
    for label in labels:
        app, _, name = label.partition(".")
        config = apps.get_app_config(app)
        for model in [config.get_model(name)] if name else config.get_models():
            _hidden.add(model._meta.db_table)
            _hidden.update(
                field.remote_field.through._meta.db_table
                for field in model._meta.local_many_to_many
            )


def notice_writes(*, connection, **kwargs) -> None:
    """Watch what is written through a connection (Django's ``connection_created``)."""
    if _notice not in connection.execute_wrappers:
        connection.execute_wrappers.append(_notice)


def _notice(execute, sql, params, many, context):
    if sql.startswith("ROLLBACK TO"):
        context["connection"].content_state = next(_writes)
    written = None if _paused else WRITE.match(sql)
    if written is None or not _shows(written["table"], sql):
        return execute(sql, params, many, context)
    connection = context["connection"]
    if connection.in_atomic_block:
        _move_with_commit(connection)
        return execute(sql, params, many, context)
    # No transaction holds the two together. The row goes first: killed after it, we are mended.
    _write_row(connection)
    result = execute(sql, params, many, context)
    _move(connection.alias)
    return result


def _shows(table, sql):
    if table in _hidden:
        return False
    if sql.lstrip()[:6].upper() == "UPDATE":
        return not OF_DRAFTS.issuperset(COLUMN.findall(sql.partition(" WHERE ")[0]) or [""])
    return True


def _move_with_commit(connection):
    """One row for each transaction. What a savepoint takes back, it takes back of both alike."""
    connection.content_state = next(_writes)
    if not _will_move(connection):
        mover = _movers.setdefault(connection.alias, partial(_move, connection.alias))
        _write_row(connection)
        transaction.on_commit(mover, using=connection.alias, robust=True)


def _will_move(connection):
    mover = _movers.get(connection.alias)
    return mover and any(hook[1] is mover for hook in connection.run_on_commit)


def _write_row(connection):
    ContentChange.objects.using(connection.alias).create()


def _move(alias):
    file().move(_mark(alias))


def _mark(alias=DEFAULT_DB_ALIAS):
    return str(ContentChange.objects.using(alias).state())


def mend() -> bool:
    """Move the file if the rows say that it was left behind; say whether it was.

    By a process that was killed, by another machine on the same database, by a restored backup.
    """
    mark = _mark()
    if mark == file().mark:
        return False
    file().move(mark)
    return True


def pause(**kwargs) -> None:
    """Migrations write to tables before ours is there (Django's ``pre_migrate``)."""
    global _paused  # noqa: PLW0603
    _paused = True


def resume(*, using, **kwargs) -> None:
    """Count migrations as one change (Django's ``post_migrate``)."""
    global _paused  # noqa: PLW0603
    _paused = False
    if ContentChange._meta.db_table in connections[using].introspection.table_names():
        _write_row(connections[using])
        _move(using)
