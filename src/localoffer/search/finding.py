"""The one function by which words find things. Everything that searches asks it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace

from localoffer.places.lookup import Place
from localoffer.search import entries, filters, vocabulary
from localoffer.search.analysis import WORD, stem
from localoffer.search.analysis import words as words_of
from localoffer.search.crisis import is_crisis
from localoffer.search.matching import CANDIDATES, matcher
from localoffer.search.ranking import Frequencies, Match, asked_for, rank, refused, tokens_of
from localoffer.search.spelling import Correction
from localoffer.search.thesaurus import Choice, Thesaurus
from localoffer.search.understanding import LONGEST, Chip, Understood, understand

CUT = 0.25  # of the best score: what is below it is a weaker match
MOST_ASKED = 60  # words and concepts; matchers take hardly more
AROUND = 25_000  # metres within which candidates near a place are looked for first


@dataclass(slots=True)
class Found:
    """``matches``: best first, all that answer. ``cut``: the score below which one is weaker.

    ``corrected``: the words that were looked for instead of those typed. ``choices``: what the
    abbreviations in the words may mean. ``crisis``: whether somebody may be in danger.
    """

    matches: list[Match] = field(default_factory=list)
    cut: float = 0
    understood: Understood = field(default_factory=Understood)
    corrected: tuple[Correction, ...] = ()
    choices: tuple[Choice, ...] = ()
    crisis: bool = False


def find(
    *,
    authority,
    words: str,
    place: Place | None = None,
    chosen: Sequence[Sequence[str]] | None = None,
    exactly: bool = False,
    ignore: Container[str] = frozenset(),
    limit: int = CANDIDATES,
) -> Found:
    """What one authority has for a few words: the same on every database, in at most six queries.

    ``place``: where the person is, which wins over a place in the words. ``chosen``: an AND of ORs
    of tokens of ``filters``; what does not fit them is not found. ``exactly``: look for the words
    as they were typed. ``ignore``: kinds of chip whose words are only words. ``limit``: how many
    candidates are ranked at most.

    Words that say nothing but facts ("free", "malvern") find everything, as well as it fits them.
    Words that say nothing at all find nothing.
    """
    text = words[:LONGEST]
    known = vocabulary.of(authority)
    frequencies = Frequencies(*matcher().document_frequencies())
    fixed, corrected = text, tuple[Correction, ...]()
    if not exactly:
        fixed, corrected = known.speller.fix(
            text, used=lambda word: stem(word) in frequencies.documents
        )
    understood = understand(fixed, places=known.places, thesaurus=known.thesaurus, ignore=ignore)
    understood = replace(
        understood,
        place=place or understood.place,
        chips=tuple(_as_typed(chip, corrected) for chip in understood.chips),
    )
    asked = asked_for(
        understood.rest,
        thesaurus=known.thesaurus,
        frequencies=frequencies,
        facts=understood.facts,
    )[:MOST_ASKED]
    must = [[filters.authority(authority.pk)], *(chosen or [])]
    ids = _candidates(tokens_of(asked), must, understood.place, limit) if asked else []
    weighed = {*tokens_of(asked), *refused(understood, known.thesaurus)}
    matches = rank(
        entries.of_ids(ids, weighed) if ids else [],
        asked=asked,
        frequencies=frequencies,
        facts=understood,
        thesaurus=known.thesaurus,
    )
    if not matches and understood.chips and not chosen:
        everything = entries.of_authority(authority)
        matches = rank(everything, asked=[], frequencies=frequencies, facts=understood)
    typed = words_of(fixed)
    return Found(
        matches=matches,
        cut=CUT * matches[0].score if matches else 0,
        understood=understood,
        corrected=corrected,
        choices=_choices(typed, known.thesaurus),
        crisis=is_crisis(typed) or is_crisis(words_of(text)),
    )


def _candidates(tokens: list[str], must, place, limit):
    """The likeliest candidates; where a place was asked for, those around it before all others."""
    ids = matcher().match(tokens, must, limit)
    if place is not None and len(ids) >= limit:
        near = filters.near(place, AROUND)
        around = matcher().match(tokens, [*must, near], limit - limit // 4)
        ids = list(dict.fromkeys([*around, *ids]))[:limit]
    return ids


def _as_typed(chip: Chip, corrected: tuple[Correction, ...]) -> Chip:
    """The chip with the words that the person typed, which may have been put right."""
    typed = {one.used: one.typed for one in corrected}
    return replace(
        chip, span_text=WORD.sub(lambda word: typed.get(word[0], word[0]), chip.span_text)
    )


def _choices(typed: list[str], thesaurus: Thesaurus) -> tuple[Choice, ...]:
    """What abbreviations may mean, unless another concept among the words tells."""
    choices = thesaurus.choices(typed)
    meant = {code for choice in choices for code, _, _ in choice.options}
    others = {found.code for found in thesaurus.found(typed)} - meant
    return () if others else tuple(choices)
