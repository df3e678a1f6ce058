"""What people wrote is read by a person in time, and who wants help can say so apart from it."""

import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.urls import reverse

from localoffer.authority import today
from localoffer.authority.models import Authority
from localoffer.consultations import panels, worries
from localoffer.consultations.actions import answering, entering, planning, safety
from localoffer.consultations.models import HelpRequest, ReadOutcome, Response, WorryingWords
from tests.factories.consultations import (
    CLOSES,
    WHILE_OPEN,
    answer,
    make_batch,
    make_help_request,
    make_worrying_words,
)

# Wagtail leaves the file of a picture it has made smaller to be closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

TODAY = WHILE_OPEN.date()
HELP = "/have-your-say/help/"


def wrote(survey, words, **given):
    answer(survey, {"AGE": "AGE1", "WORDS": words, **given})
    return Response.objects.order_by("pk").get(answers__WORDS=words)


def queue(record):
    return reverse("consultations_admin:to_read", args=[record.pk])


def outcome(response, kind="nothing", note=""):
    key = response.pk.hex
    return {"response": str(response.pk), f"{key}-outcome": kind, f"{key}-note": note}


def panel(function, authority, now=WHILE_OPEN):
    return function(authorities=Authority.objects.filter(pk=authority.pk), now=now)


# What is marked


def test_answers_without_words_wait_for_nobody(opened):
    answer(opened[1], {"AGE": "AGE1"})

    assert not Response.objects.unread().exists()


def test_words_wait_to_be_read_and_worrying_ones_first(opened):
    assert wrote(opened[1], "More swimming").alarm == worries.NONE
    assert wrote(opened[1], "I am scared").alarm == worries.WORRY
    assert wrote(opened[1], "Fine", MORE="He hits me").alarm == worries.URGENT
    assert Response.objects.unread().count() == 3


def test_words_that_were_keyed_from_paper_wait_too(opened):
    entering.key(
        make_batch(opened[1]),
        entry=uuid.uuid4(),
        number=1,
        received_on=TODAY,
        answers={"WORDS": "I am scared"},
        now=WHILE_OPEN,
    )

    assert Response.objects.unread().get().alarm == worries.WORRY


def test_an_authority_has_lists_of_its_own(opened, authority):
    make_worrying_words(authority, urgent="swim*")

    assert wrote(opened[1], "More swimming").alarm == worries.URGENT
    assert wrote(opened[1], "I am scared").alarm == worries.NONE


def test_new_lists_order_anew_what_waits(opened, authority):
    wrote(opened[1], "More swimming")
    words = make_worrying_words(authority, worrying="swim*")

    assert safety.order_again(words) == 1
    assert Response.objects.get().alarm == worries.WORRY
    assert safety.order_again(words) == 0


@pytest.mark.parametrize("gone", ["withdrawn", "purged"])
def test_what_was_taken_back_or_deleted_waits_no_more(opened, gone):
    response = wrote(opened[1], "More swimming")
    if gone == "withdrawn":
        answering.withdraw(response, now=WHILE_OPEN)
    else:
        answering.purge(now=CLOSES + timedelta(days=731))

    assert not Response.objects.unread().exists()


# What was done


def test_that_it_was_read_stays_when_the_answer_has_gone(opened, officer):
    response = wrote(opened[1], "He hits me")
    safety.note_read(
        response, outcome="safety", note="Front door, ref 12", now=WHILE_OPEN, by=officer
    )
    answering.purge(now=CLOSES + timedelta(days=6 * 365 + 1))
    safety.purge(now=CLOSES + timedelta(days=6 * 365 + 1))

    assert not Response.objects.exists()
    kept = ReadOutcome.objects.get()
    assert (kept.response, kept.outcome, kept.read_on) == (response.pk, "safety", TODAY)
    assert "hits" not in kept.note
    safety.purge(now=WHILE_OPEN + timedelta(days=7 * 365 + 1))
    assert not ReadOutcome.objects.exists()


def test_of_two_who_read_the_same_one_is_told(opened):
    response = wrote(opened[1], "More swimming")
    safety.note_read(response, outcome="nothing", now=WHILE_OPEN)

    with pytest.raises(safety.ReadAlreadyError):
        safety.note_read(response, outcome="nothing", now=WHILE_OPEN)
    assert ReadOutcome.objects.count() == 1


def test_the_database_holds_that_passing_on_has_a_note(opened):
    response = wrote(opened[1], "More swimming")

    with pytest.raises(IntegrityError), transaction.atomic():
        safety.note_read(response, outcome="team", now=WHILE_OPEN)


# The queue in the admin


def test_the_queue_shows_what_worries_us_first_and_says_which_words(admin, opened, clock):
    clock(WHILE_OPEN)
    wrote(opened[1], "More swimming")
    wrote(opened[1], "I am scared")
    wrote(opened[1], "He hits me")

    text = admin.get(queue(opened[0])).content.decode()

    assert text.index("He hits me") < text.index("I am scared") < text.index("More swimming")
    assert "<strong>hits me</strong>" in text


def test_reading_takes_one_off_the_queue(admin, opened, clock):
    clock(WHILE_OPEN)
    response = wrote(opened[1], "He hits me")
    admin.post(queue(opened[0]), outcome(response, "safety", "Front door"))

    assert "He hits me" not in admin.get(queue(opened[0])).content.decode()
    assert ReadOutcome.objects.get().note == "Front door"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("team", "Say to whom you passed it"),
        ("", "This field is required"),
        ("x", "Select a valid"),
    ],
)
def test_an_outcome_that_cannot_be_is_said_by_the_field(admin, opened, clock, kind, words):
    clock(WHILE_OPEN)
    response = wrote(opened[1], "He hits me")

    shown = admin.post(queue(opened[0]), outcome(response, kind)).content.decode()

    assert words in shown
    assert "He hits me" in shown
    assert not ReadOutcome.objects.exists()


@pytest.mark.parametrize("key", ["", "x", str(uuid.UUID(int=0))])
def test_what_is_not_on_the_queue_is_told(admin, opened, key):
    response = admin.post(queue(opened[0]), {"response": key}, follow=True)

    assert "Somebody else has read it" in response.content.decode()


@pytest.mark.parametrize("number", [1, 20])
def test_a_long_queue_costs_no_more(admin, opened, number, django_assert_num_queries):
    for n in range(number):
        wrote(opened[1], f"Words {n}")
    admin.get(queue(opened[0]))

    with django_assert_num_queries(14):
        admin.get(queue(opened[0]))


def test_changed_lists_order_the_queue(admin, opened, authority):
    wrote(opened[1], "More swimming")
    url = reverse("worrying-words:add")
    assert "suicid*" in admin.get(url).content.decode()

    admin.post(url, {"authority": authority.pk, "urgent": "swim*", "worrying": ""})

    assert WorryingWords.objects.get().urgent == "swim*"
    assert Response.objects.get().alarm == worries.URGENT


def test_too_many_lines_are_refused(admin, authority):
    data = {"authority": authority.pk, "urgent": "a\n" * 1_001, "worrying": ""}
    response = admin.post(reverse("worrying-words:add"), data)

    assert "at most 1,000 lines" in response.content.decode()


# Today


def test_today_says_how_many_wait_and_when_the_first_is_due(opened, authority):
    assert panel(panels.to_read, authority) is None
    wrote(opened[1], "More swimming")
    wrote(opened[1], "Or a pool")

    found = panel(panels.to_read, authority)

    assert found.rows[0].note == "2 to read, the first by Tuesday 11 April 2023"
    assert (found.total, found.urgent) == (1, False)


@pytest.mark.parametrize(
    ("words", "now", "note"),
    [
        ("He hits me", WHILE_OPEN, "Words that worry us. 1 to read"),
        ("Swimming", WHILE_OPEN + timedelta(days=2), "late: due Tuesday 11 April 2023"),
    ],
)
def test_today_is_urgent_for_worrying_words_and_late_reading(opened, authority, words, now, note):
    wrote(opened[1], words)

    found = panel(panels.to_read, authority, now)

    assert found.urgent
    assert note in found.rows[0].note


def test_today_costs_the_same_for_many(opened, authority, django_assert_num_queries):
    for n in range(5):
        wrote(opened[1], f"Words {n}")

    with django_assert_num_queries(1):
        panel(panels.to_read, authority)


def test_both_lines_are_on_today():
    registered = {entry.panel for entry in today._registered}

    assert {panels.to_read, panels.asked_for_help} <= registered


# Asking for help


def test_somebody_asks_to_be_contacted_once(client, authority, opened, clock):
    clock(WHILE_OPEN)
    page = BeautifulSoup(client.get(HELP).content, "html.parser")
    token = page.select_one("main input[name=token]")["value"]
    sent = {"contact": "01632 960123", "safely": "By text", "token": token}
    for _ in range(2):
        assert client.post(HELP, sent).url == f"{HELP}sent/"

    asked = HelpRequest.objects.get()
    assert (asked.contact, asked.safely, asked.received_on) == ("01632 960123", "By text", TODAY)
    assert client.get(f"{HELP}sent/").status_code == 200
    assert panel(panels.asked_for_help, authority).urgent


def test_a_request_without_a_way_to_reach_them_says_so(client, opened):
    response = client.post(HELP, {"contact": "", "words": "Help with school", "token": "x"})

    text = response.content.decode()
    assert "Enter a phone number or an email address" in text
    assert "Help with school" in text
    assert not HelpRequest.objects.exists()


def test_a_request_has_nothing_that_joins_it_to_an_answer():
    names = {field.name for field in HelpRequest._meta.get_fields()}
    kinds = {field.get_internal_type() for field in HelpRequest._meta.concrete_fields}

    assert not names & {"consultation", "response", "survey", "version"}
    assert "DateTimeField" not in kinds


def test_the_draft_does_not_come_with_a_request_for_help(client, opened, clock):
    clock(WHILE_OPEN)
    client.post("/have-your-say/answer/what-about-clubs/parents/")

    assert not HELP.startswith(client.cookies["answering"]["path"])


def test_what_was_done_is_noted_once_and_the_contact_deleted_later(admin, authority, clock):
    clock(WHILE_OPEN)
    asked = make_help_request(authority)
    url = reverse("help-requests:edit", args=[asked.pk])
    assert "01632 960123" in admin.get(url).content.decode()
    assert "01632 960123" not in admin.get(reverse("help-requests:index")).content.decode()

    assert "Say what was done" in admin.post(url, {"done": " "}).content.decode()
    admin.post(url, {"done": "Rang her"})
    again = admin.post(url, {"done": "Rang again"})

    asked.refresh_from_db()
    assert (asked.done, asked.handled_on) == ("Rang her", TODAY)
    assert "Somebody else has dealt with it" in again.content.decode()
    assert safety.purge(now=WHILE_OPEN + timedelta(days=30))["contacts"] == 0
    assert safety.purge(now=WHILE_OPEN + timedelta(days=31))["contacts"] == 1


def test_a_contact_nobody_deals_with_is_deleted_after_a_year(authority):
    make_help_request(authority)

    assert safety.purge(now=WHILE_OPEN + timedelta(days=366))["contacts"] == 1


# What the public is told


def test_the_pages_say_when_it_is_read_whom_to_ring_and_that_nobody_can_answer(
    client, authority, opened, clock
):
    Authority.objects.filter(pk=authority.pk).update(
        safety_name="Family Front Door", safety_phone="01632 960131"
    )
    clock(WHILE_OPEN)
    start = "/have-your-say/answer/what-about-clubs/parents/"
    first = client.get(start).content.decode()
    client.post(start)
    client.post(f"{start}q/AGE/", {"answer": "AGE2", "revision": "0"})
    before_words = client.get(f"{start}q/WORDS/").content.decode()

    assert "We read what you write within 1 working day" in first
    assert "Call 999" in first
    assert "01632 960131" in first
    assert before_words.index("Nobody can answer") < before_words.index("<textarea")
    assert f'href="{HELP}"' in before_words
    assert "Nobody can answer" not in client.get(f"{start}q/AGE/").content.decode()


def test_answers_are_counted_whether_or_not_they_were_read(opened):
    wrote(opened[1], "He hits me")
    planning.begin_counting(opened[0], now=CLOSES + timedelta(hours=1))

    assert Response.objects.counted().count() == 1
