"""The words that an authority searches with. A plain stand-in: the concepts of the taxonomy."""

from dataclasses import dataclass

from localoffer.search.kept import Kept
from localoffer.search.models import IndexState
from localoffer.taxonomy.models import Concept


@dataclass(frozen=True, slots=True)
class ConceptWords:
    """A concept and the ways to say it. ``shown``: those among ``words`` fit to be shown."""

    code: str
    name: str
    words: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


class Thesaurus:
    """Concepts by their codes. ``version``: of whatever they hold."""

    def __init__(self, concepts):
        self.concepts = {concept.code: concept for concept in concepts}
        self.version = "1"


def thesaurus_of(authority) -> Thesaurus:
    """The thesaurus of one authority."""
    return _kept.get(authority)


def _make(authority):
    concepts = Concept.objects.current().prefetch_related("words")
    return Thesaurus(
        ConceptWords(
            concept.code,
            concept.name,
            tuple(word.text for word in concept.words.all()),
            tuple(word.text for word in concept.words.all() if word.shown),
        )
        for concept in concepts
    )


_kept: Kept[Thesaurus] = Kept(_make, of=IndexState.Of.THESAURUS, exact=True)
