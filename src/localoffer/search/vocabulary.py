"""The words that an authority searches with: the concepts of the taxonomy."""

from localoffer.search.kept import Kept
from localoffer.search.models import IndexState
from localoffer.search.thesaurus import ConceptWords, Thesaurus
from localoffer.taxonomy.models import Concept


def thesaurus_of(authority) -> Thesaurus:
    """The thesaurus of one authority."""
    return _kept.get(authority)


def _make(authority):
    concepts = Concept.objects.current().prefetch_related("words")
    return Thesaurus(
        ConceptWords(
            concept.code,
            concept.name,
            concept.plain,
            concept.ambiguous,
            tuple(word.text for word in concept.words.all()),
            tuple(word.text for word in concept.words.all() if word.shown),
        )
        for concept in concepts
    )


_kept: Kept[Thesaurus] = Kept(_make, of=IndexState.Of.THESAURUS, exact=True)
