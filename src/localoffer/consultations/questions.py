"""The questions of a survey as one document: plain values, so that a version can be frozen.

A question and an option have a code that is random, never made from their words and never used
again: words may be put right without an answer losing its question. A document is data that an
officer made; reading one checks its shape, and ``linting`` whether it may be published.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.db.models import TextChoices

from localoffer.authority.references import SYMBOLS

SHAPE = 1  # of the document: raised when its form changes
MOST_QUESTIONS = 100
MOST_OPTIONS = 50
LONGEST_LINE = 200
LONGEST_TEXT = 5_000


class Kind(TextChoices):
    SINGLE = "single", "Choose one"
    MULTIPLE = "multiple", "Choose several"
    SCALE = "scale", "A scale, for one or more statements"
    LONG = "long", "Their own words, several lines"
    TEXT = "text", "Their own words, one line"
    NUMBER = "number", "A number"
    DATE = "date", "A date"
    RANKING = "ranking", "Put in order"
    POSTCODE = "postcode", "Postcode, kept as an area only"


WITH_OPTIONS = {Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.RANKING}
WORDS = {Kind.TEXT, Kind.LONG}
AGREEMENT = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree"]
AGREEMENT += ["Strongly disagree"]


class BadDocumentError(ValueError):
    """What is stored is not a document of questions."""


@dataclass(frozen=True)
class Option:
    """One thing to choose, or one statement of a scale.

    ``source``: its name in the form of other software that it came from.
    """

    code: str
    label: str
    source: str = ""


@dataclass(frozen=True)
class Question:
    """One question, asked on a page of its own.

    ``only_if``: the rule under which it is asked (``rules``). ``none``: the code of the option that
    means none of the others. ``sensitive``: the answer says something about health or the like.
    ``publish``: whether its table may be among the results. ``least``, ``most``: of a number.
    ``other``: the code of the option beside which people say which. ``construct``: questions of
    several surveys that ask the same have the same one, and one table. ``apart``: versions with
    coarser choices have a table of their own. ``source``: its name in the form of other software
    that it came from.
    """

    code: str
    kind: Kind
    text: str
    hint: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    statements: tuple[Option, ...] = ()
    none: str = ""
    only_if: dict | None = None
    sensitive: bool = False
    publish: bool = True
    least: int | None = None
    most: int | None = None
    other: str = ""
    construct: str = ""
    apart: bool = False
    source: str = ""

    def label_of(self, code: str) -> str:
        """The words of an option or statement; its code where there is none such."""
        found = (each.label for each in (*self.options, *self.statements) if each.code == code)
        return next(found, code)

    @property
    def option_codes(self) -> set[str]:
        return {option.code for option in self.options}


class VariantKind(TextChoices):
    EASY_READ = "easy_read", "Easy Read"
    YOUNG = "young", "For young people"
    LARGE = "large_print", "Large print"
    BSL = "bsl", "British Sign Language"
    LANGUAGE = "language", "Another language"
    PAPER = "paper", "Paper"


STANDARD = "standard"


@dataclass(frozen=True)
class Choice:
    """One thing to choose in a version, and the options of the question that it stands for.

    One that stands for a single option has the code of that option, so that the answer is the same
    in every version. ``least``, ``most``: where a number is typed, the range that is this choice.
    """

    code: str
    label: str
    stands_for: tuple[str, ...] = ()
    picture: int | None = None
    alt: str = ""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Wording:
    """One question as a version asks it. What is empty is as in the standard version.

    ``assumed``: the option that is taken for the answer where the question is left out, and
    ``because`` why. ``picture`` and ``video`` are keys in the libraries of the site.
    """

    code: str
    left_out: bool = False
    assumed: str = ""
    because: str = ""
    text: str = ""
    hint: str = ""
    kind: str = ""
    choices: tuple[Choice, ...] = ()
    statements: tuple[Option, ...] = ()
    picture: int | None = None
    alt: str = ""
    video: int | None = None


@dataclass(frozen=True)
class Variant:
    """A version of a survey for people who are asked in another way. It has the same questions."""

    code: str
    kind: VariantKind
    language: str = ""
    introduction: str = ""
    wordings: tuple[Wording, ...] = ()

    def wording(self, code: str) -> Wording:
        """How it asks a question; as in the standard version where nothing was written."""
        return next((each for each in self.wordings if each.code == code), Wording(code))

    def with_wording(self, wording: Wording) -> "Variant":
        others = tuple(each for each in self.wordings if each.code != wording.code)
        kept = (wording,) if wording != Wording(wording.code) else ()
        return replace(self, wordings=(*others, *kept))


@dataclass(frozen=True)
class Document:
    """The questions of a survey, in the order in which they are asked, and its versions."""

    questions: tuple[Question, ...] = field(default=())
    variants: tuple[Variant, ...] = field(default=())

    def __iter__(self):
        return iter(self.questions)

    def __len__(self):
        return len(self.questions)

    def question(self, code: str) -> Question | None:
        return next((each for each in self.questions if each.code == code), None)

    def position(self, code: str) -> int:
        """Where it stands, from 0. Raises KeyError."""
        for number, each in enumerate(self.questions):
            if each.code == code:
                return number
        raise KeyError(code)

    def before(self, code: str) -> tuple[Question, ...]:
        """The questions asked before one: what a rule on it may refer to."""
        return self.questions[: self.position(code)]

    def with_question(self, question: Question) -> "Document":
        """The same with a question in place of the one of its code, or at the end."""
        if self.question(question.code) is None:
            return replace(self, questions=(*self.questions, question))
        return replace(
            self,
            questions=tuple(
                question if each.code == question.code else each for each in self.questions
            ),
        )

    def without(self, code: str) -> "Document":
        """The same with a question taken out, and its words in every version."""
        return Document(
            tuple(each for each in self.questions if each.code != code),
            tuple(each.with_wording(Wording(code)) for each in self.variants),
        )

    def moved(self, code: str, by: int) -> "Document":
        """The same with one question nearer the start (-1) or the end (1), where there is room."""
        order = list(self.questions)
        here = self.position(code)
        there = here + by
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
        return replace(self, questions=tuple(order))

    def variant(self, code: str) -> Variant | None:
        return next((each for each in self.variants if each.code == code), None)

    def with_variant(self, variant: Variant) -> "Document":
        """The same with a version in place of the one of its code, or after the others."""
        if self.variant(variant.code) is None:
            return replace(self, variants=(*self.variants, variant))
        found = (variant if each.code == variant.code else each for each in self.variants)
        return replace(self, variants=tuple(found))

    def without_variant(self, code: str) -> "Document":
        return replace(self, variants=tuple(each for each in self.variants if each.code != code))

    @property
    def pictures(self) -> set[int]:
        """The keys of all pictures in its versions."""
        wordings = [each for variant in self.variants for each in variant.wordings]
        beside = [each.picture for each in wordings]
        beside += [choice.picture for each in wordings for choice in each.choices]
        return {key for key in beside if key}

    @property
    def videos(self) -> set[int]:
        """The keys of all films in its versions."""
        return {w.video for variant in self.variants for w in variant.wordings if w.video}

    def as_json(self) -> dict[str, Any]:
        return {
            "shape": SHAPE,
            "questions": [asdict(each) for each in self.questions],
            "variants": [asdict(each) for each in self.variants],
        }


def new_code() -> str:
    """A code for a question or an option: random, so that nobody can read words into it."""
    return "".join(secrets.choice(SYMBOLS) for _ in range(6))


def options(labels: Iterable[str]) -> tuple[Option, ...]:
    """New options with these words."""
    return tuple(Option(new_code(), label) for label in labels)


def read(stored: Any) -> Document:
    """The document that is stored. Raises BadDocumentError for anything else."""
    try:
        if stored["shape"] != SHAPE:
            raise BadDocumentError(f"questions of shape {stored['shape']!r} cannot be read")
        return Document(
            tuple(_question(each) for each in stored["questions"]),
            tuple(_variant(each) for each in stored["variants"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadDocumentError(f"these are not questions: {error!r}") from error


def _question(stored):
    question = Question(**stored)
    return replace(
        question,
        kind=Kind(question.kind),
        options=tuple(Option(**each) for each in question.options),
        statements=tuple(Option(**each) for each in question.statements),
    )


def _variant(stored):
    variant = Variant(**stored)
    return replace(
        variant,
        kind=VariantKind(variant.kind),
        wordings=tuple(_wording(each) for each in variant.wordings),
    )


def _wording(stored):
    wording = Wording(**stored)
    choices = (Choice(**each) for each in wording.choices)
    return replace(
        wording,
        choices=tuple(replace(each, stands_for=tuple(each.stands_for)) for each in choices),
        statements=tuple(Option(**each) for each in wording.statements),
    )


def digest(stored: dict[str, Any]) -> str:
    """The hash by which a frozen document is known: of its values, however they are written."""
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
