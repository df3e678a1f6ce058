"""The words of an edition or a notice, in each format, and for the page that stays."""

import secrets
from dataclasses import dataclass
from itertools import groupby

from django.template.loader import render_to_string

from localoffer.mail.composing import Letter, literal, unflowed
from localoffer.updates import links
from localoffer.updates.models import Format

MAILED = [Format.HTML, Format.LARGE, Format.PLAIN]
# Each stands for a value of each person's own, which is put in when the mail is sent.
PLACES = {"manage_url": "manage", "leave_url": "leave", "parts": "parts"}


@dataclass(frozen=True)
class Entry:
    """One thing that is told: what it is, in its owners' words, and where."""

    key: str
    heading: str
    title: str
    summary: str
    url: str
    note: str = ""
    is_change: bool = False


@dataclass(frozen=True)
class Written:
    """What ``mail.actions.write`` takes."""

    subject: str
    text: str
    html: str
    parts: dict[str, dict[str, str]]


def write(authority, *, template: str, subject: str, entries, format: str, context) -> Written:  # noqa: A002
    """Words for one format, with a place for the parts that each person gets.

    ``template``: the folder of ``page.txt``, ``page.html``, ``part.txt`` and ``part.html``.
    """
    large = format == Format.LARGE
    # Titles and summaries come from many hands: whoever writes a place into one must not get each
    # reader's own link put there. Ours are marked with what nobody can know before.
    mark = secrets.token_hex(16)
    marks = {name: f"{mark}{place}" for name, place in PLACES.items()}
    context = {"authority": authority, "subject": subject, "large": large, **marks, **context}

    def made(file, values):
        words = literal(render_to_string(f"{template}/{file}", values))
        for place in PLACES.values():
            words = words.replace(f"{mark}{place}", f"{{{{ {place} }}}}")
        return words

    rich = format != Format.PLAIN
    return Written(
        subject=literal(subject),
        text=made("page.txt", context),
        html=made("page.html", context) if rich else "",
        parts={
            entry.key: {
                "text": made("part.txt", {"entry": entry}),
                "html": made("part.html", {"entry": entry, "large": large}) if rich else "",
            }
            for entry in entries
        },
    )


def preview(written: Written, *, manage: str, leave: str) -> tuple[str, str]:
    """Text and HTML as somebody would get them who gets every part."""
    parts = [{"key": key, **part} for key, part in written.parts.items()]
    letter = Letter(written.subject, written.text, written.html, parts)
    _subject, text, html = letter.fill({"manage": manage, "leave": leave}, [])
    return unflowed(text), html


def entries_of(edition, items) -> list[Entry]:
    """What stands in an edition, from its ``EditionItem`` rows."""
    return [
        Entry(
            key=str(item.content_id),
            heading=item.heading,
            title=item.title,
            summary=item.summary,
            url=links.absolute(edition.authority, item.url),
            note=item.note,
            is_change=item.is_change,
        )
        for item in items
    ]


def by_heading(items):
    """Pairs of a heading and what stands below it, for a page."""
    return [
        (heading, list(some)) for heading, some in groupby(items, key=lambda item: item.heading)
    ]
