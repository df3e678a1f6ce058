"""What people looked for, and what an authority did about it."""

from django.utils import timezone

from localoffer.authority.models import PublicItem
from localoffer.search import actions, asked
from localoffer.search.models import Gap, OwnWords


def make_asked(authority, words="respite", *, times=10, on=None, **fields):
    """So many searches for the same words, as the counter writes them."""
    tally = asked.key_of(authority=authority, words=words, **{"found": 9, "strong": 9, **fields})
    asked.add({tally: times}, on=on)


def make_gap(authority, **fields):
    return Gap.objects.create(authority=authority, **{"words": "swimming hoist", **fields})


def make_public_item(authority, *, title="Hydrotherapy pool", **fields):
    defaults = {"kind": "page", "key": title, "url": "/pool/", "state": PublicItem.State.PUBLIC}
    return PublicItem.objects.create(
        authority=authority, title=title, changed=timezone.now(), **{**defaults, **fields}
    )


def make_own_words(authority, concept=None, **fields):
    """Words of an authority for a concept or, without one, for a subject of its own."""
    own = {} if concept else {"name": "Hedge hour", "plain": "Lessons in a hedge."}
    words = OwnWords(authority=authority, concept=concept, **own | fields)
    actions.save_words(words, by=None)
    return words
