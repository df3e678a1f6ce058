"""The order of what was found. Pure, and the same on every database.

Each word of a question gives what it weighs in a document, more the rarer it is; a concept that
several words stand for counts beside them. What holds more of the question is lifted. Then facts
move a result down where it does not fit them: they never take it away.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from typing import Any

from localoffer.places.distance import METRES_IN_A_MILE
from localoffer.places.lookup import Place
from localoffer.search.ages import NO_LIMIT
from localoffer.search.analysis import STOP_WORDS, concept_token, stem
from localoffer.search.thesaurus import Thesaurus
from localoffer.search.towns import Town
from localoffer.search.understanding import Understood

CONCEPT_WEIGHT = 1.0
COVERAGE = 0.5  # what holds half of a question keeps three quarters of its score
FACT_TOO = 0.6  # words that say a fact, which counts besides
SLIGHT = 0.3  # words that are in most questions and tell little
NEED_BESIDE_HELP = 0.7  # "ADHD holiday club" asks for a holiday club

SLIGHTLY = """
boy child children daughter find girl help kid kids lad look looking need needs son support want
"""
SLIGHT_WORDS = frozenset(SLIGHTLY.split())
# Concepts that are a need, which most help is for, and not a kind of help.
ARE_NEEDS = """
adhd anxiety auditory-processing autism brain-injury cerebral-palsy dld down-syndrome dyscalculia
dyslexia dyspraxia epilepsy fasd genetic-rare gifted global-developmental-delay hearing
hidden-disability learning-difficulty low-mood medical-needs multi-sensory neurodiversity ocd pda
physical-disability selective-mutism semh send sensory-processing specific-learning-difficulty
speech-language-needs stammering tics trauma-attachment vision
"""
NEEDS = frozenset(ARE_NEEDS.split())

# What is left of a score by a fact that does not fit.
OUTSIDE_AGES = 0.45
NEARLY_OF_AGE = 0.75  # by one year
FOR_ALL_AGES = 0.8  # and asked for one of them
NOT_FREE = 0.6
PARTLY_FREE = 0.9
COST_UNKNOWN = 0.85
OTHER_DAYS = 0.6
DAYS_UNKNOWN = 0.85
REFUSED = 0.45
ABOUT_WORD = 1.5  # weights from which a document is about a thing, and does not merely name it
ABOUT_CONCEPT = 1.2
FOR_OTHERS = 0.8
ELSEWHERE = 0.75  # in another council's area, where no place was asked for
NO_PLACE = 0.6
FAR_AWAY = 0.2
NEAR_MILES = 1.5
HALF_MILES = 8  # each so many miles halve what is left above FAR_AWAY
CHILDHOOD = 26  # years, from birth to 25


@dataclass(slots=True)
class Match:
    """Something found, and how well it answers: to compare within one search only."""

    entry: Any  # an ``Entry`` with the impacts of what was asked for
    score: float


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many documents there are, and in how many of them each token is."""

    total: int
    documents: Mapping[str, int]

    def rarity(self, token: str) -> float:
        """BM25's idf; 0 for a token that is nowhere."""
        count = self.documents.get(token, 0)
        return log(1 + (self.total - count + 0.5) / (count + 0.5)) if count else 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked for: the tokens that answer it, and the places of the words it stands for.

    Where it has several tokens, the best of them counts.
    """

    tokens: tuple[str, ...]
    words: range
    weight: float


def asked_for(
    words: Sequence[str],
    *,
    thesaurus: Thesaurus,
    frequencies: Frequencies,
    facts: Container[int] = frozenset(),
) -> list[Asked]:
    """What folded words ask for: each word, and each concept once with its longest phrase.

    ``facts``: the places of the words that say a fact too.
    """
    spans: dict[tuple[int, int], list[str]] = {}
    seen = set()
    for code, first, last in thesaurus.found(words):
        if code not in seen:
            seen.add(code)
            spans.setdefault((first, last), []).append(code)
    helps = {at for span, codes in spans.items() if not NEEDS.issuperset(codes) for at in _of(span)}
    needs = {at for span, codes in spans.items() if NEEDS.issuperset(codes) for at in _of(span)}
    needs -= helps
    less = NEED_BESIDE_HELP if helps and needs else 1.0

    asked = []
    content = {at: stem(word) for at, word in enumerate(words) if word not in STOP_WORDS}
    for at, token in content.items():
        weight = SLIGHT if words[at] in SLIGHT_WORDS else 1.0
        weight *= FACT_TOO if at in facts else 1.0
        asked.append(Asked((token,), range(at, at + 1), weight * (less if at in needs else 1.0)))
    for span, codes in spans.items():
        said = [content[at] for at in _of(span) if at in content]
        unheard = sum(token not in frequencies.documents for token in said)
        # A concept counts for those of its words that no document uses.
        weight = CONCEPT_WEIGHT * (1 + unheard / len(said) if said else 1)
        weight *= less if NEEDS.issuperset(codes) else 1.0
        weight *= FACT_TOO if all(at in facts for at in _of(span)) else 1.0
        asked.append(Asked(tuple(map(concept_token, codes)), _of(span), weight))
    return asked


def _of(span):
    return range(span[0], span[1] + 1)


def tokens_of(asked: Iterable[Asked]) -> list[str]:
    """The tokens that a matcher should look for, each once."""
    return list(dict.fromkeys(token for one in asked for token in one.tokens))


def rank(
    entries: Iterable,
    *,
    asked: Sequence[Asked],
    frequencies: Frequencies,
    facts: Understood | None = None,
    thesaurus: Thesaurus | None = None,
) -> list[Match]:
    """The entries that hold anything of what was asked for, best first; ties by title, then key.

    Where nothing was asked for but ``facts``, every entry fits as well as they say. ``thesaurus``
    tells which concepts are among the words of what is not wanted.
    """
    matches = (
        _scored(entries, asked, frequencies) if asked else [Match(one, 1.0) for one in entries]
    )
    for factor in factors(facts, thesaurus) if facts else []:
        for match in matches:
            match.score *= factor(match.entry)
    matches.sort(key=lambda match: (-round(match.score, 6), match.entry.title, match.entry.key))
    return matches


def _scored(entries, asked, frequencies):
    parts, weight_of = _weighed(asked, frequencies)
    whole = sum(weight_of.values())
    lifts: dict[int, float] = {}  # by which words of the question are held: such sets are few
    matches = []
    for entry in entries:
        impact_of = entry.impacts.get
        score, held = 0.0, 0
        for tokens, words in parts:
            best = 0.0
            for token, weight in tokens:
                impact = impact_of(token)
                if impact is not None and impact * weight > best:
                    best = impact * weight
            if best:
                score += best
                held |= words
        if held:
            lift = lifts.get(held)
            if lift is None:
                share = sum(weight for at, weight in weight_of.items() if held >> at & 1) / whole
                lift = lifts[held] = 1 - COVERAGE + COVERAGE * share
            matches.append(Match(entry, score * lift))
    return matches


def _weighed(asked, frequencies):
    """For each thing asked that is anywhere, its tokens with what each weighs, and its words as
    bits of a number; and what each word of the question weighs, by its place.
    """
    parts = []
    weight_of: dict[int, float] = {}
    for one in asked:
        tokens = [(token, one.weight * frequencies.rarity(token)) for token in one.tokens]
        tokens = [(token, weight) for token, weight in tokens if weight]
        if tokens:
            heaviest = max(weight for _, weight in tokens)
            parts.append((tokens, sum(1 << at for at in one.words)))
            for at in one.words:
                weight_of[at] = max(weight_of.get(at, 0), heaviest)
    return parts, weight_of


def factors(facts: Understood, thesaurus: Thesaurus | None = None) -> list[Callable[[Any], float]]:
    """For each fact, a function of an entry: what it leaves of the score, up to 1."""
    found: list[Callable[[Any], float]] = []
    if facts.ages:
        found.append(partial(of_ages, ages=facts.ages))
    if facts.place:
        found.append(partial(of_place, place=facts.place))
    else:
        found.append(of_area)
    if facts.free:
        found.append(of_cost)
    if facts.days:
        found.append(partial(of_days, days=frozenset(facts.days)))
    if facts.audience:
        found.append(partial(of_audience, audience=frozenset(facts.audience)))
    if facts.without:
        found.append(partial(of_refusal, refused=refused(facts, thesaurus)))
    return found


def refused(facts: Understood, thesaurus: Thesaurus | None) -> dict[str, float]:
    """The tokens of what is not wanted, each with the weight from which a document is about it."""
    found = {stem(word): ABOUT_WORD for word in facts.without}
    for one in thesaurus.found(facts.without) if thesaurus else []:
        found[concept_token(one.code)] = ABOUT_CONCEPT
    return found


def of_ages(entry, ages: tuple[int, int]) -> float:
    """How far it is for somebody of these ages, and not for everybody besides."""
    first, last = ages
    youngest = entry.minimum_age or 0
    oldest = NO_LIMIT if entry.maximum_age is None else entry.maximum_age
    shared = min(last, oldest) - max(first, youngest) + 1
    if shared <= 0:
        return NEARLY_OF_AGE if shared == 0 else OUTSIDE_AGES
    years = min(oldest, CHILDHOOD - 1) - youngest + 1
    # "16 and over" is answered by what is for no one younger.
    wanted = max(years, 1) if last == NO_LIMIT else last - first + 1
    fits = OUTSIDE_AGES + (1 - OUTSIDE_AGES) * min(shared / wanted, 1)
    return fits * (1 - (1 - FOR_ALL_AGES) * max(years, 0) / CHILDHOOD)


def of_place(entry, place: Place) -> float:
    """How near it is: all within a town is near, and what is everywhere is neither near nor far."""
    away = entry.metres(place)
    if away is None:
        return NO_PLACE
    near = max(NEAR_MILES, place.radius / METRES_IN_A_MILE if isinstance(place, Town) else 0)
    miles = away / METRES_IN_A_MILE - near
    return 1.0 if miles <= 0 else FAR_AWAY + (1 - FAR_AWAY) * 0.5 ** (miles / HALF_MILES)


def of_area(entry) -> float:
    return ELSEWHERE if entry.reach == "out" else 1.0


COSTS = {"free": 1.0, "some_free": PARTLY_FREE, "donation": PARTLY_FREE, "": COST_UNKNOWN}


def of_cost(entry) -> float:
    return COSTS.get(entry.cost_kind, NOT_FREE)


def of_days(entry, days: frozenset[str]) -> float:
    if not entry.days:
        return DAYS_UNKNOWN
    return OTHER_DAYS if days.isdisjoint(entry.days) else 1.0


def of_audience(entry, audience: frozenset[str]) -> float:
    """What is written for nobody in particular is for all."""
    return FOR_OTHERS if entry.audiences and audience.isdisjoint(entry.audiences) else 1.0


def of_refusal(entry, refused: Mapping[str, float]) -> float:
    """Less for what is about a thing that is not wanted. Merely to say it may be to rule it out."""
    about = any(entry.impacts.get(token, 0) >= least for token, least in refused.items())
    return REFUSED if about else 1.0
