"""What somebody may be about to type: topics, then guides and services by their titles, towns.

Titles are looked up as they now are; topics and towns are kept in memory (``kept``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from localoffer.search import vocabulary
from localoffer.search.analysis import concept_token
from localoffer.search.kept import Kept
from localoffer.search.matching import matcher
from localoffer.search.models import IndexState, SearchDocument, TitleStart
from localoffer.search.words import WORD, fold

TOPICS, TITLES, PLACES = 3, 4, 2  # at most of each, while there are enough of the others
LONGEST_TYPED = 60
LOOKED_AT = 40  # rows of titles: a service may be listed several times under one name
LOOKED_THROUGH = 300  # rows that begin with the first word, where not all words stand together
LAST = "\U0010ffff"  # comes after every letter
KINDS = {"service": "service"}  # all else is a page


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``kind``: topic, page, service or place. ``url_or_query``: where it is, or what to ask."""

    kind: str
    text: str
    url_or_query: str


def suggest(authority, text: str, limit: int = 8) -> list[Suggestion]:
    """What begins with what was typed, at the beginning of any of its words; topics first."""
    typed = WORD.findall(fold(text[:LONGEST_TYPED]))
    if not typed or limit < 1:
        return []
    groups = [
        (_topics(authority, typed, limit), TOPICS),
        (_titles(authority, typed, limit), TITLES),
        (_places(authority, typed, limit), PLACES),
    ]
    spare = limit - sum(min(len(found), share) for found, share in groups)
    chosen = []
    for found, share in groups:
        more = max(0, min(len(found) - share, spare))
        spare -= more
        chosen += found[: share + more]
    return chosen[:limit]


def _topics(authority, typed, limit):
    """One for each concept, by its name or else the form that begins with what was typed.

    The concept that more things are about comes first; one that nothing is about is left out.
    """
    begin = " ".join(typed)
    _, documents = matcher().document_frequencies()
    found = {}
    for form in forms_of(authority):
        at = form.words.find(begin)
        inside = at > 0
        if at < 0 or (inside and form.words[at - 1] != " "):
            continue
        about = documents.get(concept_token(form.code), 0)
        rank = (inside, form.hidden, -about, not form.named, len(form.words), form.text)
        if about and (form.code not in found or rank < found[form.code]):
            found[form.code] = rank
    texts = dict.fromkeys(rank[-1] for rank in sorted(found.values()))
    return [
        Suggestion("topic", f"{text[0].upper()}{text[1:]}", text) for text in list(texts)[:limit]
    ]


class Form(NamedTuple):
    """A way to say a concept, folded, and what is shown for it: its name if it is ``hidden``.

    ``named``: whether it is the name itself.
    """

    words: str
    code: str
    text: str
    hidden: bool
    named: bool


def forms_of(authority) -> list[Form]:
    """Every way to say a concept of this authority."""
    return _forms.get(authority)


def _make_forms(authority) -> list[Form]:
    forms = []
    for code, concept in vocabulary.thesaurus_of(authority).concepts.items():
        for text in (concept.name, *concept.words):
            named = text == concept.name
            hidden = not named and text not in concept.shown
            words = " ".join(WORD.findall(fold(text)))
            forms.append(Form(words, code, concept.name if hidden else text, hidden, named))
    return forms


def _titles(authority, typed, limit):
    starts = TitleStart.objects.for_authority(authority).order_by("start", "document")
    columns = ["document__title", "document__kind", "document__url"]
    begin = " ".join(typed)
    rows = list(_beginning(starts, begin).values_list(*columns)[:LOOKED_AT])
    if not rows and len(typed) > 1:
        first, *others = typed
        some = _beginning(starts, first).values_list(*columns)[:LOOKED_THROUGH]
        rows = [row for row in some if _holds(row[0], others)]
    found = {}
    for title, kind, url in rows:
        found.setdefault(fold(title), Suggestion(KINDS.get(kind, "page"), title, url))
    return list(found.values())[:limit]


def _beginning(starts, text):
    return starts.filter(start__gte=text, start__lt=text + LAST)


def _holds(title: str, beginnings: Iterable[str]) -> bool:
    words = WORD.findall(fold(title))
    return all(any(word.startswith(one) for word in words) for one in beginnings)


def _places(authority, typed, limit):
    begin = " ".join(typed)
    found = [name for folded, name in _towns.get(authority) if folded.startswith(begin)]
    return [Suggestion("place", name, f"in {name}") for name in found[:limit]]


def _make_towns(authority) -> list[tuple[str, str]]:
    """The towns in which an authority has something to go to, folded and as written, A to Z."""
    rows = SearchDocument.objects.for_authority(authority).exclude(spots=[])
    towns = {}
    for spots in rows.order_by("pk").values_list("spots", flat=True):
        for _easting, _northing, _name, town, *_rest in spots:
            towns.setdefault(" ".join(WORD.findall(fold(town))), town)
    return sorted((folded, town) for folded, town in towns.items() if folded)


_forms: Kept[list[Form]] = Kept(_make_forms, of=IndexState.Of.THESAURUS, exact=True)
_towns: Kept[list[tuple[str, str]]] = Kept(_make_towns, of=IndexState.Of.INDEX)
