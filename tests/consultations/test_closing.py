"""Closing "at midnight": the eight days that somebody once got wrong, and every other day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.consultations import closing

ANY_DAY = st.dates(date(2000, 1, 1), date(2040, 12, 31))
ANY_TIME = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("last_day", "closes"),
    [
        ("2023-03-25", "2023-03-26T00:00"),  # still winter time
        ("2023-03-26", "2023-03-26T23:00"),  # clocks go forward: a day of 23 hours
        ("2023-04-28", "2023-04-28T23:00"),  # the DBV surveys
        ("2023-05-14", "2023-05-14T23:00"),  # the autism strategy
        ("2023-10-28", "2023-10-28T23:00"),
        ("2023-10-29", "2023-10-30T00:00"),  # clocks go back: a day of 25 hours
        ("2026-12-31", "2027-01-01T00:00"),
        ("2027-03-28", "2027-03-28T23:00"),
    ],
)
def test_the_last_day_is_open_to_its_end(last_day, closes):
    found = closing.closes_at(date.fromisoformat(last_day))

    assert found == datetime.fromisoformat(closes).replace(tzinfo=UTC)


@given(ANY_DAY)
def test_every_day_has_23_24_or_25_hours_and_ends_where_the_next_begins(day):
    opens, closes = closing.opens_at(day), closing.closes_at(day)

    assert opens < closes
    assert (closes - opens) / timedelta(hours=1) in {23, 24, 25}
    assert closes == closing.opens_at(day + timedelta(days=1))


@given(ANY_DAY, ANY_TIME)
def test_a_time_that_is_chosen_is_what_clocks_then_show_or_is_refused_or_asked(day, at):
    try:
        found = closing.closes_at(day, at)
    except closing.MidnightError:
        assert at == time()
    except closing.NoSuchTimeError:
        assert (day.month, at.hour) == (3, 1)
    except closing.TwiceError:
        assert (day.month, at.hour) == (10, 1)
        first, second = (closing.closes_at(day, at, second=which) for which in (False, True))
        assert second - first == timedelta(hours=1)
    else:
        shown = found.astimezone(closing.LONDON)
        assert (shown.date(), shown.time()) == (day, at)
        assert closing.opens_at(day) < found < closing.closes_at(day)


def test_a_time_that_clocks_skip_is_refused_in_words():
    with pytest.raises(closing.NoSuchTimeError, match="no 1:30am on Sunday 26 March 2023"):
        closing.closes_at(date(2023, 3, 26), time(1, 30))


def test_of_a_time_that_clocks_show_twice_it_is_asked_which():
    with pytest.raises(closing.TwiceError, match="two times of 1:30am on Sunday 29 October 2023"):
        closing.closes_at(date(2023, 10, 29), time(1, 30))

    assert closing.closes_at(date(2023, 10, 29), time(1, 30), second=False).hour == 0
    assert closing.closes_at(date(2023, 10, 29), time(1, 30), second=True).hour == 1


@pytest.mark.parametrize(
    ("day", "at", "words"),
    [
        (date(2023, 4, 28), None, "11:59pm on Friday 28 April 2023"),
        (date(2023, 5, 14), None, "11:59pm on Sunday 14 May 2023"),
        (date(2026, 12, 31), time(17), "5pm on Thursday 31 December 2026"),
        (date(2026, 12, 31), time(12), "midday on Thursday 31 December 2026"),
        (date(2026, 12, 31), time(0, 30), "12:30am on Thursday 31 December 2026"),
    ],
)
def test_words_always_say_the_weekday_and_the_time(day, at, words):
    assert closing.closing_words(day, at) == words


@given(ANY_DAY, st.one_of(st.none(), ANY_TIME))
def test_midnight_is_never_printed(day, at):
    assert "midnight" not in closing.closing_words(day, at)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(hours=25), ""),
        (timedelta(hours=24), "about 24 hours left"),
        (timedelta(hours=1, minutes=59), "about 1 hour left"),
        (timedelta(minutes=59), "less than an hour left"),
        (timedelta(), ""),
        (timedelta(seconds=-1), ""),
    ],
)
def test_what_is_left_is_said_on_the_last_day(before, words):
    closes = closing.closes_at(date(2023, 4, 28))

    assert closing.left(closes, now=closes - before) == words
