"""Each kind of question: what is taken, how it is kept, what is said of what is wrong."""

import json

import pytest
from bs4 import BeautifulSoup

from localoffer.consultations.models import Draft
from localoffer.consultations.questions import Kind
from tests.consultations.pages import START, at, begin, post, words
from tests.factories.consultations import (
    WHILE_OPEN,
    make_open,
    one,
)


@pytest.mark.parametrize(
    ("question", "sent", "stored", "shown"),
    [
        (one("Q", Kind.TEXT), {"answer": " Ann "}, "Ann", "Ann"),
        (one("Q", Kind.MULTIPLE), {"answer": ["Q3", "Q1"]}, ["Q1", "Q3"], "Q 1"),
        (
            one("Q", Kind.SCALE),
            {"part-QS1": "Q2", "part-QS2": "Q1"},
            {"QS1": "Q2", "QS2": "Q1"},
            "Statement 1: Q 2",
        ),
        (one("Q", Kind.NUMBER), {"answer": "12.50"}, "12.5", "12.5"),
        (one("Q", Kind.NUMBER), {"answer": "1000000"}, "1000000", "1,000,000"),
        (
            one("Q", Kind.DATE),
            {"answer-day": "1", "answer-month": "9", "answer-year": "2026"},
            "2026-09-01",
            "Tuesday 1 September 2026",
        ),
        (one("Q", Kind.RANKING), {"part-Q2": "1", "part-Q1": "2"}, ["Q2", "Q1"], "1. Q 2"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_each_kind_of_answer_is_kept_and_shown(
    client, authority, index, clock, question, sent, stored, shown
):
    make_open(index, authority=authority, asked=[question])
    clock(WHILE_OPEN)
    begin(client)
    post(client, at("Q"), **sent)

    assert Draft.objects.get().answers == {"Q": stored}
    assert shown in words(client.get(f"{START}check/"))
    again = BeautifulSoup(client.get(at("Q")).content, "html.parser")
    assert again.select("main [checked], main [selected], main input[value], main textarea")


@pytest.mark.parametrize(
    ("question", "sent", "message"),
    [
        (one("Q"), {"answer": "Q9"}, "Choose an answer from the list"),
        (one("Q", Kind.MULTIPLE, none="Q3"), {"answer": ["Q1", "Q3"]}, "not both"),
        (one("Q", Kind.NUMBER, least=0, most=40), {"answer": "41"}, "40 or less"),
        (one("Q", Kind.NUMBER), {"answer": "many"}, "Enter a number, such as 4"),
        (one("Q", Kind.NUMBER), {"answer": "1e999999"}, "smaller number"),
        (one("Q", Kind.DATE), {"answer-day": "31", "answer-month": "2"}, "must include a year"),
        (one("Q", Kind.RANKING), {"part-Q1": "1", "part-Q2": "1"}, "one thing only"),
        (one("Q", Kind.RANKING), {"part-Q1": "2"}, "one thing only"),
        (one("Q", Kind.POSTCODE), {"answer": "nonsense"}, "full postcode"),
        (one("Q", Kind.TEXT), {"answer": "x" * 201}, "200 characters or fewer"),
        (one("Q", Kind.LONG), {"answer": "x" * 1_000_000}, "5,000 characters or fewer"),
        (one("Q", Kind.SCALE, required=True), {"part-QS1": "Q1"}, "Choose an answer"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client, authority, index, clock, question, sent, message
):
    make_open(index, authority=authority, asked=[question])
    clock(WHILE_OPEN)
    begin(client)
    response = post(client, at("Q"), **sent)

    assert message in words(response)
    typed = sent.get("answer")
    if isinstance(typed, str) and question.kind != Kind.SINGLE:
        assert typed in response.content.decode()
    assert Draft.objects.get().answers == {}


def test_a_postcode_is_kept_as_its_area_only(client, authority, index, clock):
    make_open(index, authority=authority, asked=[one("Q", Kind.POSTCODE)])
    clock(WHILE_OPEN)
    begin(client)
    post(client, at("Q"), answer="wr14 1aa")

    stored = Draft.objects.get().answers["Q"]
    assert stored["code"] == "E07000235"
    assert "WR14" not in json.dumps(stored).upper()
    assert "WR14" not in client.get(at("Q")).content.decode().upper()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\u202eb\u200bc", "abc"),
        ("  =1+1  ", "=1+1"),
        ("one\r\ntwo", "one\ntwo"),
        (
            "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
            "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
        ),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ],
)
def test_words_are_kept_as_written_without_what_nobody_can_see(client, while_open, typed, kept):
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    post(client, at("WORDS"), answer=typed)

    assert Draft.objects.get().answers["WORDS"] == kept


def test_hidden_fields_that_were_altered_do_no_harm(client, while_open):
    begin(client)
    for revision in ["-1", "x", "9" * 40, ""]:
        response = client.post(at("AGE"), {"answer": "AGE2", "revision": revision})
        assert response.status_code in {200, 302}
    client.cookies["answering"] = "not:signed"
    assert client.get(at("AGE")).url == START
