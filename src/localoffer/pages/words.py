"""What the words of a page must and must not say: how many there are, and words that go stale.

"Announced this morning" is true for one morning and wrong for years in an archive. A relative
date may be published only beside an explicit one, in the same paragraph, so that a reader of
any later day knows which day is meant. Quoted words are no exception: "we open tomorrow" needs
the day of the quotation beside it just the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

SUMMARY_LIMIT = 60

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_SPANS = "week|weekend|fortnight|month|term|half[ -]term|year|spring|summer|autumn|winter"
_PARTS = "morning|afternoon|evening|night"

RELATIVE = re.compile(
    rf"""\b(?:
        (?:later\ |earlier\ )?(?:today|tonight|tomorrow|yesterday)
      | (?:earlier\ |later\ )?(?:this|last|next|coming)\ (?:{_SPANS}|{_PARTS}|{_DAYS})
      | (?:in\ the\ |over\ the\ )?(?:coming|past|next|last)\ (?:few\ )?(?:days|weeks|months)
      | (?:a\ few|two|three|several)\ (?:days|weeks|months)\ ago
      | recently | shortly | soon | just\ announced | at\ the\ moment
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
EXPLICIT = re.compile(
    rf"""
        \b\d{{1,2}}(?:st|nd|rd|th)?\ (?:of\ )?(?:{_MONTHS})\.?,?\ \d{{4}}\b
      | \b(?:{_MONTHS})\ (?:\d{{1,2}}(?:st|nd|rd|th)?,?\ )?\d{{4}}\b
      | \b\d{{4}}-\d{{2}}-\d{{2}}\b
      | \b\d{{1,2}}/\d{{1,2}}/\d{{4}}\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Words in which "soon" and the rest say nothing of the calendar.
HARMLESS = re.compile(
    r"\bas soon as\b|\bsooner or later\b|\bhow soon\b|\btoo soon\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Found:
    """A relative date: the phrase, and some of the words around it to find it by."""

    phrase: str
    place: str

    def __str__(self):
        return f"“{self.phrase}” in “{self.place}”"


def count(text: str) -> int:
    """How many words there are, as a person would count them."""
    return len(re.findall(r"\w[\w'’\-]*", text))  # noqa: RUF001  a typed apostrophe


def relative_dates(paragraphs: Iterable[str]) -> list[Found]:
    """The relative dates in paragraphs that have no explicit date beside them."""
    found = []
    for paragraph in paragraphs:
        text = " ".join(paragraph.split())
        if EXPLICIT.search(text):
            continue
        readable = HARMLESS.sub(lambda match: "_" * len(match.group()), text)
        found += [
            Found(match.group(), _around(text, match)) for match in RELATIVE.finditer(readable)
        ]
    return found


def _around(text, match):
    start = text.rfind(" ", 0, max(match.start() - 25, 0)) + 1
    end = text.find(" ", min(match.end() + 25, len(text)))
    end = len(text) if end == -1 else end
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


class _Paragraphs(HTMLParser):
    BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "td", "th", "blockquote", "div", "dd", "dt", "br"}

    def __init__(self):
        super().__init__()
        self.found = [""]

    def handle_starttag(self, tag, attrs):
        if tag in self.BLOCKS:
            self.found.append("")

    def handle_endtag(self, tag):
        if tag in self.BLOCKS:
            self.found.append("")

    def handle_data(self, data):
        self.found[-1] += data


def paragraphs_of_html(html: str) -> list[str]:
    """The words of each paragraph, list item and heading, in order."""
    parser = _Paragraphs()
    parser.feed(html)
    parser.close()
    return [text.strip() for text in parser.found if text.strip()]
