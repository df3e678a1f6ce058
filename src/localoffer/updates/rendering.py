"""The words of an edition or a notice, in each format, and for the page that stays."""

from dataclasses import dataclass
from itertools import groupby

from django.template.loader import render_to_string

from localoffer.updates import links
from localoffer.updates.models import Format

MAILED = [Format.HTML, Format.LARGE, Format.PLAIN]
# Each stands for a value of each person's own, which is put in when the mail is sent.
PLACES = {"manage_url": "{{ manage }}", "leave_url": "{{ leave }}", "parts": "{{ parts }}"}


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
    context = {"authority": authority, "subject": subject, "large": large, **PLACES, **context}
    html = "" if format == Format.PLAIN else render_to_string(f"{template}/page.html", context)
    return Written(
        subject=subject,
        text=render_to_string(f"{template}/page.txt", context),
        html=html,
        parts={
            entry.key: {
                "text": render_to_string(f"{template}/part.txt", {"entry": entry}),
                "html": html
                and render_to_string(f"{template}/part.html", {"entry": entry, "large": large}),
            }
            for entry in entries
        },
    )


def preview(written: Written, *, manage: str, leave: str) -> tuple[str, str]:
    """Text and HTML as somebody would get them who gets every part."""
    values = {"manage": manage, "leave": leave}

    def filled(words, kind):
        parts = "\n\n".join(part[kind].strip("\n") for part in written.parts.values())
        for name, value in {**values, "parts": parts}.items():
            words = words.replace(f"{{{{ {name} }}}}", value)
        return words

    return filled(written.text, "text"), filled(written.html, "html") if written.html else ""


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
