from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.consultations import closing
from localoffer.consultations.states import Facts, State

TICK = timedelta(microseconds=1)


def facts(**changes):
    """Open from Monday 3 April to Friday 28 April 2023, results promised for 9 June."""
    return Facts(
        **{
            "opens_at": closing.opens_at(date(2023, 4, 3)),
            "closes_at": closing.closes_at(date(2023, 4, 28)),
            "results_due": date(2023, 6, 9),
            "confirmed": True,
            "published": False,
            "decided": False,
            **changes,
        }
    )


CLOSES = closing.closes_at(date(2023, 4, 28))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (closing.opens_at(date(2023, 4, 3)) - TICK, State.SCHEDULED),
        (closing.opens_at(date(2023, 4, 3)), State.OPEN),
        (CLOSES - timedelta(days=7) - TICK, State.OPEN),
        (CLOSES - timedelta(days=7), State.CLOSING_SOON),
        (CLOSES - TICK, State.CLOSING_SOON),
        (CLOSES, State.CLOSED),
        (closing.opens_at(date(2023, 5, 26)) - TICK, State.CLOSED),
        (closing.opens_at(date(2023, 5, 26)), State.RESULTS_DUE),
        (closing.closes_at(date(2023, 6, 9)) - TICK, State.RESULTS_DUE),
        (closing.closes_at(date(2023, 6, 9)), State.OVERDUE),
    ],
)
def test_the_state_follows_from_the_clock_to_the_microsecond(now, state):
    assert facts().at(now) == state


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"confirmed": False}, State.DRAFT),
        ({"published": True}, State.PUBLISHED),
        ({"published": True, "decided": True}, State.DECIDED),
        ({"results_due": None}, State.CLOSED),
    ],
)
def test_what_was_decided_goes_before_the_clock(changes, state):
    assert facts(**changes).at(closing.closes_at(date(2030, 1, 1))) == state


def test_one_that_is_open_for_three_days_is_closing_soon_from_the_start():
    short = facts(opens_at=closing.opens_at(date(2023, 4, 26)))

    assert short.at(short.opens_at) == State.CLOSING_SOON


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(0, 100),
    st.integers(0, 100),
    st.integers(-100, 300),
)
def test_the_state_changes_only_at_a_moment_that_it_names(first, length, wait, day):
    last = first + timedelta(days=length)
    one = facts(
        opens_at=closing.opens_at(first),
        closes_at=closing.closes_at(last),
        results_due=last + timedelta(days=wait),
    )
    now = closing.opens_at(first + timedelta(days=day))
    later = now + timedelta(hours=24)

    if one.at(now) != one.at(later):
        assert any(now < moment <= later for moment in one.moments())
