"""Read settings from the environment, loudly: a wrong value stops the process and names itself."""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

PREFIX = "LOCALOFFER_"


def text(name: str, default: str = "") -> str:
    """The variable as it stands, or the default."""
    return os.environ.get(PREFIX + name, default)


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    """One of the listed words. Raises ImproperlyConfigured for any other."""
    value = text(name, default).lower()
    if value not in among:
        raise _wrong(name, f"one of {', '.join(among)}")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """True or false. Raises ImproperlyConfigured for any other word."""
    return choice(name, "true" if default else "false", among=("true", "false")) == "true"


def number(name: str, default: int, *, least: int = 1) -> int:
    """A whole number of at least ``least``. Raises ImproperlyConfigured for anything else."""
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < least:
        raise _wrong(name, f"a whole number of {least} or more")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def address(name: str, default: str) -> str:
    """A web address without a path. Raises ImproperlyConfigured for anything else."""
    value = text(name, default).rstrip("/")
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", value):
        raise _wrong(name, "a web address such as https://localoffer.example.gov.uk")
    return value


def hours(name: str, default: str) -> tuple[int, int] | None:
    """Two hours of the day such as ``21-7``, or None for ``never``. Raises ImproperlyConfigured."""
    value = text(name, default).lower()
    if value == "never":
        return None
    found = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", value)
    pair = (int(found[1]), int(found[2])) if found else (0, 0)
    if max(pair) > 23 or pair[0] == pair[1]:
        raise _wrong(name, "two hours of the day such as 21-7, or never")
    return pair


MAIL_PORTS = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}


def mail(name: str, default: str) -> dict:
    """How mail is sent: ``{"way": "folder" | "notify" | "smtp", "server": {…}}``.

    A server is an address such as ``smtp+starttls://user:password@host:587``. Raises
    ImproperlyConfigured for anything else; the words do not repeat what was set, which may hold
    a password.
    """
    value = text(name, default)
    if value in {"folder", "notify"}:
        return {"way": value, "server": {}}
    try:
        found = urlsplit(value)
        security, port = MAIL_PORTS[found.scheme]
        server = {
            "host": found.hostname or "",
            "port": found.port or port,
            "user": unquote(found.username or ""),
            "password": unquote(found.password or ""),
            "security": security,
        }
    except (KeyError, ValueError):
        server = {"host": ""}
    if not server["host"]:
        raise ImproperlyConfigured(
            f"{PREFIX}{name} must be folder, notify, or the address of a mail server such as "
            "smtp+starttls://user:password@mail.example.gov.uk:587"
        )
    return {"way": "smtp", "server": server}


def mailbox(name: str) -> dict:
    """Where mail comes in: ``{"kind": "imap", …}``, ``{"kind": "path", …}``, or empty for nowhere.

    An account is an address such as ``imaps://user:password@host/INBOX``; anything that begins
    with a slash is a path. Raises ImproperlyConfigured, without repeating what was set.
    """
    value = text(name)
    if not value or value.startswith("/"):
        return {"kind": "path", "path": value} if value else {}
    try:
        found = urlsplit(value)
        ports = {"imap": 143, "imaps": 993}
        account = {
            "kind": "imap",
            "tls": found.scheme == "imaps",
            "host": found.hostname or "",
            "port": found.port or ports[found.scheme],
            "user": unquote(found.username or ""),
            "password": unquote(found.password or ""),
            "folder": unquote(found.path.strip("/")) or "INBOX",
        }
    except (KeyError, ValueError):
        account = {"host": ""}
    if not account["host"] or '"' in str(account["folder"]):
        raise ImproperlyConfigured(
            f"{PREFIX}{name} must be the path of a folder or file, or the address of a mailbox "
            "such as imaps://user:password@mail.example.gov.uk/INBOX"
        )
    return account


def folder(name: str, default: str) -> Path:
    """A folder we may write in, made if it is not there. Raises ImproperlyConfigured if not."""
    path = Path(text(name, default)).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _wrong(name, f"a folder that can be written to ({error.strerror})") from error
    if not os.access(path, os.W_OK):
        raise _wrong(name, "a folder that can be written to")
    return path


def secret(name: str, *, kept_in: Path) -> str:
    """The value, or a random one made on first use and kept in a file only we can read."""
    if value := text(name):
        return value
    try:
        with os.fdopen(os.open(kept_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    return kept_in.read_text()


def _wrong(name, wanted):
    found = os.environ.get(PREFIX + name, "")
    return ImproperlyConfigured(f"{PREFIX}{name} must be {wanted}, not {found!r}")
