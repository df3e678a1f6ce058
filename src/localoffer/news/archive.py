"""What a reader of the archive asked for, read from an address that anyone may have mistyped."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """A year, a topic, an audience; each empty where it was not asked for, or made no sense."""

    year: int | None = None
    topic: str = ""
    audience: str = ""

    @classmethod
    def from_query(cls, query):
        year = query.get("year", "")
        return cls(
            year=int(year) if re.fullmatch(r"(?:19|20)[0-9]{2}", year) else None,
            topic=_code(query.get("topic", "")),
            audience=_code(query.get("audience", "")),
        )

    @property
    def any(self):
        return bool(self.year or self.topic or self.audience)


def _code(text):
    return text if re.fullmatch(r"[A-Za-z0-9\-]{1,40}", text) else ""
