import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.search.ages import NO_LIMIT, WAYS, label, read, together


def ages(text):
    return [said.ages for said in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my 4 year old isn't talking", (4, 4)),
        ("4-year-old", (4, 4)),
        ("4yo", (4, 4)),
        ("4 y/o", (4, 4)),
        ("for 6yrs", (6, 6)),
        ("two year old", (2, 2)),
        ("three and a half year old", (3, 3)),
        ("18 month old", (1, 1)),
        ("6 weeks old", (0, 0)),
        ("aged 7-11", (7, 11)),
        ("ages 5 to 8", (5, 8)),
        ("between 5 and 11", (5, 11)),
        ("7 to 11 year olds", (7, 11)),
        ("ages 0\u20135", (0, 5)),
        ("16-19 transport", (16, 19)),
        ("age 9", (9, 9)),
        ("aged sixteen", (16, 16)),
        ("I'm 15", (15, 15)),
        ("im 15 and sad", (15, 15)),
        ("she\u2019s 12", (12, 12)),
        ("my son is 7", (7, 7)),
        ("daughter 9", (9, 9)),
        ("13 year girl", (13, 13)),
        ("when he turns 18", (18, 18)),
        ("turning fourteen", (14, 14)),
        ("dla to pip at 16", (16, 16)),
        ("post-16", (16, 16)),
        ("after 18", (18, NO_LIMIT)),
        ("under 5s", (0, 4)),
        ("under fives", (0, 4)),
        ("under the age of 8", (0, 7)),
        ("u5s", (0, 4)),
        ("up to 25", (0, 25)),
        ("over 16s", (16, NO_LIMIT)),
        ("16+", (16, NO_LIMIT)),
        ("18 and over", (18, NO_LIMIT)),
        ("year 6", (10, 11)),
        ("yr 9", (13, 14)),
        ("years 7-9", (11, 14)),
        ("key stage 2", (7, 11)),
        ("KS3", (11, 14)),
        ("starting reception", (4, 5)),
        ("baby", (0, 1)),
        ("toddlers", (1, 3)),
        ("pre-school", (2, 4)),
        ("teenager", (13, 19)),
        ("young people", (11, 25)),
        ("young adult", (18, 25)),
        ("adults", (18, NO_LIMIT)),
        ("sixth form", (16, 19)),
        ("not for under 11s", (11, NO_LIMIT)),
        ("not suitable for over 16s", (0, 15)),
        ("clubs but not for 8 to 10 year olds", (0, 7)),
    ],
)
def test_age_is_read(text, expected):
    assert ages(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "waiting 2 years",
        "over 18 weeks wait",
        "at 10am",
        "from 9-5",
        "30 hours free childcare",
        "under 2 miles",
        "1:1 support",
        "7 days a week",
        "20 weeks",
        "section 17",
        "I am 45",
        "age 150",
        "2 year review",
        "covid-19",
        "babysitter",
        "01905 123456",
        "the 3rd",
        "5%",
    ],
)
def test_number_that_is_no_age_is_left(text):
    assert ages(text) == []


def test_words_of_a_stage_or_birthday_are_kept_and_those_of_an_age_are_not():
    kept = {text: read(text)[0].kept for text in ["toddler", "turns 18", "year 6", "4 year old"]}

    assert kept == {"toddler": True, "turns 18": True, "year 6": True, "4 year old": False}


def test_no_word_is_in_two_ages():
    assert ages("twins aged 4 and 6 and a 9 year old") == [(4, 6), (9, 9)]


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([], None),
        ([(4, 4)], (4, 4)),
        ([(13, 19), (15, 15)], (15, 15)),
        ([(4, 4), (16, 16)], (4, 16)),
    ],
)
def test_ages_together_are_what_they_share_or_all_of_them(several, expected):
    assert together(several) == expected


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ((4, 4), "Age 4"),
        ((7, 11), "Ages 7 to 11"),
        ((0, 4), "Under 5"),
        ((0, 0), "Under 1"),
        ((16, NO_LIMIT), "Age 16 and over"),
    ],
)
def test_label(ages, expected):
    assert label(ages) == expected


SAID = """
0 4 11 16 25 99 - \u2013 to and under over not for turns at year years old aged up + ' s
months toddler I'm son 10am % KS3 four
"""
PIECES = st.sampled_from(SAID.split())


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map(" ".join)))
def test_ages_of_any_text_lie_within_it_in_order_and_make_sense(text):
    end = 0
    for said in read(text):
        first, last = said.ages
        assert end <= said.start < said.end <= len(text)
        assert 0 <= first <= last <= NO_LIMIT
        assert label(said.ages)
        end = said.end


def test_every_way_to_say_an_age_is_quick_on_a_long_text():
    for text in ["1 " * 5000, "under " * 2000, "4-" * 5000, "year " * 2000, "n't " * 2500]:
        for pattern, _, _ in WAYS:
            pattern.search(text)
