"""Puts right what was typed wrong, from the words that are there to be found. Pure."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from symspellpy import SymSpell, Verbosity

from localoffer.search.analysis import stem, words
from localoffer.search.thesaurus import singular

SHORTEST = 3  # letters
SURE = 4  # letters: every slip makes another word of a shorter one, unless its neighbour tells
LONGEST = 30
TWO_SLIPS = 6  # letters from which two slips are put right
TOKEN = re.compile(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as it was typed, and the one that is looked for instead."""

    typed: str
    used: str


def _no(word: str) -> bool:
    return False


class Dictionary:
    """Folded words that are right, with how often each is used."""

    def __init__(self, counts: Mapping[str, int]):
        self.counts = {
            word: count
            for word, count in counts.items()
            if SHORTEST <= len(word) <= LONGEST and word.isalpha()
        }
        self.stems = frozenset(map(stem, self.counts))
        self._symspell = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in self.counts.items():
            self._symspell.create_dictionary_entry(word, count)

    def near(self, word: str, slips: int) -> list:
        """The nearest words within so many slips, as symspellpy gives them."""
        return self._symspell.lookup(word, Verbosity.CLOSEST, max_edit_distance=slips)


class Speller:
    """Puts words right that are in none of its dictionaries.

    ``pairs``: words that stand beside each other in a phrase, which decides between words that are
    as near. ``known`` says of any other word whether it is right as it is, ``rare`` whether it is a
    word at all, and ``has_stem`` whether any word that is right has a stem.
    """

    def __init__(
        self,
        dictionaries: Sequence[Dictionary],
        *,
        pairs: Container[tuple[str, str]] = frozenset(),
        known: Callable[[str], bool] = _no,
        rare: Callable[[str], bool] = _no,
        has_stem: Callable[[str], bool] = _no,
    ):
        self._dictionaries = dictionaries
        self._pairs = pairs
        self._known = known
        self._rare = rare
        self._has_stem = has_stem

    def is_right(self, word: str) -> bool:
        return self._known(word) or any(
            word in dictionary.counts or singular(word) in dictionary.counts
            for dictionary in self._dictionaries
        )

    def correct(self, word: str, *, before: str = "", after: str = "") -> str | None:
        """The word that was meant by a folded word; None where it is right or nothing is near.

        ``before`` and ``after``: the folded words beside it.
        """
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or self.is_right(word):
            return None
        near = self._near(word, 1 if len(word) < TWO_SLIPS else 2, before, after)
        return min(near)[-1] if near else None

    def correct_form(self, word: str, *, before: str = "", after: str = "") -> str | None:
        """As ``correct``, of a word whose stem stands in some text.

        That text has the word, or another with its stem: "refereal" has that of "refer". It is a
        slip where it is no word, one with its stem is known, and a word is one slip away; best one
        with its stem.
        """
        if self._rare(word) or not self._shares_its_stem(word):
            return None
        if self.correct(word, before=before, after=after) is None:
            return None
        near = self._near(word, 1, before, after)
        meant = [(aside, stem(term) != stem(word), *rest, term) for _, aside, *rest, term in near]
        return min(meant)[-1] if meant else None

    def _shares_its_stem(self, word):
        one = stem(word)
        return self._has_stem(one) or any(one in some.stems for some in self._dictionaries)

    def _near(self, word, slips, before, after):
        """The words so near, each after what makes it likelier: the least is the likeliest."""
        found = []
        for one in (one for some in self._dictionaries for one in some.near(word, slips)):
            beside = (before, one.term) in self._pairs or (one.term, after) in self._pairs
            if beside or len(word) >= SURE <= len(one.term):
                other_letter = one.term[0] != word[0]
                found.append((one.distance, not beside, other_letter, -one.count, one.term))
        return found

    def fix(
        self, text: str, *, used: Callable[[str], bool] = _no
    ) -> tuple[str, tuple[Correction, ...]]:
        """The text with its misspelt words put right, and what was changed, each once.

        ``used``: whether some text has the stem of a folded word.
        """
        typed = [(match, words(match[0])) for match in TOKEN.finditer(text)]
        folded = [some[0] if len(some) == 1 else "" for _, some in typed]
        changed: dict[str, str] = {}
        fixed, end = [], 0
        for at, (match, _) in enumerate(typed):
            before = folded[at - 1] if at else ""
            after = folded[at + 1] if at + 1 < len(folded) else ""
            correct = self.correct_form if used(folded[at]) else self.correct
            right = correct(folded[at], before=before, after=after)
            if right is not None:
                fixed += [text[end : match.start()], right]
                end = match.end()
                folded[at] = right
                changed[match[0]] = right
        fixed.append(text[end:])
        return "".join(fixed), tuple(Correction(old, new) for old, new in changed.items())
