"""When a question is asked: a small tree of conditions on the answers before it.

Stored as lists: ``["eq", CODE, OPTION]``, ``["in", CODE, [OPTION, …]]``, ``["contains", CODE,
OPTION]``, ``["answered", CODE]``, ``["lt" | "le" | "gt" | "ge", CODE, VALUE]``, ``["count", CODE,
"ge" | "le", NUMBER]``, ``["audience", CODE]``, ``["variant", KIND]``, ``["and" | "or", …]``,
``["not", …]``. Nothing else: no patterns, no code. Conditions refer to earlier questions only: no
survey goes round in circles.
"""

import operator
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import product
from typing import Any

from localoffer.consultations.answers import chosen
from localoffer.consultations.questions import STANDARD, Document, Kind, Question, VariantKind

DEEPEST = 8
MOST_NODES = 200
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
COMPARE_WORDS = {"lt": "less than", "le": "at most", "gt": "more than", "ge": "at least"}
# Conditions on whom is asked and how, not on an answer.
ABOUT_PERSON = {"audience", "variant"}
JOINS = {"and": all, "or": any}
# As many ways to answer as are tried to see whether a rule can ever be true.
MOST_TRIED = 20_000


class BadRuleError(ValueError):
    """It is not a rule; the words say why."""


def holds(
    rule: Any, answers: dict[str, Any], *, audience: str = "", variant: str = STANDARD
) -> bool:
    """Whether a rule is true of these answers. No rule is always true.

    ``variant``: the kind of version in which they are given.

    Raises BadRuleError for what is not a rule: ``problems`` says so before anything is published.
    """
    if rule is None:
        return True
    name, *rest = _node(rule)
    if name in JOINS:
        return JOINS[name](
            holds(each, answers, audience=audience, variant=variant) for each in rest
        )
    if name == "not":
        return not holds(rest[0], answers, audience=audience, variant=variant)
    if name in ABOUT_PERSON:
        return rest[0] == (audience if name == "audience" else variant)
    return _true_of(name, chosen(answers.get(rest[0])), rest[1:])


def _true_of(name, answer, rest):
    if answer in (None, "", [], {}):
        return False
    if name in COMPARE:
        return COMPARE[name](value_of(answer), value_of(rest[0]))
    return {
        "answered": lambda: True,
        "eq": lambda: answer == rest[0],
        "in": lambda: answer in rest[0],
        "contains": lambda: rest[0] in answer,
        "count": lambda: COMPARE[rest[0]](len(answer), rest[1]),
    }[name]()


def _node(rule):
    if not isinstance(rule, list | tuple) or not rule or not isinstance(rule[0], str):
        raise BadRuleError("A rule is a list that begins with the name of a condition.")
    wanted = {"answered": 2, "eq": 3, "in": 3, "contains": 3, "not": 2, "count": 4}
    wanted |= dict.fromkeys(ABOUT_PERSON, 2) | dict.fromkeys(COMPARE, 3)
    name = rule[0]
    if name in JOINS:
        if len(rule) < 2:
            raise BadRuleError(f"“{name}” joins nothing.")
    elif name not in wanted:
        raise BadRuleError(f"There is no condition “{name}”.")
    elif len(rule) != wanted[name]:
        raise BadRuleError(f"“{name}” is not complete.")
    return rule


def value_of(text):
    """A number or a day, of what is stored as text."""
    text = str(text)
    if text[4:5] == "-" and len(text) == 10:
        return date.fromisoformat(text).toordinal()
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise BadRuleError(f"“{text}” is neither a number nor a date.") from error


def nodes(rule: Any, depth: int = 1) -> Iterator[tuple[list, int]]:
    """Every condition of a rule, with how deep it lies. Raises BadRuleError."""
    if rule is None:
        return
    if depth > DEEPEST:
        raise BadRuleError(f"Conditions lie inside one another more than {DEEPEST} deep.")
    yield _node(rule), depth
    if rule[0] in JOINS or rule[0] == "not":
        for each in rule[1:]:
            yield from nodes(each, depth + 1)


def refers_to(rule: Any) -> set[str]:
    """The codes of the questions that a rule asks about."""
    plain = {*JOINS, "not", *ABOUT_PERSON}
    return {node[1] for node, _depth in nodes(rule) if node[0] not in plain}


def problems(question: Question, document: Document, *, audiences: set[str]) -> Iterator[str]:
    """What is wrong with the rule of a question, in words for the officer who made it."""
    rule = question.only_if
    if rule is None:
        return
    try:
        found = list(nodes(rule))
    except (BadRuleError, RecursionError) as error:
        yield str(error)
        return
    if len(found) > MOST_NODES:
        yield f"There are more than {MOST_NODES} conditions."
        return
    before = {each.code: each for each in document.before(question.code)}
    wrong = [
        problem
        for node, _depth in found
        if (problem := _problem(node, before, document, audiences))
    ]
    yield from dict.fromkeys(wrong)
    variants = {STANDARD, *(str(each.kind) for each in document.variants)}
    if not wrong and not _can_hold(rule, before, audiences, variants):
        yield "It can never be asked: no answers fit all its conditions."


def _problem(node, before, document, audiences):  # noqa: PLR0911  one for each kind
    name = node[0]
    if name in JOINS or name == "not":
        return ""
    if name == "audience":
        return "" if node[1] in audiences else "It asks about a group that this survey is not for."
    if name == "variant":
        known = {STANDARD, *(str(each.kind) for each in document.variants)}
        return "" if node[1] in known else "It asks about a version that this survey has not."
    asked = before.get(node[1])
    if asked is None:
        if document.question(node[1]) is None:
            return "It depends on a question that is gone."
        return "It depends on a question that comes later, or on itself."
    try:
        return _misfit(node, asked)
    except (TypeError, ValueError):
        return "A condition has a value that does not fit its question."


def _misfit(node, asked):
    name, rest = node[0], node[2:]
    fitting = {
        "eq": {Kind.SINGLE},
        "in": {Kind.SINGLE},
        "contains": {Kind.MULTIPLE},
        "count": {Kind.MULTIPLE},
        **{each: {Kind.NUMBER, Kind.DATE} for each in COMPARE},
    }
    if name in fitting and asked.kind not in fitting[name]:
        return f"A condition does not fit the kind of question of “{asked.text}”."
    named = {"eq": rest[:1], "contains": rest[:1], "in": rest[0] if name == "in" else []}
    if set(named.get(name, [])) - asked.option_codes:
        return f"It depends on an option of “{asked.text}” that is gone."
    if name == "count":
        if rest[0] not in COMPARE or not isinstance(rest[1], int):
            return "A condition has a value that does not fit its question."
    elif name in COMPARE:
        whole = str(rest[0])
        if (asked.kind == Kind.DATE) != (len(whole) == 10 and whole[4] == "-"):
            return f"A condition on “{asked.text}” needs a value of the same kind."
        value_of(whole)
    return ""


def _can_hold(rule, before, audiences, variants):
    """Whether some answers make it true, tried where there are few enough ways to answer.

    Answers that another rule forbids are not tried: a question that is itself not asked has none.
    """
    asked = [before[code] for code in sorted(refers_to(rule))]
    ways = [list(_ways(each, rule)) for each in asked]
    if "variant" not in {node[0] for node, _depth in nodes(rule)}:
        variants = {STANDARD}
    number = (len(audiences) or 1) * len(variants)
    for each in ways:
        number *= len(each)
    if number > MOST_TRIED:
        return True
    return any(
        _allowed(asked, answers, before, audience, variant)
        and holds(
            rule,
            dict(zip([each.code for each in asked], answers, strict=True)),
            audience=audience,
            variant=variant,
        )
        for audience in (audiences or {""})
        for variant in variants
        for answers in product(*ways)
    )


def _allowed(asked, answers, before, audience, variant):
    """Whether these answers may stand together: none to a question whose own rule is false."""
    known = dict(zip([each.code for each in asked], answers, strict=True))
    for each in asked:
        if known[each.code] is None or not refers_to(each.only_if) <= set(known):
            continue
        if not holds(each.only_if, known, audience=audience, variant=variant):
            return False
    return True


def _ways(question, rule):
    """The answers that may matter to a rule, None for no answer among them."""
    yield None
    if question.kind == Kind.SINGLE:
        yield from sorted(question.option_codes)
    elif question.kind == Kind.MULTIPLE:
        codes = [option.code for option in question.options]
        if len(codes) <= 10:
            for picks in product([False, True], repeat=len(codes)):
                yield [code for code, pick in zip(codes, picks, strict=True) if pick]
        else:
            yield from ([code] for code in codes)
            yield codes
    elif question.kind in {Kind.NUMBER, Kind.DATE}:
        for node, _depth in nodes(rule):
            if node[0] in COMPARE and node[1] == question.code:
                yield from _around(node[2], question)
    else:
        yield "x"


def _around(value, question):
    if question.kind == Kind.DATE:
        middle = date.fromisoformat(str(value)).toordinal()
        yield from (date.fromordinal(middle + step).isoformat() for step in (-1, 0, 1))
        return
    for step in (-1, 0, 1):
        number = Decimal(str(value)) + step
        low = question.least is None or number >= question.least
        if low and (question.most is None or number <= question.most):
            yield str(number)


def words(rule: Any, document: Document) -> str:  # noqa: PLR0911  one for each kind
    """A rule as an officer reads it."""
    if rule is None:
        return "Everyone"
    name, *rest = rule
    if name in JOINS:
        return f" {name} ".join(words(each, document) for each in rest)
    if name == "not":
        return f"not ({words(rest[0], document)})"
    if name == "audience":
        return f"the survey is for {rest[0]}"
    if name == "variant":
        known = dict(VariantKind.choices)
        return f"the version is {known.get(rest[0], 'the standard one')}"
    asked = document.question(rest[0])
    if asked is None:
        return "a question that is gone"
    said = {
        "answered": lambda: "is answered",
        "eq": lambda: f"is “{asked.label_of(rest[1])}”",
        "in": lambda: "is one of " + ", ".join(f"“{asked.label_of(each)}”" for each in rest[1]),
        "contains": lambda: f"includes “{asked.label_of(rest[1])}”",
        "count": lambda: f"has {COMPARE_WORDS[rest[1]]} {rest[2]} ticks",
    }
    what = said[name]() if name in said else f"is {COMPARE_WORDS[name]} {rest[1]}"
    return f"“{asked.text}” {what}"
