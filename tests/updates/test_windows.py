from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.updates import windows
from localoffer.updates.windows import FREQUENCIES

moments = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001  the zone is given beside it
    max_value=datetime(2040, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
frequencies = st.sampled_from(FREQUENCIES)


def in_utc(moment):
    return moment.astimezone(UTC)


@given(frequency=frequencies, moment=moments)
def test_every_moment_is_in_its_window_and_in_neither_neighbour(frequency, moment):
    window = windows.around(frequency, moment)
    before = windows.around(frequency, in_utc(window.starts) - timedelta(microseconds=1))
    after = windows.around(frequency, window.ends)

    assert moment in window
    assert moment not in before
    assert moment not in after


@given(frequency=frequencies, moment=moments)
def test_windows_lie_end_to_end(frequency, moment):
    window = windows.around(frequency, moment)
    after = windows.around(frequency, window.ends)

    assert in_utc(window.starts) < in_utc(window.ends) == in_utc(after.starts)
    assert window.ends not in window
    assert window.ends in after


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_forty_years_of_windows_tile_without_gap_or_overlap(frequency):
    moment, end = datetime(2000, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)
    window = windows.around(frequency, moment)
    lengths = set()
    while in_utc(window.starts) < end:
        follower = windows.around(frequency, window.ends)
        assert in_utc(window.ends) == in_utc(follower.starts)
        assert follower.day > window.day
        assert window.ends.hour == 8
        lengths.add((in_utc(window.ends) - in_utc(window.starts)) / timedelta(hours=1))
        window = follower

    assert {
        "daily": {23, 24, 25},
        "weekly": {167, 168, 169},
        "monthly": {h * 24 + d for h in (28, 29, 30, 31) for d in (0,)} | {743, 745},
    }[frequency] == lengths


@pytest.mark.parametrize(
    ("day", "starts", "ends"),
    [
        (date(2023, 3, 26), "2023-03-25T08:00Z", "2023-03-26T07:00Z"),
        (date(2023, 10, 29), "2023-10-28T07:00Z", "2023-10-29T08:00Z"),
    ],
)
def test_a_day_on_which_the_clocks_change_is_an_hour_short_or_long(day, starts, ends):
    window = windows.ending_on("daily", day)

    assert in_utc(window.starts) == datetime.fromisoformat(starts)
    assert in_utc(window.ends) == datetime.fromisoformat(ends)


@given(frequency=frequencies, by=moments, days=st.integers(0, 70))
def test_the_windows_that_ended_in_a_time_are_all_and_only_those(frequency, by, days):
    after = by - timedelta(days=days)
    found = list(windows.ended(frequency, after=after, by=by))

    assert all(in_utc(after) < in_utc(window.ends) <= in_utc(by) for window in found)
    for first, second in pairwise(found):
        assert in_utc(first.ends) == in_utc(second.starts)
    running = windows.around(frequency, by)
    if found:
        assert in_utc(found[-1].ends) == in_utc(running.starts)
        assert in_utc(found[0].starts) <= in_utc(after)
    else:
        assert in_utc(running.starts) <= in_utc(after)


@pytest.mark.parametrize(
    ("frequency", "day"), [("weekly", date(2026, 11, 27)), ("monthly", date(2026, 11, 2))]
)
def test_no_window_ends_on_another_day(frequency, day):
    with pytest.raises(ValueError, match="ends on"):
        windows.ending_on(frequency, day)


def test_an_unknown_frequency_is_refused():
    with pytest.raises(ValueError, match="hourly"):
        windows.ends_on("hourly", date(2026, 1, 1))
