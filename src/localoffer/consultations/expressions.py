"""The conditions of XLSForm as our rules, and back: what both can say, and nothing else.

``${name} = 'option'``, ``!=``, ``selected(${name}, 'option')``, comparisons with a number or a
date, ``count-selected(${name}) >= 2``, ``${name} != ''``, ``and``, ``or``, ``not(…)``.
"""

import re
from collections.abc import Callable
from typing import Any

from localoffer.consultations.questions import Document, Kind, Question
from localoffer.consultations.rules import DEEPEST, JOINS

TOKEN = re.compile(
    r"\s*(?:(?P<name>\$\{\s*[\w.-]+\s*\})|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<test>!=|<=|>=|=|<|>)|(?P<mark>[(),.])|(?P<word>[a-z][a-z-]*))"
)
LONGEST = 2_000
TESTS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
SIGNS = {name: sign for sign, name in TESTS.items()}


class NotSaidError(ValueError):
    """It cannot be said in the other form; the words say what."""


def read(text: str, question_of: Callable[[str], Question | None]) -> list:
    """The rule of an expression.

    ``question_of``: the question that another form calls by a name. Raises NotSaidError.
    """
    if len(text) > LONGEST:
        raise NotSaidError("the condition is too long")
    return _Reader(_tokens(text), question_of).whole()


def _tokens(text):
    place, found = 0, []
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise NotSaidError(f"“{text[place : place + 20].strip()}” is not understood here")
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        place = match.end()
    return found


class _Reader:
    def __init__(self, tokens, question_of):
        self.tokens, self.question_of, self.depth = tokens, question_of, 0

    def whole(self):
        rule = self.joined()
        if self.tokens:
            raise NotSaidError(f"“{self.tokens[0][1]}” comes where the condition should end")
        return rule

    def joined(self):
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotSaidError("the condition is too deep")
        parts = [self.each("and")]
        while self.taken("word", "or"):
            parts.append(self.each("and"))
        self.depth -= 1
        return parts[0] if len(parts) == 1 else ["or", *parts]

    def each(self, join):
        parts = [self.one()]
        while self.taken("word", join):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else [join, *parts]

    def one(self):
        if self.taken("word", "not"):
            self.must("mark", "(")
            inner = self.joined()
            self.must("mark", ")")
            return ["not", inner]
        if self.taken("mark", "("):
            inner = self.joined()
            self.must("mark", ")")
            return inner
        if self.taken("word", "selected"):
            self.must("mark", "(")
            question = self.question()
            self.must("mark", ",")
            option = self.option(question, self.must("text")[1:-1])
            self.must("mark", ")")
            return ["contains" if question.kind == Kind.MULTIPLE else "eq", question.code, option]
        if self.taken("word", "count-selected"):
            self.must("mark", "(")
            question = self.question()
            self.must("mark", ")")
            return self.count(question)
        return self.compared(self.question())

    def count(self, question):
        sign, number = self.must("test"), int(self.must("number"))
        if sign == "=":
            return ["and", ["count", question.code, "ge", number], ["count", question.code, "le", number]]  # fmt: skip # noqa: E501
        if sign == "!=":
            raise NotSaidError("“is not as many as” cannot be said here")
        return ["count", question.code, TESTS[sign], number]

    def compared(self, question):
        sign = self.must("test")
        kind, value = self.tokens.pop(0) if self.tokens else ("", "")
        plain = value[1:-1] if kind == "text" else value
        if kind == "text" and not plain and sign in {"=", "!="}:
            answered = ["answered", question.code]
            return answered if sign == "!=" else ["not", answered]
        if kind not in {"text", "number"}:
            raise NotSaidError("a condition must compare with a value")
        if question.kind in {Kind.NUMBER, Kind.DATE}:
            if sign in TESTS:
                return [TESTS[sign], question.code, plain]
            same = ["and", ["ge", question.code, plain], ["le", question.code, plain]]
            return same if sign == "=" else ["not", same]
        if sign not in {"=", "!="} or question.kind != Kind.SINGLE:
            raise NotSaidError(f"“{question.text}” cannot be compared in this way")
        same = ["eq", question.code, self.option(question, plain)]
        return same if sign == "=" else ["not", same]

    def question(self):
        name = self.must("name")[2:-1].strip()
        question = self.question_of(name)
        if question is None:
            raise NotSaidError(f"there is no question {name} before it")
        return question

    @staticmethod
    def option(question, name):
        for each in question.options:
            if name in {each.source, f"o_{each.code}"}:
                return each.code
        raise NotSaidError(f"“{question.text}” has no option {name}")

    def taken(self, kind, value):
        if self.tokens and self.tokens[0] == (kind, value):
            self.tokens.pop(0)
            return True
        return False

    def must(self, kind, value=None):
        if not self.tokens or self.tokens[0][0] != kind or value not in {None, self.tokens[0][1]}:
            there = self.tokens[0][1] if self.tokens else "the end"
            raise NotSaidError(f"“{there}” is not understood here")
        return self.tokens.pop(0)[1]


def write(rule: Any, document: Document) -> str:
    """A rule as an expression. Raises NotSaidError for what XLSForm has no words for."""
    if rule is None:
        return ""
    name, *rest = rule
    if name in JOINS:
        return f" {name} ".join(_inner(each, document) for each in rest)
    if name == "not":
        return f"not({write(rest[0], document)})"
    question = document.question(rest[0])
    if question is None:
        raise NotSaidError("whom the survey, or which version of it, is for")
    if question.kind == Kind.SCALE:
        raise NotSaidError("whether a scale is answered")
    return _said(name, question, rest[1:])


def _said(name, question, rest):
    asked = f"${{{name_of(question)}}}"
    if name in SIGNS:
        value = f"'{rest[0]}'" if question.kind == Kind.DATE else rest[0]
        return f"{asked} {SIGNS[name]} {value}"

    def option(code):
        return f"'{option_name(question, code)}'"

    return {
        "answered": lambda: f"{asked} != ''",
        "eq": lambda: f"{asked} = {option(rest[0])}",
        "in": lambda: " or ".join(f"{asked} = {option(each)}" for each in rest[0]),
        "contains": lambda: f"selected({asked}, {option(rest[0])})",
        "count": lambda: f"count-selected({asked}) {SIGNS[rest[0]]} {rest[1]}",
    }[name]()


def _inner(rule, document):
    words = write(rule, document)
    return f"({words})" if rule[0] in {*JOINS, "in"} else words


def name_of(question: Question) -> str:
    """What XLSForm calls a question: as it was called where it came from."""
    return question.source or f"q_{question.code}"


def option_name(question: Question, code: str) -> str:
    """What XLSForm calls an option."""
    found = next((each for each in question.options if each.code == code), None)
    return (found.source if found else "") or f"o_{code}"
