"""What lists, filters and the ranker need to know of everything that can be found."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast

from localoffer.directory.models import Service
from localoffer.directory.wording import ages
from localoffer.places import distance
from localoffer.search.documents import LABELS, Spot
from localoffer.search.models import SearchDocument
from localoffer.search.wording import number

COSTS = {code: str(label) for code, label in Service.Cost.choices}


@dataclass
class Entry:
    """One thing that can be found. ``impacts`` is None where it was not asked for."""

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
    impacts: Mapping[str, float] | None = None

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
    "pk",
    "kind",
    "key",
    "title",
    "summary",
    "url",
    "organisation",
    "minimum_age",
    "maximum_age",
    "cost_kind",
    "reach",
    "status",
    "is_example",
    "dated",
]
CODES = {
    "need_codes": "needs",
    "type_codes": "types",
    "audience_codes": "audiences",
    "days": "days",
}


class Impacts(Mapping):
    """What tokens count for, as stored: of some hundred tokens a search asks for ten.

    To find those in the text takes a tenth of the time of reading all of it.
    """

    __slots__ = ("_all", "_text")

    def __init__(self, text: str):
        self._text = text
        self._all: dict[str, float] | None = None

    def get(self, token, default=None):
        """As of a dict. Both databases write ``"token": 1.5, `` and so on."""
        if not token.isascii():
            return self._read().get(token, default)
        at = self._text.find(f'"{token}": ')
        if at < 0:
            return default
        start = at + len(token) + 4
        end = self._text.find(",", start)
        return float(self._text[start:end])  # without a comma, up to the brace at the end

    def __getitem__(self, token):
        return self._read()[token]

    def __iter__(self):
        return iter(self._read())

    def __len__(self):
        return len(self._read())

    def _read(self):
        if self._all is None:
            self._all = json.loads(self._text)
        return self._all


class StoredEntry(Entry):
    """An entry whose longer JSON is read when it is asked for: of most rows it never is."""

    def __init__(self, plain, codes, spots, impacts=None):
        self.__dict__.update(zip(PLAIN, plain, strict=True))
        self.__dict__.update(zip(CODES.values(), codes, strict=True))
        self._spots, self._impacts = spots, impacts

    @cached_property
    def spots(self):  # type: ignore[override]
        if self._spots == "[]":
            return []
        return [Spot(*place, tuple(access)) for *place, access in json.loads(self._spots)]

    @cached_property
    def impacts(self):  # type: ignore[override]
        return Impacts(self._impacts) if self._impacts else None


def of_authority(authority) -> list[Entry]:
    """Everything of one authority, by title, without impacts: one query, any number of rows."""
    rows = SearchDocument.objects.for_authority(authority).order_by("title", "pk")
    return [_entry(row) for row in _values(rows, "spots")]


def of_ids(pks: Iterable[int]) -> dict[int, Entry]:
    """The entries of these rows with their impacts: one query. What has gone is left out.

    At most 30,000 at once, which is what SQLite takes in one query.
    """
    rows = SearchDocument.objects.filter(pk__in=list(pks)).order_by()
    return {row[0]: _entry(row) for row in _values(rows, "spots", "impacts")}


def _values(rows, *stored):
    """Rows with their JSON as text: codes repeat from row to row, and the rest may wait."""
    texts = {f"{name}_text": Cast(name, TextField()) for name in [*CODES, *stored]}
    return rows.annotate(**texts).values_list(*PLAIN, *texts)


def _entry(row):
    codes, stored = row[len(PLAIN) :][: len(CODES)], row[len(PLAIN) + len(CODES) :]
    return StoredEntry(row[: len(PLAIN)], map(_codes, codes), *stored)


@lru_cache(maxsize=10_000)
def _codes(text):
    return frozenset(json.loads(text))
