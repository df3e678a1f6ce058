"""Takes mail out of our mailbox: an IMAP account, a Maildir, a folder of files or an mbox file.

Each mail is stored before it is taken away, and known by what it says: taken twice, it is one.
"""

import hashlib
import imaplib
import logging
import mailbox
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from localoffer.mail.models import IncomingMail

logger = logging.getLogger(__name__)

MOST_KEPT = 1_000_000  # bytes of a mail; what we look for stands before that
AT_ONCE = 500  # mails of one visit
TIMEOUT = 60  # seconds

Found = Iterator[tuple[bytes, Callable[[], object]]]


def collect(source: dict) -> int:
    """Store what has come; returns how many were new. ``source``: as ``env.mailbox`` reads it.

    Raises OSError (and imaplib.IMAP4.error) if the mailbox cannot be reached.
    """
    if not source:
        return 0
    with _opened(source) as mails:
        return sum(_taken(raw, take_away) for raw, take_away in mails)


def keep(raw: bytes) -> bool:
    """Store a mail; False if it is here already."""
    raw = raw[:MOST_KEPT]
    digest = hashlib.sha256(raw).hexdigest()
    if IncomingMail.objects.filter(digest=digest).exists():
        return False
    IncomingMail.objects.bulk_create([IncomingMail(digest=digest, raw=raw)], ignore_conflicts=True)
    return True


def _taken(raw, take_away):
    new = keep(raw)
    take_away()
    return new


@contextmanager
def _opened(source):
    if source["kind"] == "imap":
        with _imap(source) as mails:
            yield mails
        return
    path = Path(source["path"])
    if path.is_file():
        with _mbox(path) as mails:
            yield mails
    elif (path / "new").is_dir():
        yield _files([*sorted((path / "new").iterdir()), *sorted((path / "cur").glob("*"))])
    else:
        yield _files(sorted(path.iterdir()) if path.is_dir() else [])


def _files(paths) -> Found:
    for path in [path for path in paths if path.is_file() and path.name[0] != "."][:AT_ONCE]:
        yield path.read_bytes(), path.unlink


@contextmanager
def _mbox(path):
    box = mailbox.mbox(path)
    box.lock()  # programs that deliver to it wait meanwhile
    try:
        keys = list(box.iterkeys())[:AT_ONCE]
        yield ((box.get_bytes(key), partial(box.remove, key)) for key in keys)
        box.flush()
    finally:
        box.unlock()
        box.close()


@contextmanager
def _imap(source):
    connect = imaplib.IMAP4_SSL if source["tls"] else imaplib.IMAP4
    box = connect(source["host"], source["port"], timeout=TIMEOUT)
    try:
        box.login(source["user"], source["password"])
        _answer(box.select(f'"{source["folder"]}"'))
        numbers = _answer(box.uid("SEARCH", "UNDELETED"))[0].split()[:AT_ONCE]
        yield _fetched(box, numbers)
        box.expunge()
        box.close()
    finally:
        box.logout()


def _fetched(box, numbers) -> Found:
    for number in numbers:
        parts = _answer(box.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{MOST_KEPT}>)"))
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        if raw is not None:
            yield raw, partial(box.uid, "STORE", number.decode(), "+FLAGS", r"(\Deleted)")


def _answer(answer):
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"the mailbox says {data!r}"[:300])
    return data
