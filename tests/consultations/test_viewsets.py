"""An officer makes a survey in the admin, with nothing but a browser."""

import csv
import io
import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from localoffer.consultations.actions import planning, results
from localoffer.consultations.models import Consultation, Instrument, Response
from localoffer.consultations.questions import Kind
from localoffer.consultations.states import State
from tests.factories.authority import make_officer
from tests.factories.consultations import (
    CLOSES,
    WHILE_OPEN,
    answer,
    make_consultation,
    one,
)

# Wagtail leaves the file of a picture it has made smaller to be closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def record(authority, index):
    return make_consultation(index, authority=authority)


def act(name, record):
    return reverse(f"consultations_admin:{name}", args=[record.pk])


def question_page(survey, **query):
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('surveys:question', args=[survey.pk])}?{text}"


def filled(client, url, **changes):
    """What the form on a page would send, with some fields changed."""
    form = BeautifulSoup(client.get(url).content, "html.parser").find(
        "form", method=re.compile("post", re.IGNORECASE)
    )
    data = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[field["name"]] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            data[field["name"]] = field.text.strip()
        elif field.get("type") == "checkbox":
            if field.has_attr("checked"):
                data[field["name"]] = "on"
        elif field.get("type") != "submit":
            data[field["name"]] = field.get("value", "")
    return {**data, **changes}


def test_an_officer_adds_one_with_its_days(admin, authority, index):
    response = admin.post(
        reverse("consultations_admin:add"),
        {
            "authority": authority.pk,
            "title": "Clubs",
            "summary": "What should clubs be like?",
            "kind": "engagement",
            "opens_on": "2027-01-11",
            "closes_on": "2027-03-05",
            "results_due": "2027-05-01",
            "threshold": "10",
        },
    )

    record = Consultation.objects.get()
    assert response.url == reverse("consultations_admin:edit", args=[record.pk])
    assert (record.page.title, record.page.kind) == ("Clubs", "engagement")
    assert record.closing_words == "11:59pm on Friday 5 March 2027"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"closes_on": "2027-01-01"}, "It must close after it opens"),
        ({"closes_on": "2027-03-28", "closes_time": "01:30"}, "There is no 1:30am"),
        ({"closes_on": "2027-10-31", "closes_time": "01:30"}, "two times of 1:30am"),
        ({"closes_time": "00:00"}, "Leave the time empty"),
        ({"summary": "word " * 61}, "at most 60 words"),
    ],
)
def test_days_that_cannot_be_are_told_by_the_field(admin, authority, index, fields, words):
    response = admin.post(
        reverse("consultations_admin:add"),
        {
            "authority": authority.pk,
            "title": "Clubs",
            "summary": "S",
            "kind": "engagement",
            "opens_on": "2027-01-11",
            "closes_on": "2027-03-05",
            "threshold": "10",
            **fields,
        },
    )

    assert words in response.content.decode()
    assert not Consultation.objects.exists()


def test_without_a_listing_the_officer_is_told_what_is_missing(admin, authority, home):
    data = {"authority": authority.pk, "title": "T", "summary": "S", "kind": "review"}
    data |= {"opens_on": "2027-01-11", "closes_on": "2027-03-05", "threshold": "10"}

    response = admin.post(reverse("consultations_admin:add"), data)

    assert "no page called Have your say" in response.content.decode()


def test_the_days_of_a_draft_are_changed_where_they_are_shown(admin, record):
    url = reverse("consultations_admin:edit", args=[record.pk])

    admin.post(url, filled(admin, url, closes_on="2023-05-12"))

    record.refresh_from_db()
    assert record.closing_words == "11:59pm on Friday 12 May 2023"


def test_a_survey_is_added_and_questions_written_moved_and_taken_out(admin, record):
    admin.post(
        reverse("surveys:add"),
        {"consultation": record.pk, "title": "For schools", "minutes": "4", "order": "2"},
    )
    survey = Instrument.objects.get(slug="for-schools")
    for kind in Kind:
        url = question_page(survey, kind=kind)
        data = filled(admin, url, text=f"A {kind} question?")
        if kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING}:
            data |= {"option-0": "One", "option-1": "Two"}
        if kind == Kind.SCALE:
            data |= {"statement-0": "It is clear"}
        assert admin.post(url, data).status_code == 302
    survey.refresh_from_db()
    first, second = survey.document.questions[:2]
    arrange = reverse("surveys:arrange", args=[survey.pk])
    admin.post(arrange, {"do": "down", "code": first.code, "number": survey.draft_number})
    survey.refresh_from_db()
    moved = [each.code for each in survey.document.questions[:2]]
    admin.post(arrange, {"do": "remove", "code": second.code, "number": survey.draft_number})
    survey.refresh_from_db()

    assert [each.kind for each in survey.document] == [each for each in Kind if each != second.kind]
    assert moved == [second.code, first.code]
    scale = next(each for each in survey.document if each.kind == Kind.SCALE)
    assert len(scale.options) == 5


def test_renaming_an_option_keeps_its_code_and_emptying_its_line_takes_it_out(admin, record):
    survey = record.instruments.get()
    url = question_page(survey, code="AGE")

    admin.post(
        url, filled(admin, url, **{"option-0": "Under 5", "option-1": "", "option-3": "New"})
    )

    survey.refresh_from_db()
    options = survey.document.question("AGE").options
    assert [(each.code, each.label) for each in options[:2]] == [
        ("AGE1", "Under 5"),
        ("AGE3", "AGE 3"),
    ]
    assert options[2].label == "New"
    assert options[2].code not in {"AGE1", "AGE2", "AGE3"}


@pytest.mark.parametrize(
    ("chosen", "rule"),
    [
        ({"when-0": "AGE eq AGE2"}, ["eq", "AGE", "AGE2"]),
        ({"when-0": "AGE not-eq AGE2"}, ["not", ["eq", "AGE", "AGE2"]]),
        ({"when-0": "N ge", "value-0": "16"}, ["ge", "N", "16"]),
        (
            {"when-0": "AGE answered", "when-1": "N lt", "value-1": "5", "join": "or"},
            ["or", ["answered", "AGE"], ["lt", "N", "5"]],
        ),
        ({"when-0": ""}, None),
    ],
)
def test_when_a_question_is_asked_is_chosen_and_shown_again(admin, record, chosen, rule):
    survey = record.instruments.get()
    number = one("N", Kind.NUMBER)
    document = survey.document.without("MORE").without("WORDS")
    document = document.with_question(number).with_question(one("Q", Kind.LONG))
    Instrument.objects.filter(pk=survey.pk).update(draft=document.as_json())
    url = question_page(survey, code="Q")

    admin.post(url, filled(admin, url, **chosen))

    survey.refresh_from_db()
    assert survey.document.question("Q").only_if == rule
    again = filled(admin, url)
    assert {name: again[name] for name in chosen} == chosen


def test_a_rule_that_the_form_cannot_show_stays_as_it_is(admin, record):
    survey = record.instruments.get()
    rule = ["or", ["and", ["answered", "AGE"], ["eq", "AGE", "AGE1"]], ["answered", "MORE"]]
    document = survey.document.with_question(one("WORDS", Kind.LONG, only_if=rule))
    Instrument.objects.filter(pk=survey.pk).update(draft=document.as_json())
    url = question_page(survey, code="WORDS")

    assert "more parts than this page can show" in admin.get(url).content.decode()
    admin.post(url, filled(admin, url, text="Other words?"))

    survey.refresh_from_db()
    changed = survey.document.question("WORDS")
    assert (changed.text, changed.only_if) == ("Other words?", rule)


def test_a_stale_page_changes_nothing_and_keeps_what_was_typed(admin, record):
    survey = record.instruments.get()
    url = question_page(survey, code="AGE")
    data = filled(admin, url, text="Mine?")
    admin.post(url, filled(admin, url, text="Theirs?"))

    response = admin.post(url, data)

    survey.refresh_from_db()
    assert survey.document.question("AGE").text == "Theirs?"
    assert "Mine?" in response.content.decode()
    assert "Somebody else has changed" in response.content.decode()


@pytest.mark.parametrize("query", [{"code": "GONE"}, {"kind": "video"}, {}])
def test_there_is_no_page_of_a_question_that_is_not_there(admin, record, query):
    assert admin.get(question_page(record.instruments.get(), **query)).status_code == 404


def test_a_question_that_can_never_be_asked_is_said_in_the_list(admin, record):
    survey = record.instruments.get()
    gone = one("WORDS", Kind.LONG, only_if=["eq", "AGE", "GONE"])
    Instrument.objects.filter(pk=survey.pk).update(
        draft=survey.document.with_question(gone).as_json()
    )

    html = admin.get(reverse("surveys:edit", args=[survey.pk])).content.decode()

    assert "option of “What about AGE?” that is gone" in html


def test_a_test_run_walks_the_survey_and_keeps_nothing(admin, record):
    survey = record.instruments.get()
    url = reverse("surveys:test", args=[survey.pk])

    second = admin.post(f"{url}?at=AGE", {"answer": "AGE1"})
    third = admin.post(second.url, {"answer": "Because"})
    end = admin.post(third.url, {"answer": "W"}, follow=True)

    assert second.url == f"{url}?at=MORE"
    assert "End of the test run" in end.content.decode()
    assert "AGE 1" in end.content.decode()
    assert not Response.objects.exists()
    assert "Because" not in admin.get(f"{url}?again", follow=True).content.decode()


def test_it_is_opened_and_its_last_day_moved_in_the_admin(admin, record, clock):
    clock(WHILE_OPEN)
    opened = admin.post(act("open", record))
    move = act("move", record)
    moved = admin.post(move, filled(admin, move, closes_on="2023-05-05", reason="Late post."))

    record.refresh_from_db()
    assert (opened.status_code, moved.status_code) == (302, 302)
    assert record.closing_words == "11:59pm on Friday 5 May 2023"
    page = admin.get(reverse("consultations_admin:edit", args=[record.pk])).content.decode()
    assert "Late post." in page
    assert "Save these days" not in page


def test_a_participation_officer_cannot_close_it_early_and_an_administrator_can(
    client, authority, opened, clock
):
    clock(WHILE_OPEN)
    record, _survey = opened
    data = {"closes_on": "2023-04-21", "reason": "Election."}
    client.force_login(make_officer(authority, role="participation_officer"))
    refused = client.post(act("move", record), data)
    client.force_login(make_officer(authority, role="administrator"))
    allowed = client.post(act("move", record), data)

    assert "Only an administrator" in refused.content.decode()
    assert allowed.status_code == 302
    assert Consultation.objects.get().closing_words == "11:59pm on Friday 21 April 2023"


def test_what_is_in_the_way_of_opening_is_said_with_no_button(admin, authority, index):
    record = make_consultation(index, authority=authority, results_due=None)

    html = admin.get(act("open", record)).content.decode()

    assert "Promise a day for the results" in html
    assert "<button" not in html.split("In the way")[1].split("</main>")[0]
    assert admin.post(act("open", record)).status_code == 200
    assert Consultation.objects.get().confirmed_at is None


def test_results_are_counted_read_and_published_in_the_admin(admin, opened, clock):
    record, survey = opened
    for _ in range(25):
        answer(survey, {"AGE": "AGE1", "WORDS": "=cmd()"})
    early = CLOSES + timedelta(minutes=30)
    clock(early)
    refused = admin.post(act("count", record))
    clock(CLOSES + timedelta(hours=2))
    admin.post(act("count", record))
    shown = admin.get(act("results", record)).content.decode()
    admin.post(act("results", record), {"note": "All who wrote.", "reason": ""})
    admin.post(act("decide", record), {"on": "2023-06-01", "words": "More clubs."})

    record.refresh_from_db()
    assert "Wait for an hour" in refused.content.decode()
    assert "About 25 people answered" in shown
    assert record.state(now=CLOSES + timedelta(hours=2)) == State.DECIDED
    assert record.published_result().note == "All who wrote."


def test_peoples_words_are_read_and_downloaded_with_no_formula_in_them(admin, opened):
    record, survey = opened
    answer(survey, {"AGE": "AGE1", "MORE": "<b>Bold</b>", "WORDS": "=1+1"})
    read = admin.get(f"{act('answers', record)}?question=MORE").content.decode()
    sheet = admin.get(act("export", record)).content.decode("utf-8-sig")

    assert "&lt;b&gt;Bold&lt;/b&gt;" in read
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert [row["answer"] for row in rows] == ["AGE 1", "<b>Bold</b>", "'=1+1"]


def test_somebody_with_another_role_sees_none_of_it(client, authority, opened):
    client.force_login(make_officer(authority, role="directory_officer"))

    for name in ["edit", "answers", "export", "results"]:
        assert client.get(act(name, opened[0])).status_code in {302, 404}


def test_the_list_costs_the_same_for_one_or_many(admin, authority, index):
    def cost():
        with CaptureQueriesContext(connection) as found:
            assert admin.get(reverse("consultations_admin:index")).status_code == 200
        return len(found)

    def fill(first, last):
        for number in range(first, last):
            make_consultation(index, authority=authority, title=f"C {number}")

    cost()
    fill(0, 2)
    few = cost()
    fill(2, 12)

    assert cost() == few


def test_a_published_page_is_neither_deleted_nor_copied(admin, opened):
    page = opened[0].page
    for name in ["delete", "copy"]:
        response = admin.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]), follow=True)
        assert "kept" in response.content.decode() or "Add a new" in response.content.decode()
    assert type(page).objects.filter(pk=page.pk).exists()


def test_results_can_be_broken_down_by_a_question(admin, opened):
    record, survey = opened
    url = reverse("surveys:edit", args=[survey.pk])
    admin.post(url, {"title": survey.title, "minutes": "5", "order": "1", "break_down_by": "AGE"})

    survey.refresh_from_db()
    assert survey.break_down_by == "AGE"
    planning.begin_counting(record, now=CLOSES + timedelta(hours=1))
    made = results.make(record, now=CLOSES + timedelta(hours=1))
    assert made.tables[0]["answered"] is None
