"""Words after which a person should read an answer before the others. Pure.

They put answers in an order and do nothing else: what they miss is read too, and what they find by
mistake is read a little sooner. An authority can write lists of its own (``WorryingWords``).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

NONE, WORRY, URGENT = 0, 1, 2
MOST_PHRASES = 1_000
# A star stands for any end of a word.
URGENT_BY_DEFAULT = """
kill myself
kill himself
kill herself
kill me
killing myself
want to die
wants to die
wish i was dead
end my life
end it all
suicid*
overdose*
take my own life
self harm*
hurt* myself
hurt* himself
hurt* herself
cut* myself
cut* himself
cut* herself
hits me
hit me
hitting me
beats me
beat me
hurts me
kicks me
punches me
rape*
sexual abuse
sexually abus*
touches me
touched me
touching me
molest*
groom*
strangl*
in danger
not safe
unsafe at home
run away
ran away
knife
locked in
tied up
forced marriage
"""
WORRYING_BY_DEFAULT = """
abus*
neglect*
hits him
hits her
hit him
hit her
hurts him
hurts her
hurting me
scared
frightened
afraid of
bruise*
starv*
no food
not fed
left alone
restrain*
held down
seclusion
bull*
threat*
violen*
drunk
drugs
homeless
cannot cope
cant cope
can not cope
breaking point
hopeless
hates me
crying every
"""
_WORD = re.compile(r"\w+")
_MARKS = str.maketrans("", "", "'`\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}")


def _folded(text):
    return [word.casefold() for word in _WORD.findall(text.translate(_MARKS))]


@dataclass(frozen=True)
class _Phrase:
    """Words in a row; each whole, or the beginning of one."""

    parts: tuple[tuple[str, bool], ...]
    level: int

    def is_at(self, words, place):
        if place + len(self.parts) > len(words):
            return False
        return all(
            word.startswith(part) if open_ended else word == part
            for (part, open_ended), word in zip(self.parts, words[place:], strict=False)
        )

    @property
    def shown(self):
        return " ".join(f"{part}*" if open_ended else part for part, open_ended in self.parts)


@dataclass(frozen=True)
class WordList:
    """The phrases of an authority, by how soon an answer with one of them should be read."""

    by_start: dict[str, list[_Phrase]] = field(default_factory=dict)

    def found(self, text: str) -> list[str]:
        """The phrases that stand in a text, in its order."""
        return [phrase.shown for phrase in self._in(text)]

    def level(self, texts: Iterable[str]) -> int:
        """How soon these texts should be read: URGENT, WORRY or NONE."""
        return max(
            (phrase.level for text in texts for phrase in self._in(text)),
            default=NONE,
        )

    def _in(self, text):
        words = _folded(text)
        for place, word in enumerate(words):
            for phrase in self.by_start.get(word[:1], ()):
                if phrase.is_at(words, place):
                    yield phrase


def read(urgent: str, worrying: str) -> WordList:
    """The list that two texts with a phrase on each line mean. Lines without a word are nothing."""
    by_start = defaultdict(list)
    for text, level in [(urgent, URGENT), (worrying, WORRY)]:
        for line in text.splitlines():
            parts = tuple(
                (_folded(word)[0], word.endswith("*")) for word in line.split() if _folded(word)
            )
            if parts:
                by_start[parts[0][0][:1]].append(_Phrase(parts, level))
    return WordList(dict(by_start))


BY_DEFAULT = read(URGENT_BY_DEFAULT, WORRYING_BY_DEFAULT)
