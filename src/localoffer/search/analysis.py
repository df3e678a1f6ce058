"""From words to the tokens they are found by. Pure.

A plain stand-in: folded words with weights, no stems and no concepts.
"""

from localoffer.search.documents import Document
from localoffer.search.words import WORD, fold

ANALYSER = "0"
WEIGHTS = {
    "title": 3,
    "other_names": 2,
    "needs": 2,
    "category": 1.5,
    "summary": 1,
    "text": 1,
    "organisation": 1,
    "place": 1,
    "extra": 0.4,
}


def terms(text: str) -> list[str]:
    """The words of a text that things are found by, in their order."""
    return WORD.findall(fold(text))


def impacts(document: Document, thesaurus) -> dict[str, float]:
    """How much each word of a document counts for, from 0 to 2.2."""
    weights = {}
    for part, weight in WEIGHTS.items():
        for term in terms(getattr(document, part)):
            weights[term] = weights.get(term, 0) + weight
    return {term: round(2.2 * weight / (weight + 1.2), 2) for term, weight in weights.items()}
