"""Text made into what is stored and looked for: stems, concepts, and how much each weighs. Pure.

Text is analysed here once, in Python, so that every database stores and finds the same tokens.
"""

import re
import unicodedata
from collections import defaultdict
from threading import Lock

import snowballstemmer

from localoffer.search.words import APOSTROPHES, fold

ANALYSER = "1"  # raise it with any change to what this module makes of a text

WORD = re.compile(r"[^\W_]+")
NOT_IN_A_TOKEN = re.compile(r"[^a-z0-9]+")
CONCEPT = "zc"  # no English word begins so
LONGEST_WORD = 40  # characters; what is longer is no word

# Words that only hold a sentence together. Phrases of the thesaurus are looked for before they go.
SMALL = """
a about all also am an and any are arent as at be been being but by can cannot cant could couldnt d
did didnt do does doesnt doing dont else etc even ever for from get gets getting go goes going got
had has hasnt have havent having he her here hers hes him his how i id if ill im in into is isnt it
its itself ive just let like ll m me more most much my no nor not now of on once only or other
others our ours out over own per please re really s shall she shes should shouldnt so some someone
somebody something such t than that thats the their theirs them then there theres these they theyre
thing things this those though through to too upon us ve very via was wasnt we were weve what whats
when where wheres whether which while who whom whos whose why will with within without wont would
wouldnt yet you your youre yours
"""
STOP_WORDS = frozenset(SMALL.split())

# How much a word counts in each part of a document, and how many words such a part usually has.
PARTS = {
    "title": (3.0, 5),
    "other_names": (2.0, 5),
    "needs": (2.0, 6),
    "category": (1.5, 5),
    "organisation": (1.0, 4),
    "place": (1.0, 4),
    "body": (1.0, 50),
    "extra": (0.4, 20),
}
B = 0.5  # how far a long part counts less for each of its words
K1 = 1.2  # how soon saying a word again adds nothing
LONGEST_PART = 5  # a part this many times the usual is not punished further
CONCEPT_WEIGHTS = {"title": 1.6, "other_names": 1.2, "needs": 1.2, "extra": 0.5}

_stemmer = snowballstemmer.stemmer("english")
_stemming = Lock()  # the stemmer keeps its place in itself
_stems: dict[str, str] = {}
MOST_STEMS = 200_000


def words(text: str) -> list[str]:
    """The folded words of a text, in their order."""
    return WORD.findall(fold(text))


def written(text: str) -> tuple[list[str], frozenset[int]]:
    """The words, and which of them were written as an abbreviation is: with two capitals or more.

    In a text all in capitals nothing can be told by them, so that every word is one of these.
    """
    if text.isascii():
        as_written = WORD.findall(text.translate(APOSTROPHES))
        found = [word.lower() for word in as_written]
    else:
        found = words(text)
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
        as_written = WORD.findall(text.translate(APOSTROPHES))
    if text.isupper() or len(as_written) != len(found):
        return found, frozenset(range(len(found)))
    return found, frozenset(
        at
        for at, word in enumerate(as_written)
        if word != found[at] and len(word) > 1 and sum(map(str.isupper, word)) > 1
    )


def stem(word: str) -> str:
    """The stem of one folded word."""
    found = _stems.get(word)
    if found is None:
        if len(word) > LONGEST_WORD:
            return word[:LONGEST_WORD]
        if len(_stems) >= MOST_STEMS:
            _stems.clear()
        with _stemming:
            found = _stems[word] = _stemmer.stemWord(word)
    return found


def terms(text: str) -> list[str]:
    """The stems of a text without stop words, in their order."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def concept_token(code: str) -> str:
    """What stands for a concept among the stems: ``zcshortbreaks`` for ``short-breaks``."""
    return CONCEPT + NOT_IN_A_TOKEN.sub("", code.lower())


def parts(document) -> dict[str, str]:
    """The text of each part of a ``Document``. A summary that its text begins with counts once."""
    summary = document.summary.strip()
    repeated = summary.rstrip("\u2026. ")[:80]
    again = repeated and document.text.lstrip().startswith(repeated)
    return {
        "title": document.title,
        "other_names": document.other_names,
        "needs": document.needs,
        "category": document.category,
        "organisation": document.organisation,
        "place": document.place,
        "body": document.text if again else f"{summary}\n{document.text}",
        "extra": document.extra,
    }


def impacts(document, thesaurus) -> dict[str, float]:
    """How much each stem and each concept weighs in a ``Document``: BM25F, saturated, without idf.

    A word weighs up to 2.2, a concept 1, more where it stands in the title or the needs.
    """
    found: dict[str, float] = defaultdict(float)
    concepts: dict[str, float] = {}
    for part, text in parts(document).items():
        if not text:
            continue
        weight, usual = PARTS[part]
        in_order, capitals = written(text)
        for concept in thesaurus.found(in_order, capitals):
            token = concept_token(concept.code)
            weighs = CONCEPT_WEIGHTS.get(part, 1.0)
            if weighs > concepts.get(token, 0):
                concepts[token] = weighs
        stems = [stem(word) for word in in_order if word not in STOP_WORDS]
        length = min(len(stems) / usual, LONGEST_PART)
        each = weight / (1 - B + B * length) if stems else 0
        for one in stems:
            found[one] += each
    weighed = {one: round(tf * (K1 + 1) / (tf + K1), 2) for one, tf in found.items()}
    return weighed | concepts
