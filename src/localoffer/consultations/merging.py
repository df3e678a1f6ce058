"""Answers from the spreadsheets of another survey tool, merged by a manifest into one analysis.

The manifest is the workbook that government teams keep of a survey and its Easy Read version: on
the first sheet a row for each question, with the number of its column in either; on a sheet of its
own each map from what either says to what both mean. Nothing is put in the database, and nothing is
dropped in silence: every answer is merged, or told of.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from localoffer.consultations import questions, results
from localoffer.consultations.questions import Document, Kind, Question, Variant

MAIN, EASY = "main", "easy"
WANTED = ["question", "col_id", "question_easy", "col_id_easy"]
NOTHING = {"", "NA", "N/A"}
BETWEEN = "|"  # several answers in one cell
CODED, SEVERAL = "multi-choice coded", "multi-select"
KINDS = {CODED: "single", SEVERAL: "multiple"}
# A survey tool makes headings differ with a number at the end.
NUMBERED = re.compile(r"_\d+$")
KEY = "response id"


class MergeError(ValueError):
    """What cannot be merged, in words for whoever has the files."""


@dataclass(frozen=True)
class Row:
    """One question as the manifest has it."""

    question: str
    type: str
    column: int | None
    question_easy: str
    type_easy: str
    column_easy: int | None
    assumed: str
    omit: bool
    maps: dict[str, dict[str, str]] | None

    def column_of(self, version):
        return self.column if version == MAIN else self.column_easy

    def heading_of(self, version):
        return self.question if version == MAIN else self.question_easy or self.question

    @property
    def comparable(self):
        """Whether both versions ask it in the same form, or a map says what answers mean."""
        return self.maps is not None or not self.type_easy or self.type == self.type_easy


@dataclass
class Merged:
    """The answers of all files.

    ``rows``: of each person where the answers came from and the answers, by question. ``assumed``:
    those of its questions of which the answer is assumed. ``problems``: what to look at.
    """

    manifest: list[Row]
    rows: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    read: Counter = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def kept(self) -> list[Row]:
        """The questions that are merged; not the key and what the manifest omits."""
        return [each for each in self.manifest if not each.omit and not _is_key(each)]

    def check(self) -> Iterator[str]:
        """Where what was merged is not as much as what was read. Nothing, unless we are wrong."""
        if len(self.rows) != sum(number for _version, number in self.files.values()):
            yield "The number of responses is not that of the files."
        for each in self.kept:
            merged = Counter(
                row["file"]
                for row in self.rows
                if each.question in row["answers"] and each.question not in row["assumed"]
            )
            for name in self.files:
                if merged[name] != self.read[name, each.question]:
                    yield f"{name}: the answers to “{each.question}” are not all there."


def merge(manifest: Path, files: Iterable[Path]) -> Merged:
    """All answers of these files by the manifest. Raises MergeError for what it cannot read."""
    merged = Merged(read_manifest(manifest))
    keys: dict[str, str] = {}
    for path in files:
        if path.name in merged.files:
            raise MergeError(f"{path.name} is named twice.")
        _read(path, merged, keys)
    if not merged.rows:
        raise MergeError("There are no responses in these files.")
    for each in merged.kept:
        if not each.comparable:
            merged.problems.append(
                f"“{each.question}” is {each.type} in one version and {each.type_easy} in the "
                "other, with no map: answers are kept as they were written."
            )
    if wrong := list(merged.check()):
        raise MergeError(" ".join(wrong))
    return merged


def read_manifest(path: Path) -> list[Row]:
    """The rows of a manifest. Raises MergeError."""
    sheets = _sheets(path)
    _name, (head, *rows) = next(iter(sheets.items()))
    names = [_text(cell).lower() for cell in head]
    if missing := [name for name in WANTED if name not in names]:
        raise MergeError(f"{path.name} is no manifest: it has no column {', '.join(missing)}.")
    found = []
    for line, row in enumerate(rows, start=2):
        cells = dict(zip(names, map(_text, row), strict=False))
        if not cells["question"]:
            continue
        named = cells.get("custom_map", "")
        if named and named not in sheets:
            raise MergeError(f"{path.name}, line {line}: there is no sheet {named}.")
        found.append(
            Row(
                question=cells["question"],
                type=cells.get("type", "").lower(),
                column=_column(cells["col_id"], path, line),
                question_easy=cells["question_easy"],
                type_easy=cells.get("type_easy", "").lower(),
                column_easy=_column(cells["col_id_easy"], path, line),
                assumed=cells.get("assumed_easy", ""),
                omit=cells.get("omit", "").lower() in {"true", "yes", "1"},
                maps=_maps(sheets[named], path, named) if named else None,
            )
        )
    twice = [
        name for name, number in Counter(each.question for each in found).items() if number > 1
    ]
    if twice:
        raise MergeError(f"{path.name} has “{twice[0]}” twice.")
    if not found:
        raise MergeError(f"{path.name} has no questions.")
    return found


def _maps(rows, path, name):
    head = [_text(cell).lower() for cell in rows[0]]
    if not {MAIN, EASY, "final"} <= set(head):
        raise MergeError(f"{path.name}, sheet {name}: the columns are main, easy and final.")
    found: dict[str, dict[str, str]] = {MAIN: {}, EASY: {}}
    for line, row in enumerate(rows[1:], start=2):
        cells = dict(zip(head, map(_text, row), strict=False))
        for version, meant in found.items():
            said = cells[version]
            if not said:
                continue
            known = meant.setdefault(_same(said), cells["final"])
            if known != cells["final"]:
                raise MergeError(
                    f"{path.name}, sheet {name}, line {line}: “{said}” cannot mean both “{known}” "
                    f"and “{cells['final']}”."
                )
    return found


def _column(text, path, line):
    if not text:
        return None
    number = text.removesuffix(".0")
    if not number.isdecimal() or not 1 <= int(number) <= 16_384:
        raise MergeError(f"{path.name}, line {line}: “{text}” is no number of a column.")
    return int(number) - 1


def _read(path, merged, keys):
    rows = next(iter(_sheets(path).values()))
    head = [_text(cell) for cell in rows[0]]
    version = _version(head, merged.manifest, path)
    number = 0
    for line, row in enumerate(rows[1:], start=2):
        cells = [_text(cell) for cell in row]
        if not any(cells):
            continue
        number += 1
        answers, assumed = {}, []
        for each in merged.manifest:
            place = each.column_of(version)
            said = cells[place] if place is not None and place < len(cells) else ""
            if _is_key(each):
                _check_key(said, keys, f"{path.name}, line {line}", merged)
            elif each.omit:
                continue
            elif said not in NOTHING:
                merged.read[path.name, each.question] += 1
                where = f"{path.name}, line {line}"
                answers[each.question] = _meant(each, version, said, where, merged)
            elif version == EASY and place is None and each.assumed:
                answers[each.question] = each.assumed
                assumed.append(each.question)
        merged.rows.append(
            {
                "file": path.name,
                "line": line,
                "version": version,
                "answers": answers,
                "assumed": assumed,
            }
        )
    merged.files[path.name] = (version, number)


def _version(head, manifest, path):
    """Which version a file is of, by its headings. Raises MergeError where it is of neither."""
    wrong = {
        version: [
            (each, place)
            for each in manifest
            if (place := each.column_of(version)) is not None
            and (place >= len(head) or _heading(head[place]) != _heading(each.heading_of(version)))
        ]
        for version in (MAIN, EASY)
    }
    best = min(wrong, key=lambda version: len(wrong[version]))
    if wrong[best]:
        each, place = wrong[best][0]
        there = head[place] if place < len(head) else "nothing"
        raise MergeError(
            f"{path.name}: column {place + 1} is headed “{there}”, and the manifest says "
            f"“{each.heading_of(best)}”."
        )
    return best


def _meant(row, version, said, where, merged):
    """What an answer means in both versions. One that the map has not stays, and is told of."""
    parts = said.split(BETWEEN) if row.type == SEVERAL else [said]
    found = []
    for part in (each.strip() for each in parts):
        meant = part if row.maps is None else row.maps[version].get(_same(part))
        if meant is None:
            merged.problems.append(f"{where}: the map has no “{part}” for “{row.question}”.")
            meant = part
        found.append(meant)
    return found if row.type == SEVERAL else found[0]


def _check_key(said, keys, where, merged):
    if said and said in keys:
        merged.problems.append(f"{where}: the same response as {keys[said]}.")
    elif said:
        keys[said] = where


def _is_key(row):
    return row.question.casefold() == KEY


def _sheets(path):
    try:
        # What begins with "=" is what somebody typed: it stays as text, and nothing works it out.
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
        found = {
            sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book
        }
        book.close()
    except FileNotFoundError:
        raise MergeError(f"There is no file {path}.") from None
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise MergeError(f"{path.name} is not a spreadsheet that can be read (.xlsx).") from None
    if not found or not next(iter(found.values())):
        raise MergeError(f"{path.name} is empty.")
    return found


def _text(cell):
    return "" if cell is None else " ".join(str(cell).split())


def _same(text):
    return text.casefold()


def _heading(text):
    return NUMBERED.sub("", text).casefold()


# What comes of it


def head(merged: Merged) -> list[str]:
    """The headings of the merged answers."""
    return ["file", "line", "version", "assumed", *(each.question for each in merged.kept)]


def lines(merged: Merged, *, with_assumed: bool = True) -> Iterator[list]:
    """The merged answers, a line for each person."""
    for row in merged.rows:
        answers = _counted(row, with_assumed=with_assumed)
        cells = [answers.get(each.question, "") for each in merged.kept]
        told = BETWEEN.join(row["assumed"]) if with_assumed else ""
        yield [
            row["file"],
            row["line"],
            row["version"],
            told,
            *(BETWEEN.join(cell) if isinstance(cell, list) else cell for cell in cells),
        ]


def tables(merged: Merged, *, threshold: int, with_assumed: bool = True) -> list[dict]:
    """The tables of the merged answers, safe to publish, as those of a survey of this site."""
    asked, given = [], [dict[str, Any]() for _ in merged.rows]
    for place, each in enumerate(merged.kept):
        code = f"Q{place}"
        kind = Kind(KINDS.get(each.type, "long"))
        labels: dict[str, str] = {}
        for row, answers in zip(merged.rows, given, strict=True):
            if not each.comparable and row["version"] == EASY:
                continue
            if (value := _counted(row, with_assumed=with_assumed).get(each.question)) is None:
                continue
            parts = value if isinstance(value, list) else [value]
            codes = [labels.setdefault(part, f"{code}-{len(labels)}") for part in parts]
            answers[code] = {Kind.SINGLE: codes[0], Kind.MULTIPLE: codes}.get(kind, value)
        options = tuple(questions.Option(own, label) for label, own in labels.items())
        asked.append(
            Question(code, kind, each.question, options=options if kind != Kind.LONG else ())
        )
    survey = SimpleNamespace(
        slug="merged", title="All files", break_down_by="", count_assumed=False
    )
    answered: list[tuple[Variant | None, dict]] = [(None, answers) for answers in given]
    return results.tables_of([(survey, Document(tuple(asked)), answered)], threshold=threshold)


def _counted(row, *, with_assumed):
    if with_assumed:
        return row["answers"]
    return {key: value for key, value in row["answers"].items() if key not in row["assumed"]}
