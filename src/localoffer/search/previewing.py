"""What a change of words would change, before it is saved: tried for real, and taken back.

The words are saved, what they touch is analysed again and the search is asked, all in one
transaction that is then undone. So the preview cannot differ from what happens after saving. It
holds other writers for as long as that takes, which is why words that stand almost everywhere
are not tried out.
"""

from copy import copy
from dataclasses import dataclass, field
from itertools import zip_longest

from django.db import transaction

from localoffer.search import actions, own_words
from localoffer.search.finding import find
from localoffer.search.models import OwnWords

FIRST = 10  # results that are shown
MOST_SEARCHES = 5  # words that are tried


@dataclass(frozen=True)
class Hit:
    """A result, as a line of the preview."""

    title: str
    url: str
    label: str


@dataclass(frozen=True)
class Search:
    """One word as a search: its first results as they are, and as they would be."""

    words: str
    before: list[Hit]
    after: list[Hit]

    @property
    def rows(self) -> list[tuple[Hit | None, Hit | None]]:
        """Place by place, what is there now and what would be."""
        return list(zip_longest(self.before, self.after))


@dataclass(frozen=True)
class Preview:
    """``gained`` and ``lost``: documents to which the subject comes, and from which it goes.

    ``too_many``: how many documents have the words, where that is too many to try.
    """

    gained: int = 0
    lost: int = 0
    searches: list[Search] = field(default_factory=list)
    too_many: int = 0


def preview(own: OwnWords) -> Preview:
    """What saving these words would change. Nothing is changed, ``own`` neither."""
    changed = own_words.changed(own)
    touched = own_words.documents_with(own.authority, changed).count()
    if touched > actions.MOST_AT_ONCE:
        return Preview(too_many=touched)
    tried = changed[:MOST_SEARCHES]
    before = [_first(own.authority, words) for words in tried]
    with transaction.atomic():
        change = actions.save_words(copy(own), by=None)
        after = [_first(own.authority, words) for words in tried]
        transaction.set_rollback(True)
    return Preview(
        gained=change.gained,
        lost=change.lost,
        searches=[
            Search(words, old, new) for words, old, new in zip(tried, before, after, strict=True)
        ],
    )


def _first(authority, words):
    found = find(authority=authority, words=words)
    return [
        Hit(match.entry.title, authority.root_url + match.entry.url, match.entry.label)
        for match in found.matches[:FIRST]
    ]
