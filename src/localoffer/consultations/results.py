"""The tables of a consultation, counted and made safe. What is shown comes from these alone.

Counted are people, never mentions. The base of a table is those who answered its question. A number
below the threshold never leaves this module.
"""

import hashlib
import json
from collections import Counter
from decimal import Decimal
from typing import Any

from localoffer.consultations import disclosure, variants
from localoffer.consultations.questions import Document, Kind, Question, Variant

BROKEN_DOWN = "broken_down"
JOINED = "joined"  # the address of the tables that several surveys share
OTHERS = "Others"
# A table by area says more of a person than one of the whole: it keeps the higher threshold.
HIGHER = 10


def tables_of(
    surveys: list[tuple[Any, Document, list[tuple[Variant | None, dict]]]], *, threshold: int
) -> list[dict]:
    """The tables of each survey.

    ``surveys``: of each, the survey, its document, and of all who sent theirs the version in which
    they answered and the answers. A question that several surveys ask (its construct) has one table
    of all in place of one in each: both would tell what either hides.
    """
    counted = [
        (survey, *variants.together(document, answered, with_assumed=survey.count_assumed))
        for survey, document, answered in surveys
    ]
    joined, codes = _joined(counted, threshold)
    found = [
        {
            "survey": survey.slug,
            "title": survey.title,
            "answered": _base(len(responses), threshold),
            "tables": _tables(survey, document, responses, threshold, notes, codes),
        }
        for survey, document, responses, notes in counted
    ]
    if joined:
        found.append(
            {
                "survey": JOINED,
                "title": "Asked in several surveys",
                "answered": None,
                "tables": joined,
            }
        )
    return found


def _tables(survey, document, responses, threshold, notes, joined):
    found = []
    by = document.question(survey.break_down_by) if survey.break_down_by else None
    if by and not _may_cross(by, joined):
        by = None
    for question in document:
        if not question.publish or question.code in joined:
            continue
        tables = _of_question(question, responses, threshold)
        if by and by.code != question.code and _may_cross(question, joined):
            tables += _broken_down(question, by, responses, threshold)
        found += [_noted(table, notes.get(question.code, "")) for table in tables]
    return found


def _may_cross(question, joined):
    """Whether it may stand in a table with another question and tell no more than its own does."""
    crosses = {Kind.SINGLE, Kind.POSTCODE}
    fits = question.publish and question.kind in crosses and not question.apart
    return fits and question.code not in joined


def _noted(table, note):
    return {**table, "note": note} if note else table


def _joined(counted, threshold):
    """One table for each construct that several surveys ask alike, and the codes of its questions.

    Options are the same where their words are. Surveys that too few answered stand together, and so
    do options that too few chose.
    """
    asked: dict[str, list] = {}
    for survey, document, responses, notes in counted:
        for question in document:
            if question.construct and question.publish and question.kind == Kind.SINGLE:
                asked.setdefault(question.construct, []).append(
                    (survey, question, responses, notes)
                )
    tables, codes = [], set()
    for same in asked.values():
        if len({survey.slug for survey, *_rest in same}) < 2:
            continue
        if table := _of_construct(same, threshold):
            tables.append(table)
            codes |= {question.code for _survey, question, *_rest in same}
    return tables, codes


def _of_construct(same, threshold):
    higher = max(threshold, HIGHER)
    first = same[0][1]
    labels: dict[str, str] = {}
    counts: Counter = Counter()
    for survey, question, responses, _notes in same:
        words = {option.code: option.label for option in question.options}
        labels |= {label.casefold(): label for label in words.values() if
                   label.casefold() not in labels}  # fmt: skip
        for each in responses:
            if each.get(question.code) in words:
                counts[survey.slug, words[each[question.code]].casefold()] += 1
    titles = {survey.slug: survey.title for survey, *_rest in same}
    rows = _enough(titles, counts, 0, higher, "Other surveys")
    columns = _enough(labels, counts, 1, higher, "Other answers")
    if rows is None or columns is None:
        return None
    grouped: Counter = Counter()
    for (row, column), number in counts.items():
        grouped[row if row in rows else OTHERS, column if column in columns else OTHERS] += number
    filled = {(row, column): grouped[row, column] for row in rows for column in columns}
    sensitive = any(question.sensitive for _survey, question, *_rest in same)
    statuses = disclosure.two_way(filled, threshold=higher, sensitive=sensitive)
    if statuses is None:
        return None
    note = " ".join(dict.fromkeys(n for *_r, q, _a, notes in same if (n := notes.get(q.code))))
    cells = [_cells(row, label, columns, filled, statuses) for row, label in rows.items()]
    table = {
        "code": first.construct,
        "question": first.text,
        "part": "By survey",
        "kind": BROKEN_DOWN,
        "base": disclosure.rounded(sum(filled.values())),
        "columns": list(columns.values()),
        "rows": cells,
    }
    return _noted(table, note)


def _enough(labels, counts, side, threshold, others):
    """The rows or columns that enough people are in, the rest together; None where it is not safe.

    One that is all others but one survey would be that survey: then there is no table.
    """
    totals: Counter = Counter()
    for key, number in counts.items():
        totals[key[side]] += number
    kept = {key: label for key, label in labels.items() if totals[key] >= threshold}
    rest = [key for key in labels if key not in kept]
    if rest and sum(totals[key] for key in rest) < threshold:
        if not kept:
            return None
        smallest = min(kept, key=lambda key: totals[key])
        del kept[smallest]
        rest.append(smallest)
    if rest:
        kept[OTHERS] = others
    return kept if len(kept) > 1 else None


def _of_question(question: Question, responses, threshold):  # noqa: PLR0911  one for each kind
    given = [each[question.code] for each in responses if question.code in each]
    if question.kind == Kind.MULTIPLE:
        return [_multiple(question, given, threshold)]
    if question.kind == Kind.SCALE:
        return [
            _single(
                question,
                [each[statement.code] for each in given if statement.code in each],
                threshold,
                part=statement.label,
            )
            for statement in question.statements
        ]
    if question.kind == Kind.RANKING:
        firsts = [each[0] for each in given]
        return [_single(question, firsts, threshold, part="Put first")]
    if question.kind == Kind.SINGLE:
        return [_single(question, given, threshold)]
    if question.kind == Kind.POSTCODE:
        return [_areas(question, given, max(threshold, HIGHER))]
    if question.kind == Kind.NUMBER:
        return [_mean(question, given, threshold)]
    return [_words(question, given, threshold)]


def _single(question, given, threshold, *, part=""):
    counted = Counter(given)
    counts = {option.code: counted[option.code] for option in question.options}
    statuses = disclosure.one_way(counts, threshold=threshold, sensitive=question.sensitive)
    labels = {option.code: option.label for option in question.options}
    return _table(question, counts, labels, statuses, len(given), threshold, part=part)


def _multiple(question, given, threshold):
    counted = Counter(code for codes in given for code in set(codes))
    counts = {option.code: counted[option.code] for option in question.options}
    statuses = disclosure.each_alone(
        counts, len(given), threshold=threshold, sensitive=question.sensitive
    )
    labels = {option.code: option.label for option in question.options}
    table = _table(question, counts, labels, statuses, len(given), threshold)
    return {**table, "several": True}


def _areas(question, given, threshold):
    counts, labels = _area_counts(given, threshold)
    statuses = disclosure.one_way(counts, threshold=threshold, sensitive=question.sensitive)
    return _table(question, counts, labels, statuses, len(given), threshold)


def _area_counts(given, threshold):
    """People by area, those areas together that have too few: that they have any is not told."""
    labels = {each["code"]: each["name"] for each in given}
    counted = Counter(each["code"] for each in given)
    counts = {
        code: counted[code]
        for code in sorted(labels, key=lambda code: labels[code])
        if counted[code] >= threshold
    }
    if rest := len(given) - sum(counts.values()):
        counts[OTHERS] = rest
        labels[OTHERS] = "Other areas"
    return counts, labels


def _mean(question, given, threshold):
    table = _table(question, {}, {}, {}, len(given), threshold)
    if table["base"] is None:
        return table
    mean = sum(map(Decimal, given)) / len(given)
    return {**table, "mean": f"{mean:.3g}" if mean < 1000 else f"{mean:.0f}"}


def _words(question, given, threshold):
    return {**_table(question, {}, {}, {}, len(given), threshold), "words": True}


def _table(question, counts, labels, statuses, base, threshold, *, part=""):
    shown_base = _base(base, threshold) if statuses is not None else None
    return {
        "code": question.code,
        "question": question.text,
        "part": part,
        "kind": str(question.kind),
        "base": shown_base,
        "rows": [
            _row(labels[code], number, (statuses or {}).get(code, disclosure.PRIMARY), shown_base)
            for code, number in counts.items()
        ],
    }


def _row(label, number, status, base):
    """A number as it may be published. Why one is hidden is not told: that would narrow it."""
    if status != disclosure.SHOWN or base is None:
        return {"label": label, "number": None, "percent": None}
    shown = disclosure.rounded(number)
    return {"label": label, "number": shown, "percent": _percent(shown, base)}


def _base(number, threshold):
    return disclosure.rounded(number) if number >= threshold else None


def _percent(number, base):
    """From rounded numbers, so that whoever works it out again gets the same."""
    return min(100, round(100 * number / base)) if base else None


def _broken_down(question, by, responses, threshold):
    """A question by another: the groups of either that have no number of their own stand together.

    So no total of this table tells what the other tables hide. None of it where the numbers inside
    cannot be made safe, or where there is only one group.
    """
    columns = _groups(question, responses, threshold)
    rows = _groups(by, responses, threshold)
    if columns is None or rows is None:
        return []
    counted: Counter = Counter()
    for each in responses:
        counted[_group(each, by, rows), _group(each, question, columns)] += 1
    counts = {(row, column): counted[row, column] for row in rows for column in columns}
    higher = max(threshold, HIGHER)
    statuses = disclosure.two_way(counts, threshold=higher, sensitive=question.sensitive)
    if statuses is None:
        return []
    return [
        {
            "code": question.code,
            "question": question.text,
            "part": f"By: {by.text}",
            "kind": BROKEN_DOWN,
            "base": disclosure.rounded(len(responses)),
            "columns": list(columns.values()),
            "rows": [_cells(row, name, columns, counts, statuses) for row, name in rows.items()],
        }
    ]


def _cells(row, name, columns, counts, statuses):
    total = disclosure.rounded(sum(counts[row, column] for column in columns))
    cells = [
        _row(label, counts[row, column], statuses[row, column], total)
        for column, label in columns.items()
    ]
    return {"label": name, "total": total, "cells": cells}


def _groups(question, responses, threshold):
    """The groups of a question that have a number of their own, and one of all others; or None."""
    given = [each[question.code] for each in responses if question.code in each]
    if question.kind == Kind.POSTCODE:
        counts, labels = _area_counts(given, max(threshold, HIGHER))
    else:
        chosen = Counter(given)
        labels = {option.code: option.label for option in question.options}
        counts = {code: chosen[code] for code in labels}
    own = max(threshold, HIGHER) if question.kind == Kind.POSTCODE else threshold
    statuses = disclosure.one_way(counts, threshold=own, sensitive=question.sensitive)
    if statuses is None:
        return None
    groups = {
        code: labels[code]
        for code, number in counts.items()
        if code != OTHERS and statuses[code] == disclosure.SHOWN and number >= HIGHER
    }
    if len(responses) > sum(counts[code] for code in groups):
        groups[OTHERS] = f"{OTHERS}, or did not answer"
    return groups if len(groups) > 1 else None


def _group(answers, question, groups):
    value = answers.get(question.code)
    code = value["code"] if isinstance(value, dict) else value
    return code if code in groups else OTHERS


def digest(tables) -> str:
    """The hash by which published tables are known."""
    text = json.dumps(tables, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
