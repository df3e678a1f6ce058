"""Answers, words and drafts are deleted when their term is over."""

from datetime import timedelta

import pytest

from localoffer.consultations.actions import answering, planning, results
from localoffer.consultations.models import Draft, Response
from localoffer.operate import ticking
from tests.factories.consultations import (
    CLOSES,
    WHILE_OPEN,
    answer,
)


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
