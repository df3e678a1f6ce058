"""Facts in what people type: an age, a place, a day, free, what they do not want. Pure.

What is understood moves results up and down, and is shown as something that can be taken off
again. It hides nothing.
"""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple

from localoffer.places.lookup import Place
from localoffer.search import ages
from localoffer.search.analysis import STOP_WORDS, words
from localoffer.search.thesaurus import PASSED_OVER, Thesaurus
from localoffer.search.towns import ALSO_WORDS, Gazetteer

AGE, PLACE, COST, DAY, WITHOUT, AUDIENCE = "age", "place", "cost", "day", "without", "audience"
KINDS = (AGE, PLACE, COST, DAY, WITHOUT, AUDIENCE)
LONGEST = 400  # characters: nobody asks for so much, and the rest is not looked at


@dataclass(frozen=True, slots=True)
class Chip:
    """Something understood, to show and to take off.

    ``span_text``: the very words that said it, as they were typed.
    """

    kind: str
    text: str
    span_text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What somebody said besides what it is about.

    ``ages``: first and last whole year. ``days``: MO to SU. ``without``: words for what is not
    wanted. ``audience``: codes of those it should be for. ``rest``: the words left to look for.
    ``facts``: the places in ``rest`` of words that say a fact too, such as "saturday".
    """

    ages: tuple[int, int] | None = None
    place: Place | None = None
    free: bool = False
    days: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    facts: frozenset[int] = frozenset()
    chips: tuple[Chip, ...] = ()


def _pattern(text):
    return re.compile(text, re.IGNORECASE)


# Folding takes these out of a word, so that they do not end it.
INSIDE = "'\u2019\u02bc" + "".join(filter(unicodedata.combining, map(chr, range(0x300, 0x20000))))
TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{INSIDE}])*")
NEARBY = r"(?:(?:(?:near|close)(?: to)?|nearby|around|round|in|at|by|from|within)\s+)"
POSTCODE = _pattern(
    rf"\b(?P<cue>{NEARBY})?(?P<code>[a-z]{{1,2}}\d[a-z\d]?(?:\s{{0,3}}\d[a-z]{{2}})?)\b"
)
CUES = frozenset({"in", "near", "nearby", "around", "round", "at", "by", "from", "within"})
FREE = _pattern(
    r"(?<![\w'-])(?:for |totally |completely )?free(?: of charge)?\b"
    r"(?![\s-]*(?:time|school|from|range|speech))"
    r"|\b(?:no|without|zero) (?:cost|charge|fee)s?\b|\bcosts? nothing\b"
)
DAYS = {
    "MO": ("Monday", r"mondays?|mon"),
    "TU": ("Tuesday", r"tuesdays?|tues"),
    "WE": ("Wednesday", r"wednesdays?|weds"),
    "TH": ("Thursday", r"thursdays?|thurs?"),
    "FR": ("Friday", r"fridays?|fri"),
    "SA": ("Saturday", r"saturdays?"),
    "SU": ("Sunday", r"sundays?"),
}
WEEKEND, WEEK = ("SA", "SU"), ("MO", "TU", "WE", "TH", "FR")
DAY = "day"
DAY_SAID = _pattern(
    "|".join(rf"(?P<{code}>\b(?:{names})\b)" for code, (_, names) in DAYS.items())
    + r"|(?P<weekend>\bweek[\s-]?ends?\b)|(?P<week>\bweek[\s-]?days?\b)"
)
NOT_JUST_BEFORE = _pattern(r"\b(?:not|except|excluding)\s+(?:(?:on|at|in|for|the)\s+)*$")
# Words after which something is not wanted. "Not" alone is none of them: "not talking" is a need.
REFUSAL = _pattern(
    r"\b(?:(?:but\s+)?not\s+(?:suitable\s+)?(?:for|including|an?|the|just|only)|but\s+not|excluding"
    r"|except(?:\s+for)?|apart\s+from|other\s+than|instead\s+of|without)\s+"
)
# "No friends" and "no school place" are needs; these are what a service may not ask for or have.
NEEDED = r"\s+(?:(?:is|are)\s+)?(?:needed|required|necessary)\b"
NOTHING_ASKED = _pattern(
    r"\b(?:no|without)\s+(?P<what>(?:(?:formal|autism|adhd|medical)\s+)?(?:referral|diagnosis"
    r"|assessment|booking|appointment|overnights?(?:\s+stays?)?|waiting(?:\s+(?:list|time)s?)?))\b"
    rf"(?:{NEEDED})?|\bno\s+(?P<need>[a-z]+(?:\s[a-z]+)?){NEEDED}"
)
MOST_REFUSED = 3  # words of what is not wanted
STAFF = (
    r"professionals?|practitioners?|teachers?|schools|teaching assistants?|sencos?|educators?"
    r"|(?:(?:school|nursery|early years) )?staff"
)
PARENTS = (
    r"parents?(?: carers?| and carers?)?|carers?|mums?|mothers?|dads?|fathers?|families"
    r"|grandparents?"
)
AUDIENCES = [
    (
        _pattern(
            rf"\bfor (?:{STAFF})\b|\b(?:teacher|staff|professional|workforce|senco) training\b"
        ),
        ("schools", "health-care", "providers"),
        "For schools and professionals",
    ),
    (_pattern(rf"\bfor (?:{PARENTS})\b"), ("parents",), "For parents and carers"),
    (
        _pattern(r"\bfor (?:young people|young adults?|teens?|teenagers?|students?)\b"),
        ("young-people-16-25", "children-11-15"),
        "For young people",
    ),
]


class Span(NamedTuple):
    """A stretch of the text that says one thing. ``kept``: its words are still looked for."""

    start: int
    end: int
    kind: str
    label: str
    kept: bool
    value: object


class _Reader:
    """One text on its way to being understood."""

    def __init__(self, text, thesaurus):
        self.text = text
        self.tokens = []
        self.words = []  # folded, each with the place of its token
        for match in TOKEN.finditer(text):
            for word in words(match[0]):
                self.words.append(word)
                self.tokens.append((match.start(), match.end()))
        self.spans: list[Span] = []
        # A phrase of the thesaurus is about something: nothing inside it is a fact.
        self.phrases = []
        self.concepts = []
        for _, first, last in thesaurus.found(self.words):
            span = self.tokens[first][0], self.tokens[last][1]
            self.concepts.append(span)
            if last > first:
                self.phrases.append(span)

    def free(self, start, end, *, within=()):
        """Whether nothing was said yet by this stretch, nor by one of those ``within`` it lies."""
        taken = [(span.start, span.end) for span in self.spans]
        return all(end <= first or start >= last for first, last in [*taken, *within])

    def say(self, start, end, kind, label, value, *, kept):
        self.spans.append(Span(start, end, kind, label, kept, value))

    def in_order(self):
        return sorted(self.spans, key=lambda span: (span.start, span.end))

    def values(self, kind):
        return [span.value for span in self.in_order() if span.kind == kind]

    def rest(self):
        """The words that are left, in their order, and the places of those that say a fact too."""
        left, facts = [], set()
        for word, (start, end) in zip(self.words, self.tokens, strict=True):
            over = [span for span in self.spans if span.start < end and start < span.end]
            if all(span.kept for span in over):
                if over:
                    facts.add(len(left))
                left.append(word)
        return tuple(left), frozenset(facts)

    def chips(self):
        shown = {}
        for span in self.in_order():
            chip = Chip(span.kind, span.label, self.text[span.start : span.end].strip())
            shown.setdefault((chip.kind, chip.text), chip)
        return tuple(shown.values())


def understand(
    text: str,
    *,
    places: Gazetteer,
    thesaurus: Thesaurus | None = None,
    ignore: Container[str] = frozenset(),
) -> Understood:
    """What a few words say.

    ``text``: in the normal form NFKC, in which a letter is a letter (see ``asking.tidy``).
    ``ignore``: the kinds of chip that the person took off; their words are words again. Nothing
    that lies inside a phrase of the ``thesaurus`` is taken for a fact.
    """
    reader = _Reader(text[:LONGEST], thesaurus or Thesaurus())
    for kind, read in READERS:
        if kind not in ignore:
            read(reader, places)
    said = reader.values(AGE)
    rest, facts = reader.rest()
    days = {day for several in reader.values(DAY) for day in several}
    return Understood(
        ages=ages.together(said),
        place=next(iter(reader.values(PLACE)), None),
        free=bool(reader.values(COST)),
        days=tuple(day for day in DAYS if day in days),
        without=tuple(dict.fromkeys(word for some in reader.values(WITHOUT) for word in some)),
        audience=tuple(dict.fromkeys(code for some in reader.values(AUDIENCE) for code in some)),
        rest=rest,
        facts=facts,
        chips=reader.chips(),
    )


def _read_postcode(reader, places):
    for match in POSTCODE.finditer(reader.text):
        start = match.start("code")
        if not reader.free(start, match.end(), within=reader.concepts):
            continue
        if place := places.postcode(match["code"]):
            reader.say(match.start(), match.end(), PLACE, f"Near {place}", place, kept=False)
            return


def _read_ages(reader, places):
    for said in ages.read(reader.text):
        if reader.free(said.start, said.end, within=() if said.kept else reader.phrases):
            label = ages.label(said.ages)
            reader.say(said.start, said.end, AGE, label, said.ages, kept=said.kept)


def _read_town(reader, places):
    if reader.values(PLACE):
        return
    at = 0
    while at < len(reader.words):
        found = places.town(reader.words, at)
        if found is None:
            at += 1
            continue
        town, size = found
        start, end = reader.tokens[at][0], reader.tokens[at + size - 1][1]
        cued = at > 0 and reader.words[at - 1] in CUES
        if _is_place(reader, at, size, start, end, cued=cued):
            first = reader.tokens[at - 1][0] if cued else start
            reader.say(first, end, PLACE, f"Near {town}", town, kept=False)
            return
        at += size


def _is_place(reader, at, size, start, end, *, cued):
    if not reader.free(start, end, within=reader.phrases):
        return False
    if size > 1 or reader.words[at] not in ALSO_WORDS or cued:
        return True
    return reader.text[:start].rstrip().endswith(",") or reader.text[end:].lstrip().startswith(",")


def _read_cost(reader, places):
    for match in FREE.finditer(reader.text):
        if reader.free(*match.span(), within=reader.phrases) and not NOT_JUST_BEFORE.search(
            reader.text[: match.start()]
        ):
            reader.say(*match.span(), COST, "Free", True, kept=False)


def _read_days(reader, places):
    for match in DAY_SAID.finditer(reader.text):
        if not reader.free(*match.span(), within=reader.phrases):
            continue
        name = match.lastgroup
        days = {"weekend": WEEKEND, "week": WEEK}.get(name, (name,))
        label = {"weekend": "At the weekend", "week": "Monday to Friday"}.get(name)
        start = match.start()
        if refused := NOT_JUST_BEFORE.search(reader.text[:start]):
            days = tuple(day for day in DAYS if day not in days)
            label = f"Not {label or DAYS[name][0]}"
            reader.say(refused.start(), match.end(), DAY, label, days, kept=False)
        else:
            reader.say(start, match.end(), DAY, label or f"On {DAYS[name][0]}", days, kept=True)


def _read_refusals(reader, places):
    for match in NOTHING_ASKED.finditer(reader.text):
        if reader.free(*match.span(), within=reader.phrases):
            what = match["what"] or match["need"]
            _refuse(reader, match.start(), match.end(), words(what))
    for match in REFUSAL.finditer(reader.text):
        if not reader.free(*match.span(), within=reader.phrases):
            continue
        refused, end = [], match.end()
        for word, (start, stop) in zip(reader.words, reader.tokens, strict=True):
            if start < match.end() or (not refused and word in PASSED_OVER):
                continue
            between = reader.text[end:start].strip() if refused else ""
            if word in STOP_WORDS or between or len(refused) == MOST_REFUSED:
                break
            if not reader.free(start, stop):
                break
            refused.append(word)
            end = stop
        if refused:
            _refuse(reader, match.start(), end, refused)


def _refuse(reader, start, end, refused):
    said = reader.text[start:end].strip()
    label = f"{said[:1].upper()}{said[1:]}"
    reader.say(start, end, WITHOUT, label, tuple(refused), kept=False)


def _read_audience(reader, places):
    for pattern, codes, label in AUDIENCES:
        for match in pattern.finditer(reader.text):
            reader.say(*match.span(), AUDIENCE, label, codes, kept=True)


READERS = [
    (PLACE, _read_postcode),
    (AGE, _read_ages),
    (PLACE, _read_town),
    (DAY, _read_days),
    (COST, _read_cost),
    (WITHOUT, _read_refusals),
    (AUDIENCE, _read_audience),
]
