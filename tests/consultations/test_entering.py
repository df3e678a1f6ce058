"""Answers on paper, by phone and at events: keyed once, a sample twice, in their time."""

import uuid
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from localoffer.consultations import codes
from localoffer.consultations.actions import answering, entering, planning
from localoffer.consultations.models import Batch, Entry, Response
from localoffer.consultations.questions import Kind
from tests.factories.authority import make_officer
from tests.factories.consultations import (
    CLOSES,
    FIRST,
    LAST,
    THREE,
    WHILE_OPEN,
    make_batch,
    make_open,
    one,
)

# Wagtail leaves the file of a picture it has made smaller to be closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

AFTER = CLOSES + timedelta(days=2)
CAME = date(2023, 4, 20)
GIVEN = {"AGE": "AGE2", "MORE": None, "WORDS": "More swimming"}


@pytest.fixture
def second(authority):
    return make_officer(authority, role="participation_officer", email="second@example.org")


@pytest.fixture
def batch(opened):
    return make_batch(opened[1])


@pytest.fixture
def twice(opened):
    """A batch of which every sheet is keyed by two people."""
    return make_batch(opened[1], share=100)


def key(batch, number=1, *, answers=GIVEN, by=None, **given):
    given = {"entry": uuid.uuid4(), "received_on": CAME, "now": AFTER, **given}
    return entering.key(batch, number=number, answers=answers, by=by, **given)


def test_a_sheet_is_one_response_of_its_day_and_its_way(batch):
    entry = key(batch)

    response = Response.objects.get()
    assert response.answers == {"AGE": "AGE2", "WORDS": "More swimming"}
    assert (response.channel, response.submitted_on, response.late) == ("paper", CAME, False)
    assert response.receipt_digest == codes.digest(entering.receipt_of(entry))
    entry = Entry.objects.get()
    assert (entry.counted, entry.answers, entry.second) == (True, {}, None)


def test_a_page_that_is_sent_again_is_the_same_sheet(batch):
    page = uuid.uuid4()
    first = key(batch, entry=page)
    again = key(batch, entry=page, answers={"AGE": "AGE1"})
    planning.begin_counting(batch.consultation, now=AFTER)
    late = key(batch, entry=page)

    assert first.pk == again.pk == late.pk
    assert Response.objects.count() == Entry.objects.count() == 1


def test_a_sheet_is_keyed_once(batch):
    key(batch)

    with pytest.raises(ValidationError, match="Sheet 1 is keyed already"):
        key(batch)
    assert Response.objects.count() == 1


def test_a_page_of_one_batch_keys_nothing_in_another(batch, opened):
    page = uuid.uuid4()
    key(batch, entry=page)
    other = make_batch(opened[1], reference="Paper 2")

    with pytest.raises(planning.RefusedError):
        key(other, entry=page)


@pytest.mark.parametrize(
    ("day", "taken"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
        (AFTER.date() + timedelta(days=1), False),
    ],
)
def test_what_came_while_it_was_open_is_taken_until_counting(batch, day, taken):
    try:
        key(batch, received_on=day)
    except ValidationError as error:
        assert "received_on" in error.message_dict  # noqa: PT017  the field it is said by

    assert Response.objects.exists() is taken


def test_nothing_is_keyed_once_counting_has_begun(batch):
    planning.begin_counting(batch.consultation, now=AFTER)

    with pytest.raises(planning.RefusedError, match="Counting has begun"):
        key(batch)


def test_counting_waits_for_sheets_that_two_people_are_to_key(twice, officer, second):
    entry = key(twice, by=officer)
    with pytest.raises(planning.RefusedError, match="1 keyed answers wait"):
        planning.begin_counting(twice.consultation, now=AFTER)
    entering.key_again(entry, answers=GIVEN, by=second)

    assert planning.begin_counting(twice.consultation, now=AFTER).analysis_at == AFTER


def test_a_rule_leaves_out_what_was_answered_on_paper_all_the_same(batch):
    key(batch, answers={"AGE": "AGE2", "MORE": "I wrote here too"})

    assert Response.objects.get().answers == {"AGE": "AGE2"}


def test_an_empty_sheet_is_not_counted(batch):
    with pytest.raises(answering.NotCompleteError, match="Nothing is answered"):
        key(batch, answers={"AGE": None, "MORE": "not asked"})
    assert not Entry.objects.exists()


@pytest.mark.parametrize("left_out", [True, False])
def test_what_must_be_answered_is_left_empty_only_knowingly(authority, index, left_out):
    survey = make_open(index, authority=authority, asked=[one("MUST", required=True), *THREE])[1]

    def act():
        key(make_batch(survey), answers={"AGE": "AGE2"}, left_out=left_out)

    if left_out:
        act()
    else:
        with pytest.raises(answering.NotCompleteError, match="must be answered"):
            act()
    assert Response.objects.exists() is left_out


# By two people


def test_what_two_people_read_alike_is_counted_once(twice, officer, second):
    entry = key(twice, by=officer)
    assert not Response.objects.exists()
    entering.key_again(entry, answers=GIVEN, by=second)
    entering.key_again(entry, answers=GIVEN, by=second)

    assert Response.objects.get().answers == {"AGE": "AGE2", "WORDS": "More swimming"}
    assert Entry.objects.get().differences == 0


def test_what_two_people_read_differently_is_settled_and_then_counted(twice, officer, second):
    entry = key(twice, by=officer)
    other = {**GIVEN, "WORDS": "Move swimming"}
    entry = entering.key_again(entry, answers=other, by=second)
    assert not Response.objects.exists()
    assert entering.differences(entry) == ["WORDS"]
    entering.settle(entry, answers={"WORDS": "More swimming!", "AGE": "AGE1"}, by=officer)
    entering.settle(entry, answers={"WORDS": "Again"}, by=officer)

    assert Response.objects.get().answers == {"AGE": "AGE2", "WORDS": "More swimming!"}
    entry = Entry.objects.get()
    assert (entry.differences, entry.answers, entry.second) == (1, {}, None)


def test_nobody_is_the_second_person_to_themselves(twice, officer):
    entry = key(twice, by=officer)

    with pytest.raises(planning.RefusedError, match="You keyed this sheet first"):
        entering.key_again(entry, answers=GIVEN, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(second_by=officer)


def test_a_third_person_changes_nothing(twice, officer, second, authority):
    entry = key(twice, by=officer)
    entering.key_again(entry, answers={**GIVEN, "AGE": "AGE3"}, by=second)
    third = make_officer(authority, role="participation_officer", email="third@example.org")

    with pytest.raises(planning.RefusedError, match="meanwhile"):
        entering.key_again(entry, answers=GIVEN, by=third)


@pytest.mark.parametrize(
    "broken",
    [
        {"counted": True},
        {"chosen": True, "counted": True, "answers": {}},
        {"number": 0},
    ],
)
def test_the_database_holds_what_an_entry_may_be(twice, officer, broken):
    key(twice, by=officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(**broken)


@pytest.mark.parametrize("broken", [{"share": 101}, {"channel": "web"}])
def test_the_database_holds_what_a_batch_may_be(batch, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.update(**broken)


# Keyed wrongly


@pytest.mark.parametrize("share", [0, 100])
def test_a_sheet_that_was_keyed_wrongly_is_taken_out_and_keyed_anew(opened, officer, share):
    batch = make_batch(opened[1], share=share)
    entering.take_out(key(batch, by=officer), reason="Another survey", by=officer)

    assert not Response.objects.exists()
    assert not Entry.objects.exists()
    key(batch)


def test_nothing_is_taken_out_once_counting_has_begun(batch):
    entry = key(batch)
    planning.begin_counting(batch.consultation, now=AFTER)

    with pytest.raises(planning.RefusedError):
        entering.take_out(entry, reason="Wrong")


def test_a_caller_can_take_answers_back_with_the_receipt(client, batch, clock):
    clock(WHILE_OPEN)
    code = codes.shown(entering.receipt_of(key(batch)))

    client.post("/have-your-say/receipt/", {"code": code, "withdraw": "yes"})

    assert Response.objects.get().withdrawn


def test_who_keyed_is_forgotten_with_peoples_words(batch):
    key(batch)

    assert answering.purge(now=CLOSES + timedelta(days=730))["entries"] == 0
    assert answering.purge(now=CLOSES + timedelta(days=731))["entries"] == 1
    assert Response.objects.get().answers == {"AGE": "AGE2"}


# In the admin


def act(name, batch, entry=None):
    url = reverse(f"batches:{name}", args=[batch.pk])
    return f"{url}?entry={entry.pk}" if entry else url


def hidden(response):
    soup = BeautifulSoup(response.content, "html.parser")
    return {field["name"]: field["value"] for field in soup.select("main input[type=hidden]")}


def sheet(response, number="1", **changes):
    """What the page would send with a sheet keyed."""
    return {
        **hidden(response),
        "number": number,
        "received_on-day": "20",
        "received_on-month": "4",
        "received_on-year": "2023",
        "AGE-answer": "AGE2",
        "WORDS-answer": "More swimming",
        **changes,
    }


def test_an_officer_begins_a_batch_and_keys_a_sheet(admin, opened, clock):
    clock(AFTER)
    made = admin.post(
        reverse("batches:add"),
        {"survey": opened[1].pk, "channel": "paper", "reference": "Paper 1", "share": "0"},
    )
    batch = Batch.objects.get()
    page = admin.get(act("key", batch))
    done = admin.post(act("key", batch), sheet(page), follow=True)
    again = admin.post(act("key", batch), sheet(page), follow=True)

    assert made.url == reverse("batches:edit", args=[batch.pk])
    receipt = codes.shown(entering.receipt_of(Entry.objects.get()))
    assert receipt in done.content.decode()
    assert again.status_code == 200
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": ""}, "Enter number of the sheet"),
        ({"received_on-day": "29"}, "It closed at 11:59pm on Friday 28 April 2023"),
        ({"AGE-answer": "NO"}, "Choose an answer from the list"),
        ({"AGE-answer": "", "WORDS-answer": ""}, "Nothing is answered"),
        ({"WORDS-answer": "x" * 5_001}, "5,000 characters or fewer"),
        ({"entry": "x"}, "There is a problem"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said_and_what_was_keyed_stays(
    admin, batch, clock, changes, words
):
    clock(AFTER)
    page = admin.get(act("key", batch))
    response = admin.post(act("key", batch), sheet(page, **changes))

    text = response.content.decode()
    assert words in text
    assert "govuk-error-summary" in text
    assert changes.get("WORDS-answer", "More swimming") in text
    assert not Entry.objects.exists()


def test_what_must_be_answered_is_asked_of_the_path_alone(admin, authority, index, clock):
    asked = [one("AGE"), one("MORE", Kind.LONG, required=True, only_if=["eq", "AGE", "AGE1"])]
    batch = make_batch(make_open(index, authority=authority, asked=asked)[1], share=0)
    clock(AFTER)
    page = admin.get(act("key", batch))

    refused = admin.post(act("key", batch), sheet(page, **{"AGE-answer": "AGE1"}))
    taken = admin.post(act("key", batch), sheet(page))

    assert "This must be answered" in refused.content.decode()
    assert taken.status_code == 302


def test_the_second_person_does_not_see_what_was_keyed_first(admin, twice, second, clock):
    clock(AFTER)
    entry = key(twice, by=second)
    pages = [act("again", twice, entry), reverse("batches:edit", args=[twice.pk])]
    pages += [reverse("consultations_admin:answers", args=[twice.consultation_id])]

    for url in pages:
        assert "More swimming" not in admin.get(url).content.decode()
    response = admin.post(
        pages[0], {"AGE-answer": "AGE2", "WORDS-answer": "More swimming"}, follow=True
    )
    assert "is counted" in response.content.decode()
    assert Response.objects.count() == 1


def test_a_difference_is_shown_with_both_readings_and_settled(admin, twice, officer, second, clock):
    clock(AFTER)
    entry = key(twice, by=officer)
    entering.key_again(entry, answers={**GIVEN, "WORDS": "Move swimming"}, by=second)
    url = act("settle", twice, entry)
    shown = admin.get(url).content.decode()
    admin.post(url, {"WORDS-answer": "More swimming"})

    assert "More swimming" in shown
    assert "Move swimming" in shown
    assert "AGE-answer" not in shown
    assert Response.objects.get().answers["WORDS"] == "More swimming"


@pytest.mark.parametrize("name", ["again", "settle"])
@pytest.mark.parametrize("query", ["", "?entry=x", f"?entry={uuid.UUID(int=0)}"])
def test_there_is_no_page_for_a_sheet_that_is_not_there(admin, batch, name, query):
    assert admin.get(act(name, batch) + query).status_code == 404


def test_a_sheet_of_another_batch_is_not_found(admin, batch, opened, officer):
    entry = key(make_batch(opened[1], reference="Paper 2", share=100), by=officer)

    assert admin.get(act("again", batch, entry)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reference": "Paper 1"}, "Another batch has this reference"),
        ({"share": "101"}, "at most 100"),
        ({"number": "9"}, "There is no version 9"),
        ({"channel": "web"}, "Select a valid choice"),
    ],
)
def test_a_batch_that_cannot_be_is_told_by_the_field(admin, batch, opened, changes, words):
    data = {"survey": opened[1].pk, "channel": "paper", "reference": "New", "share": "0"}
    response = admin.post(reverse("batches:add"), {**data, **changes})

    assert words in response.content.decode()
    assert Batch.objects.count() == 1


def test_a_batch_is_renamed_but_not_to_the_name_of_another(admin, batch, opened):
    other = make_batch(opened[1], reference="Paper 2")
    url = reverse("batches:edit", args=[other.pk])

    taken = admin.post(url, {"reference": "Paper 1", "share": "5"})
    admin.post(url, {"reference": "Fair", "share": "5"})

    assert "Another batch has this reference" in taken.content.decode()
    other.refresh_from_db()
    assert (other.reference, other.share) == ("Fair", 5)


def test_taking_out_in_the_admin_needs_a_reason_and_a_sheet(admin, batch):
    key(batch)
    url = act("take_out", batch)

    assert "This field is required" in admin.post(f"{url}?sheet=1", {}).content.decode()
    assert "no such sheet" in admin.post(f"{url}?sheet=2", {"reason": "R"}).content.decode()
    admin.post(f"{url}?sheet=1", {"reason": "Another survey"})
    assert not Response.objects.exists()


@pytest.mark.parametrize("number", [1, 50])
def test_a_long_batch_costs_no_more_to_show(
    admin, twice, second, number, django_assert_num_queries
):
    Entry.objects.bulk_create(
        Entry(batch=twice, number=n, received_on=CAME, answers={}, chosen=True, keyed_by=second)
        for n in range(1, number + 1)
    )
    url = reverse("batches:edit", args=[twice.pk])
    admin.get(url)

    with django_assert_num_queries(21):
        admin.get(url)


# The form to print


@pytest.mark.parametrize("query", ["", "?large"])
def test_the_paper_form_has_the_codes_of_the_version_and_where_to_send_it(
    client, authority, index, clock, query
):
    authority.post = "County Hall\nBarchester"
    authority.save()
    asked = [
        *THREE,
        *(one(f"K{n}", kind, none="") for n, kind in enumerate(Kind)),
    ]
    survey = make_open(index, authority=authority, asked=asked)[1]
    clock(WHILE_OPEN)
    url = reverse("consultations:paper", args=["what-about-clubs", "parents"])
    response = client.get(url + query)

    text = response.content.decode()
    for question in survey.current.document:
        for each in [question, *question.options, *question.statements]:
            assert f">{each.code}<" in text
    shown = " ".join(BeautifulSoup(text, "html.parser").main.get_text(" ").split())
    assert "end of Friday 28 April 2023" in shown
    assert "County Hall Barchester" in shown
    assert "Answer this only if “What about AGE?” is “AGE 1”" in shown
    assert survey.current.digest[:12] in shown
    assert ("lo-paper--large" in text) is bool(query)


def test_there_is_no_paper_form_of_a_survey_that_is_not_public(client, authority, index):
    url = reverse("consultations:paper", args=["what-about-clubs", "parents"])

    assert client.get(url).status_code == 404
