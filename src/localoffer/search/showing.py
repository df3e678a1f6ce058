"""What the page of find help shows of a question and its answer: tabs, chips, filters, ways on."""

from dataclasses import dataclass, replace

from localoffer.directory.days import NAMES as DAYS
from localoffer.places.lookup import Located
from localoffer.search import wording
from localoffer.search.answering import WORDS, Answer, order_of
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
from localoffer.search.words import typed

OTHER_WORDS = 6


@dataclass(frozen=True, slots=True)
class Link:
    """A way from this page to another answer. ``current``: it is what is shown now."""

    text: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A box to tick or a line to choose, with how many services it would give."""

    value: str
    text: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything of the page that follows from the question, its place and its answer."""

    question: Question
    answer: Answer
    place: Located | None
    terms: Terms

    @property
    def shows_guides(self) -> bool:
        """Whether the main list is guides and news: asked for, or there is nothing else."""
        if self.question.what == EVERYTHING:
            return not self.answer.services and bool(self.answer.guides)
        return self.question.what == GUIDES

    @property
    def total(self) -> str:
        """What was found, in words, with what it was found for."""
        services = wording.number(len(self.answer.services), "service")
        guides = wording.number(len(self.answer.guides), "guide or news page", "guides and news")
        if self.nothing and self.question.what == EVERYTHING:
            found = "nothing found"
        elif self.shows_guides:
            found = guides
        elif self.question.what == SERVICES or not self.answer.guides:
            found = services
        else:
            found = f"{services} and {guides}"
        found = found[0].upper() + found[1:]
        if self.question.words:
            found += f" for “{self.question.words}”"
        if self.place:
            found += f" near {self.place}"
        return found

    @property
    def nothing(self) -> bool:
        return not (self.answer.guides if self.shows_guides else self.answer.services)

    @property
    def kinds(self) -> list[Link]:
        """Everything, services, or guides and news."""
        asked = self.question
        services, guides = len(self.answer.services), len(self.answer.guides)
        counted = asked.words or asked.needs or asked.what == GUIDES
        return [
            self._link("Everything", services + guides if counted else None, what=EVERYTHING),
            self._link("Services", services, what=SERVICES),
            self._link("Guides and news", guides if counted else None, what=GUIDES),
        ]

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
    def all_guides(self) -> str:
        return self.question.but(what=GUIDES)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the form sends besides what people see in it."""
        return [pair for pair in self.question.pairs if pair[0] in {"sort", "what", "view"}]

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

    @property
    def single_words(self) -> list[Link]:
        """Each of the words alone, where there is more than one."""
        words = typed(self.question.words, most=OTHER_WORDS)
        if len(words) < 2:
            return []
        return [Link(word, self.question.but(words=word)) for word in words if len(word) > 3]

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
