from hypothesis import given
from hypothesis import strategies as st

from localoffer.places.distance import metres
from localoffer.search import filters
from localoffer.search.documents import Document, Spot
from tests.factories.places import make_place


def document(**fields):
    return Document("service", "1", "A", "", "/", 12, **fields)


def spot(easting, northing):
    return Spot(easting, northing, "Hall", "Malvern", "WR14 1AA")


def test_a_document_that_says_nothing_carries_what_says_so():
    assert filters.of(document()) == ["za12", "zkservice", "znany", "zyany", "zgnone"]


def test_a_document_carries_each_of_its_facts_once():
    tokens = filters.of(
        document(
            need_codes=("ASD", "SLCN"),
            type_codes=("short_break",),
            days=("MO", "SA"),
            cost_kind="free",
            minimum_age=3,
            maximum_age=5,
            spots=(spot(378_000, 247_000), spot(379_000, 247_500), spot(401_000, 247_000)),
        )
    )

    assert tokens == [
        *["za12", "zkservice", "znasd", "znslcn", "ztshortbreak", "zdmo", "zdsa", "zfree"],
        *["zy3", "zy4", "zy5", "zg18x12", "zg20x12"],
    ]


ages = st.none() | st.integers(0, 120)


@given(ages, ages, st.integers(0, 25), st.integers(0, 25))
def test_ages_leave_out_exactly_what_does_not_overlap(youngest, oldest, first, last):
    if None not in (youngest, oldest) and youngest > oldest:
        youngest, oldest = oldest, youngest
    first, last = sorted([first, last])
    tokens = filters.of(document(minimum_age=youngest, maximum_age=oldest))

    fits = (youngest is None or youngest <= last) and (oldest is None or oldest >= first)

    assert bool(set(tokens) & set(filters.ages(first, last))) == fits


axis = st.integers(-30_000, 700_000)


@given(axis, axis, axis, axis, st.integers(0, 60_000))
def test_what_is_near_is_never_left_out(x, y, easting, northing, far):
    there = spot(easting, northing)
    home = make_place(easting=x, northing=y)
    if metres(home, there) <= far:
        tokens = filters.of(document(spots=(there,)))
        assert set(tokens) & set(filters.near(home, far, placeless=False))


def test_what_has_no_place_is_near_everywhere_unless_told_otherwise():
    home = make_place()
    tokens = set(filters.of(document()))

    assert tokens & set(filters.near(home, 1_000))
    assert not tokens & set(filters.near(home, 1_000, placeless=False))


def test_what_names_no_need_is_for_any():
    assert set(filters.of(document())) & set(filters.needs(["ASD"]))
    assert not set(filters.of(document(need_codes=("HI",)))) & set(filters.needs(["ASD"]))


def test_every_token_can_be_matched():
    tokens = filters.of(document(spots=(spot(-5, -25_000),), need_codes=("A-b_c é",)))

    assert all(token.isascii() and token.isalnum() for token in tokens)
