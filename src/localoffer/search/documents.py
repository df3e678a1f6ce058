"""What can be found: one shape for everything public, whatever app it comes from."""

from dataclasses import dataclass
from datetime import date

LABELS = {
    "service": "Service",
    "guide": "Guide",
    "news": "News",
    "page": "Page",
    "consultation": "Have your say",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that people can go to, in metres on the British National Grid.

    ``access``: in words, what makes it possible to go there.
    """

    easting: int
    northing: int
    name: str
    town: str
    postcode: str
    access: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return ", ".join(dict.fromkeys(filter(None, [self.name, self.town, self.postcode])))


@dataclass(frozen=True, slots=True)
class Document:
    """A public thing with the words it can be found by and the facts it is filtered by.

    ``kind`` and ``key`` are those of its public row. What it says stands once, in the part where
    it counts for most: ``other_names`` are words that families use for it; ``needs``, ``category``
    (kinds, topics and audiences) and ``place`` (towns, halls, areas) are names in words; ``extra``
    is how to get it, who can, what it costs and when; ``text`` is all the rest.
    """

    kind: str
    key: str
    title: str
    summary: str
    url: str
    authority_id: int
    other_names: str = ""
    needs: str = ""
    category: str = ""
    organisation: str = ""
    place: str = ""
    text: str = ""
    extra: str = ""
    need_codes: tuple[str, ...] = ()
    type_codes: tuple[str, ...] = ()
    audience_codes: tuple[str, ...] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    cost_kind: str = ""
    days: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()
    reach: str = ""
    status: str = ""
    is_example: bool = False
    dated: date | None = None


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
