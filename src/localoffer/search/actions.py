"""What officers do about what people look for. The admin and the demonstration call these."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from wagtail.log_actions import log

from localoffer.search import indexing, own_words, vocabulary
from localoffer.search.analysis import concept_token
from localoffer.search.models import Gap, IndexState, OwnWords, SearchDocument

MOST_AT_ONCE = 2_000  # documents that a change may touch and still be analysed while one waits


@dataclass(frozen=True)
class Change:
    """What saving words did: to how many documents the subject came, and from how many it went.

    ``touched``: how many have the words in them. Where they are more than ``MOST_AT_ONCE`` nothing
    has come or gone yet: the tick does the work.
    """

    touched: int = 0
    gained: int = 0
    lost: int = 0


@transaction.atomic
def note_gap(*, authority, words, note="", by=None):
    """Note that something may be missing. Raises ValidationError if it is noted already."""
    gap = Gap(authority=authority, words=words, note=note)
    gap.full_clean()
    gap.save()
    log(gap, "wagtail.create", user=by)
    return gap


@transaction.atomic
def save_words(own: OwnWords, *, by) -> Change:
    """Save an authority's words for a subject, and let them find what they name.

    They must be right already (``own_words.problems``). Only documents of the authority that have
    words in them that were added or taken away are analysed again. Raises IntegrityError where
    another has just saved words for the same subject.
    """
    texts, is_new = own_words.changed(own), own.pk is None
    with _AnalysedAgain(own.authority, texts) as again:
        before = again.having(own.code)
        own.save()
        log(own, "wagtail.create" if is_new else "wagtail.edit", user=by)
    after = again.having(own.code)
    return Change(len(again.touched), gained=len(after - before), lost=len(before - after))


@transaction.atomic
def delete_words(own: OwnWords, *, by):
    """Take back all that an authority said of a subject; the words of the release stay."""
    with _AnalysedAgain(own.authority, own_words.all_of(own)):
        log(own, "wagtail.delete", user=by, deleted=True)
        own.delete()


class _AnalysedAgain:
    """Around a change of words: what has those words in it is analysed again at the end of it."""

    def __init__(self, authority, texts):
        self.authority = authority
        self.rows = own_words.documents_with(authority, texts)

    def __enter__(self):
        self.touched = list(self.rows.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        self.version = self._version()
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            return
        IndexState.objects.move(IndexState.Of.THESAURUS)
        if len(self.touched) > MOST_AT_ONCE:
            return  # every row is of another version than the thesaurus now, and the tick's to mend
        keys = defaultdict(list)
        for one, key in self._rows().values_list("kind", "key"):
            keys[one].append(key)
        for one, some in keys.items():
            indexing.changed(one, some)
        # The others would come out as they are: to them only the version is new.
        rest = SearchDocument.objects.for_authority(self.authority)
        rest.filter(analyser_version=self.version).update(analyser_version=self._version())

    def having(self, code) -> set[int]:
        """Those of the documents that are about a subject."""
        token = concept_token(code)
        return set(self._rows().holding(token).values_list("pk", flat=True))

    def _rows(self):
        return SearchDocument.objects.filter(pk__in=self.touched)

    def _version(self):
        return indexing.version_of(vocabulary.thesaurus_of(self.authority))
