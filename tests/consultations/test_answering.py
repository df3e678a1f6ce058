"""A person answers: in the time, once, with nothing lost and nothing known of them."""

import json
import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.urls import reverse

from localoffer.consultations import codes
from localoffer.consultations.actions import answering, planning, results, writing
from localoffer.consultations.models import Draft, InstrumentVersion, Response
from localoffer.consultations.questions import Kind
from localoffer.operate import ticking
from tests.factories.consultations import (
    CLOSES,
    OPENS,
    THREE,
    WHILE_OPEN,
    answer,
    make_consultation,
    make_listing,
    make_open,
    one,
)
from tests.factories.pages import make_site

START = "/have-your-say/answer/what-about-clubs/parents/"
GRACE = timedelta(minutes=60)
TICK = timedelta(microseconds=1)


@pytest.fixture
def while_open(opened, clock):
    clock(WHILE_OPEN)
    return opened


def at(code):
    return f"{START}q/{code}/"


def post(client, url, **data):
    """Send the form that is on a page, with these fields filled in."""
    page = client.get(url)
    soup = BeautifulSoup(page.content, "html.parser")
    hidden = {
        field["name"]: field.get("value", "") for field in soup.select("main input[type=hidden]")
    }
    return client.post(url, {**hidden, **data})


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


def begin(client):
    return client.post(START)


def receipt_on(response):
    soup = BeautifulSoup(response.content, "html.parser")
    return soup.select_one(".govuk-panel strong").text


def whole(client, **given):
    """Answer everything and send it. Returns the page with the receipt."""
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    post(client, at("WORDS"), answer="More swimming", **given)
    return client.post(f"{START}check/", follow=True)


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


# Each kind of question


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


# The clock


def test_before_it_opens_nobody_can_begin(client, opened, clock):
    clock(OPENS - TICK)
    response = begin(client)

    assert "It has not opened yet" in words(response)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("now", "taken"),
    [(CLOSES - TICK, True), (CLOSES, False), (CLOSES + timedelta(minutes=1), False)],
)
def test_a_start_is_taken_to_the_last_microsecond(client, opened, clock, now, taken):
    clock(now)
    begin(client)

    assert Draft.objects.exists() is taken


@pytest.mark.parametrize(
    ("now", "sent", "late"),
    [
        (CLOSES - TICK, True, False),
        (CLOSES, True, True),
        (CLOSES + GRACE - TICK, True, True),
        (CLOSES + GRACE, False, None),
    ],
)
def test_who_is_part_way_has_an_hour_and_is_marked_late(client, opened, clock, now, sent, late):
    clock(CLOSES - timedelta(minutes=5))
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    clock(now)
    client.post(at("WORDS"), {"answer": "At last", "revision": 1})
    client.post(f"{START}check/")

    assert [each.late for each in Response.objects.all()] == ([late] if sent else [])


def test_what_comes_too_late_is_shown_so_that_it_is_not_lost(client, opened, clock):
    clock(CLOSES - timedelta(minutes=5))
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    clock(CLOSES + GRACE)
    response = client.post(at("WORDS"), {"answer": "My long words", "revision": 1})

    shown = words(response)
    assert response.status_code == 409
    assert "It has closed" in shown
    assert "My long words" in shown
    assert "AGE 2" in shown
    assert "We delete them on Saturday 6 May 2023" in shown


def test_answers_that_were_put_aside_have_no_grace_but_can_be_read(client, opened, clock):
    clock(CLOSES - timedelta(minutes=5))
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    code = receipt_on(client.post(f"{START}save/"))
    clock(CLOSES + timedelta(minutes=1))
    response = client.post("/have-your-say/come-back/", {"code": code})

    assert "It has closed" in words(response)
    assert "AGE 2" in words(response)
    assert not Response.objects.exists()


def test_nothing_can_be_put_aside_in_the_grace(client, opened, clock):
    clock(CLOSES - timedelta(minutes=5))
    begin(client)
    clock(CLOSES + timedelta(minutes=1))
    client.post(f"{START}save/")

    assert Draft.objects.get().code_digest is None
    assert "Save and come back later" not in words(client.get(at("AGE")))


# To stop and come back


def test_answers_are_taken_up_on_another_device_with_the_code(client, while_open):
    begin(client)
    post(client, at("AGE"), answer="AGE1")
    code = receipt_on(client.post(f"{START}save/"))
    gone = client.get(at("MORE"))
    other = Client()
    back = other.post("/have-your-say/come-back/", {"code": code.lower().replace("-", " ")})

    assert gone.url == START
    assert back.url == at("MORE")
    assert post(other, at("MORE"), answer="Because").url == at("WORDS")
    stored = Draft.objects.values().get()
    assert codes.parse(code) not in json.dumps(stored, default=str)


@pytest.mark.parametrize("typed", ["", "abc", "AAAA-AAAA-AAAA", "\0", "x" * 500])
def test_a_code_that_is_none_is_said_and_kept(client, while_open, typed):
    response = client.post("/have-your-say/come-back/", {"code": typed})

    assert response.status_code == 200
    assert b"govuk-error-summary" in response.content


def test_a_new_code_takes_the_place_of_the_old(client, while_open):
    begin(client)
    first = receipt_on(client.post(f"{START}save/"))
    client.post("/have-your-say/come-back/", {"code": first})
    second = receipt_on(client.post(f"{START}save/"))

    assert first != second
    assert client.post("/have-your-say/come-back/", {"code": first}).status_code == 200
    assert client.post("/have-your-say/come-back/", {"code": second}).status_code == 302


def test_codes_can_be_tried_only_so_often(client, while_open, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    wrong = [codes.shown(codes.new()) for _ in range(25)]

    said = [
        "You have tried many codes"
        in words(client.post("/have-your-say/come-back/", {"code": each}, REMOTE_ADDR="192.0.2.9"))
        for each in wrong
    ]

    assert not said[0]
    assert said[-1]


def test_a_code_of_another_authority_opens_nothing(client, while_open):
    other, home = make_site(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")
    make_open(make_listing(home), authority=other)
    theirs = Client(headers={"host": "loamshire.example"})
    theirs.post(START)
    code = receipt_on(theirs.post(f"{START}save/"))

    assert client.post("/have-your-say/come-back/", {"code": code}).status_code == 200
    assert theirs.post("/have-your-say/come-back/", {"code": code}).status_code == 302


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


# Taking back


def test_answers_can_be_taken_back_until_counting_begins(client, while_open):
    code = receipt_on(whole(client))
    looked = client.post("/have-your-say/receipt/", {"code": code})
    assert "Take your answers back" in words(looked)
    assert Response.objects.get().answers

    client.post("/have-your-say/receipt/", {"code": code, "withdraw": "yes"})

    response = Response.objects.get()
    assert (response.withdrawn, response.answers) == (True, {})
    assert not Response.objects.counted().exists()


def test_answers_taken_back_are_not_brought_back_by_a_backup(client, while_open):
    code = receipt_on(whole(client))
    before = Response.objects.get()
    client.post("/have-your-say/receipt/", {"code": code, "withdraw": "yes"})
    before.save()

    assert answering.withdraw_again() == 1

    response = Response.objects.get()
    assert (response.withdrawn, response.answers) == (True, {})
    assert answering.withdraw_again() == 0


def test_answers_that_are_counted_cannot_be_taken_back(client, opened, clock):
    record, survey = opened
    code = codes.shown(answer(survey, {"AGE": "AGE1"}))
    after = CLOSES + timedelta(hours=1)
    clock(after)
    planning.begin_counting(record, now=after)
    response = client.post("/have-your-say/receipt/", {"code": code, "withdraw": "yes"})

    assert "begun to count" in words(response)
    assert Response.objects.get().answers == {"AGE": "AGE1"}


def test_the_receipt_leads_to_what_came_of_it(client, opened, clock):
    record, survey = opened
    code = codes.shown(answer(survey, {"AGE": "AGE1"}))
    after = CLOSES + timedelta(hours=1)
    planning.begin_counting(record, now=after)
    results.publish(results.make(record, now=after), now=after)
    clock(after)

    response = client.post("/have-your-say/receipt/", {"code": code})

    assert "See the results" in words(response)
    assert "AGE 1" not in words(response)


# Nothing known of the person

PERSONAL = {"ip", "address", "agent", "user", "session", "email", "name", "phone", "time", "at"}


def test_a_response_has_no_column_for_who_or_when():
    fields = {field.name for field in Response._meta.concrete_fields}

    assert fields == {
        "id", "authority", "version", "channel", "answers", "submitted_on",
        "late", "receipt_digest", "withdrawn", "words_deleted", "unread", "alarm",
    }  # fmt: skip
    kinds = {field.name: field.get_internal_type() for field in Response._meta.concrete_fields}
    assert (kinds["id"], kinds["submitted_on"]) == ("UUIDField", "DateField")
    assert not any(part in PERSONAL for name in fields for part in name.split("_"))


def test_sending_writes_to_no_table_but_that_of_responses(client, while_open):
    """A dump holds nothing that came with a response and could join it to a person."""

    def rows():
        found = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
                found[table] = sorted(map(repr, cursor.fetchall()))
        return found

    before = rows()
    client.get("/", headers={"user-agent": "Curious/1.0"}, REMOTE_ADDR="198.51.100.77")
    whole(client)
    after = rows()

    assert {table for table in after if after[table] != before[table]} == {"consultations_response"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM consultations_response")
        dump = repr(cursor.fetchall())
    assert "198.51.100.77" not in dump
    assert "12:00" not in dump


def test_the_key_of_a_response_tells_nothing_of_its_draft(client, while_open):
    begin(client)
    draft = Draft.objects.get().pk
    post(client, at("AGE"), answer="AGE2")
    post(client, at("WORDS"), answer="")
    client.post(f"{START}check/")

    response = Response.objects.get()
    assert response.pk != draft
    assert uuid.UUID(str(response.pk)).version == 4
    assert draft.hex not in repr(Response.objects.values().get())


def test_the_cookie_is_for_these_pages_and_ends_with_the_browser(client, while_open):
    begin(client)
    cookie = client.cookies["answering"]

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "/have-your-say/answer/",
        True,
        "Lax",
    )
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_no_page_of_a_survey_is_kept_anywhere(client, while_open):
    begin(client)
    for url in [START, at("AGE"), f"{START}save/", "/have-your-say/receipt/"]:
        assert "no-store" in client.get(url).headers["Cache-Control"]


# Forgetting


@pytest.mark.parametrize(
    ("after", "kept"), [(timedelta(days=7), True), (timedelta(days=7, seconds=1), False)]
)
def test_answers_that_were_not_sent_are_deleted_a_week_after_the_close(opened, after, kept):
    draft = answering.begin(opened[1], now=WHILE_OPEN)
    answering.keep(draft, code="AGE", answer="AGE1", revision=0, now=WHILE_OPEN)

    answering.purge(now=CLOSES + after)

    assert Draft.objects.exists() is kept


def test_an_empty_draft_is_deleted_after_two_days(opened):
    answering.begin(opened[1], now=WHILE_OPEN)

    assert answering.purge(now=WHILE_OPEN + timedelta(days=1))["drafts"] == 0
    assert answering.purge(now=WHILE_OPEN + timedelta(days=3))["drafts"] == 1


def test_peoples_words_are_deleted_a_year_after_the_results_and_their_choices_stay(opened):
    record, survey = opened
    answer(survey, {"AGE": "AGE1", "MORE": "m", "WORDS": "w"})
    published = CLOSES + timedelta(days=30)
    planning.begin_counting(record, now=published)
    results.publish(results.make(record, now=published), now=published)

    assert answering.purge(now=published + timedelta(days=365))["words"] == 0
    assert answering.purge(now=published + timedelta(days=366))["words"] == 1
    assert answering.purge(now=published + timedelta(days=366))["words"] == 0
    assert Response.objects.get().answers == {"AGE": "AGE1"}


def test_words_of_one_that_never_had_results_are_deleted_too(opened):
    answer(opened[1], {"WORDS": "w"})

    assert answering.purge(now=CLOSES + timedelta(days=731))["words"] == 1


def test_all_answers_are_deleted_six_years_after_the_close(opened):
    answer(opened[1], {"AGE": "AGE1"})

    assert answering.purge(now=CLOSES + timedelta(days=6 * 365))["answers"] == 0
    assert answering.purge(now=CLOSES + timedelta(days=6 * 365 + 1))["answers"] == 1


def test_a_tick_forgets():
    assert ticking.forget_answers in ticking.DUE
    assert ticking.keep_closing_times_true in ticking.DUE


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

    with django_assert_max_num_queries(4):
        client.get(at("Q0"))
    with django_assert_max_num_queries(9):
        client.post(at("Q0"), {"answer": "W", "revision": "0"})
    Draft.objects.update(answers={each.code: "W" for each in asked})
    with django_assert_max_num_queries(6):
        client.get(f"{START}check/")
    with django_assert_max_num_queries(10):
        client.post(f"{START}check/")
    assert Response.objects.count() == 1
