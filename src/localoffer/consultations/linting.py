"""What stands between a survey and its publication."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from localoffer.consultations import rules, variants
from localoffer.consultations.questions import (
    MOST_OPTIONS,
    MOST_QUESTIONS,
    WITH_OPTIONS,
    Document,
    Kind,
    Question,
)


@dataclass(frozen=True)
class Problem:
    """Something to put right, and in which question; no code where it is in the whole.

    ``variant``: the version of the survey in which it is.
    """

    code: str
    words: str
    variant: str = ""


def problems(document: Document, *, audience: str = "") -> list[Problem]:
    """What must be put right before these questions can be asked. Empty when they can."""
    found = list(_whole(document))
    for question in document:
        found += [Problem(question.code, words) for words in _question(question)]
        audiences = {audience} if audience else set()
        told = rules.problems(question, document, audiences=audiences)
        found += [Problem(question.code, f"When it is asked: {words}") for words in told]
    found += [
        Problem(code, f"{variants.name(variant)}: {words}", variant.code)
        for variant, code, words in variants.problems(document)
    ]
    return found


def _whole(document) -> Iterator[Problem]:
    if not len(document):
        yield Problem("", "Add a question.")
    if len(document) > MOST_QUESTIONS:
        yield Problem("", f"There are more than {MOST_QUESTIONS} questions.")
    codes = Counter(question.code for question in document)
    yield from (Problem(code, "Its code is used twice.") for code, n in codes.items() if n > 1)


def _question(question: Question) -> Iterator[str]:
    if not question.text.strip():
        yield "Write the question."
    if question.kind in WITH_OPTIONS:
        yield from _choices(question)
    if question.kind == Kind.SCALE and not question.statements:
        yield "Write at least one statement."
    low, high = question.least, question.most
    if low is not None and high is not None and low > high:
        yield "The smallest number is larger than the largest."


def _choices(question: Question) -> Iterator[str]:
    if len(question.options) < 2:
        yield "Give at least two things to choose from."
    if len(question.options) > MOST_OPTIONS:
        yield f"Give at most {MOST_OPTIONS} things to choose from."
    every = [*question.options, *question.statements]
    for what, counted in [
        ("codes", Counter(each.code for each in every)),
        ("words", Counter(each.label.casefold() for each in question.options)),
    ]:
        if max(counted.values(), default=0) > 1:
            yield f"Two of its options have the same {what}."
    if question.none and question.none not in question.option_codes:
        yield "The option that means none of the others is gone."
    if question.other and question.other not in question.option_codes:
        yield "The option beside which people say which is gone."
