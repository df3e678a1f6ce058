"""The words that an authority searches with: its thesaurus, its spelling and its towns."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from math import hypot
from statistics import median

from localoffer.search import own_words
from localoffer.search.analysis import STOP_WORDS, stem, words
from localoffer.search.kept import Kept
from localoffer.search.models import IndexState, SearchDocument
from localoffer.search.spelling import Dictionary, Speller
from localoffer.search.thesaurus import ConceptWords, Thesaurus
from localoffer.search.towns import Gazetteer, Town, town
from localoffer.taxonomy.models import Concept, ConceptWord

COMMON = 1_000_000  # uses in symspellpy's list, from which a word is surely English


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All of it, as it was at one moment."""

    thesaurus: Thesaurus
    speller: Speller
    places: Gazetteer


def of(authority) -> Vocabulary:
    """The vocabulary of one authority.

    The thesaurus is always as it now is; spelling and towns may lag a little behind the index.
    """
    said, indexed = _thesauri.get(authority), _indexed.get(authority)
    speller = Speller(
        [indexed.dictionary, said.dictionary],
        pairs=said.pairs,
        known=english().__contains__,
        rare=is_english,
        has_stem=lambda one: one in english_stems(),
    )
    return Vocabulary(said.thesaurus, speller, indexed.places)


def thesaurus_of(authority) -> Thesaurus:
    """The product's thesaurus with the authority's own words."""
    return _thesauri.get(authority).thesaurus


def speller_of(authority) -> Speller:
    """Puts words right: it knows titles, names and towns of the index, and all ways to say a
    concept.
    """
    return of(authority).speller


class _Said:
    """A thesaurus, with what spelling takes from it when it is first needed."""

    def __init__(self, own: Iterable[own_words.Said]):
        self.thesaurus = Thesaurus(own_words.combined(_shipped(), own))

    @cached_property
    def dictionary(self):
        return Dictionary({**dict.fromkeys(STOP_WORDS, 1), **self.thesaurus.forms()})

    @cached_property
    def pairs(self):
        return self.thesaurus.pairs()


class _Indexed:
    """The words of titles and names of an authority's index, and its towns."""

    def __init__(self, authority):
        counted: dict[str, int] = defaultdict(int)
        towns: dict[str, list] = defaultdict(list)
        rows = SearchDocument.objects.for_authority(authority).order_by()
        for title, organisation, spots in rows.values_list("title", "organisation", "spots"):
            for word in words(f"{title}\n{organisation}"):
                counted[word] += 1
            for easting, northing, _, name, *_ in spots:
                if name:
                    towns[name].append((easting, northing))
        for name in towns:
            for word in words(name):
                counted[word] += 1
        self.dictionary = Dictionary(counted)
        self.places = Gazetteer(_town(name, spots) for name, spots in towns.items())


def _shipped() -> list[ConceptWords]:
    """The concepts that come with the release, in two queries."""
    said = defaultdict(list)
    rows = ConceptWord.objects.order_by("pk")
    for code, text, shown in rows.values_list("concept_id", "text", "shown"):
        said[code].append((text, shown))
    concepts = []
    rows = Concept.objects.current().values_list("code", "name", "plain", "ambiguous")
    for code, name, plain, ambiguous in rows:
        every = tuple(text for text, _ in said[code])
        fit = tuple(text for text, shown in said[code] if shown)
        concepts.append(ConceptWords(code, name, plain, ambiguous, every, fit))
    return concepts


def _town(name, spots) -> Town:
    """In the middle of its places; half of them, and half as far again, is near."""
    easting, northing = (round(median(axis)) for axis in zip(*spots, strict=True))
    away = median(hypot(x - easting, y - northing) for x, y in spots)
    return town(name, easting=easting, northing=northing, radius=round(1.5 * away))


@cache
def english() -> frozenset[str]:
    """English words in common use, from the list that comes with symspellpy."""
    rows = (line.split() for line in _listed().split("\n") if line)
    return frozenset(word for word, count in rows if int(count) >= COMMON)


@cache
def english_stems() -> frozenset[str]:
    return frozenset(map(stem, english()))


def is_english(word: str) -> bool:
    """Whether it is in that list at all: it is asked of so few words that no set is made of it."""
    return f"\n{word} " in _listed()


@cache
def _listed():
    file = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    return "\n" + file.read_text(encoding="utf-8-sig").strip()


def _said(authority) -> _Said:
    """Most authorities have no words of their own, and share one: it is large and slow to make."""
    own = own_words.said_by(authority)
    return _Said(own) if own else _products.get()


_products: Kept[_Said] = Kept(lambda _key: _Said([]), of=IndexState.Of.THESAURUS, exact=True)
_thesauri: Kept[_Said] = Kept(_said, of=IndexState.Of.THESAURUS, exact=True)
_indexed: Kept[_Indexed] = Kept(_Indexed, of=IndexState.Of.INDEX)
