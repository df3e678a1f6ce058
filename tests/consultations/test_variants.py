"""Versions of a survey: Easy Read and the like, and how their answers are counted with the rest."""

from dataclasses import replace
from datetime import timedelta

import pytest

from localoffer.consultations import linting, paths, preflight, questions, results, variants
from localoffer.consultations.actions import answering
from localoffer.consultations.actions import results as making
from localoffer.consultations.models import Draft, Response
from localoffer.consultations.questions import (
    Choice,
    Document,
    Kind,
    Option,
    Variant,
    VariantKind,
    Wording,
)
from tests.factories.consultations import CLOSES, WHILE_OPEN, make_open, one

REGION = replace(
    one("REG"),
    options=tuple(Option(code, words) for code, words in [
        ("NE", "North East"), ("NW", "North West"), ("LON", "London"), ("SE", "South East"),
    ]),
)  # fmt: skip
BANDS = replace(one("BAND"), options=(Option("YOUNG", "16 to 24"), Option("OLDER", "25 and over")))
NORTH = Choice("NORTH", "North", ("NE", "NW"))
LONDON = Choice("LON", "London", ("LON",))
SOUTH = Choice("SE", "South", ("SE",))
COARSE = Wording("REG", text="Where do you live?", choices=(NORTH, LONDON, SOUTH))
TYPED = Wording(
    "BAND",
    kind=Kind.NUMBER,
    choices=(
        Choice("YOUNG", "Young", ("YOUNG",), least=16, most=24),
        Choice("OLDER", "Older", ("OLDER",), least=25),
    ),
)
EASY = Variant("EASY01", VariantKind.EASY_READ, wordings=(COARSE, TYPED))
DOCUMENT = Document((REGION, BANDS, one("WORDS", Kind.LONG)), (EASY,))


def words_of(document):
    return [each.words for each in linting.problems(document)]


def with_easy(*wordings, asked=DOCUMENT.questions):
    return Document(tuple(asked), (replace(EASY, wordings=wordings),))


def test_a_document_with_versions_is_read_as_it_was_written():
    assert questions.read(DOCUMENT.as_json()) == DOCUMENT


def test_a_version_shows_its_own_words_and_choices():
    shown = variants.shown(DOCUMENT, EASY)

    assert shown.question("REG").text == "Where do you live?"
    assert [each.label for each in shown.question("REG").options] == ["North", "London", "South"]
    assert shown.question("BAND").kind == Kind.NUMBER
    assert shown.question("WORDS") == DOCUMENT.question("WORDS")


def test_a_typed_number_is_kept_as_the_option_that_it_is():
    given = {"REG": "NORTH", "BAND": "19", "WORDS": "More buses"}

    assert paths.sent(DOCUMENT, given, variant=EASY) == {
        "REG": "NORTH", "BAND": "YOUNG", "WORDS": "More buses",
    }  # fmt: skip
    assert paths.sent(DOCUMENT, {"BAND": "3"}, variant=EASY) == {}
    assert paths.sent(DOCUMENT, {"BAND": "24.5"}, variant=EASY) == {"BAND": "YOUNG"}


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        (["in", "REG", ["NE", "NW"]], True),
        (["eq", "REG", "LON"], False),
        (["not", ["eq", "REG", "LON"]], True),
        (["variant", "easy_read"], True),
        (["variant", "standard"], False),
    ],
)
def test_rules_see_what_a_choice_stands_for(rule, asked):
    document = Document(
        (REGION, one("MORE", Kind.LONG, only_if=rule)), (replace(EASY, wordings=(COARSE,)),)
    )
    found = paths.path(document, {"REG": "NORTH"}, variant=document.variants[0])

    assert ("MORE" in [each.code for each in found]) is asked
    assert words_of(document) == []


def test_a_rule_that_would_tell_apart_what_a_version_joins_is_refused():
    document = with_easy(COARSE, asked=[REGION, one("M", Kind.LONG, only_if=["eq", "REG", "NE"])])

    assert any("depends on which of the options" in words for words in words_of(document))


def test_a_rule_about_a_version_that_is_not_there_is_refused():
    document = Document((one("A", Kind.LONG, only_if=["variant", "bsl"]),))

    assert any("a version that this survey has not" in words for words in words_of(document))


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        (Wording("REG", choices=(Choice("X", "Up", ()),)), "Say which options “Up” stands for"),
        (Wording("REG", choices=(Choice("X", "Up", ("GONE", "NE")),)), "stands for what is gone"),
        (
            Wording("REG", choices=(NORTH, Choice("NE", "North East", ("NE",)))),
            "stands for what another choice",
        ),
        (Wording("REG", choices=(Choice("X", "Up", ("NE",)),)), "another code"),
        (Wording("BAND", kind=Kind.NUMBER), "Say for each choice"),
        (Wording("WORDS", kind=Kind.NUMBER), "cannot be asked in this way"),
        (Wording("REG", left_out=True, assumed="NE"), "Say why that answer is assumed"),
        (Wording("REG", left_out=True, assumed="X", because="All"), "is assumed is gone"),
        (Wording("REG", picture=3), "Say in words what the picture shows"),
        (
            replace(TYPED, choices=(TYPED.choices[0], replace(TYPED.choices[1], least=24))),
            "Some numbers are both",
        ),
        (
            replace(TYPED, choices=(TYPED.choices[0], replace(TYPED.choices[1], least=30))),
            "are no choice",
        ),
    ],
)
def test_a_version_without_a_whole_map_is_not_published(wording, words):
    assert any(words in found for found in words_of(with_easy(wording)))


def test_a_question_that_must_be_answered_is_left_out_only_with_an_assumption():
    asked = [replace(REGION, required=True), *DOCUMENT.questions[1:]]

    assert any(
        "say what is assumed" in w
        for w in words_of(with_easy(Wording("REG", left_out=True), asked=asked))
    )
    assert (
        words_of(with_easy(Wording("REG", left_out=True, assumed="NE", because="x"), asked=asked))
        == []
    )


def test_what_nobody_can_choose_in_a_version_is_said():
    told = list(variants.cannot_say(with_easy(Wording("REG", choices=(NORTH, LONDON)))))

    assert told == ["In the Easy Read version nobody can choose “South East” of “What about REG?”."]


def test_on_changing_the_version_answers_stay_where_they_mean_the_same():
    given = {"REG": "NORTH", "BAND": "19", "WORDS": "Buses"}

    assert variants.moved(DOCUMENT, EASY, None, given) == {"WORDS": "Buses"}
    assert variants.moved(DOCUMENT, None, EASY, {"REG": "LON", "BAND": "YOUNG", "WORDS": "x"}) == {
        "REG": "LON", "WORDS": "x",
    }  # fmt: skip
    assert variants.moved(DOCUMENT, None, EASY, {"REG": "NE", "WORDS": None}) == {"WORDS": None}


def counted(answered, **options):
    document = options.pop("document", DOCUMENT)
    return variants.together(document, answered, **options)


def test_answers_are_counted_by_the_coarsest_grouping_that_all_share():
    document, rows, notes = counted(
        [(None, {"REG": "NE"}), (None, {"REG": "LON"}), (EASY, {"REG": "NORTH"})]
    )

    region = document.question("REG")
    assert [each.label for each in region.options] == ["North", "London", "South East"]
    assert [region.label_of(row["REG"]) for row in rows] == ["North", "London", "North"]
    assert "the Easy Read version offers them as one" in notes["REG"]


def test_nothing_is_joined_where_nobody_used_the_version():
    document, rows, notes = counted([(None, {"REG": "NE"})])

    assert (document.questions, rows, notes) == (DOCUMENT.questions, [{"REG": "NE"}], {})


def test_groups_that_overlap_become_one():
    other = Variant("YOUNG1", VariantKind.YOUNG, wordings=(
        Wording("REG", choices=(Choice("WIDE", "Not the East", ("NW", "LON")),)),
    ))  # fmt: skip
    document, rows, _notes = counted([(EASY, {"REG": "NORTH"}), (other, {"REG": "WIDE"})])

    assert [each.label for each in document.question("REG").options] == [
        "North East or North West or London",
        "South East",
    ]
    assert rows[0] == rows[1]


def test_several_choices_that_become_one_are_one_person():
    asked = replace(REGION, kind=Kind.MULTIPLE)
    document = Document((asked,), (EASY,))
    _made, rows, _notes = counted(
        [(None, {"REG": ["NE", "NW"]}), (EASY, {"REG": ["NORTH"]})], document=document
    )

    assert rows == [{"REG": ["NE"]}, {"REG": ["NE"]}]


def test_a_scale_may_be_coarser_too():
    scale = one("S", Kind.SCALE)
    easy = replace(EASY, wordings=(Wording("S", choices=(Choice("AGREE", "Yes", ("S1", "S2")),)),))
    document, rows, _notes = counted(
        [(easy, {"S": {"SS1": "AGREE"}}), (None, {"S": {"SS1": "S2"}})],
        document=Document((scale,), (easy,)),
    )

    assert [row["S"] for row in rows] == [{"SS1": "S1"}, {"SS1": "S1"}]
    assert [each.label for each in document.question("S").options] == ["Yes", "S 3"]


def test_tables_may_stand_apart_instead():
    apart = replace(REGION, apart=True)
    document, rows, notes = counted(
        [(None, {"REG": "NE"}), (EASY, {"REG": "NORTH"}), (EASY, {"REG": "LON"})],
        document=Document((apart,), (EASY,)),
    )

    assert [each.code for each in document] == ["REG", "REG-coarse"]
    assert rows == [{"REG": "NE"}, {"REG-coarse": "NE"}, {"REG": "LON"}]
    assert "table of their own" in notes["REG"]


@pytest.mark.parametrize(("with_assumed", "number"), [(True, 2), (False, 1)])
def test_assumed_answers_are_counted_only_where_that_is_chosen_and_said(with_assumed, number):
    easy = replace(EASY, wordings=(
        Wording("REG", left_out=True, assumed="NE", because="It was sent to one town."),
    ))  # fmt: skip
    _document, rows, notes = counted(
        [(None, {"REG": "NE"}), (easy, {"WORDS": "x"})], with_assumed=with_assumed
    )

    assert sum(row.get("REG") == "NE" for row in rows) == number
    assert notes["REG"].startswith("The Easy Read version does not ask this")
    assert ("is assumed, because it was sent to one town." in notes["REG"]) is with_assumed


def test_what_people_write_beside_other_is_never_in_a_table():
    asked = replace(REGION, other="SE")
    given = [(None, {"REG": {"chosen": "SE", "other": "Kent, Mrs Example"}})] * 30
    given += [(None, {"REG": code}) for code in ["NE", "NW", "LON"] for _ in range(20)]

    class Survey:
        slug, title, break_down_by, count_assumed = "s", "S", "", False

    tables = results.tables_of([(Survey, Document((asked,)), given)], threshold=10)

    assert tables[0]["tables"][0]["rows"][3]["number"] == 30
    assert "Example" not in str(tables)


def survey(slug, asked, title=""):
    class Survey:
        break_down_by, count_assumed = "", False

    Survey.slug, Survey.title = slug, title or slug.title()
    return Survey, Document((asked,))


def test_questions_of_one_construct_have_one_table_of_all_surveys():
    parents, schools = replace(one("P"), construct="found"), replace(one("S"), construct="found")
    labels = ["Yes", "Some", "No"]
    parents, schools = (
        replace(
            each,
            options=tuple(Option(o.code, w) for o, w in zip(each.options, labels, strict=True)),
        )
        for each in (parents, schools)
    )
    given = [
        (
            *survey("parents", parents),
            [(None, {"P": f"P{n}"}) for n in (1, 2, 3) for _ in range(40)],
        ),
        (
            *survey("schools", schools),
            [(None, {"S": f"S{n}"}) for n in (1, 1, 2, 3) for _ in range(20)],
        ),
    ]
    tables = results.tables_of(given, threshold=10)

    assert [each["survey"] for each in tables] == ["parents", "schools", results.JOINED]
    assert tables[0]["tables"] == tables[1]["tables"] == []
    (table,) = tables[2]["tables"]
    assert table["columns"] == ["Yes", "Some", "No"]
    assert [[cell["number"] for cell in row["cells"]] for row in table["rows"]] == [
        [40, 40, 40],
        [40, 20, 20],
    ]


def test_a_construct_of_too_few_people_leaves_each_survey_its_own_table():
    asked = [replace(one(code), construct="found") for code in "PS"]
    given = [(*survey(q.code, q), [(None, {q.code: f"{q.code}1"})] * 3) for q in asked]

    assert [each["survey"] for each in results.tables_of(given, threshold=10)] == ["P", "S"]


# With the database


@pytest.fixture
def easy_survey(authority, index):
    record, survey = make_open(
        index, authority=authority, asked=DOCUMENT.questions, variants=(EASY,)
    )
    return record, survey


def address(survey, page=""):
    return f"/have-your-say/answer/{survey.consultation.page.slug}/{survey.slug}/{page}"


def test_a_person_answers_in_easy_read_without_javascript(client, easy_survey, clock):
    clock(WHILE_OPEN)
    _record, survey = easy_survey
    start = client.get(address(survey)).content.decode()
    assert f'href="{address(survey)}?version=EASY01">Easy Read version</a>' in start

    easy = client.get(f"{address(survey)}?version=EASY01").content.decode()
    assert "Standard version</a>" in easy
    client.post(address(survey), {"version": "EASY01"})
    page = client.get(address(survey, "q/REG/")).content.decode()
    assert "Where do you live?" in page
    assert "North East" not in page
    client.post(address(survey, "q/REG/"), {"answer": "NORTH", "revision": 0})
    client.post(address(survey, "q/BAND/"), {"answer": "19", "revision": 1})
    client.post(address(survey, "q/WORDS/"), {"answer": "Buses", "revision": 2})
    assert "19" in client.get(address(survey, "check/")).content.decode()
    client.post(address(survey, "check/"))

    response = Response.objects.get()
    assert response.variant == "EASY01"
    assert response.answers == {"REG": "NORTH", "BAND": "YOUNG", "WORDS": "Buses"}


def test_a_person_changes_the_version_and_is_told_what_is_asked_again(client, easy_survey, clock):
    clock(WHILE_OPEN)
    _record, survey = easy_survey
    client.post(address(survey))
    client.post(address(survey, "q/REG/"), {"answer": "NE", "revision": 0})
    client.post(address(survey, "q/BAND/"), {"answer": "", "revision": 1})
    client.post(address(survey, "q/WORDS/"), {"answer": "Buses", "revision": 2})

    assert (
        "1 of your answers is asked again"
        in client.get(address(survey, "version/")).content.decode()
    )
    assert Draft.objects.get().answers["REG"] == "NE"  # to look changes nothing
    response = client.post(address(survey, "version/"), {"version": "EASY01"})

    assert response.url == address(survey, "q/REG/")
    draft = Draft.objects.get()
    assert (draft.variant, draft.answers) == ("EASY01", {"BAND": None, "WORDS": "Buses"})


def test_a_version_that_is_not_there_or_not_for_the_screen_is_the_standard_one(authority, index):
    paper = Variant("PAPER1", VariantKind.PAPER)
    _record, survey = make_open(index, authority=authority, variants=(paper,))

    for code in ["PAPER1", "NOTHING"]:
        assert answering.begin(survey, now=WHILE_OPEN, variant=code).variant == ""


def test_results_are_of_all_versions_and_say_so(easy_survey):
    record, survey = easy_survey
    for number, (variant, value) in enumerate([("", "NE"), ("EASY01", "NORTH"), ("", "LON")] * 12):
        Response.objects.create(
            authority=record.authority,
            door=record.authority,
            version=survey.current,
            variant=variant,
            answers={"REG": value},
            submitted_on=WHILE_OPEN.date(),
            receipt_digest=str(number),
        )
    record.analysis_at = CLOSES
    record.save()
    table = making.make(record, now=CLOSES).tables[0]["tables"][0]

    assert table["rows"][0] == {"label": "North", "number": 25, "percent": 71}
    assert "Easy Read version offers them as one" in table["note"]


def test_a_question_keeps_its_construct_once_it_was_asked(authority, index):
    asked = replace(REGION, construct="where")
    _record, survey = make_open(index, authority=authority, asked=[asked])
    survey.draft = Document((replace(asked, construct="elsewhere"),)).as_json()

    assert preflight.changes_meaning(survey)


def test_people_say_which_other_they_mean(client, authority, index, clock):
    clock(WHILE_OPEN)
    asked = replace(REGION, other="SE")
    _record, survey = make_open(index, authority=authority, asked=[asked])
    client.post(address(survey))
    page = address(survey, "q/REG/")

    wrong = client.post(page, {"answer": "NE", "other": "Kent", "revision": 0}).content.decode()
    assert "Choose “South East” above, or take these words out" in wrong
    assert 'value="Kent"' in wrong
    client.post(page, {"answer": "SE", "other": "Kent", "revision": 0})
    assert "Other: Kent" in client.get(address(survey, "check/")).content.decode()
    client.post(address(survey, "check/"))

    assert Response.objects.get().answers == {"REG": {"chosen": "SE", "other": "Kent"}}


def test_words_beside_other_go_when_peoples_own_words_go(easy_survey):
    record, survey = easy_survey
    given = {"REG": {"chosen": "SE", "other": "Kent"}, "WORDS": "x"}
    Response.objects.create(
        authority=record.authority,
        door=record.authority,
        version=survey.current,
        answers=given,
        submitted_on=WHILE_OPEN.date(),
        receipt_digest="1",
    )

    answering.purge(now=CLOSES + timedelta(days=800))

    assert Response.objects.get().answers == {"REG": "SE"}
