"""Puts right what was typed wrong, from the words that are there to be found. Pure."""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from symspellpy import SymSpell, Verbosity

from localoffer.search.analysis import STOP_WORDS, words
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


class Speller:
    """Knows the words of an index and of a thesaurus.

    ``counts``: folded words with how often each is used. ``pairs``: words that stand beside each
    other in a phrase, which decides between words that are as near. ``known`` says of any other
    word whether it is right as it is.
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        *,
        pairs: Container[tuple[str, str]] = frozenset(),
        known: Callable[[str], bool] = lambda word: False,
    ):
        self._pairs = pairs
        self._known = known
        self._counts = dict.fromkeys(STOP_WORDS, 1)
        self._near = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in counts.items():
            if len(word) <= LONGEST and word.isalpha():
                self._counts[word] = self._counts.get(word, 0) + count
        for word, count in self._counts.items():
            if len(word) >= SHORTEST:
                self._near.create_dictionary_entry(word, count)

    def correct(self, word: str, *, before: str = "", after: str = "") -> str | None:
        """The word that was meant by a folded word; None where it is right or nothing is near.

        ``before`` and ``after``: the folded words beside it.
        """
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return None
        if word in self._counts or singular(word) in self._counts or self._known(word):
            return None
        slips = 1 if len(word) < TWO_SLIPS else 2
        near = self._near.lookup(word, Verbosity.CLOSEST, max_edit_distance=slips)
        pairs = self._pairs
        ranked = []
        for one in near:
            beside = (before, one.term) in pairs or (one.term, after) in pairs
            if beside or len(word) >= SURE <= len(one.term):
                ranked.append((not beside, one.term[0] != word[0], -one.count, one.term))
        return min(ranked)[-1] if ranked else None

    def fix(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """The text with its misspelt words put right, and what was changed, each once."""
        typed = [(match, words(match[0])) for match in TOKEN.finditer(text)]
        folded = [some[0] if len(some) == 1 else "" for _, some in typed]
        changed: dict[str, str] = {}
        fixed, end = [], 0
        for at, (match, _) in enumerate(typed):
            before = folded[at - 1] if at else ""
            after = folded[at + 1] if at + 1 < len(folded) else ""
            used = self.correct(folded[at], before=before, after=after)
            if used is not None:
                fixed += [text[end : match.start()], used]
                end = match.end()
                folded[at] = used
                changed[match[0]] = used
        fixed.append(text[end:])
        return "".join(fixed), tuple(Correction(old, new) for old, new in changed.items())
