"""A person answers: in order, once, with nothing lost."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from localoffer.consultations import codes
from localoffer.consultations.actions import answering, planning, writing
from localoffer.consultations.models import Draft, InstrumentVersion, Response
from localoffer.consultations.questions import Kind
from tests.consultations.pages import START, at, begin, post, receipt_on, whole, words
from tests.factories.consultations import (
    THREE,
    WHILE_OPEN,
    make_consultation,
    make_open,
    one,
)
from tests.factories.pages import make_site

# One journey


def test_answers_are_sent_and_a_receipt_given(client, while_open):
    first = begin(client)
    second = post(client, first.url, answer="AGE1")
    third = post(client, second.url, answer="Because")
    checking = post(client, third.url, answer="More swimming")
    shown = words(client.get(checking.url))
    done = client.post(checking.url, follow=True)

    assert [each.url for each in (first, second, third, checking)] == [
        at("AGE"),
        at("MORE"),
        at("WORDS"),
        f"{START}check/",
    ]
    assert "AGE 1" in shown
    assert "More swimming" in shown
    response = Response.objects.get()
    assert response.answers == {"AGE": "AGE1", "MORE": "Because", "WORDS": "More swimming"}
    assert response.submitted_on == WHILE_OPEN.date()
    assert not response.late
    assert codes.digest(codes.parse(receipt_on(done))) == response.receipt_digest
    assert not Draft.objects.exists()


def test_a_get_changes_nothing(client, while_open):
    for url in [START, at("AGE"), f"{START}check/", f"{START}save/", f"{START}sent/"]:
        client.get(url)

    assert not Draft.objects.exists()
    begin(client)
    before = Draft.objects.values().get()
    for url in [START, at("AGE"), at("WORDS"), f"{START}check/", f"{START}save/"]:
        client.get(url)
    assert Draft.objects.values().get() == before


def test_a_page_ahead_leads_back_to_the_first_question_not_answered(client, while_open):
    begin(client)

    assert client.get(at("WORDS")).url == at("AGE")
    assert client.get(f"{START}check/").url == at("AGE")
    assert client.get(at("NOSUCH")).url == at("AGE")


def test_an_answer_that_leads_elsewhere_is_kept_and_not_sent(client, while_open):
    begin(client)
    post(client, at("AGE"), answer="AGE1")
    post(client, at("MORE"), answer="Because")
    post(client, at("AGE"), answer="AGE2")
    post(client, at("WORDS"), answer="W")
    shown = words(client.get(f"{START}check/"))
    kept = Draft.objects.get().answers
    client.post(f"{START}check/")

    assert "Because" not in shown
    assert kept["MORE"] == "Because"
    assert Response.objects.get().answers == {"AGE": "AGE2", "WORDS": "W"}


def test_changing_one_answer_leads_back_to_checking(client, while_open):
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    post(client, at("WORDS"), answer="W")

    assert post(client, f"{at('AGE')}?checking", answer="AGE3").url == f"{START}check/"
    # A new branch asks its question first.
    assert post(client, f"{at('AGE')}?checking", answer="AGE1").url == at("MORE")


@pytest.mark.parametrize("times", [2, 5])
def test_sent_many_times_it_is_one_response_with_one_receipt(client, while_open, times):
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    post(client, at("WORDS"), answer="")

    receipts = {receipt_on(client.post(f"{START}check/", follow=True)) for _ in range(times)}

    assert len(receipts) == 1
    assert Response.objects.count() == 1


def test_going_back_after_sending_leads_to_the_receipt(client, while_open):
    whole(client)

    assert client.get(f"{START}check/").url == f"{START}sent/"
    assert "See the receipt" in words(client.get(START))
    assert client.get(at("AGE")).url == START


def test_finishing_takes_the_receipt_off_this_device(client, while_open):
    whole(client)
    client.post(f"{START}sent/")

    assert client.get(f"{START}sent/").status_code == 302


def test_nothing_at_all_cannot_be_sent(client, while_open):
    begin(client)
    post(client, at("AGE"))
    post(client, at("WORDS"), answer="")
    response = client.post(f"{START}check/")

    assert "You have not answered any question" in words(response)
    assert not Response.objects.exists()


def test_a_question_that_must_be_answered_says_so(client, authority, index, clock):
    make_open(index, authority=authority, asked=[one("MUST", required=True), *THREE])
    clock(WHILE_OPEN)
    begin(client)
    response = post(client, at("MUST"))

    assert "Choose an answer" in words(response)
    assert b"<title>Error: " in response.content
    assert client.get(at("AGE")).url == at("MUST")


# Two windows


def test_a_stale_window_is_told_of_both_texts_and_loses_none(client, while_open):
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    post(client, at("WORDS"), answer="From the first window")
    stale = client.post(at("WORDS"), {"answer": "From the second window", "revision": 1})

    shown = stale.content.decode()
    assert "From the first window" in shown
    assert "From the second window" in shown
    assert Draft.objects.get().answers["WORDS"] == "From the first window"
    soup = BeautifulSoup(shown, "html.parser")
    revision = soup.select_one("main input[name=revision]")["value"]
    client.post(at("WORDS"), {"answer": "From the second window", "revision": revision})
    assert Draft.objects.get().answers["WORDS"] == "From the second window"


def test_two_windows_at_different_questions_do_not_disturb_each_other(client, while_open):
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    client.post(at("WORDS"), {"answer": "W", "revision": 0})

    assert Draft.objects.get().answers == {"AGE": "AGE2", "WORDS": "W"}


def test_whoever_began_goes_on_with_the_version_they_began(client, while_open):
    survey = while_open[1]
    begin(client)
    words_now = one("WORDS", Kind.LONG, text="Quite new words?")
    writing.write(survey, survey.document.with_question(words_now), number=survey.draft_number)
    planning.publish_questions(survey, now=WHILE_OPEN)
    post(client, at("AGE"), answer="AGE2")

    assert "Quite new words" not in words(client.get(at("WORDS")))
    client.post(at("WORDS"), {"answer": "W", "revision": 1})
    client.post(f"{START}check/")
    assert Response.objects.get().version.number == 1
    other = Client()
    other.post(START)
    post(other, at("AGE"), answer="AGE2")
    assert "Quite new words" in words(other.get(at("WORDS")))


def test_a_draft_is_not_sent_from_another_site(client, while_open):
    other, _home = make_site(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")
    draft = answering.begin(while_open[1], now=WHILE_OPEN)

    with pytest.raises(Draft.DoesNotExist):
        answering.send(draft.pk, authority=other, now=WHILE_OPEN)


# What cannot be answered


@pytest.mark.parametrize(
    "url",
    [
        START.replace("parents", "teachers"),
        START.replace("what-about-clubs", "nothing"),
        "/have-your-say/what-about-clubs/results/",
    ],
)
def test_there_is_nothing_at_an_address_of_nothing(client, while_open, url):
    assert client.get(url).status_code == 404


def test_a_draft_consultation_cannot_be_answered(client, authority, index, clock):
    make_consultation(index, authority=authority)
    clock(WHILE_OPEN)

    assert (
        client.get(
            reverse("consultations:start", args=["what-about-clubs", "survey-1"])
        ).status_code
        == 404
    )
    assert not InstrumentVersion.objects.exists()


def test_one_whose_page_was_taken_down_cannot_be_answered(client, while_open):
    type(while_open[0].page).objects.get().unpublish()

    assert client.post(START).status_code == 404


@pytest.mark.parametrize("number", [1, 60])
def test_a_question_costs_the_same_in_a_short_survey_and_in_a_long_one(
    client, authority, index, clock, number, django_assert_max_num_queries
):
    asked = [one(f"Q{n}", Kind.LONG) for n in range(number)]
    make_open(index, authority=authority, asked=asked)
    clock(WHILE_OPEN)
    begin(client)
    client.get(at("Q0"))

    with django_assert_max_num_queries(5):
        client.get(at("Q0"))
    with django_assert_max_num_queries(10):
        client.post(at("Q0"), {"answer": "W", "revision": "0"})
    Draft.objects.update(answers={each.code: "W" for each in asked})
    with django_assert_max_num_queries(6):
        client.get(f"{START}check/")
    with django_assert_max_num_queries(10):
        client.post(f"{START}check/")
    assert Response.objects.count() == 1
