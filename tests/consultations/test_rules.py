import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.consultations import linting, paths, questions, rules
from localoffer.consultations.questions import Document, Kind, Option, Question


def choice(code, kind=Kind.SINGLE, **fields):
    options = tuple(Option(f"{code}{n}", f"{code} {n}") for n in range(1, 4))
    return Question(code=code, kind=kind, text=f"Question {code}?", options=options, **fields)


def number(code, **fields):
    return Question(code=code, kind=Kind.NUMBER, text=f"How many {code}?", **fields)


def said(document, **options):
    return [problem.words for problem in linting.problems(document, **options)]


@pytest.mark.parametrize(
    ("rule", "answers", "true"),
    [
        (None, {}, True),
        (["eq", "A", "A1"], {"A": "A1"}, True),
        (["eq", "A", "A1"], {"A": "A2"}, False),
        (["eq", "A", "A1"], {}, False),
        (["not", ["eq", "A", "A1"]], {}, True),
        (["in", "A", ["A1", "A2"]], {"A": "A2"}, True),
        (["contains", "B", "B1"], {"B": ["B2", "B1"]}, True),
        (["contains", "B", "B1"], {"B": []}, False),
        (["answered", "A"], {"A": None}, False),
        (["answered", "A"], {"A": "x"}, True),
        (["lt", "N", "10"], {"N": "9"}, True),
        (["lt", "N", "10"], {"N": "10"}, False),
        (["ge", "N", "10"], {"N": "10.0"}, True),
        (["gt", "N", "9"], {"N": "10"}, True),  # as numbers, not as text
        (["ge", "D", "2026-09-01"], {"D": "2026-09-01"}, True),
        (["lt", "D", "2026-09-01"], {"D": "2026-08-31"}, True),
        (["count", "B", "ge", 2], {"B": ["B1", "B2"]}, True),
        (["audience", "parents"], {}, True),
        (["audience", "schools"], {}, False),
        (["and", ["answered", "A"], ["answered", "B"]], {"A": "A1"}, False),
        (["or", ["answered", "A"], ["answered", "B"]], {"A": "A1"}, True),
    ],
)
def test_a_rule_is_true_of_the_right_answers(rule, answers, true):
    assert rules.holds(rule, answers, audience="parents") is true


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (["eq", "Z", "Z1"], "a question that is gone"),
        (["eq", "C", "C1"], "comes later"),
        (["eq", "B", "B1"], "comes later, or on itself"),
        (["eq", "A", "A9"], "an option of “Question A?” that is gone"),
        (["contains", "A", "A1"], "does not fit the kind"),
        (["lt", "A", "5"], "does not fit the kind"),
        (["audience", "schools"], "a group that this survey is not for"),
        (["and", ["eq", "A", "A1"], ["eq", "A", "A2"]], "can never be asked"),
        (["matches", "A", "(a+)+$"], "There is no condition “matches”"),
        ("A == 1", "A rule is a list"),
        (["eq", "A"], "not complete"),
        (["and"], "joins nothing"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_before_it_is_published(rule, words):
    document = Document((choice("A"), choice("B", only_if=rule), choice("C")))

    assert any(words in problem for problem in said(document, audience="parents"))


def test_a_rule_cannot_be_deeper_than_eight():
    rule = ["answered", "A"]
    for _ in range(8):
        rule = ["not", rule]

    assert any(
        "more than 8" in words for words in said(Document((choice("A"), choice("B", only_if=rule))))
    )


def test_a_rule_cannot_have_more_than_two_hundred_conditions():
    rule = ["or", *[["answered", "A"]] * 200]

    assert any("200" in words for words in said(Document((choice("A"), choice("B", only_if=rule)))))


def test_a_rule_outside_the_numbers_that_may_be_given_can_never_be_true():
    asked = number("N", least=0, most=25)

    assert said(Document((asked, choice("B", only_if=["gt", "N", "25"])))) != []
    assert said(Document((asked, choice("B", only_if=["gt", "N", "24"])))) == []


def test_a_question_under_a_branch_that_excludes_it_can_never_be_asked():
    first = choice("A")
    second = choice("B", only_if=["eq", "A", "A1"])
    third = choice("C", only_if=["and", ["answered", "B"], ["eq", "A", "A2"]])

    assert any("can never be asked" in words for words in said(Document((first, second, third))))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("Q", Kind.SINGLE, "Which?"), "at least two"),
        (Question("Q", Kind.TEXT, "  "), "Write the question"),
        (choice("Q", Kind.SCALE), "at least one statement"),
        (choice("Q", Kind.MULTIPLE, none="gone"), "none of the others is gone"),
        (number("Q", least=5, most=4), "smallest number is larger"),
        (
            Question("Q", Kind.SINGLE, "?", options=(Option("a", "Yes"), Option("b", "yes"))),
            "same words",
        ),
    ],
)
def test_what_a_question_lacks_is_said(question, words):
    assert any(words in problem for problem in said(Document((question,))))


def test_a_survey_without_questions_cannot_be_published():
    assert said(Document()) == ["Add a question."]


def test_the_path_is_made_from_the_answers_and_forgets_none():
    document = Document((choice("A"), choice("B", only_if=["eq", "A", "A1"]), choice("C")))
    answers = {"A": "A1", "B": "B2"}
    asked = [each.code for each in paths.path(document, answers)]
    answers["A"] = "A2"
    without = [each.code for each in paths.path(document, answers)]

    assert (asked, without) == (["A", "B", "C"], ["A", "C"])
    assert paths.sent(document, {**answers, "C": "C1"}) == {"A": "A2", "C": "C1"}
    assert answers["B"] == "B2"


def test_an_answer_off_the_path_opens_no_other_question():
    document = Document(
        (
            choice("A"),
            choice("B", only_if=["eq", "A", "A1"]),
            choice("C", only_if=["eq", "B", "B1"]),
        )
    )

    assert [each.code for each in paths.path(document, {"A": "A2", "B": "B1"})] == ["A"]


def test_nobody_gets_past_a_question_that_must_be_answered():
    document = Document((choice("A", required=True), choice("B"), choice("C")))
    asked = paths.path(document, {})

    assert paths.first_unmet(asked, {}).code == "A"
    assert paths.first_unmet(asked, {"A": None}).code == "A"
    assert not paths.reachable(asked, {"A": None, "B": "B1"}, "C")
    assert paths.reachable(asked, {"A": "A1", "B": None}, "C")
    assert not paths.reachable(asked, {}, "Z")


@st.composite
def surveys(draw):
    """Documents of single choices with random rules on earlier ones, and some of their answers."""
    made = []
    for place in range(draw(st.integers(1, 7))):
        rule = None
        if made and draw(st.booleans()):
            earlier = draw(st.sampled_from(made))
            rule = ["eq", earlier.code, draw(st.sampled_from(earlier.options)).code]
            if draw(st.booleans()):
                rule = ["not", rule]
        made.append(choice(f"Q{place}", only_if=rule, required=draw(st.booleans())))
    answers = {}
    for question in made:
        if draw(st.booleans()):
            answers[question.code] = draw(st.sampled_from(question.options)).code
    return Document(tuple(made)), answers


@given(surveys(), st.randoms(use_true_random=False))
def test_whoever_answers_what_is_asked_reaches_the_end(survey, chance: random.Random):
    document, answers = survey
    for _ in range(len(document) + 1):
        asked = paths.path(document, answers)
        unmet = paths.first_unmet(asked, answers)
        if unmet is None:
            break
        assert paths.reachable(asked, answers, unmet.code)
        answers[unmet.code] = chance.choice(unmet.options).code
    assert unmet is None
    positions = [document.position(each.code) for each in asked]
    assert positions == sorted(positions)
    assert paths.sent(document, answers).keys() <= {each.code for each in asked}


@given(surveys())
def test_a_document_is_read_as_it_was_written(survey):
    document, _answers = survey

    assert questions.read(document.as_json()) == document
    assert questions.digest(document.as_json()) == questions.digest(
        questions.read(document.as_json()).as_json()
    )


@pytest.mark.parametrize("stored", [None, {}, {"shape": 2, "questions": []}, {"shape": 1}, []])
def test_what_is_not_a_document_is_refused(stored):
    with pytest.raises(questions.BadDocumentError):
        questions.read(stored)
