"""Surveys as XLSForm workbooks: what is read, what is refused by its line, and the way back."""

import io
from dataclasses import replace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from localoffer.consultations import expressions, linting, xlsform
from localoffer.consultations.models import Instrument
from localoffer.consultations.questions import Document, Kind, Variant, VariantKind
from tests.factories.consultations import make_consultation, one

HEAD = ["type", "name", "label", "hint", "required", "relevant", "constraint", "appearance"]
CHOICES = [
    ["list_name", "name", "label"],
    ["yn", "yes", "Yes"],
    ["yn", "no", "No"],
    ["how", "post", "By post"],
    ["how", "phone", "By phone"],
]
ASKED = [
    ["select_one yn", "found", "Did you find it?", "Think of today", "yes"],
    ["text", "why", "Why not?", None, None, "${found} = 'no'", None, "multiline"],
    ["select_multiple how or_other", "how", "How should we write?"],
    ["integer", "age", "How old are you?", None, None, None, ". >= 5 and . < 26"],
    ["rank how", "order", "What comes first?"],
    ["date", "day", "Which day?"],
    ["text", "line", "One word?"],
]


def workbook(rows, choices=CHOICES, head=HEAD):
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in [head, *rows]:
        book.active.append(row)
    sheet = book.create_sheet("choices")
    for row in choices:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(rows, document=None, **more):
    return xlsform.read(workbook(rows, **more), document or Document())


def test_a_form_becomes_questions_with_their_rules():
    found = read(ASKED)

    assert found.told == []
    kinds = [each.kind for each in found.document]
    assert kinds == [Kind.SINGLE, Kind.LONG, Kind.MULTIPLE, Kind.NUMBER, Kind.RANKING, Kind.DATE, Kind.TEXT]  # fmt: skip # noqa: E501
    first, why, how, age, *_rest = found.document
    assert (first.required, first.hint) == (True, "Think of today")
    assert why.only_if == ["eq", first.code, first.options[1].code]
    assert how.label_of(how.other) == "Other"
    assert (age.least, age.most) == (5, 25)
    assert linting.problems(found.document) == []
    names = {"found", "yes", "no"}
    assert not names & {first.code, *first.option_codes}


def test_a_form_that_is_read_twice_changes_nothing():
    once = read(ASKED)
    twice = read(ASKED, once.document)

    assert twice.document == once.document
    assert (twice.added, twice.changed, len(twice.same)) == ([], [], len(ASKED))


def test_other_words_keep_the_codes():
    once = read(ASKED).document
    again = read([["select_one yn", "found", "Was it there?"], *ASKED[1:]], once)

    assert again.changed == ["Was it there?"]
    assert [each.code for each in again.document] == [each.code for each in once]
    assert again.document.questions[0].options == once.questions[0].options


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["note", "n", "Hello"], "A note has no page of its own"),
        (["deviceid", "d"], "is not kept here"),
        (["image", "i", "A photo"], "The type “image” cannot be asked"),
        (["text", "bad name!", "Q"], "is no name"),
        (["text", "found", "Q"], "is used twice"),
        (["text", "q"], "from 1 to 300 characters"),
        (["select_one gone", "q", "Q"], "no list “gone”"),
        ([None, "q", "Q"], "It has no type"),
        (["text", "q", "Q", None, None, "${gone} = 'x'"], "there is no question gone before it"),
        (["text", "q", "Q", None, None, "regex(${found}, 'a+')"], "is not understood here"),
        (["text", "q", "Q", None, None, "${found} = 'maybe'"], "has no option maybe"),
        (["text", "q", "Q", None, None, "(" * 50], "too deep"),
        (["calculate", "c", None], "The type “calculate” cannot be asked"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_kept(row, words):
    found = read([ASKED[0], row, ASKED[2]])

    assert len(found.document) == 2
    (told,) = found.told
    assert (told.line, told.refused) == (3, True)
    assert words in told.words


def test_a_constraint_that_is_no_range_is_left_out_and_told():
    found = read([["text", "q", "Q", None, None, None, "regex(., '[0-9]')"]])

    assert len(found.document) == 1
    assert found.told[0].refused is False


def test_what_repeats_and_what_is_in_a_refused_group_is_left_out():
    found = read([
        ["begin_repeat", "r", "Again"], ["text", "a", "A"], ["end repeat"],
        ["begin group", "g", "G", None, None, "${gone} = 'x'"], ["text", "b", "B"], ["end group"],
        ["text", "c", "C"],
    ])  # fmt: skip

    assert [each.text for each in found.document] == ["C"]
    assert [each.line for each in found.told] == [2, 3, 5, 6]


def test_the_condition_of_a_group_is_that_of_its_questions():
    found = read([
        ASKED[0],
        ["begin_group", "g", "G", None, None, "${found} = 'yes'"],
        ["integer", "n", "N"],
        ["text", "t", "T", None, None, "${n} > 3"],
        ["end_group"],
    ])  # fmt: skip

    yes = ["eq", found.document.questions[0].code, found.document.questions[0].options[0].code]
    number = found.document.questions[1]
    assert number.only_if == yes
    assert found.document.questions[2].only_if == ["and", yes, ["gt", number.code, "3"]]


def test_choices_of_one_list_on_one_page_are_a_scale():
    rows = [
        ["begin_group", "g", "Do you agree?", None, None, None, None, "field-list"],
        ["select_one yn", "a", "It is clear"],
        ["select_one yn", "b", "It is short"],
        ["end_group"],
    ]
    once = read(rows)

    (scale,) = once.document
    assert scale.kind == Kind.SCALE
    assert [each.label for each in scale.statements] == ["It is clear", "It is short"]
    assert read(rows, once.document).document == once.document


def test_other_languages_become_versions():
    head = ["type", "name", "label::English (en)", "label::Cymraeg (cy)", "label::Klingon (tlh)"]
    choices = [
        ["list_name", "name", "label::English (en)", "label::Cymraeg (cy)"],
        ["yn", "yes", "Yes", "Ydw"],
        ["yn", "no", "No", "Nac ydw"],
    ]
    found = read([["select_one yn", "q", "Is it?", "Ydy hi?"]], head=head, choices=choices)

    (welsh,) = found.document.variants
    assert (welsh.kind, welsh.language) == (VariantKind.LANGUAGE, "cy")
    wording = welsh.wordings[0]
    assert (wording.text, [each.label for each in wording.choices]) == ("Ydy hi?", ["Ydw", "Nac ydw"])  # fmt: skip # noqa: E501
    assert linting.problems(found.document) == []
    assert "Klingon" in found.told[0].words
    content, _told = xlsform.write(found.document, title="T")
    assert xlsform.read(content, found.document).document == found.document


RULES = [
    ["eq", "ONE", "ONE1"],
    ["in", "ONE", ["ONE1", "ONE2"]],
    ["not", ["eq", "ONE", "ONE1"]],
    ["contains", "MANY", "MANY2"],
    ["count", "MANY", "ge", 2],
    ["answered", "ONE"],
    ["and", ["ge", "N", "16"], ["or", ["lt", "N", "99"], ["not", ["answered", "MANY"]]]],
    ["gt", "DAY", "2026-09-01"],
]


@pytest.mark.parametrize("rule", RULES)
def test_what_is_written_is_read_as_it_was(rule):
    document = Document((
        one("ONE"), one("MANY", Kind.MULTIPLE, none="MANY3"),
        one("N", Kind.NUMBER, least=1, most=99),
        one("DAY", Kind.DATE), one("S", Kind.SCALE), one("R", Kind.RANKING),
        one("P", Kind.POSTCODE),
        one("LAST", Kind.LONG, only_if=rule, sensitive=True, publish=False),
    ))  # fmt: skip
    content, told = xlsform.write(document, title="A survey")
    again = xlsform.read(content, document)

    assert again.told == []
    assert again.document == document
    assert len(again.same) == len(document)
    assert any("none of the others" in words for words in told)
    # To somebody else it is a form like any other.
    fresh = xlsform.read(content, Document()).document
    assert [each.kind for each in fresh] == [each.kind for each in document]
    assert linting.problems(fresh) == []


def test_what_a_form_cannot_say_is_told_and_stays():
    rule = ["variant", "easy_read"]
    document = Document(
        (one("A", Kind.LONG, only_if=rule, text="=SUM(1)"), replace(one("B"), construct="c")),
        (Variant("EASY01", VariantKind.EASY_READ),),
    )
    content, told = xlsform.write(document, title="T")

    assert told == [
        "“=SUM(1)”: when it is asked depends on whom the survey, or which version of it, is for.",
        "“What about B?”: that other surveys ask the same.",
        "The version Easy Read.",
    ]
    assert xlsform.read(content, document).document == document
    cells = openpyxl.load_workbook(io.BytesIO(content))["survey"]
    assert cells["C2"].value == "'=SUM(1)"


def test_deep_and_long_conditions_are_refused():
    for text in ["not(" * 30 + "${a} = ''", "x" * 3000]:
        with pytest.raises(expressions.NotSaidError):
            expressions.read(text, lambda name: None)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"type,name\ntext,a"])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(xlsform.BadFormError):
        xlsform.read(content, Document())
    with pytest.raises(xlsform.BadFormError, match="is no XLSForm"):
        xlsform.read(workbook([], head=["a", "b"]), Document())


# In the admin and from the terminal


@pytest.fixture
def survey(authority, index):
    return make_consultation(index, authority=authority).instruments.get()


def test_an_officer_looks_at_a_form_and_takes_it_in(admin, survey):
    url = reverse("surveys:exchange", args=[survey.pk])
    sent = SimpleUploadedFile("form.xlsx", workbook([*ASKED, ["note", "n", "Hello"]]))

    response = admin.post(url, {"form_file": sent})

    html = response.content.decode()
    assert "Did you find it?" in html
    assert "<td>9</td>" in html
    assert len(Instrument.objects.get().document) == 3  # nothing yet
    held = response.context["held"]
    assert admin.post(url, {"accept": held}).url == reverse("surveys:edit", args=[survey.pk])
    assert len(Instrument.objects.get().document) == 3 + len(ASKED)
    admin.post(url, {"accept": held})  # the questions have changed since it was looked at
    assert len(Instrument.objects.get().document) == 3 + len(ASKED)
    assert admin.post(url, {"accept": f"{held}x"}).status_code == 302


def test_a_form_that_cannot_be_read_is_an_error_of_the_field(admin, survey):
    url = reverse("surveys:exchange", args=[survey.pk])
    sent = SimpleUploadedFile("form.xlsx", b"no")

    assert "It is not a workbook" in admin.post(url, {"form_file": sent}).content.decode()
    assert "This field is required" in admin.post(url, {}).content.decode()


def test_the_questions_are_downloaded(admin, survey):
    response = admin.get(reverse("surveys:exchange", args=[survey.pk]) + "?download")

    assert xlsform.read(response.content, survey.document).document == survey.document


def test_the_command_reads_and_writes(survey, tmp_path, capsys):
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook(ASKED))
    names = [survey.consultation.page.slug, survey.slug, path]
    call_command("survey_form", "read", *names, dry_run=True)
    assert len(Instrument.objects.get().document) == 3

    call_command("survey_form", "read", *names)
    call_command("survey_form", "read", *names)

    assert "7 new, 0 changed, 0 as they were" in capsys.readouterr().out
    assert len(Instrument.objects.get().document) == 3 + len(ASKED)
    call_command("survey_form", "write", *names)
    assert b"PK" in path.read_bytes()[:2]
    with pytest.raises(CommandError, match="no such survey"):
        call_command("survey_form", "write", "gone", survey.slug, path)
