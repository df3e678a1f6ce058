"""The one function by which words find things. Everything that searches asks it."""

from localoffer.search import sources
from localoffer.search.documents import Document, Hit
from localoffer.search.words import BEGINS, WHOLE, fold, standing, typed

MOST_WORDS = 20

REST = ["text", "organisation", "place", "needs", "category", "extra"]

IN_TITLE = {WHOLE: 10, BEGINS: 8}
IN_OTHER_NAMES = 5
IN_SUMMARY = 3
IN_TEXT = 1
ALL_IN_TITLE = 10


def find(*, authority, words: str, limit: int | None = None) -> list[Hit]:
    """The public pages, news, guides and services of one authority that hold every word.

    A word counts where it stands whole or at the beginning of another, whatever its case and
    accents. What holds all of them in its title comes first. Nothing is found for no words, and
    only the first ``MOST_WORDS`` different ones are looked for. The number of queries is the same
    however much is found. The order is the same on every database.
    """
    wanted = typed(words, most=MOST_WORDS)
    if not wanted:
        return []
    hits = [
        Hit(
            kind=document.kind,
            key=document.key,
            title=document.title,
            summary=document.summary,
            url=document.url,
            score=score,
        )
        for kind in sources.kinds()
        for document in sources.documents(kind, authority)
        if (score := _score(document, wanted))
    ]
    hits.sort(key=lambda hit: (-hit.score, fold(hit.title), hit.key))
    return hits[:limit]


def _score(document: Document, wanted: list[str]) -> float:
    """How well the document answers: 0 when one of the words is nowhere in it."""
    title = fold(document.title)
    parts = [
        (fold(document.other_names), IN_OTHER_NAMES),
        (fold(document.summary), IN_SUMMARY),
        (fold("\n".join(getattr(document, part) for part in REST)), IN_TEXT),
    ]
    total, all_in_title = 0, True
    for word in wanted:
        if how := standing(word, title):
            total += IN_TITLE[how]
            continue
        all_in_title = False
        weight = next((weight for text, weight in parts if standing(word, text)), 0)
        if not weight:
            return 0
        total += weight
    return round(total / len(wanted), 2) + (ALL_IN_TITLE if all_in_title else 0)
