"""Editions that the clock makes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from localoffer.operate import ticking
from localoffer.updates import expanding, windows
from localoffer.updates.actions import editions
from localoffer.updates.models import Edition
from tests.factories.updates import SATURDAY, make_bare_edition, make_news, make_person

NOW = SATURDAY.ends + timedelta(minutes=1)


def made(**fields):
    return list(Edition.objects.filter(**fields).order_by("day"))


def test_a_window_that_has_ended_gets_its_edition_once(authority, index, bells):
    make_news(index)

    first, second = editions.make_due(now=NOW), editions.make_due(now=NOW)

    [edition] = made(frequency="weekly", day=SATURDAY.day)
    assert (edition.state, edition.items.count(), second) == ("draft", 1, 0)
    assert first >= 1


def test_not_a_moment_before(authority, index, bells):
    make_news(index)

    editions.make_due(now=SATURDAY.ends - timedelta(seconds=1))

    assert made(frequency="weekly", day=SATURDAY.day) == []


@pytest.mark.parametrize(("days", "number"), [(6, 1), (8, 0)])
def test_what_was_missed_within_seven_days_is_made_good(authority, index, bells, days, number):
    make_news(index)

    editions.make_due(now=SATURDAY.ends + timedelta(days=days))

    assert len(made(frequency="weekly", day=SATURDAY.day)) == number


def test_two_editions_of_one_window_cannot_be(authority):
    make_bare_edition(authority)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_bare_edition(authority)


def test_a_daily_edition_goes_by_itself_while_somebody_follows_daily(authority, index, bells, post):
    day = windows.ending_on("daily", SATURDAY.day)
    make_news(index, at=day.starts)
    make_person(authority, frequency="daily")

    editions.make_due(now=NOW)
    expanding.run(now=NOW)

    [edition] = made(frequency="daily", day=day.day)
    assert (edition.state, edition.approved_by) == ("sent", None)
    assert [mail.address for mail in post()] == ["parent@example.org"]


def test_and_is_not_made_while_nobody_does(authority, index, bells):
    day = windows.ending_on("daily", SATURDAY.day)
    make_news(index, at=day.starts)
    make_person(authority)

    editions.make_due(now=NOW)

    assert {edition.state for edition in made(frequency="daily")} == {"empty"}


def test_the_clock_says_it_twice_without_harm(authority, index, bells, post):
    make_news(index)
    make_person(authority, frequency="daily")

    for _time in range(2):
        for job in [ticking.make_editions, ticking.forget_followers, ticking.ask_followers_again]:
            job(NOW)

    assert len(made(frequency="weekly")) == 1
    assert len(post()) <= 1


def test_looking_whether_anything_is_due_costs_the_same_for_many_authorities(
    authority, neighbour, django_assert_num_queries
):
    editions.make_due(now=NOW)

    with django_assert_num_queries(2):
        assert editions.make_due(now=NOW) == 0
