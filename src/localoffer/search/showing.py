"""What the page of find help shows of a question and its answer: tabs, chips, filters, ways on."""

import re
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode

from localoffer.directory.days import NAMES as DAYS
from localoffer.places.lookup import Place
from localoffer.search import wording
from localoffer.search.answering import OF_SERVICES, WORDS, Answer, order_of
from localoffer.search.asking import (
    BEST,
    EVERYTHING,
    GUIDES,
    LIST,
    MAP,
    MILES,
    NEAREST,
    OLDEST,
    SERVICES,
    Question,
)
from localoffer.search.facts import Terms


@dataclass(frozen=True, slots=True)
class Link:
    """A way from this page to another answer. ``current``: it is what is shown now."""

    text: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A box to tick or a line to choose, with how many results it would give."""

    value: str
    text: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Meanings:
    """An abbreviation, and a search for each thing that it stands for."""

    abbreviation: str
    options: list[tuple[Link, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything of the page that follows from the question and its answer."""

    question: Question
    answer: Answer
    terms: Terms

    @property
    def place(self) -> Place | None:
        return self.answer.place

    @property
    def total(self) -> str:
        """What was found, in words, with what it was found for."""
        one, many = {
            EVERYTHING: ("result", ""),
            SERVICES: ("service", ""),
            GUIDES: ("guide or news page", "guides and news pages"),
        }[self.question.what]
        if self.nothing:
            found = "nothing found"
        else:
            found = wording.number(len(self.answer.rows), one, many)
        found = _capital(found)
        if self.question.words:
            found += f" for “{self.question.words}”"
        if self.place and self.question.postcode:
            found += f" near {self.place}"
        return found

    @property
    def nothing(self) -> bool:
        return not self.answer.rows

    @property
    def any(self) -> bool:
        """Whether there is anything of one kind or another."""
        return any(self.answer.kinds.values())

    @property
    def only_guides(self) -> bool:
        """Whether filters about services have no say."""
        return self.question.what == GUIDES

    @property
    def kinds(self) -> list[Link]:
        """Everything, services, or guides and news."""
        names = {EVERYTHING: "Everything", SERVICES: "Services", GUIDES: "Guides and news"}
        return [
            self._link(name, self.answer.kinds[what], what=what) for what, name in names.items()
        ]

    @property
    def guides(self) -> Link | None:
        """Guides and news that are only left out because a filter is about services."""
        count = self.answer.kinds[GUIDES]
        if not self.answer.guides_aside or not count:
            return None
        return self._link(
            wording.number(count, "guide or news page", "guides and news pages"), what=GUIDES
        )

    @property
    def weaker(self) -> Link | None:
        """What matches less well, where it is not shown; or, where it is, the way back."""
        if self.question.weaker:
            return self._link("Show only the best matches", weaker=False)
        if self.answer.weaker and not self.answer.shows_weaker:
            count = self.answer.weaker
            text = f"Show {count} weaker match{'' if count == 1 else 'es'}"
            return self._link(text, weaker=True)
        return None

    @property
    def all_weaker(self) -> bool:
        """Whether nothing matches closely."""
        return not self.nothing and not self.answer.rows[0].close

    @property
    def exactly(self) -> str:
        return self.question.but(exactly=True)

    @property
    def with_spelling(self) -> str:
        return self.question.but(exactly=False)

    @property
    def meanings(self) -> list[Meanings]:
        """For each abbreviation that stands for several things, what it may be."""
        return [
            Meanings(
                choice.abbreviation,
                [
                    (
                        Link(name, self.question.asking(self._saying(choice.abbreviation, name))),
                        plain,
                    )
                    for _, name, plain in choice.options
                ],
            )
            for choice in self.answer.choices
        ]

    def _saying(self, abbreviation, name):
        """The words of the question with this name in the place of its abbreviation."""
        whole = rf"(?<!\w){re.escape(abbreviation)}s?(?!\w)"
        return re.sub(whole, lambda _: name, self.question.words, count=1, flags=re.IGNORECASE)

    @property
    def understood(self) -> list[Link]:
        """What the words said besides what to look for, with a link to take each as words."""
        asked = self.question
        kinds: dict[str, list[str]] = {}
        for chip in self.answer.understood.chips:
            kinds.setdefault(chip.kind, []).append(chip.text)
        return [
            Link(_capital(", ".join(dict.fromkeys(texts))), asked.ignoring(kind))
            for kind, texts in kinds.items()
        ]

    @property
    def all_understood(self) -> str:
        """The query in which what the words say is not only words."""
        return self.question.but(ignore=())

    @property
    def missing(self) -> str:
        """The form that tells us what there should be, with the words that found nothing."""
        carried = {"kind": "missing"}
        if self.question.words:
            carried["looked_for"] = self.question.words
        return f"{reverse('feedback:give')}?{urlencode(carried)}"

    @property
    def orders(self) -> list[Link]:
        """Best match or nearest first, where there is a place to be near to."""
        if not self.place:
            return []
        now = order_of(self.question, self.place)
        return [
            replace(self._link("Best match", sort=BEST), current=now == BEST),
            replace(self._link("Nearest", sort=NEAREST), current=now == NEAREST),
        ]

    @property
    def views(self) -> list[Link]:
        return [self._link("List", view=LIST), self._link("Map", view=MAP)]

    @property
    def chips(self) -> list[Link]:
        """Each filter in use, with a link to the same question without it."""
        asked = self.question
        chips = [
            Link(self.terms.needs[code], asked.but(needs=_less(asked.needs, code)))
            for code in asked.needs
        ]
        if asked.ages:
            chips.append(Link(_capital(wording.years(asked.ages)), asked.but(ages=None)))
        if asked.free:
            chips.append(Link("Free", asked.but(free=False)))
        chips += [Link(DAYS[code], asked.but(days=_less(asked.days, code))) for code in asked.days]
        if asked.miles and self.place:
            text = f"Within {wording.number(asked.miles, 'mile')}"
            chips.append(Link(text, asked.but(miles=None)))
        chips += [
            Link(self.terms.types[code], asked.but(types=_less(asked.types, code)))
            for code in asked.types
        ]
        return chips

    @property
    def cleared(self) -> str:
        return self.question.without_filters().query

    @property
    def without_distance(self) -> str:
        return self.question.but(miles=None)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the form sends besides what people see in it."""
        kept = {"ignore", "sort", "what", "view"} | (OF_SERVICES if self.only_guides else set())
        return [pair for pair in self.question.pairs if pair[0] in kept]

    @property
    def needs(self) -> list[Option]:
        return self._options("need", self.terms.needs, self.question.needs)

    @property
    def types(self) -> list[Option]:
        return self._options("type", self.terms.types, self.question.types)

    @property
    def days(self) -> list[Option]:
        return self._options("day", DAYS, self.question.days)

    @property
    def free(self) -> Option:
        return Option("free", "Free", self.answer.counts["cost"]["free"], self.question.free)

    @property
    def ages(self) -> list[Option]:
        """Every age in years; and the ages asked for, where those are more than one."""
        counts, ages = self.answer.counts["age"], self.question.ages
        options = [
            Option(
                str(age), "Under 1" if age == 0 else str(age), counts[age, age], ages == (age, age)
            )
            for age in range(OLDEST + 1)
        ]
        if ages and ages[0] != ages[1]:
            text = f"{ages[0]} to {ages[1]}"
            options.insert(0, Option(self.question.age, text, None, chosen=True))
        return options

    @property
    def distances(self) -> list[Option]:
        counts = self.answer.counts["distance"]
        return [
            Option(str(far), wording.number(far, "mile"), counts[far], far == self.question.miles)
            for far in MILES
            if self.place
        ]

    @property
    def looser(self) -> list[Link]:
        """The same question without one of the things asked for, where that finds something."""
        asked = self.question
        ways = {
            WORDS: (f"without “{asked.words}”", asked.but(words="", sort="")),
            "need": ("with any need", asked.but(needs=())),
            "age": ("at any age", asked.but(ages=None)),
            "cost": ("at any cost", asked.but(free=False)),
            "day": ("on any day", asked.but(days=())),
            "distance": ("at any distance", asked.but(miles=None)),
            "type": ("of any kind", asked.but(types=())),
        }
        return [
            Link(_capital(ways[name][0]), ways[name][1], count)
            for name, count in self.answer.loosened.items()
            if count
        ]

    def _link(self, text, count=None, **changes):
        changed = replace(self.question, **changes)
        return Link(text, changed.query, count, current=changed == self.question)

    def _options(self, name, labels, chosen):
        counts = self.answer.counts[name]
        return [
            Option(code, label, counts[code], code in chosen)
            for code, label in labels.items()
            if counts[code] or code in chosen
        ]


def _less(codes, code):
    return tuple(other for other in codes if other != code)


def _capital(text):
    return text[0].upper() + text[1:]
