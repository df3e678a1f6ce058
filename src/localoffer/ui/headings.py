"""Addresses for the headings of a page, so that its contents list can link to them."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

HEADING = re.compile(r"<h2\b(?P<attributes>[^>]*)>(?P<words>.*?)</h2>", re.DOTALL | re.IGNORECASE)
ID = re.compile(r"""\bid=(["'])(?P<id>.*?)\1""")


@dataclass(frozen=True)
class Heading:
    """A second-level heading: its words, and the id it has on the page."""

    id: str
    text: SafeString


class Prose(NamedTuple):
    """HTML whose second-level headings can be linked to, and those headings."""

    html: SafeString
    headings: list[Heading]


def with_ids(html: str) -> Prose:
    """The same trusted HTML with an id on every ``h2``, and its headings in order.

    An id is made of the heading's words. Where two headings have the same words the later one
    gets a number. An ``h2`` that has an id keeps it, and is not listed: it titles a component
    (a notice, say) and not a part of the page.
    """
    headings: list[Heading] = []
    taken = {match["id"] for match in ID.finditer(html)}

    def add_id(match):
        if ID.search(match["attributes"]):
            return match[0]
        text = strip_tags(match["words"]).strip()
        if not text:
            return match[0]
        name = stem = slugify(text) or "part"
        count = 1
        while name in taken:
            count += 1
            name = f"{stem}-{count}"
        taken.add(name)
        # The words come from HTML that is escaped already.
        headings.append(Heading(id=name, text=mark_safe(text)))  # noqa: S308
        return f'<h2 id="{name}"{match["attributes"]}>{match["words"]}</h2>'

    return Prose(mark_safe(HEADING.sub(add_id, html)), headings)  # noqa: S308
