"""A part of XLSForm, in which survey tools exchange forms: read into a survey, and written.

What is read: ``text``, ``integer``, ``decimal``, ``date``, ``select_one`` (with ``or_other``),
``select_multiple``, ``rank``, groups, ``relevant``, ranges in ``constraint``, ``required``, and
labels in several languages. What cannot be expressed is told, by its line: a row is then left out,
or read without that part. Read again, a form changes nothing: questions and options are known by
the names that they had.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from localoffer.consultations import expressions, questions
from localoffer.consultations.questions import (
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Choice,
    Document,
    Kind,
    Option,
    Question,
    Variant,
    VariantKind,
)
from localoffer.consultations.sheets import FORMULA, guarded
from localoffer.consultations.variants import LANGUAGES

LARGEST_FILE = 5 * 1024 * 1024
MOST_LINES = 2_000
LONGEST_LABEL = 300
SELECTS = {"select_one": Kind.SINGLE, "select_multiple": Kind.MULTIPLE, "rank": Kind.RANKING}
PLAIN = {"integer": Kind.NUMBER, "decimal": Kind.NUMBER, "date": Kind.DATE, "text": Kind.TEXT}
# What a tool notes of a person or a device by itself. We keep none of it.
NOTED = {"start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit",
         "simserial", "subscriberid", "start-geopoint"}  # fmt: skip
YES = {"yes", "true", "true()", "1"}
RANGE = re.compile(r"^\.\s*(<=|>=|<|>)\s*(-?\d+)$")
LABEL = re.compile(r"^(label|hint)\s*::\s*(.*)$")
IN_BRACKETS = re.compile(r"\(([\w-]+)\)\s*$")
NAME = re.compile(r"^[A-Za-z_][\w.-]{0,79}$")
OURS = "localoffer"  # a column that other tools pass over


class BadFormError(ValueError):
    """The file is not an XLSForm."""


@dataclass(frozen=True)
class Told:
    """Something that was left out, or read in part: the sheet, the line, and why."""

    line: int
    words: str
    refused: bool = True
    sheet: str = "survey"


@dataclass
class Read:
    """A form as it was read: the questions with it, and what came of each of its rows."""

    document: Document
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def read(content: bytes, document: Document) -> Read:
    """A form, read into a document. Raises BadFormError for what is no form at all."""
    return _Reading(_sheets(content), document).result


class _Reading:
    def __init__(self, sheets, document):
        self.result = Read(document)
        self.known = {expressions.name_of(each): each for each in document}
        self.seen: set[str] = set()
        self.groups: list[tuple[str, list | None]] = []
        self.inside = 0  # how deep in what cannot be read
        self.scale: dict | None = None
        head, rows = sheets["survey"]
        self.language, self.others = self._languages([*head, *sheets["choices"][0]])
        self.lists = self._lists(*sheets["choices"])
        for line, cells in rows:
            self._row(line, dict(zip(head, cells, strict=False)))
        if self.groups or self.inside:
            self._tell(rows[-1][0], "A group has no end.", refused=False)

    @property
    def document(self):
        return self.result.document

    def _tell(self, line, words, *, refused=True, sheet="survey"):
        self.result.told.append(Told(line, words, refused, sheet))

    def _languages(self, head):
        """The column of the labels that are read, and of each other language its code."""
        named = [match[2] for name in head if (match := LABEL.match(name)) and match[1] == "label"]
        named = list(dict.fromkeys(named))
        first = "" if "label" in head else next((each for each in named if "en" in _code(each)), "")
        if "label" not in head and not first and named:
            first = named[0]
        others = {each: _code(each) for each in named if each != first}
        for name, code in others.items():
            if code not in LANGUAGES:
                self._tell(1, f"The language {name} is not one that a version can be in.", refused=False)  # fmt: skip # noqa: E501
        return first, {name: code for name, code in others.items() if code in LANGUAGES}

    def _words(self, cells, what, language=None):
        language = self.language if language is None else language
        names = [what] if not language else [f"{what}::{language}"]
        return next((cells[name] for name in names if cells.get(name)), "")

    def _lists(self, head, rows):
        found: dict[str, list[dict]] = {}
        for line, row in rows:
            cells = dict(zip(head, row, strict=False))
            name, value = cells.get("list_name", ""), cells.get("name") or cells.get("value", "")
            label = self._words(cells, "label")
            if not name and not value:
                continue
            if not (name and value and label):
                self._tell(line, "A choice needs list_name, name and label.", sheet="choices")
            elif any(each["name"] == value for each in found.get(name, [])):
                self._tell(line, f"The list {name} has {value} twice.", sheet="choices")
            elif len(found.get(name, [])) >= MOST_OPTIONS:
                self._tell(line, f"The list {name} has more than {MOST_OPTIONS}.", sheet="choices")
            else:
                said = {code: words for language, code in self.others.items() if
                        (words := self._words(cells, "label", language))}  # fmt: skip
                found.setdefault(name, []).append({"name": value, "label": label[:200], "said": said})  # fmt: skip # noqa: E501
        return found

    def _row(self, line, cells):
        kind, *rest = cells.get("type", "").split() or [""]
        kind = kind.lower()
        if kind in {"begin", "end"} and rest:
            kind = f"{kind}_{rest[0].lower()}"
        if kind in {"begin_repeat", "end_repeat"} or self.inside:
            self._repeated(line, kind)
        elif kind == "begin_group":
            self._begin(line, cells)
        elif kind == "end_group":
            self._end(line)
        elif words := self._refusal(kind, cells):
            self._tell(line, words)
        elif kind:
            self.seen.add(cells["name"])
            part = (line, kind, rest, cells["name"], cells)
            if self.scale is None:
                self._question(*part)
            else:
                self.scale["parts"].append(part)

    def _repeated(self, line, kind):
        if kind == "begin_repeat":
            self.inside += 1
            self._tell(line, "Questions that repeat cannot be asked.")
        elif kind == "end_repeat":
            self.inside = max(self.inside - 1, 0)
        elif kind:
            self._tell(line, "It is in a part that repeats.")

    def _refusal(self, kind, cells):
        """Why a row cannot be a question; nothing where it can, or where it is empty."""
        name = cells.get("name", "")
        if not kind:
            return "It has no type." if any(cells.values()) else ""
        for wrong, words in [
            (kind in NOTED, f"“{kind}” is not kept here: nobody is to be known by it."),
            (kind == "note", "A note has no page of its own: put it in a line of help."),
            (kind not in SELECTS and kind not in PLAIN, f"The type “{kind}” cannot be asked."),
            (not NAME.match(name), f"“{name[:40]}” is no name."),
            (name in self.seen, f"The name {name} is used twice."),
        ]:
            if wrong:
                return words
        return ""

    def _begin(self, line, cells):
        try:
            rule = self._rule(cells)
        except expressions.NotSaidError as error:
            self._tell(line, f"When the group is asked cannot be expressed: {error}.")
            self.groups.append(("refused", None))
            return
        if "field-list" in cells.get("appearance", ""):
            self.scale = {"line": line, "cells": cells, "rule": rule, "parts": []}
        self.groups.append(("open", rule))

    def _end(self, line):
        if not self.groups:
            self._tell(line, "A group ends that has not begun.")
            return
        self.groups.pop()
        if self.scale is not None:
            scale, self.scale = self.scale, None
            self._end_scale(scale)

    def _end_scale(self, scale):
        """Choices by one list on one page are a scale; anything else is asked one by one."""
        parts = scale["parts"]
        lists = {rest[0] if rest else "" for _line, _kind, rest, _name, _cells in parts}
        name = scale["cells"].get("name", "")
        alike = {kind for _line, kind, *_rest in parts} == {"select_one"} and len(lists) == 1
        if not (alike and self._words(scale["cells"], "label") and NAME.match(name)):
            self.groups.append(("open", scale["rule"]))
            for part in parts:
                self._question(*part)
            self.groups.pop()
            return
        before = self.known.get(name)
        known = {each.source or f"s_{each.code}": each for each in before.statements} if before else {}  # fmt: skip # noqa: E501
        statements = []
        for _line, _kind, _rest, part, cells in parts:
            label = self._words(cells, "label")[:200]
            old = known.get(part)
            statements.append(
                replace(old, label=label) if old else Option(questions.new_code(), label, part)
            )
        self._put(
            scale["line"], Kind.SCALE, name, scale["cells"], [lists.pop()],
            statements=tuple(statements), relevant=scale["rule"],
        )  # fmt: skip

    def _question(self, line, kind, rest, name, cells):
        known = SELECTS | PLAIN
        ours = cells.get(OURS, "").split()
        asked = known[kind]
        if kind == "text" and "multiline" in cells.get("appearance", ""):
            asked = Kind.LONG
        if kind == "text" and "postcode" in ours:
            asked = Kind.POSTCODE
        try:
            rule = self._rule(cells)
        except expressions.NotSaidError as error:
            self._tell(line, f"When it is asked cannot be expressed: {error}.")
            return
        self._put(line, asked, name, cells, rest, relevant=rule)

    def _rule(self, cells):
        text = cells.get("relevant", "")
        return expressions.read(text, self._before) if text else None

    def _before(self, name):
        question = self.known.get(name)
        return question if question and self.document.question(question.code) else None

    def _put(self, line, kind, name, cells, rest, *, statements=(), relevant=None):
        text, before = self._words(cells, "label"), self.known.get(name)
        if words := self._misfit(kind, name, text, rest):
            self._tell(line, words)
            return
        options, other, said = (), "", {}
        if kind in questions.WITH_OPTIONS:
            options, said = self._options(rest[0], before)
            if "or_other" in rest[1:]:
                options, other = self._with_other(options, before)
        least, most = self._range(line, kind, cells)
        ours = cells.get(OURS, "").split()
        question = before or Question(questions.new_code(), kind, "", source=name)
        made = replace(
            question,
            text=text,
            hint=self._words(cells, "hint")[:LONGEST_LABEL],
            required=cells.get("required", "").lower() in YES,
            options=options,
            statements=statements,
            only_if=self._whole_rule(relevant, before),
            least=least,
            most=most,
            other=other or question.other,
            sensitive="sensitive" in ours if OURS in cells else question.sensitive,
            publish="unpublished" not in ours if OURS in cells else question.publish,
        )
        self.known[name] = made
        document = self.document.with_question(made)
        document = self._in_languages(document, made, cells, said)
        same = document == self.document
        self.result.document = document
        came = self.result.same if same else self.result.changed if before else self.result.added
        came.append(text)

    def _misfit(self, kind, name, text, rest):
        """Why a row cannot be taken into these questions; nothing where it can."""
        before = self.known.get(name)
        with_list = kind in questions.WITH_OPTIONS
        wanted = rest[0] if rest else ""
        for wrong, words in [
            (
                any(state == "refused" for state, _rule in self.groups),
                "It is in a group that was left out.",
            ),
            (
                not 0 < len(text) <= LONGEST_LABEL,
                f"The label of a question has from 1 to {LONGEST_LABEL} characters.",
            ),
            (
                before and before.kind != kind,
                f"{name} is there as another kind of question, which it keeps.",
            ),
            (
                before is None and len(self.document) >= MOST_QUESTIONS,
                f"There are more than {MOST_QUESTIONS} questions.",
            ),
            (
                with_list and wanted not in self.lists,
                f"There is no list “{wanted}” on the sheet choices.",
            ),
        ]:
            if wrong:
                return words
        return ""

    def _whole_rule(self, relevant, before):
        """Its own condition and those of its groups; the one that is there, if it says the same.

        One that a form cannot say is not gone because the form does not say it.
        """
        rules = [rule for _state, rule in self.groups if rule]
        rules += [relevant] if relevant else []
        rule = None if not rules else rules[0] if len(rules) == 1 else ["and", *rules]
        if before is None:
            return rule
        said = _written(before.only_if, self.document)
        keep = rule is None if said is None else said == _written(rule, self.document)
        return before.only_if if keep else rule

    def _options(self, name, before):
        known = {each.source or f"o_{each.code}": each for each in before.options} if before else {}
        made, said = [], {}
        for each in self.lists[name]:
            old = known.get(each["name"])
            option = (
                replace(old, label=each["label"])
                if old
                else Option(questions.new_code(), each["label"], each["name"])
            )
            made.append(option)
            said[option.code] = each["said"]
        return tuple(made), said

    @staticmethod
    def _with_other(options, before):
        there = next((each for each in options if each.source == "other"), None)
        old = before and next((e for e in before.options if e.code == before.other), None)
        other = there or old or Option(questions.new_code(), "Other", "other")
        return (options if there else (*options, other)), other.code

    def _range(self, line, kind, cells):
        least = most = None
        text = cells.get("constraint", "")
        if not text:
            return None, None
        for part in re.split(r"\s+and\s+", text):
            match = RANGE.match(part.strip())
            if kind != Kind.NUMBER or match is None:
                self._tell(line, f"The constraint “{text[:60]}” is left out.", refused=False)
                return None, None
            sign, number = match[1], int(match[2])
            if sign in {">", ">="}:
                least = number + (sign == ">")
            else:
                most = number - (sign == "<")
        return least, most

    def _in_languages(self, document, question, cells, said):
        for language, code in self.others.items():
            text, hint = (self._words(cells, what, language) for what in ("label", "hint"))
            words = {option: each[code] for option, each in said.items() if code in each}
            if not text and not words:
                continue
            kinds = (each for each in document.variants if each.language == code)
            variant = next(kinds, None) or Variant(
                questions.new_code(), VariantKind.LANGUAGE, language=code
            )
            choices = tuple(
                Choice(each.code, words.get(each.code, each.label), (each.code,))
                for each in question.options
            )
            wording = replace(
                variant.wording(question.code),
                text=text[:LONGEST_LABEL],
                hint=hint[:LONGEST_LABEL],
                choices=choices if words else (),
            )
            document = document.with_variant(variant.with_wording(wording))
        return document


def _written(rule, document):
    """A rule as a form says it; None where it cannot."""
    try:
        return expressions.write(rule, document)
    except expressions.NotSaidError:
        return None


def _english(language):
    """What a language is called in English."""
    return LANGUAGES.get(language, language).rpartition("(")[2].rstrip(")")


def _code(language):
    match = IN_BRACKETS.search(language)
    return (match[1] if match else language).lower()


def _sheets(content):
    if len(content) > LARGEST_FILE:
        raise BadFormError("The file is larger than 5 MB.")
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        found = {}
        for sheet in book:
            if sheet.title in {"survey", "choices"}:
                lines = enumerate(sheet.iter_rows(values_only=True, max_row=MOST_LINES), start=1)
                rows = [(line, [_text(cell) for cell in row]) for line, row in lines]
                found[sheet.title] = _headed(rows)
        book.close()
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError) as error:
        raise BadFormError("It is not a workbook that can be read (.xlsx).") from error
    if "survey" not in found or "type" not in found["survey"][0]:
        raise BadFormError("It has no sheet “survey” with a column “type”: it is no XLSForm.")
    found.setdefault("choices", ([], []))
    return found


def _headed(rows):
    if not rows:
        return [], []
    head = [re.sub(r"\s*::\s*", "::", name.strip()) for name in rows[0][1]]
    head = [
        name if "::" in name else name.lower().replace("list name", "list_name") for name in head
    ]
    return head, [(line, cells) for line, cells in rows[1:] if any(cells)]


def _text(cell):
    if cell is None:
        return ""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:2] in FORMULA else text


# Writing


def write(document: Document, *, title: str) -> tuple[bytes, list[str]]:
    """A document as an XLSForm workbook, and what of it could not be expressed."""
    told = list(_unexpressed(document))
    languages = [each for each in document.variants if each.kind == VariantKind.LANGUAGE]
    named = [f"{_english(each.language)} ({each.language})" for each in languages]
    main = "::English (en)" if languages else ""
    labels = [f"label{main}", *(f"label::{name}" for name in named)]
    hints = [f"hint{main}", *(f"hint::{name}" for name in named)]
    head = ["type", "name", *labels, *hints]
    survey = [[*head, "required", "relevant", "constraint", "appearance", OURS]]
    choices = [["list_name", "name", *labels]]
    for question in document:
        survey += _rows(question, document, languages)
        for option in question.options:
            said = [_label_in(each, question, option) for each in languages]
            name = expressions.option_name(question, option.code)
            choices.append([f"l_{question.code}", name, option.label, *said])
    book = openpyxl.Workbook(write_only=True)
    for name, rows in [
        ("survey", survey),
        ("choices", choices),
        ("settings", [["form_title", "default_language"], [title, "English (en)" if main else ""]]),
    ]:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([guarded(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), told


def _label_in(variant, question, option):
    choices = variant.wording(question.code).choices
    return next((each.label for each in choices if each.code == option.code), "")


TYPES = {
    Kind.TEXT: "text",
    Kind.LONG: "text",
    Kind.POSTCODE: "text",
    Kind.NUMBER: "decimal",
    Kind.DATE: "date",
    Kind.SINGLE: "select_one",
    Kind.MULTIPLE: "select_multiple",
    Kind.RANKING: "rank",
}


def _rows(question, document, languages) -> Iterator[list]:
    try:
        relevant = expressions.write(question.only_if, document)
    except expressions.NotSaidError:
        relevant = ""
    wordings = [each.wording(question.code) for each in languages]
    texts = [question.text, *(each.text for each in wordings)]
    hints = [question.hint, *(each.hint for each in wordings)]
    name = expressions.name_of(question)
    required = "yes" if question.required else ""
    marks = [
        mark
        for mark, there in [
            ("postcode", question.kind == Kind.POSTCODE),
            ("sensitive", question.sensitive),
            ("unpublished", not question.publish),
        ]
        if there
    ]
    ours = " ".join(marks)
    nothing = [""] * len(languages)
    if question.kind == Kind.SCALE:
        yield ["begin_group", name, *texts, *hints, required, relevant, "", "field-list", ours]
        for each in question.statements:
            part = each.source or f"s_{each.code}"
            yield [f"select_one l_{question.code}", part, each.label, *nothing, "", *nothing, "", "", "", "", ""]  # fmt: skip # noqa: E501
        yield ["end_group"]
        return
    kind = TYPES[question.kind]
    if question.options:
        kind = f"{kind} l_{question.code}"
    limits = [f". >= {question.least}"] if question.least is not None else []
    limits += [f". <= {question.most}"] if question.most is not None else []
    look = "multiline" if question.kind == Kind.LONG else ""
    yield [kind, name, *texts, *hints, required, relevant, " and ".join(limits), look, ours]


def _unexpressed(document) -> Iterator[str]:
    for question in document:
        try:
            expressions.write(question.only_if, document)
        except expressions.NotSaidError as error:
            yield f"“{question.text}”: when it is asked depends on {error}."
        for there, words in [
            (question.kind == Kind.POSTCODE, "other tools would keep the whole postcode"),
            (question.none, "that one option means none of the others"),
            (question.other, "that people say which other they mean"),
            (question.construct, "that other surveys ask the same"),
        ]:
            if there:
                yield f"“{question.text}”: {words}."
    for variant in document.variants:
        if variant.kind != VariantKind.LANGUAGE:
            yield f"The version {variant.kind.label}."
