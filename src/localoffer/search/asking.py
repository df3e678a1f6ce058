"""What somebody asked of find help, read from the address and written back to it. Pure."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode

from localoffer.directory.days import NAMES as DAYS
from localoffer.search import understanding

LONGEST = {"q": 200, "postcode": 30}  # characters worth reading
MILES = (1, 3, 5, 10, 20)
OLDEST = 25  # the law's last birthday but one (Children and Families Act 2014, section 83)
SERVICES, GUIDES, EVERYTHING = "services", "guides", "everything"
BEST, NEAREST = "best", "nearest"
LIST, MAP = "list", "map"

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
AGES = re.compile(r"^(\d{1,2})(?:-(\d{1,2}))?$", re.ASCII)
SHOWN_OF_IGNORED = 30


@dataclass(frozen=True)
class Question:
    """One search: words, a postcode as typed, filters and how to show what is found.

    ``ages``: first and last whole year that interest, or None. ``miles``: None for any distance.
    ``sort``: empty until somebody chose. ``exactly``: without mending the spelling. ``ignore``:
    kinds of what is understood from the words, which are then words like any other. ``weaker``:
    what matches less well too.
    """

    words: str = ""
    exactly: bool = False
    ignore: tuple[str, ...] = ()
    postcode: str = ""
    needs: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    free: bool = False
    days: tuple[str, ...] = ()
    miles: int | None = None
    types: tuple[str, ...] = ()
    sort: str = ""
    what: str = EVERYTHING
    weaker: bool = False
    view: str = LIST

    @property
    def age(self) -> str:
        """The ages as the address has them: ``4`` or ``5-10``."""
        if self.ages is None:
            return ""
        first, last = self.ages
        return str(first) if first == last else f"{first}-{last}"

    @property
    def asked(self) -> bool:
        """Whether anything was asked: if not, the page helps people to begin."""
        return self != Question(view=self.view)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The question as names and values, always in the same order, without what goes unsaid."""
        return [
            *([("q", self.words)] if self.words else []),
            *([("exactly", "1")] if self.exactly else []),
            *[("ignore", kind) for kind in self.ignore],
            *([("postcode", self.postcode)] if self.postcode else []),
            *[("need", code) for code in self.needs],
            *([("age", self.age)] if self.ages else []),
            *([("cost", "free")] if self.free else []),
            *[("day", code) for code in self.days],
            *([("distance", str(self.miles))] if self.miles else []),
            *[("type", code) for code in self.types],
            *([("sort", self.sort)] if self.sort else []),
            *([("what", self.what)] if self.what != EVERYTHING else []),
            *([("weaker", "1")] if self.weaker else []),
            *([("view", self.view)] if self.view != LIST else []),
        ]

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    def but(self, **changes) -> str:
        """The query of the same question with some of it changed."""
        return replace(self, **changes).query

    def ignoring(self, kind: str) -> str:
        """The query of the same question with one more kind of what was understood as words."""
        ignored = tuple(one for one in understanding.KINDS if one == kind or one in self.ignore)
        return self.but(ignore=ignored)

    def asking(self, words: str) -> str:
        """The query of the same question in other words, which nobody has said a thing about."""
        return self.but(words=words, exactly=False, ignore=(), weaker=False)

    def without_filters(self) -> "Question":
        """The same words, place and view, with no filter."""
        return Question(
            words=self.words,
            exactly=self.exactly,
            ignore=self.ignore,
            postcode=self.postcode,
            sort=self.sort,
            what=self.what,
            view=self.view,
        )


def read(
    data: QueryDict, *, needs: Collection[str], types: Collection[str]
) -> tuple[Question, list[str]]:
    """The question in an address, and the values in it that mean nothing, as ``name=value``.

    ``needs`` and ``types``: the codes there are. Whatever is in the address, there is a question:
    what cannot be read is left out.
    """
    ignored: list[str] = []

    def leave_out(name, value):
        ignored.append(f"{name}={value}"[:SHOWN_OF_IGNORED])

    def many(name, known):
        values = dict.fromkeys(tidy(value) for value in data.getlist(name))
        for value in values:
            if value and value not in known:
                leave_out(name, value)
        return tuple(value for value in known if value in values)

    def one(name, known, otherwise):
        value = tidy(data.get(name, ""))
        if value in known:
            return value
        if value and value != otherwise:
            leave_out(name, value)
        return otherwise

    ages = read_ages(age := tidy(data.get("age", "")))
    if age and ages is None and age != "any":
        leave_out("age", age)
    words = tidy(data.get("q", ""))[: LONGEST["q"]].strip()
    miles = one("distance", {str(number) for number in MILES}, "any")
    ignore = many("ignore", understanding.KINDS)
    exactly, weaker = (one(name, {"1"}, "") == "1" for name in ["exactly", "weaker"])
    return (
        Question(
            words=words,
            exactly=exactly and bool(words),
            ignore=ignore if words else (),
            postcode=tidy(data.get("postcode", ""))[: LONGEST["postcode"]].strip(),
            needs=many("need", needs),
            ages=ages,
            free=one("cost", {"free"}, "any") == "free",
            days=many("day", DAYS),
            miles=None if miles == "any" else int(miles),
            types=many("type", types),
            sort=one("sort", {BEST, NEAREST}, ""),
            what=one("what", {SERVICES, GUIDES}, EVERYTHING),
            weaker=weaker and bool(words),
            view=one("view", {MAP}, LIST),
        ),
        list(dict.fromkeys(ignored)),
    )


def read_ages(text: str) -> tuple[int, int] | None:
    """First and last whole year of ``4`` or ``5-10``; None for anything that is not an age."""
    found = AGES.match(text)
    if not found:
        return None
    first = int(found[1])
    last = int(found[2] or first)
    return (first, last) if first <= last <= OLDEST else None


def tidy(text: str) -> str:
    """The text in the form NFKC, without control characters, lone surrogates, needless spaces."""
    text = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode())
    return " ".join(CONTROL.sub(" ", text).split())
