"""The versions of a survey: what each shows, and what its answers are in the standard one.

A version has the questions of its survey. It may leave some out, say them in other words, offer
coarser choices (each stands for one or more options of the question), or take another input. Rules
and results speak of the standard options alone; what is here goes between the two. Nothing here
asks the database.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from localoffer.consultations.answers import chosen, with_chosen
from localoffer.consultations.questions import (
    STANDARD,
    WITH_OPTIONS,
    Choice,
    Document,
    Kind,
    Option,
    Question,
    Variant,
    VariantKind,
    Wording,
)

# Which other ways of asking a kind of question may have in a version.
INPUTS = {
    Kind.SINGLE: {Kind.SINGLE, Kind.NUMBER},
    Kind.MULTIPLE: {Kind.MULTIPLE},
    Kind.SCALE: {Kind.SCALE},
    Kind.RANKING: {Kind.RANKING, Kind.SINGLE},
    Kind.LONG: {Kind.LONG, Kind.TEXT},
    Kind.TEXT: {Kind.TEXT, Kind.LONG},
}
GROUPED = {Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE}
NAMES = {
    VariantKind.EASY_READ: "Easy Read version",
    VariantKind.YOUNG: "Version for young people",
    VariantKind.LARGE: "Large print version",
    VariantKind.BSL: "Version in British Sign Language",
    VariantKind.PAPER: "Paper version",
}
LANGUAGES = {
    "ar": "العربية (Arabic)",
    "bn": "বাংলা (Bengali)",
    "cy": "Cymraeg (Welsh)",
    "fr": "Français (French)",
    "gu": "ગુજરાતી (Gujarati)",
    "hi": "हिन्दी (Hindi)",
    "pl": "Polski (Polish)",
    "pa": "ਪੰਜਾਬੀ (Punjabi)",
    "pt": "Português (Portuguese)",
    "ro": "Română (Romanian)",
    "so": "Soomaali (Somali)",
    "es": "Español (Spanish)",
    "uk": "Українська (Ukrainian)",
    "ur": "اردو (Urdu)",
    "zh-hans": "简体中文 (Chinese)",
}
RIGHT_TO_LEFT = {"ar", "ur"}


def name(variant: Variant | None) -> str:
    """What people and officers call a version."""
    if variant is None:
        return "Standard version"
    if variant.kind == VariantKind.LANGUAGE:
        return LANGUAGES.get(variant.language, variant.language)
    return NAMES[variant.kind]


def kind(variant: Variant | None) -> str:
    """Its kind, as rules name it."""
    return STANDARD if variant is None else str(variant.kind)


def on_screen(document: Document) -> list[Variant]:
    """The versions that people can answer on this site."""
    return [each for each in document.variants if each.kind != VariantKind.PAPER]


def shown(document: Document, variant: Variant | None) -> Document:
    """The questions as a version asks them, without those that it leaves out."""
    if variant is None:
        return document
    wordings = {each.code: each for each in variant.wordings}
    return Document(
        tuple(
            as_asked(question, wordings.get(question.code, Wording(question.code)))
            for question in document
            if not (question.code in wordings and wordings[question.code].left_out)
        )
    )


def as_asked(question: Question, wording: Wording) -> Question:
    """A question in the words and with the choices of a version."""
    options = [Option(each.code, each.label) for each in wording.choices]
    labels = {each.code: each.label for each in wording.statements if each.label}
    codes = {each.code for each in options}
    return replace(
        question,
        text=wording.text or question.text,
        hint=wording.hint or question.hint,
        kind=Kind(wording.kind) if wording.kind else question.kind,
        options=tuple(options) or question.options,
        statements=tuple(
            Option(each.code, labels.get(each.code, each.label)) for each in question.statements
        ),
        none=question.none if not options or question.none in codes else "",
        other=question.other if not options or question.other in codes else "",
    )


def members(wording: Wording) -> dict[str, tuple[str, ...]]:
    """What each choice stands for, of those that stand for several."""
    return {each.code: each.stands_for for each in wording.choices if len(each.stands_for) > 1}


def sent(document: Document, variant: Variant | None, answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as a version takes them, as they are kept once they are sent.

    The codes of options where a choice stands for one, the code of the choice where it stands for
    several; a number that stands for a choice is not kept.
    """
    if variant is None:
        return answers
    found = {}
    for code, value in answers.items():
        question = document.question(code)
        found[code] = _kept(question, variant.wording(code), value) if question else value
    return found


def _kept(question, wording, value):
    if not wording.kind or wording.kind == question.kind or value in (None, "", [], {}):
        return value
    if wording.kind == Kind.NUMBER:
        choice = choice_of(wording, Decimal(value))
        return choice.code if choice else None
    if question.kind == Kind.RANKING:
        return [value]
    return value


def choice_of(wording: Wording, number: Decimal) -> Choice | None:
    """The choice that a typed number is."""
    for each in wording.choices:
        low = each.least is None or number >= each.least
        if low and (each.most is None or number < each.most + 1):
            return each
    return None


def counted(document: Document, variant: Variant | None, answers: dict[str, Any]) -> dict[str, Any]:
    """The same as rules see them: in options of the standard version alone, with what is assumed.

    Of a choice that stands for several options any one will do: ``problems`` refuses a rule that
    would tell them apart.
    """
    if variant is None:
        return answers
    found = sent(document, variant, answers)
    for wording in variant.wordings:
        question = document.question(wording.code)
        if question is None:
            continue
        if wording.left_out:
            found = {key: value for key, value in found.items() if key != wording.code}
            if wording.assumed:
                found[wording.code] = assumed(question, wording)
        elif (groups := members(wording)) and wording.code in found:
            first = {code: stands_for[0] for code, stands_for in groups.items()}
            found[wording.code] = recoded(question, found[wording.code], first)
    return found


def assumed(question: Question, wording: Wording) -> Any:
    """The answer that is taken where a version leaves the question out."""
    return [wording.assumed] if question.kind == Kind.MULTIPLE else wording.assumed


def recoded(question: Question, value: Any, codes: dict[str, str]) -> Any:
    """An answer with other codes in place of some."""
    plain = chosen(value)
    if question.kind == Kind.MULTIPLE and plain:
        return with_chosen(value, list(dict.fromkeys(codes.get(code, code) for code in plain)))
    if question.kind == Kind.SCALE and plain:
        return {part: codes.get(code, code) for part, code in plain.items()}
    return with_chosen(value, codes.get(plain, plain) if isinstance(plain, str) else plain)


def moved(document: Document, old: Variant | None, new: Variant | None, answers: dict) -> dict:
    """Answers begun in one version as they stand in another: those that mean exactly the same.

    The rest is asked again.
    """
    before, after = shown(document, old), shown(document, new)
    found = {}
    for code, value in answers.items():
        was, now = before.question(code), after.question(code)
        if was is None or now is None:
            continue
        words = {Kind.TEXT, Kind.LONG}
        same_input = was.kind == now.kind or {was.kind, now.kind} <= words
        if value is None or (same_input and _codes(was, value) <= now.option_codes):
            found[code] = value
            if isinstance(value, dict) and "other" in value and not now.other:
                del found[code]
    return found


def _codes(question, value):
    plain = chosen(value)
    if question.kind not in WITH_OPTIONS or not plain:
        return set()
    if question.kind == Kind.SCALE:
        return set(plain.values())
    return {plain} if isinstance(plain, str) else set(plain)


# For the results


def together(
    document: Document, answered: list[tuple[Variant | None, dict]], *, with_assumed: bool = False
) -> tuple[Document, list[dict], dict[str, str]]:
    """The questions and answers of all versions as one survey, to be counted.

    ``answered``: of each person the version and the answers, one object for each version. Options
    that somebody was offered only as one are one here: the coarsest grouping that all have in
    common. Returns the document, the answers, and what readers must be told of a question, by its
    code. A question that is to have its tables apart is there twice.
    """
    variants = list({id(each): each for each, _answers in answered if each}.values())
    rows = [_plain(answers) for _variant, answers in answered]
    notes: dict[str, str] = {}
    made = []
    for question in document:
        groups = {
            choice.code: (choice, variant)
            for variant in variants
            for choice in variant.wording(question.code).choices
            if len(choice.stands_for) > 1 and not variant.wording(question.code).left_out
        }
        told = []
        if not groups:
            made.append(question)
        elif question.apart:
            made += _apart(question, groups, rows, notes)
        else:
            merged, codes = _merged(question, [choice for choice, _v in groups.values()])
            made.append(merged)
            for row in rows:
                if question.code in row:
                    row[question.code] = recoded(question, row[question.code], codes)
            names = ", ".join(dict.fromkeys(name(variant) for _c, variant in groups.values()))
            told.append(
                f"Some answers are counted together, because the {names} offers them as one."
            )
        told += _assume(question, variants, answered, rows, with_assumed=with_assumed)
        if told:
            notes[question.code] = " ".join([*told, notes.get(question.code, "")]).strip()
    return Document(tuple(made)), rows, notes


def _assume(question, variants, answered, rows, *, with_assumed):
    for variant in variants:
        wording = variant.wording(question.code)
        if not wording.left_out:
            continue
        if not wording.assumed or not with_assumed:
            yield f"The {name(variant)} does not ask this."
            continue
        label = question.label_of(wording.assumed)
        yield (
            f"The {name(variant)} does not ask this: “{label}” is assumed, because "
            f"{wording.because[:1].lower()}{wording.because[1:].rstrip('.')}."
        )
        for (their, _answers), row in zip(answered, rows, strict=True):
            if their is variant:
                row[question.code] = assumed(question, wording)


def _plain(answers):
    """Answers without what people wrote beside "other": it is read, and never counted."""
    return {code: chosen(value) for code, value in answers.items()}


def _merged(question, choices):
    """A question whose options are as coarse as all these need, and the new code of each old one.

    Groups that overlap become one.
    """
    sets: list[set[str]] = [{option.code} for option in question.options]
    for choice in choices:
        touched = [each for each in sets if each & set(choice.stands_for)]
        sets = [each for each in sets if each not in touched] + [set().union(*touched)]
    own = {frozenset(choice.stands_for): choice.label for choice in choices}
    place = {option.code: number for number, option in enumerate(question.options)}
    options, codes = [], {}
    for group in sorted(sets, key=lambda each: min(place[code] for code in each)):
        order = sorted(group, key=place.__getitem__)
        labels = [question.label_of(code) for code in order]
        label = own.get(frozenset(group)) if len(group) > 1 else None
        options.append(Option(order[0], label or " or ".join(labels)))
        codes |= dict.fromkeys(order, order[0])
        codes |= {
            each.code: order[0]
            for each in choices
            if set(each.stands_for) <= group and len(each.stands_for) > 1
        }
    return replace(question, options=tuple(options), none="", other=""), codes


def _apart(question, groups, rows, notes):
    """The question twice: for those offered its own options, and for those offered coarser ones."""
    coarse, codes = _merged(question, [choice for choice, _variant in groups.values()])
    coarse = replace(coarse, code=f"{question.code}-coarse")
    for row in rows:
        value = row.get(question.code)
        if value is not None and _codes(question, value) & set(groups):
            row[coarse.code] = recoded(question, row.pop(question.code), codes)
    names = ", ".join(dict.fromkeys(name(variant) for _choice, variant in groups.values()))
    notes[question.code] = "Answers to broader choices are in a table of their own."
    notes[coarse.code] = f"From the {names}, which offers broader choices."
    return [question, coarse]


# What is in the way of publishing


def problems(document: Document) -> Iterator[tuple[Variant, str, str]]:
    """What is wrong with the versions: of each the version, the code of the question, and words."""
    for variant in document.variants:
        same = [(each.kind, each.language) for each in document.variants]
        if same.count((variant.kind, variant.language)) > 1:
            yield variant, "", "There are two versions of this kind."
        if variant.kind == VariantKind.LANGUAGE and variant.language not in LANGUAGES:
            yield variant, "", "Choose its language."
        if document.questions and not shown(document, variant).questions:
            yield variant, "", "It leaves out every question."
        for question in document:
            wording = variant.wording(question.code)
            for words in (_left_out if wording.left_out else _asked)(question, wording):
                yield variant, question.code, words
            for words in _undecided(document, question, wording):
                yield variant, question.code, words


def _left_out(question, wording):
    if question.required and not wording.assumed:
        yield "It must be answered, and this version leaves it out: say what is assumed, and why."
    if wording.assumed and wording.assumed not in question.option_codes:
        yield "The option that is assumed is gone."
    if wording.assumed and not wording.because.strip():
        yield "Say why that answer is assumed."


def _asked(question, wording):
    kind = Kind(wording.kind) if wording.kind in Kind.values else question.kind
    if kind not in INPUTS.get(question.kind, {question.kind}):
        yield "It cannot be asked in this way."
        return
    if kind != question.kind and question.kind in WITH_OPTIONS and not wording.choices:
        yield "Say for each choice which options it stands for."
    if wording.picture and not wording.alt.strip():
        yield "Say in words what the picture shows."
    taken: set[str] = set()
    for choice in wording.choices:
        stands_for = set(choice.stands_for)
        for wrong, words in [
            (not choice.stands_for, f"Say which options “{choice.label}” stands for."),
            (stands_for - question.option_codes, f"“{choice.label}” stands for what is gone."),
            (stands_for & taken, f"“{choice.label}” stands for what another choice stands for."),
            (
                len(stands_for) > 1 and question.kind not in GROUPED,
                f"“{choice.label}” can stand for one option only.",
            ),
            (
                len(stands_for) > 1 and {question.none, question.other} & stands_for,
                f"“{choice.label}” joins others with an option that has a meaning of its own.",
            ),
            (
                len(stands_for) == 1 and choice.code not in stands_for,
                f"“{choice.label}” has another code than the option that it stands for.",
            ),
            (
                kind == Kind.NUMBER and choice.least is None and choice.most is None,
                f"Say which numbers are “{choice.label}”.",
            ),
        ]:
            if wrong:
                yield words
        taken |= stands_for
    if kind == Kind.NUMBER:
        yield from _ranges(wording)


def _ranges(wording):
    """Numbers that are two choices, or none between two."""
    ends = sorted(
        (
            (each.least if each.least is not None else -(10**9)),
            (each.most if each.most is not None else 10**9),
            each.label,
        )
        for each in wording.choices
    )
    for (low, high, label), (following, _end, other) in pairwise(ends):
        if high < low:
            yield f"The numbers of “{label}” end before they begin."
        elif following <= high:
            yield f"Some numbers are both “{label}” and “{other}”."
        elif following > high + 1:
            yield f"The numbers between “{label}” and “{other}” are no choice."


def _undecided(document, question, wording):
    """Rules of other questions that would tell apart what one choice of a version joins."""
    for choice in wording.choices:
        group = set(choice.stands_for)
        if len(group) < 2 or wording.left_out:
            continue
        for other in document:
            if any(
                named is None or 0 < len(group & named) < len(group)
                for named in _named(other, question.code)
            ):
                yield (
                    f"Whether “{other.text}” is asked depends on which of the options it is that "
                    f"“{choice.label}” stands for."
                )


def _named(question, code):
    """The sets of options of a question by which the rule of another decides."""

    def walk(node):
        if not isinstance(node, list | tuple) or not node:
            return
        head, *rest = node
        if head in {"and", "or", "not"}:
            for each in rest:
                yield from walk(each)
        elif len(rest) > 1 and rest[0] == code:
            if head in {"eq", "contains"}:
                yield {rest[1]}
            elif head == "in":
                yield set(rest[1])
            elif head == "count":
                yield None  # two ticks become one

    return walk(question.only_if)


def cannot_say(document: Document) -> Iterator[str]:
    """What nobody can answer in a version: allowed, and perhaps not meant."""
    for variant in document.variants:
        for question in document:
            wording = variant.wording(question.code)
            if wording.left_out or not wording.choices:
                continue
            offered = {code for choice in wording.choices for code in choice.stands_for}
            for option in question.options:
                if option.code not in offered:
                    yield (
                        f"In the {name(variant)} nobody can choose “{option.label}” of "
                        f"“{question.text}”."
                    )
