"""The words of one authority, beside those that come with the release."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from localoffer.search.analysis import STOP_WORDS, stem, words
from localoffer.search.models import OwnWords, SearchDocument
from localoffer.search.thesaurus import (
    NOT,
    NOT_TO,
    PASSED_OVER,
    SELVES,
    ConceptWords,
    is_abbreviation,
    key_of,
)
from localoffer.taxonomy.models import ConceptWord

SHORTEST, LONGEST = 2, 80  # characters of one way to say it
MOST_IN_ONE = 6  # words in one way to say it
MOST = 100  # ways to say one subject


class Said(NamedTuple):
    """What an authority says of one subject: the concept with its words, and those it takes away.

    ``is_own``: the subject is the authority's own, and in no release.
    """

    concept: ConceptWords
    off: tuple[str, ...]
    is_own: bool


def of(authority) -> list[OwnWords]:
    """The words that an authority keeps, in one query."""
    return list(OwnWords.objects.for_authority(authority).select_related("concept").order_by("pk"))


def said_by(authority) -> tuple[Said, ...]:
    """All that an authority says of subjects: a value, the same until it says otherwise."""
    return tuple(map(_said_in, of(authority)))


def combined(shipped: Iterable[ConceptWords], said: Iterable[Said]) -> list[ConceptWords]:
    """The concepts of the release as one authority has them. Pure.

    Its words are added, what it switched off is gone, and its own subjects follow. What it says of
    a concept that is in the release no longer is left out.
    """
    concepts = {concept.code: concept for concept in shipped}
    for added, off, is_own in said:
        if known := concepts.get(added.code):
            gone = set(map(key_of, off))
            kept, shown = (
                [text for text in texts if key_of(text) not in gone]
                for texts in (known.words, known.shown)
            )
            concepts[added.code] = replace(
                known,
                ambiguous=known.ambiguous or added.ambiguous,
                words=tuple(dict.fromkeys([*kept, *added.words])),
                shown=tuple(dict.fromkeys([*shown, *added.shown])),
            )
        elif is_own:
            concepts[added.code] = added
    return list(concepts.values())


def _said_in(own):
    return Said(_added(own), tuple(own.off), own.concept_id is None)


def _added(own):
    name = [] if own.concept_id else [own.name]
    return ConceptWords(
        code=own.code,
        name=own.subject,
        plain=own.concept.plain if own.concept_id else own.plain,
        ambiguous=own.ambiguous,
        words=(*name, *own.words, *own.hidden),
        shown=(*name, *own.words),
    )


def changed(own: OwnWords) -> list[str]:
    """The words that find the subject only after, or only before, these are saved."""
    saved = OwnWords.objects.filter(pk=own.pk).select_related("concept").first()
    shipped = list(own.concept.words.values_list("text", flat=True)) if own.concept_id else []
    before, after = _finding(saved, shipped), _finding(own, shipped)
    return [
        *(text for key, text in after.items() if key not in before),
        *(text for key, text in before.items() if key not in after),
    ]


def all_of(own: OwnWords) -> list[str]:
    """The words that find a subject otherwise once these are deleted."""
    return [*_added(own).words, *own.off]


def _finding(own, shipped):
    """The words that find a subject, by what the search compares."""
    off = set(map(key_of, own.off)) if own else set()
    texts = [text for text in shipped if key_of(text) not in off]
    texts += _added(own).words if own else []
    return {key_of(text): text for text in texts}


def documents_with(authority, texts: Iterable[str]):
    """The rows of the index that may hold one of these words; all that do are among them."""
    rows = SearchDocument.objects.for_authority(authority)
    some = rows.none()
    for text in texts:
        stems = _borne(text)
        if not stems:
            return rows
        some |= rows.holding(*stems)
    return some


def _borne(text):
    """The stems of a way to say it that a document cannot do without."""
    return [
        stem(word)
        for word in words(text)
        if word not in STOP_WORDS | NOT | SELVES | PASSED_OVER and stem(word) not in NOT_TO
    ]


def problems(own: OwnWords) -> dict[str, list[str]]:
    """What is wrong with the words of a subject, by field; nothing where they may be saved."""
    found: dict[str, list[str]] = defaultdict(list)
    theirs, others = _known(own)
    seen: set[tuple[str, ...]] = set()
    for field in ["words", "hidden"]:
        texts = getattr(own, field)
        if len(texts) > MOST:
            found[field].append(f"Use {MOST} words at most.")
        for text in texts[:MOST]:
            key = key_of(text)
            if problem := _problem(text, key, seen, theirs):
                found[field].append(problem)
            elif key in others and not own.ambiguous:
                found[field].append(
                    f"“{text}” is a word for “{others[key]}” already. If people mean both by "
                    "it, tick the box that says so."
                )
            seen.add(key)
    if own.concept_id is None and not own.words and not own.hidden and not found:
        found["words"].append("Write at least one word that people type.")
    if own.concept_id and not (own.words or own.hidden or own.off) and not found:
        found["words"].append("Write a word that people type, or switch one off.")
    return dict(found)


def _problem(text, key, seen, theirs):
    shown = text if len(text) <= LONGEST else f"{text[:30]}…"
    in_order = words(text)
    wrong = [
        (len(text) < SHORTEST, f"is too short: use {SHORTEST} letters or more."),
        (len(text) > LONGEST, f"is too long: use {LONGEST} letters or fewer."),
        (not key, "has no letters or numbers in it."),
        (len(in_order) > MOST_IN_ONE, f"has too many words: use {MOST_IN_ONE} or fewer."),
        (
            STOP_WORDS.issuperset(in_order) and not is_abbreviation(text),
            "stands in almost every text, so it would find everything.",
        ),
        (key in seen, "is here twice."),
        (key in theirs, "finds this already."),
    ]
    return next((f"“{shown}” {what}" for is_wrong, what in wrong if is_wrong), "")


def _known(own):
    """The words of the same subject, and those of every other with its name, in two queries."""
    owns = [one for one in of(own.authority) if one.pk != own.pk]
    off = {(one.code, key_of(text)) for one in [*owns, own] for text in one.off}
    theirs, others = set(), {}
    rows = ConceptWord.objects.filter(concept__retired=False).values_list(
        "concept_id", "concept__name", "text"
    )
    said = [
        *((code, name, text) for code, name, text in rows if (code, key_of(text)) not in off),
        *((one.code, one.subject, text) for one in owns for text in _added(one).words),
    ]
    if own.concept_id is None:
        theirs.add(key_of(own.name))
    for code, name, text in said:
        if code == own.code:
            theirs.add(key_of(text))
        else:
            others.setdefault(key_of(text), name)
    return theirs, others
