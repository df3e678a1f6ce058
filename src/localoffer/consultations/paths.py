"""Which questions a person is asked, in what order: it follows from the survey and the answers.

Worked out anew on every request, from the start. An answer to a question that is no longer asked
stays in the draft, so that going back brings it back; it counts for no rule and is never sent.
"""

from typing import Any

from localoffer.consultations import rules, variants
from localoffer.consultations.questions import Document, Question, Variant

Answers = dict[str, Any]


def path(
    document: Document, answers: Answers, *, audience: str = "", variant: Variant | None = None
) -> list[Question]:
    """The questions to ask, given the answers so far, as a version of the survey asks them."""
    kind = variants.kind(variant)
    shown = {each.code: each for each in variants.shown(document, variant)}
    known = variants.counted(document, variant, answers)
    asked: list[Question] = []
    counted: Answers = {}
    for question in document:
        if rules.holds(question.only_if, counted, audience=audience, variant=kind):
            if question.code in shown:
                asked.append(shown[question.code])
            if question.code in known:
                counted[question.code] = known[question.code]
    return asked


def sent(
    document: Document, answers: Answers, *, audience: str = "", variant: Variant | None = None
) -> Answers:
    """The answers that are sent: of the questions asked, those that say something."""
    given = {
        question.code: answers[question.code]
        for question in path(document, answers, audience=audience, variant=variant)
        if answers.get(question.code) not in (None, "", [], {})
    }
    kept = variants.sent(document, variant, given)
    return {code: value for code, value in kept.items() if value not in (None, "", [], {})}


def first_unmet(asked: list[Question], answers: Answers) -> Question | None:
    """The first question not yet reached, or that must be answered and is not."""
    for question in asked:
        if question.code not in answers:
            return question
        if question.required and answers[question.code] in (None, "", [], {}):
            return question
    return None


def reachable(asked: list[Question], answers: Answers, code: str) -> bool:
    """Whether somebody may be on the page of a question: it is asked, and none before is unmet."""
    unmet = first_unmet(asked, answers)
    codes = [question.code for question in asked]
    if code not in codes:
        return False
    return unmet is None or codes.index(code) <= codes.index(unmet.code)
