import datetime as dt
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.directory import days, schedules


@dataclass
class Hours:
    freq: str = "WEEKLY"
    interval: int = 1
    byday: list = field(default_factory=list)
    bymonthday: str = ""
    dtstart: dt.date | None = None
    opens: dt.time | None = None
    closes: dt.time | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    when: str = "always"
    attending: str = ""


TEN, NOON, HALF_PAST_FIVE = dt.time(10), dt.time(12), dt.time(17, 30)
SPRING, SUMMER = dt.date(2026, 3, 1), dt.date(2026, 7, 21)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (
            Hours(byday=["MO"], opens=TEN, closes=NOON, when="term"),
            "Every Monday, 10am to noon, in term time",
        ),
        (Hours(byday=["MO", "WE"]), "Every Monday and Wednesday"),
        (Hours(byday=["FR", "MO"]), "Every Monday and Friday"),
        (Hours(byday=["MO", "TU", "WE", "TH", "FR"]), "Monday to Friday"),
        (Hours(byday=["SA", "SU"]), "Every Saturday and Sunday"),
        (Hours(byday=list(days.NAMES)), "Every day"),
        (Hours(byday=["SA"], freq=""), "Every Saturday"),
        (Hours(), "Every week"),
        (Hours(freq=""), ""),
        (Hours(byday=["TU"], interval=2), "Every other Tuesday"),
        (
            Hours(byday=["TU"], interval=2, dtstart=SPRING),
            "Every other Tuesday, starting 1 March 2026",
        ),
        (Hours(byday=["TU", "TH"], interval=2), "Tuesday and Thursday of every other week"),
        (Hours(byday=["TU"], interval=3), "Every 3 weeks, on Tuesday"),
        (Hours(freq="MONTHLY", byday=["2TU"]), "The second Tuesday of every month"),
        (Hours(freq="MONTHLY", byday=["-1FR"]), "The last Friday of every month"),
        (Hours(freq="MONTHLY", byday=["1MO", "3MO"]), "The first and third Monday of every month"),
        (
            Hours(freq="MONTHLY", byday=["1MO", "2TU"], interval=2),
            "The first Monday and second Tuesday of every other month",
        ),
        (Hours(freq="MONTHLY", bymonthday="1,22"), "On the 1st and 22nd of every month"),
        (Hours(freq="MONTHLY", bymonthday="-1"), "On the last day of every month"),
        (Hours(freq="MONTHLY"), "Every month"),
        (Hours(byday=["MO"], opens=HALF_PAST_FIVE), "Every Monday, from 5:30pm"),
        (Hours(byday=["MO"], closes=dt.time(0, 30)), "Every Monday, until 12:30am"),
        (Hours(byday=["MO"], opens=TEN, closes=TEN), "Every Monday, at 10am"),
        (
            Hours(byday=list(days.NAMES), opens=dt.time(0), closes=dt.time(23, 59)),
            "Every day, all day and night",
        ),
        (
            Hours(byday=["MO"], when="holidays", valid_from=SPRING, valid_to=SUMMER),
            "Every Monday, in school holidays, from 1 March 2026 until 21 July 2026",
        ),
        (Hours(freq="", valid_from=SPRING, valid_to=SPRING), "On Sunday 1 March 2026 only"),
        (Hours(byday=["MO"], attending="online"), "Every Monday, online"),
    ],
)
def test_hours_are_said_in_words(hours, words):
    assert schedules.in_words(hours) == words


week = st.lists(st.sampled_from(list(days.NAMES)), unique=True)
any_days = st.lists(st.sampled_from(list(days.BYDAY)), unique=True, max_size=6)
times = st.none() | st.times()
dates = st.none() | st.dates(min_value=dt.date(1990, 1, 1))


@given(
    st.builds(
        Hours,
        freq=st.sampled_from(["", "WEEKLY", "MONTHLY"]),
        interval=st.integers(1, 60),
        byday=any_days,
        bymonthday=st.text("0123456789,- ", max_size=12),
        dtstart=dates,
        opens=times,
        closes=times,
        valid_from=dates,
        valid_to=dates,
        when=st.sampled_from(["always", "term", "holidays"]),
        attending=st.text(max_size=10),
    )
)
def test_any_hours_can_be_said_on_one_line(hours):
    words = schedules.in_words(hours)

    assert words[:1] == words[:1].upper() or not words[0].isalpha()
    if hours.freq and not hours.attending:
        assert words
        assert ", ," not in words


@given(week, week)
def test_different_days_of_the_week_never_sound_the_same(some, others):
    said = [schedules.in_words(Hours(byday=codes)) for codes in (some, others)]

    assert (said[0] == said[1]) == (set(some) == set(others))


@given(any_days)
def test_days_can_be_typed_as_they_are_shown(codes):
    assert set(days.parse(days.in_words(codes))) == set(codes)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("", []),
        ("Mon, weds & fri", ["MO", "WE", "FR"]),
        ("Monday to Friday", ["MO", "TU", "WE", "TH", "FR"]),
        ("mon-thu", ["MO", "TU", "WE", "TH"]),
        ("Saturday to Monday", ["MO", "SA", "SU"]),
        ("Tuesdays", ["TU"]),
        ("every Tuesday and the 2nd Friday", ["TU", "2FR"]),
        ("last friday", ["-1FR"]),
        ("2TU", ["2TU"]),
    ],
)
def test_days_are_understood_as_people_type_them(typed, codes):
    assert days.parse(typed) == codes


@pytest.mark.parametrize(
    "typed", ["Blursday", "s", "Monday Tuesday", "second", "to", "second to Friday"]
)
def test_what_names_no_day_is_refused_with_the_words_to_use(typed):
    with pytest.raises(days.UnknownDayError, match="such as: Monday"):
        days.parse(typed)
