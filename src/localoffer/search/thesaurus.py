"""What people mean: the concepts of the field, found by any of the ways to say them. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from localoffer.search.analysis import stem, words

# "Isn't talking", "won't talk", "not talking" and "refuses to talk" are one way to say it.
NOTS = """
aint arent cannot cant couldnt didnt doesnt dont hadnt hasnt havent isnt never not shouldnt wasnt
werent wont wouldnt
"""
NOT = frozenset(NOTS.split())
NOT_TO = frozenset({"refus", "unabl", "struggl"})  # stems, where "to" comes next
ONESELF = "himself herself itself myself ourselves themself themselves yourself"
SELVES = frozenset(ONESELF.split())
ALIKE = dict.fromkeys(NOT, "not") | dict.fromkeys(SELVES, "self")
WHOSE = "a an the my his her their our your this that some any"
PASSED_OVER = frozenset(WHOSE.split())
LONGEST_ABBREVIATION = 8
MOST_OPTIONS = 4
OFFICIAL_FIRST = 2  # words of a concept, of which the first are the official ones


@dataclass(frozen=True, slots=True)
class ConceptWords:
    """A concept and the ways to say it. ``shown``: those among ``words`` fit to be shown."""

    code: str
    name: str
    plain: str = ""
    ambiguous: bool = False
    words: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


class Found(NamedTuple):
    """A concept in a list of words: the places of its first and last word."""

    code: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Choice:
    """An abbreviation of several meanings: code, name and plain words of each."""

    abbreviation: str
    options: tuple[tuple[str, str, str], ...]


def is_abbreviation(text: str) -> bool:
    """Whether it is written as one: a single word with two capitals or more, such as SpLD."""
    return text.isalnum() and len(text) <= LONGEST_ABBREVIATION and sum(map(str.isupper, text)) > 1


@lru_cache(maxsize=100_000)
def singular(word: str) -> str:
    """A folded word without the ending of a plural."""
    if len(word) < 4 or word[-1] != "s" or word[-2] in "sui":
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def key_of(text: str) -> tuple[str, ...]:
    """What ways to say something have in common that are one to the search; empty without words."""
    in_order = words(text)
    stems = tuple(one for one, _ in _normal(in_order))
    if len(stems) > 1:
        return stems
    if len(in_order) == 2:  # such as "my plan"
        return in_order[0], singular(in_order[1])
    return (singular(in_order[0]),) if in_order else ()


class Thesaurus:
    """Finds concepts in words.

    A phrase is found by its stems, whatever form its words have; a single word only as it is, or
    in the plural, because its stem would find too much: "trains" are not "training". An
    abbreviation is found as it is, and in a text whose capitals are known only where it is written
    in capitals: ADD is not "add", nor LAP a lap of the pool.
    """

    def __init__(self, concepts: Iterable[ConceptWords] = ()):
        self.concepts = {concept.code: concept for concept in concepts}
        self.version = _digest(self.concepts.values())
        self._abbreviations: dict[str, dict[str, str]] = defaultdict(dict)
        phrases: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        singles: dict[str, dict[str, None]] = defaultdict(dict)
        pairs: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)  # such as "my plan"
        for concept in self.concepts.values():
            for text in concept.words:
                if is_abbreviation(text):
                    self._abbreviations[text.lower()][concept.code] = text
                    continue
                in_order = words(text)
                stems = tuple(one for one, _ in _normal(in_order))
                if len(stems) > 1:
                    phrases[stems][concept.code] = None
                elif len(in_order) == 2:
                    pairs[in_order[0], singular(in_order[1])][concept.code] = None
                elif stems:
                    singles[singular(in_order[-1])][concept.code] = None
        self._pairs = {pair: tuple(codes) for pair, codes in pairs.items()}
        self._singles = {word: tuple(codes) for word, codes in singles.items()}
        self._phrases: dict[tuple[str, ...], list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for stems, codes in phrases.items():
            self._phrases.setdefault(stems[:2], []).append((stems, tuple(codes)))

    def found(
        self, in_order: Sequence[str], capitals: AbstractSet[int] | None = None
    ) -> list[Found]:
        """The concepts in folded words, the longest phrase first.

        A phrase may lie inside a longer one ("autism" in "autism assessment"), but no two share
        only some of their words.

        ``capitals``: the places of the words written in capitals, where that is known.
        """
        normal = _normal(in_order)
        matches: dict[tuple[int, int], list[str]] = {}  # by minus the size and the first word
        sequence = tuple([one for one, _ in normal])
        for at, (_, index) in enumerate(normal):
            for phrase, some in self._phrases.get(sequence[at : at + 2], ()):
                size = len(phrase)
                if size == 2 or sequence[at : at + size] == phrase:
                    matches.setdefault((-size, at), []).extend(some)
            word = in_order[index]
            meant = list(self._singles.get(singular(word), ()))
            if index and in_order[index - 1] in PASSED_OVER:
                meant += self._pairs.get((in_order[index - 1], singular(word)), ())
            if capitals is None or index in capitals:
                meant += self._abbreviation(word)
            if meant:
                matches.setdefault((-1, at), []).extend(meant)
        taken: dict[int, int] = {}  # by the place of a word, which of the longest phrases has it
        found = []
        for number, ((minus, at), codes) in enumerate(sorted(matches.items())):
            span = range(at, at - minus)
            owners = {taken.get(place) for place in span}
            if len(owners) > 1:
                continue
            if owners == {None}:
                taken.update(dict.fromkeys(span, number))
            first, last = normal[at][1], normal[at - minus - 1][1]
            found += [Found(code, first, last) for code in dict.fromkeys(codes)]
        return found

    def choices(self, in_order: Sequence[str]) -> list[Choice]:
        """The abbreviations among folded words that may mean one of several things.

        Where a concept is marked as ambiguous and is the only one with its abbreviation, phrases
        that begin with it are offered besides: "SEN support" to somebody who typed "SEN".
        """
        chosen = {}
        for word in in_order:
            meant = self._abbreviation(word)
            codes = list(meant)
            if len(codes) == 1 and self.concepts[codes[0]].ambiguous:
                codes += self._beginning_with(word, but=codes[0])
            if len(codes) > 1:
                options = [self.concepts[code] for code in codes[:MOST_OPTIONS]]
                abbreviation = next(iter(meant.values()))
                chosen[abbreviation] = Choice(
                    abbreviation, tuple((one.code, one.name, one.plain) for one in options)
                )
        return list(chosen.values())

    def _beginning_with(self, word, *, but):
        return [
            concept.code
            for concept in self.concepts.values()
            if concept.code != but
            and any(words(text)[:1] == [word] for text in concept.shown[:OFFICIAL_FIRST])
        ]

    def forms(self) -> dict[str, int]:
        """Every word that may be shown, with how many ways to say something use it: for spelling.

        Misspellings are among the words that are never shown, and are not put right into.
        """
        return dict(Counter(word for text in self._shown() for word in words(text)))

    def pairs(self) -> set[tuple[str, str]]:
        """The words that stand beside each other in a way to say something."""
        return {pair for text in self._shown() for pair in pairwise(words(text))}

    def _shown(self):
        return (text for concept in self.concepts.values() for text in concept.shown)

    def _abbreviation(self, word):
        """The concepts that a word stands for, with the abbreviation as it is written."""
        found = self._abbreviations.get(word)
        if found is None and word.endswith("s"):
            found = self._abbreviations.get(word[:-1])
        return found or {}


def _digest(concepts):
    """Changes with any word of any concept, so that what was analysed by others is out of date."""
    said = sorted((concept.code, sorted(concept.words)) for concept in concepts)
    return blake2b(repr(said).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _normal(in_order):
    """Stems for comparing phrases, each with the place of its word."""
    normal = []
    for at, word in enumerate(in_order):
        if word in PASSED_OVER:
            continue
        if word == "to" and normal and normal[-1][0] in NOT_TO:
            normal[-1] = ("not", normal[-1][1])
            continue
        normal.append((ALIKE.get(word) or stem(word), at))
    return normal
