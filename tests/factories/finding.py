"""What the search works on, without a database: documents, entries, concepts and towns."""

from collections import Counter
from dataclasses import dataclass, field

from localoffer.places import distance
from localoffer.search import analysis, ranking
from localoffer.search.documents import Document
from localoffer.search.thesaurus import ConceptWords, Thesaurus
from localoffer.search.towns import Gazetteer, town
from localoffer.search.understanding import Understood
from localoffer.taxonomy import actions
from tests.factories.places import make_place


def make_document(title="Heron club", **values):
    return Document(
        **{
            "kind": "service",
            "key": title,
            "title": title,
            "summary": "",
            "url": "/",
            "authority_id": 1,
            **values,
        }
    )


def make_concept(code, *words, hidden=(), **values):
    """A concept with words that may be shown, and others that may not."""
    return ConceptWords(
        code,
        values.pop("name", code.capitalize()),
        values.pop("plain", ""),
        words=(*words, *hidden),
        shown=words,
        **values,
    )


def make_thesaurus(**concepts):
    """``autism="autistic;ASD"`` and so on; an underscore in a name is a hyphen of the code."""
    return Thesaurus(
        make_concept(code.replace("_", "-"), *words.split(";")) for code, words in concepts.items()
    )


def real_thesaurus():
    """The concepts of the product, from their file."""
    rows = actions._rows((actions.DATA / "concepts.csv").read_bytes())
    return Thesaurus(
        ConceptWords(
            row["code"],
            row["name"],
            row["plain"],
            row["ambiguous"] == "yes",
            tuple(word.text for word in words),
            tuple(word.text for word in words if word.shown),
        )
        for row in rows
        for words in [list(actions._words(row))]
    )


@dataclass(slots=True)
class Spot:
    easting: int
    northing: int


@dataclass(slots=True)
class FakeEntry:
    """A double of ``Entry``: only what ranking asks of one."""

    pk: int
    key: str
    title: str
    impacts: dict[str, float]
    minimum_age: int | None = None
    maximum_age: int | None = None
    cost_kind: str = ""
    reach: str = ""
    days: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    spots: list[Spot] = field(default_factory=list)

    def metres(self, place):
        return min((distance.metres(spot, place) for spot in self.spots), default=None)


def make_entry(title="Heron club", *, thesaurus=None, pk=1, text="", needs="", **values):
    """An entry with the impacts that its words have."""
    document = make_document(title, text=text, needs=needs)
    impacts = analysis.impacts(document, thesaurus or Thesaurus())
    return FakeEntry(pk=pk, key=values.pop("key", title), title=title, impacts=impacts, **values)


def frequencies_of(entries):
    counted = Counter(token for entry in entries for token in entry.impacts)
    return ranking.Frequencies(len(entries), counted)


def rank(words, entries, *, thesaurus=None, **facts):
    """The titles of what a few words find, best first, with facts as ``Understood`` names them."""
    frequencies = frequencies_of(entries)
    asked = ranking.asked_for(
        analysis.words(words), thesaurus=thesaurus or Thesaurus(), frequencies=frequencies
    )
    matches = ranking.rank(
        entries,
        asked=asked,
        frequencies=frequencies,
        facts=Understood(**facts),
        thesaurus=thesaurus,
    )
    return [match.entry.title for match in matches]


def make_places(*names, locate=None):
    """Towns of these names, ten kilometres apart to the east, and whatever ``locate`` knows."""
    towns = [
        town(name, easting=380_000 + 10_000 * at, northing=250_000) for at, name in enumerate(names)
    ]
    return Gazetteer(towns, locate=locate or (lambda text: make_place()))
