"""Markdown to the blocks of a page, in the plain form in which a StreamField is stored."""

import re
from collections.abc import Callable, Iterator

import markdown

Block = dict
Resolve = Callable[[str], str]

DIRECTIVE = re.compile(r":::(\w+)\s*(.*)")
HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)
LINK = re.compile(r'<a href="([^"]+)">')
RULE = re.compile(r"\|?[\s:|-]+\|?")


def block(kind, value) -> Block:
    return {"type": kind, "value": value}


def blocks_of(text: str, resolve: Resolve) -> list[Block]:
    """The blocks of a piece of Markdown.

    ``resolve`` turns an address of ours (``/guide:SLUG``, ``/page:PATH``) into the attributes of
    a link in rich text. ``:::advice`` alone, and ``:::notice Title`` or ``:::details Title`` up to
    ``:::``, become blocks of those names; a table becomes a table block under its heading.
    """
    return list(_blocks(text.splitlines(), resolve))


def parts_of(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first ``## `` heading, and each heading with what follows it."""
    introduction, *rest = HEADING.split(text)
    return introduction.strip(), list(
        zip(rest[::2], (part.strip() for part in rest[1::2]), strict=True)
    )


def html(text: str, resolve: Resolve) -> str:
    """Rich text as Wagtail stores it."""
    made = markdown.markdown(text, extensions=["sane_lists"])
    for theirs, ours in [("strong", "b"), ("em", "i")]:
        made = made.replace(f"<{theirs}>", f"<{ours}>").replace(f"</{theirs}>", f"</{ours}>")
    return LINK.sub(lambda match: f"<a {resolve(match[1])}>", made)


def _blocks(lines, resolve) -> Iterator[Block]:
    waiting: list[str] = []
    heading = ""

    def text():
        joined = "\n".join(waiting).strip()
        waiting.clear()
        return [block("text", html(joined, resolve))] if joined else []

    lines = iter(lines)
    for line in lines:
        if directive := DIRECTIVE.match(line):
            yield from text()
            name, title = directive.groups()
            yield _directive(name, title, lines, resolve)
        elif line.startswith("|"):
            yield from text()
            table = [line]
            for following in lines:
                if not following.startswith("|"):
                    waiting.append(following)
                    break
                table.append(following)
            yield _table(table, caption=heading)
        else:
            if line.startswith("#"):
                heading = line.lstrip("# ")
            waiting.append(line)
    yield from text()


def _directive(name, title, lines, resolve):
    if name == "advice":
        return block("advice", None)
    inside = []
    for line in lines:
        if line.strip() == ":::":
            break
        inside.append(line)
    content = html("\n".join(inside), resolve)
    if name == "details":
        return block("details", {"summary": title, "content": content})
    return block("notice", {"title": title or "Important", "content": content})


def _table(lines, *, caption):
    rows = [line.strip().strip("|") for line in lines if not RULE.fullmatch(line.strip())]
    cells = "\n".join(" | ".join(cell.strip() for cell in row.split("|")) for row in rows)
    return block("table", {"caption": caption, "cells": cells, "row_headers": True})
