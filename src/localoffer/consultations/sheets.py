"""Tables for spreadsheets, in which no cell can begin a formula."""

import csv
import io
from collections.abc import Iterable

from localoffer.consultations import answers

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(value) -> str:
    """A value as text that a spreadsheet takes for text, even where people wrote a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(head: list[str], rows: Iterable[Iterable]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


RESULT_HEAD = ["survey", "question", "part", "group", "answer", "number", "percent", "base"]


def result_rows(tables: list[dict]) -> Iterable[list]:
    """The published tables, a row for each number; "c" for one that is hidden."""
    for survey in tables:
        for table in survey["tables"]:
            facts = [survey["title"], table["question"], table["part"]]
            for row in table["rows"]:
                if "cells" in row:
                    for cell in row["cells"]:
                        yield [*facts, row["label"], *_numbers(cell, row["total"])]
                else:
                    yield [*facts, "", *_numbers(row, table["base"])]
            if not table["rows"]:
                number = table.get("mean", "")
                label = "Average" if number else "People who answered"
                base = "c" if table["base"] is None else table["base"]
                yield [*facts, "", label, number or base, "", base]


def _numbers(row, base):
    hidden = row["number"] is None
    number, percent = ("c", "c") if hidden else (row["number"], row["percent"])
    return [row["label"], number, percent, "c" if base is None else base]


ANSWERS_HEAD = ["response", "survey", "version", "question code", "question", "answer"]
ANSWERS_HEAD += ["came through the site of"]


def answer_rows(responses) -> Iterable[list]:
    """Every answer of these responses, a row each, in the order of their random keys."""
    documents: dict = {}
    for number, response in enumerate(
        responses.order_by("pk")
        .select_related("version__instrument", "door")
        .iterator(chunk_size=500),
        start=1,
    ):
        version = response.version
        document = documents.setdefault(version.pk, version.document)
        for question in document:
            for line in answers.lines(question, response.answers.get(question.code)):
                yield [number, version.instrument.title, version.number, question.code,
                       question.text, line, response.door.council]  # fmt: skip
