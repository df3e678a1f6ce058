"""What can be found: one shape for everything public, whatever app it comes from."""

from dataclasses import dataclass

LABELS = {"service": "Service", "guide": "Guide", "news": "News", "page": "Page"}


@dataclass(frozen=True, slots=True)
class Document:
    """A public thing with the words it can be found by.

    ``kind`` and ``key`` are those of its public row. ``other_names``: words that families use for
    it. ``text``: all the rest of what it says.
    """

    kind: str
    key: str
    title: str
    summary: str
    url: str
    other_names: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found. A higher ``score`` is a better match."""

    kind: str
    key: str
    title: str
    summary: str
    url: str
    score: float

    @property
    def label(self) -> str:
        """What kind of thing it is, for people."""
        return LABELS.get(self.kind, "Page")
