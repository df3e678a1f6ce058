"""What an answer to each kind of question is, as it is stored and as people read it.

Stored: text as text; one option as its code; several as codes in the order of the options; a
scale as ``{statement: option}``; a number as text, so that none is rounded; a day as ISO 8601; an
order as codes, first choice first; a postcode as ``{"code", "name"}`` of the district it is in,
never as itself. Where people say which "other" they mean, an option or several stand with their
words in ``{"chosen", "other"}`` (``chosen``).
"""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from localoffer.consultations import closing
from localoffer.consultations.questions import Kind, Question

# Directions of writing and widths of nothing: they can hide words or turn a page round.
INVISIBLE = {*"\u200b\u200e\u200f\u2060\ufeff\u061c", *map(chr, range(0x202A, 0x202F))}
INVISIBLE |= set(map(chr, range(0x2066, 0x206A)))
KEPT_CONTROLS = {"\n", "\t"}


def clean_text(text: str) -> str:
    """People's words as they are kept: without control characters that nobody can see.

    Joiners that scripts and emoji need (U+200C, U+200D) stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character
        for character in text
        if character not in INVISIBLE
        and (character in KEPT_CONTROLS or unicodedata.category(character) not in {"Cc", "Cs"})
    ).strip()


def chosen(value: Any) -> Any:
    """An answer without the words beside "other": what is counted, and what rules ask."""
    return value["chosen"] if isinstance(value, dict) and "chosen" in value else value


def other_words(value: Any) -> str:
    """What somebody wrote beside "other"."""
    return value.get("other", "") if isinstance(value, dict) and "chosen" in value else ""


def with_chosen(value: Any, options: Any) -> Any:
    """The same answer with other options, and the words as they were."""
    if isinstance(value, dict) and "chosen" in value:
        return {**value, "chosen": options}
    return options


def lines(question: Question, value: Any) -> list[str]:
    """An answer in words, a line for each part of it. Empty for none."""
    if value in (None, "", [], {}):
        return []
    told = _LINES.get(question.kind, lambda question, value: str(value).split("\n"))(
        question, chosen(value)
    )
    return [*told, f"Other: {words}"] if (words := other_words(value)) else told


def _scale(question, value):
    return [
        f"{statement.label}: {question.label_of(value[statement.code])}"
        for statement in question.statements
        if value.get(statement.code)
    ]


_LINES = {
    Kind.SINGLE: lambda question, value: [question.label_of(value)],
    Kind.MULTIPLE: lambda question, value: [question.label_of(code) for code in value],
    Kind.SCALE: _scale,
    Kind.RANKING: lambda question, value: [
        f"{place}. {question.label_of(code)}" for place, code in enumerate(value, start=1)
    ],
    Kind.DATE: lambda question, value: [closing.shown(date.fromisoformat(value))],
    Kind.NUMBER: lambda question, value: [f"{Decimal(value):,}"],
    Kind.POSTCODE: lambda question, value: [f"{value['name']} (we do not keep the postcode)"],
}
