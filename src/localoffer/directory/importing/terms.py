"""What other directories' words mean in our lists of needs, kinds of service and access."""

import hashlib
import tomllib
from functools import cache
from importlib import resources

from localoffer.taxonomy.models import Need, ServiceType


@cache
def _words():
    return tomllib.loads(_file().read_text())


def _file():
    return resources.files("localoffer.directory.sources") / "data" / "terms.toml"


@cache
def version() -> str:
    """Changes when the file does, so that the next import reads every record again."""
    return hashlib.sha256(_file().read_bytes()).hexdigest()[:8]


def access(words) -> list[str]:
    """Our codes for what a place has, in the order in which its source says it."""
    known = _words()["access"]
    found = [code for word in words for code in known.get(_plain(word), ())]
    return list(dict.fromkeys(found))


def unknown_access(words) -> list[str]:
    """The words about a place for which we have no code, as they came."""
    known = _words()["access"]
    return [word for word in words if _plain(word) not in known]


class Meanings:
    """The codes that exist today, looked up once an import."""

    def __init__(self):
        self.needs = _by_word("needs", Need)
        self.types = _by_word("types", ServiceType)

    def needs_of(self, terms) -> list[str]:
        return _codes(self.needs, terms)

    def types_of(self, terms) -> list[str]:
        return _codes(self.types, terms)


def _by_word(section, model):
    rows = dict(model.objects.values_list("code", "name"))
    by_word = {_plain(name): [code] for code, name in rows.items()}
    for word, codes in _words()[section].items():
        if existing := [code for code in codes if code in rows]:
            by_word[word] = existing
    return by_word


def _codes(by_word, terms):
    found = [code for term in terms for code in by_word.get(_plain(term.name), ())]
    return list(dict.fromkeys(found))


def _plain(word):
    return " ".join(word.lower().replace("\u2019", "'").split())
