"""The demonstration's content as people write it: Markdown with a head, dates relative to today."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils.formats import date_format

CONTENT = Path(__file__).resolve().parents[1] / "content"
HEAD = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
RELATIVE = re.compile(r"\{date:([+-]\d+)\}")


class BadContentError(ValueError):
    """A content file is not as it should be; the words name the file and say why."""


@dataclass(frozen=True)
class Entry:
    """One file of content: its slug, its head and its Markdown."""

    slug: str
    head: dict[str, Any]
    body: str

    def get(self, name, default=""):
        value = self.head.get(name)
        return default if value is None else value

    def day(self, name: str, today: date) -> date | None:
        """A date that the head gives as ``name`` or relative to today as ``name_days``."""
        if (days := self.head.get(f"{name}_days")) is not None:
            return today + timedelta(days=days)
        return self.head.get(name)


def entries(folder: str, today: date, words: Mapping[str, str] | None = None) -> list[Entry]:
    """Every Markdown file of a folder of content, in order of name. Raises BadContentError.

    ``words``: what stands for ``{team_phone}`` and the like in pages that authorities share.
    """
    return [entry(file, today, words) for file in sorted((CONTENT / folder).glob("*.md"))]


def entry(file: Path, today: date, words: Mapping[str, str] | None = None) -> Entry:
    """One content file, with its relative dates written out. Raises BadContentError."""
    text = with_dates(file.read_text(encoding="utf-8"), today)
    for name, word in (words or {}).items():
        text = text.replace(f"{{{name}}}", word)
    match = HEAD.match(text)
    if not match:
        raise BadContentError(f"{file.name}: there is no head between two lines of ---")
    try:
        head = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        raise BadContentError(f"{file.name}: the head cannot be read: {error}") from error
    if not isinstance(head, dict) or "title" not in head:
        raise BadContentError(f"{file.name}: the head has no title")
    return Entry(slug=file.stem, head=head, body=match[2].strip())


def data(name: str, today: date) -> dict[str, Any]:
    """A YAML file of content, with its relative dates written out."""
    return yaml.safe_load(with_dates((CONTENT / name).read_text(encoding="utf-8"), today))


def with_dates(text: str, today: date) -> str:
    """Write out ``{date:+12}`` as the weekday and date twelve days from today."""
    return RELATIVE.sub(
        lambda match: date_format(today + timedelta(days=int(match[1])), "l j F Y"), text
    )
