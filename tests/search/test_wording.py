import pytest

from localoffer.search.wording import away, number, years


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "less than half a mile"),
        (804, "less than half a mile"),
        (805, "less than 1 mile"),
        (1610, "about 1 mile"),
        (3300, "about 2 miles"),
        (32187, "about 20 miles"),
    ],
)
def test_away_says_how_far_as_people_do(metres, words):
    assert away(metres) == words


def test_number_is_right_for_none_one_and_many():
    assert [number(n, "service") for n in [0, 1, 2]] == ["no services", "1 service", "2 services"]
    assert number(2, "guide or news page", "guides and news") == "2 guides and news"


def test_years_says_an_age_or_a_band():
    assert [years(ages) for ages in [(0, 0), (4, 4), (5, 10)]] == [
        "under 1",
        "age 4",
        "ages 5 to 10",
    ]
