import datetime
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import Page

from localoffer.authority.models import PublicItem
from localoffer.consultations import panels, preflight, questions
from localoffer.consultations.actions import planning, results, writing
from localoffer.consultations.models import Consultation, InstrumentVersion
from localoffer.consultations.models.instruments import FrozenError
from localoffer.consultations.questions import Document, Kind
from localoffer.consultations.states import State
from tests.factories.authority import make_officer
from tests.factories.consultations import (
    CLOSES,
    DUE,
    FIRST,
    LAST,
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

DAY = timedelta(days=1)


def test_it_is_added_as_a_draft_that_nobody_can_answer(authority, index):
    record = make_consultation(index, authority=authority)

    assert record.state(now=WHILE_OPEN) == State.DRAFT
    assert not record.page.live
    assert (record.opens_at, record.closes_at) == (OPENS, CLOSES)
    assert not PublicItem.objects.filter(kind="consultation").public().exists()


def test_without_a_page_to_list_it_none_can_be_added(authority):
    with pytest.raises(planning.RefusedError, match="Have your say"):
        planning.add(authority=authority, title="T", summary="S", opens_on=FIRST, closes_on=LAST)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"closes_on": FIRST - DAY}, "closes_on"),
        (
            {"closes_on": datetime.date(2024, 3, 31), "closes_time": datetime.time(1, 30)},
            "closes_time",
        ),
        (
            {"closes_on": datetime.date(2023, 10, 29), "closes_time": datetime.time(1, 30)},
            "closes_second",
        ),
        ({"closes_time": datetime.time()}, "closes_time"),
    ],
)
def test_days_that_cannot_be_are_said_by_the_field(authority, index, days, field):
    with pytest.raises(ValidationError) as error, transaction.atomic():
        make_consultation(index, authority=authority, **days)

    assert list(error.value.error_dict) == [field]


def test_setting_it_going_freezes_the_questions_and_publishes_the_page(authority, index):
    record = make_consultation(index, authority=authority)

    record = planning.set_going(record, now=OPENS - DAY)

    survey = record.instruments.get()
    assert survey.current.number == 1
    assert survey.current.document == survey.document
    assert Page.objects.get(pk=record.page_id).live
    assert record.state(now=OPENS - DAY) == State.SCHEDULED
    item = PublicItem.objects.get(kind="consultation")
    assert (item.state, item.url) == ("public", "/have-your-say/what-about-clubs/")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda record: record.page.audiences.clear(), "whom it is for"),
        (lambda record: setattr(record, "results_due", None), "Promise a day"),
        (lambda record: setattr(record.page, "decision_maker", ""), "who decides"),
        (lambda record: record.instruments.update(draft=Document().as_json()), "Add a question"),
    ],
)
def test_what_is_in_the_way_is_said_and_it_does_not_open(authority, index, change, words):
    record = make_consultation(index, authority=authority)
    change(record)
    record.page.save()
    record.page.save_revision()
    record.save()

    with pytest.raises(planning.RefusedError, match=words):
        planning.set_going(record, now=OPENS)

    assert not Consultation.objects.get().confirmed_at
    assert not InstrumentVersion.objects.exists()


def test_it_cannot_be_set_going_twice(opened):
    with pytest.raises(planning.RefusedError, match="already"):
        planning.set_going(opened[0], now=WHILE_OPEN)


def test_what_is_unwise_is_said_and_allowed(authority, index):
    winter = (datetime.date(2026, 12, 14), datetime.date(2027, 1, 2))
    record = make_consultation(
        index, authority=authority, days=winter, results_due=datetime.date(2027, 3, 1)
    )
    said = " ".join(each.words for each in preflight.warnings(record))

    assert "20 days" in said
    assert "Christmas" in said
    assert "weekend" in said
    assert preflight.problems(record) == []


def test_an_officer_who_may_not_publish_pages_is_told_whom_to_ask(authority, index):
    record = make_consultation(index, authority=authority)
    officer = make_officer(authority, role="participation_officer")

    said = [each.words for each in preflight.problems(record, by=officer)]

    assert said == ["Ask somebody who may publish pages to publish it."]


# The last day


def test_an_extension_is_shown_for_good_with_its_reason(opened):
    record = planning.move_closing(
        opened[0], closes_on=LAST + 7 * DAY, reason="The post was late.", now=WHILE_OPEN
    )

    change = record.changes.get()
    assert record.closes_at == CLOSES + 7 * DAY
    assert (change.old_words, change.new_words) == (
        "11:59pm on Friday 28 April 2023",
        "11:59pm on Friday 5 May 2023",
    )
    assert change.is_longer


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closes_on": LAST - DAY}, "Only an administrator"),
        ({"closes_on": LAST}, "That is when it closes now"),
        ({"closes_on": LAST + DAY, "reason": "  "}, "Say why"),
        ({"closes_on": DUE + DAY}, "Promise a later day"),
        ({"closes_on": FIRST, "may_shorten": True}, "That has passed"),
    ],
)
def test_the_last_day_moves_only_in_the_open(opened, changes, words):
    with pytest.raises(planning.RefusedError, match=words):
        planning.move_closing(
            opened[0], **{"closes_on": LAST + DAY, "reason": "Why", "now": WHILE_OPEN, **changes}
        )

    record = Consultation.objects.get()
    assert (record.closes_at, record.changes.count()) == (CLOSES, 0)


def test_an_administrator_may_close_it_early_with_a_reason(opened):
    record = planning.move_closing(
        opened[0], closes_on=LAST - DAY, reason="Election.", now=WHILE_OPEN, may_shorten=True
    )

    assert record.closes_at == CLOSES - DAY
    assert not record.changes.get().is_longer


def test_one_that_has_closed_can_be_opened_again_by_an_extension(opened):
    after = CLOSES + timedelta(hours=3)
    record = planning.move_closing(
        opened[0], closes_on=LAST + 7 * DAY, reason="The site was down.", now=after
    )

    assert record.is_open(now=after)


def test_republishing_old_words_of_the_page_changes_no_day(opened):
    record = opened[0]
    old = record.page.get_latest_revision()
    planning.move_closing(record, closes_on=LAST + DAY, reason="Why", now=WHILE_OPEN)

    old.publish()

    assert Consultation.objects.get().closes_at == CLOSES + DAY


def test_days_of_one_that_is_set_going_cannot_be_changed_in_silence(opened):
    with pytest.raises(planning.RefusedError, match="move its last day"):
        planning.change_days(opened[0], closes_on=LAST + DAY)


def test_instants_ahead_follow_the_rules_of_the_clocks(opened):
    Consultation.objects.update(closes_at=CLOSES + timedelta(hours=1))

    assert planning.keep_instants_true(now=WHILE_OPEN) == 1
    assert planning.keep_instants_true(now=WHILE_OPEN) == 0
    assert Consultation.objects.get().closes_at == CLOSES


def test_the_database_refuses_one_that_is_set_going_with_no_day_for_results(authority, index):
    record = make_consultation(index, authority=authority, results_due=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=record.pk).update(confirmed_at=OPENS)


def test_neither_the_page_nor_the_questions_can_be_deleted(opened):
    record, survey = opened

    for refused in [record.page.delete, survey.delete, record.delete]:
        with pytest.raises(Exception, match="protected"), transaction.atomic():
            refused()
    with pytest.raises(FrozenError):
        survey.current.delete()


# Questions


def test_a_published_version_cannot_be_changed(opened):
    version = opened[1].current

    with pytest.raises(FrozenError):
        version.save()


def test_a_version_that_somebody_changed_in_the_database_is_not_asked(opened):
    version = opened[1].current
    InstrumentVersion.objects.filter(pk=version.pk).update(content=Document((one("X"),)).as_json())

    with pytest.raises(FrozenError):
        assert InstrumentVersion.objects.get(pk=version.pk).document


def test_of_two_officers_who_write_at_once_one_is_told(opened):
    survey = opened[1]
    mine, theirs = survey.document.without("WORDS"), survey.document.without("AGE")
    number = survey.draft_number

    writing.write(survey, mine, number=number)

    with pytest.raises(writing.ChangedMeanwhileError):
        writing.write(survey, theirs, number=number)
    survey.refresh_from_db()
    assert survey.document == mine


def test_new_words_make_a_new_version_and_the_same_words_none(opened):
    survey = opened[1]
    words = one("WORDS", Kind.LONG, text="What else about clubs?")
    writing.write(survey, survey.document.with_question(words), number=survey.draft_number)

    first = planning.publish_questions(survey, now=WHILE_OPEN)
    second = planning.publish_questions(survey, now=WHILE_OPEN)

    assert (first.number, second.number) == (2, 2)
    assert InstrumentVersion.objects.get(number=1).document.question("WORDS").text != words.text


@pytest.mark.parametrize(
    "changed",
    [
        one("AGE", Kind.MULTIPLE),
        one("AGE", options=(questions.Option("AGE1", "AGE 1"), questions.Option("NEW", "New"))),
    ],
)
def test_an_answered_question_keeps_its_meaning(opened, changed):
    survey = opened[1]
    document = Document((changed, one("WORDS", Kind.LONG)))
    writing.write(survey, document, number=survey.draft_number)

    with pytest.raises(planning.RefusedError, match="Add a new question"):
        planning.publish_questions(survey, now=WHILE_OPEN)


def test_a_sensitive_question_needs_the_higher_threshold(authority, index):
    record = make_consultation(index, authority=authority, threshold=5)
    survey = record.instruments.get()
    sensitive = one("HEALTH", sensitive=True)
    writing.write(survey, Document((*THREE, sensitive)), number=survey.draft_number)

    with pytest.raises(planning.RefusedError, match="must be 10"):
        planning.set_going(record, now=OPENS)


# Results


def test_results_are_made_read_published_and_decided_on_in_that_order(opened):
    record, survey = opened
    for number in range(30):
        answer(survey, {"AGE": f"AGE{number % 2 + 1}", "WORDS": f"Word {number}"})
    after = CLOSES + timedelta(hours=1)

    for refused in [
        lambda: planning.begin_counting(record, now=after - timedelta(seconds=1)),
        lambda: results.make(record, now=after),
        lambda: planning.decide(record, on=DUE, words="Yes"),
    ]:
        with pytest.raises(planning.RefusedError):
            refused()
    planning.begin_counting(record, now=after)
    made = results.make(record, now=after)
    record.refresh_from_db()
    assert record.state(now=after) == State.CLOSED
    results.publish(made, now=after, note="All who wrote.")
    record = planning.decide(record, on=DUE, words="More clubs.")

    assert record.state(now=after) == State.DECIDED
    table = record.published_result().tables[0]["tables"][0]
    assert (table["base"], table["rows"][0]["number"], table["rows"][2]["number"]) == (
        30,
        None,
        None,
    )


def test_results_that_are_made_again_say_why_and_the_first_stay(opened):
    record, survey = opened
    answer(survey, {"AGE": "AGE1"})
    after = CLOSES + DAY
    planning.begin_counting(record, now=after)
    first = results.publish(results.make(record, now=after), now=after)
    second = results.make(record, now=after)

    with pytest.raises(planning.RefusedError, match="Say why"):
        results.publish(second, now=after)
    results.publish(second, now=after, reason="A batch of paper had been left out.")

    assert record.published_result() == second
    first.refresh_from_db()
    assert first.published_at == after
    with pytest.raises(planning.RefusedError, match="already"):
        results.publish(second, now=after, reason="Again")


# Today


@pytest.mark.parametrize(
    ("now", "panel", "title"),
    [
        (CLOSES - DAY, panels.closing_soon, "Consultations about to close"),
        (CLOSES + DAY, panels.to_be_counted, "Consultations closed: results to publish"),
        (datetime.datetime(2023, 6, 10, tzinfo=datetime.UTC), panels.results_late, "Results late"),
    ],
)
def test_today_shows_it_where_it_stands_and_nowhere_else(opened, authority, now, panel, title):
    others = {panels.closing_soon, panels.to_be_counted, panels.results_late} - {panel}
    ours = type(authority).objects.filter(pk=authority.pk)

    assert panel(authorities=ours, now=now).title == title
    assert [each(authorities=ours, now=now) for each in others] == [None, None]


def test_today_shows_nothing_of_another_authority(opened, neighbour):
    theirs = type(neighbour).objects.filter(pk=neighbour.pk)

    assert panels.closing_soon(authorities=theirs, now=CLOSES - DAY) is None


def test_two_authorities_may_have_one_of_the_same_name(authority, index, opened):
    other, home = make_site(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")
    theirs, _survey = make_open(make_listing(home), authority=other)

    assert Consultation.objects.for_authority(other).get() == theirs
    assert Consultation.objects.for_authority(authority).get() == opened[0]
