from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.mail import timing
from localoffer.mail.states import RANK, REPORTED, State, after, weaker_than


def chance(seed):
    return Random(seed)  # noqa: S311


reports = st.lists(st.sampled_from(REPORTED), min_size=1, max_size=5)


@given(reports)
def test_the_end_is_the_same_in_whatever_order_reports_come(told):
    ends = set()
    for order in list(permutations(told))[:120]:
        known = State.ACCEPTED
        for report in order:
            known = after(known, report)
        ends.add(known)

    assert len(ends) == 1
    assert RANK[ends.pop()] == max(RANK[one] for one in [*told, State.ACCEPTED])


@given(st.sampled_from(list(State)), st.sampled_from(REPORTED))
def test_a_report_never_takes_back_a_weightier_one(known, reported):
    found = after(known, reported)

    assert found in {known, reported}
    assert after(found, reported) == found
    if known in RANK:
        assert RANK[found] >= RANK[known]


@pytest.mark.parametrize("known", [State.CANCELLED, State.SUPPRESSED, State.QUEUED])
def test_what_was_never_handed_over_takes_no_report(known):
    assert all(after(known, one) == known for one in REPORTED)
    assert all(known not in weaker_than(one) for one in REPORTED)


CEILINGS = [timing.PERSONAL_CEILING, timing.NEWS_CEILING]


@given(st.integers(0, 10_000), st.sampled_from(CEILINGS), st.integers(0, 2**32))
def test_a_wait_is_never_over_its_ceiling_and_never_nothing(attempts, ceiling, seed):
    wait = timing.wait(attempts, ceiling=ceiling, chance=chance(seed))

    assert timing.FIRST_WAIT / 2 <= wait <= ceiling


@given(st.integers(1, 40), st.sampled_from(CEILINGS), st.integers(0, 2**32))
def test_waits_grow_until_the_ceiling(attempts, ceiling, seed):
    longest = timing.wait(attempts, ceiling=ceiling, chance=chance(seed))
    next_shortest = timing.wait(attempts + 2, ceiling=ceiling, chance=chance(seed + 1))

    assert next_shortest >= longest or next_shortest >= ceiling / 2


def test_mails_that_failed_together_do_not_come_back_together():
    waits = {timing.wait(8, ceiling=timing.NEWS_CEILING, chance=chance(at)) for at in range(50)}

    assert len(waits) == 50
    assert max(waits) - min(waits) > timedelta(minutes=10)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-01-15 20:59", False),
        ("2026-01-15 21:00", True),
        ("2026-01-15 03:00", True),
        ("2026-01-15 06:59", True),
        ("2026-01-15 07:00", False),
        ("2026-07-15 19:59", False),  # 20:59 in London
        ("2026-07-15 20:00", True),
        ("2026-07-15 05:59", True),
        ("2026-07-15 06:00", False),
    ],
)
def test_quiet_hours_are_those_of_london(moment, quiet):
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert timing.is_quiet(now, (21, 7)) is quiet
    assert timing.is_quiet(now, None) is False


FIRST = datetime(2000, 1, 1, tzinfo=UTC)
moments = st.integers(0, 41 * 366 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@given(moments, st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda p: p[0] != p[1]))
def test_it_is_quiet_or_has_been_loud_for_less_than_a_day(now, hours):
    since = timing.loud_since(now, hours)

    if timing.is_quiet(now, hours):
        assert since is None
    else:
        assert since <= now
        assert now - since < timedelta(hours=25)
        assert not timing.is_quiet(since, hours)
