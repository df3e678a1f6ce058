"""What lists, filters and the ranker need to know of everything that can be found."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from django.db import connection

from localoffer.directory.models import Service
from localoffer.directory.wording import ages
from localoffer.places import distance
from localoffer.search.documents import LABELS, Spot
from localoffer.search.models import impact_key
from localoffer.search.wording import number

SHOWN_WORDS = 30  # of a summary
COSTS = {code: str(label) for code, label in Service.Cost.choices}


@dataclass
class Entry:
    """One thing that can be found. ``impacts``: of the tokens that were asked for."""

    pk: int
    kind: str
    key: str
    title: str
    summary: str = ""
    url: str = ""
    organisation: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None
    cost_kind: str = ""
    reach: str = ""
    status: str = ""
    is_example: bool = False
    dated: date | None = None
    needs: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    spots: list[Spot] = field(default_factory=list)
    impacts: Mapping[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """What kind of thing it is, for people."""
        return LABELS.get(self.kind, "Page")

    @property
    def ages(self) -> str:
        words = ages(self.minimum_age, self.maximum_age)
        return words if words == "All ages" else f"Ages {words[0].lower()}{words[1:]}"

    @property
    def cost(self) -> str:
        return COSTS.get(self.cost_kind, "")

    @property
    def beginning(self) -> str:
        """The first words of its summary."""
        words = self.summary.split(maxsplit=SHOWN_WORDS)
        return " ".join(words[:SHOWN_WORDS]) + (" …" if len(words) > SHOWN_WORDS else "")

    @property
    def closed_for_now(self) -> bool:
        return self.status == Service.Status.TEMPORARILY_CLOSED

    @property
    def other_spots(self) -> str:
        """How many places it has besides one: "2 other places"."""
        return number(len(self.spots) - 1, "other place")

    def nearest(self, place) -> Spot | None:
        """Its place nearest to this one, or its first when there is nothing to be near to."""
        if place is None or not self.spots:
            return next(iter(self.spots), None)
        return min(self.spots, key=lambda spot: distance.metres(spot, place))

    def metres(self, place) -> int | None:
        """Metres from ``place`` to its nearest place, or None when it has none."""
        spot = self.nearest(place) if place else None
        return distance.metres(spot, place) if spot else None


PLAIN = [
    *["id", "kind", "key", "title", "summary", "url", "organisation", "minimum_age", "maximum_age"],
    *["cost_kind", "reach", "status", "is_example"],
]
CODES = {
    "need_codes": "needs",
    "type_codes": "types",
    "audience_codes": "audiences",
    "days": "days",
}
STORED = ["dated", "spots"]
# Asked of every search for up to a thousand rows: Django takes three times as long to say it and
# to read what comes. JSON as text: codes repeat from row to row, and the rest may wait.
COLUMNS = ", ".join([*PLAIN, *(f"CAST({name} AS text)" for name in [*CODES, *STORED])])
OF_AUTHORITY = f"""
    SELECT {COLUMNS}, NULL FROM search_searchdocument
    WHERE authority_id = %s ORDER BY title, id
"""  # noqa: S608
OF_IDS = {
    "sqlite": f"""
        SELECT {COLUMNS}, impacts FROM search_searchdocument
        WHERE id IN (SELECT value FROM json_each(%s))
    """,  # noqa: S608
    "postgresql": f"""
        SELECT {COLUMNS}, impacts FROM search_searchdocument
        WHERE id IN (SELECT value::bigint FROM json_array_elements_text(%s))
    """,  # noqa: S608
}


class StoredEntry(Entry):
    """An entry whose longer JSON is read when it is asked for: of most rows it never is."""

    def __init__(self, row, impacts_of):
        (
            self.pk,
            self.kind,
            self.key,
            self.title,
            self.summary,
            self.url,
            self.organisation,
            self.minimum_age,
            self.maximum_age,
            self.cost_kind,
            self.reach,
            self.status,
            self.is_example,
            needs,
            types,
            audiences,
            days,
            dated,
            self._spots,
            impacts,
        ) = row
        self.needs = _codes(needs)
        self.types = _codes(types)
        self.audiences = _codes(audiences)
        self.days = _codes(days)
        self.dated = date.fromisoformat(dated) if dated else None
        self.impacts = impacts_of(impacts)

    @cached_property
    def spots(self):  # type: ignore[override]
        if self._spots == "[]":
            return []
        return [Spot(*place, tuple(access)) for *place, access in json.loads(self._spots)]


def of_authority(authority) -> list[Entry]:
    """Everything of one authority, by title, without impacts: one query, any number of rows."""
    return _read(OF_AUTHORITY, authority.pk, impacts_of=lambda _: {})


def of_ids(pks: Iterable[int], tokens: Iterable[str]) -> list[Entry]:
    """The entries of these rows, with what these tokens count for in them: one query.

    What has gone is left out.
    """
    asked = OF_IDS[connection.vendor]
    return _read(asked, json.dumps(list(pks)), impacts_of=_reader(tokens))


def _read(query, parameter, *, impacts_of):
    with connection.cursor() as cursor:
        cursor.execute(query, [parameter])
        return [StoredEntry(row, impacts_of) for row in cursor.fetchall()]


def _reader(tokens):
    """Reads what these tokens count for from the text of all of them, of which there are hundreds.

    To find a few of them takes a tenth of the time of reading all.
    """
    keys = [(token, impact_key(token)) for token in tokens]
    sought = [(token, key, len(key)) for token, key in keys]

    def read(text):
        found = {}
        for token, key, length in sought:
            at = text.find(key)
            if at >= 0:
                # Without a comma it is the last, up to the brace at the end.
                found[token] = float(text[at + length : text.find(",", at + length)])
        return found

    return read


@lru_cache(maxsize=10_000)
def _codes(text):
    return frozenset(json.loads(text))
