import pytest

from localoffer.directory.models import Service
from localoffer.directory.reach import Home, home_of, reach_of
from tests.factories.authority import make_authority

IN, OUT, NATIONAL = Service.Reach.IN_AREA, Service.Reach.OUT_OF_AREA, Service.Reach.NATIONAL
MALVERN, WORCESTER, TRAFFORD, ELY = "WR14 1AA", "WR1 1AA", "M33 7ZF", "CB7 4DL"
HOME = Home(
    codes=frozenset({"E07000235", "E07000237"}),  # Malvern Hills, Worcester
    names=("Worcestershire", "Worcestershire County Council", "Malvern Hills", "Worcester"),
)


@pytest.mark.parametrize(
    ("areas", "postcodes", "reach"),
    [
        ([], [], IN),
        ([], [MALVERN], IN),
        ([], [TRAFFORD], OUT),
        ([], [TRAFFORD, ELY], OUT),
        ([], [TRAFFORD, MALVERN], IN),
        ([], ["", "ZZ9 9ZZ", "by the church"], IN),
        ([], ["", TRAFFORD], OUT),
        (["Trafford"], [TRAFFORD], OUT),
        (["Trafford"], [MALVERN], IN),
        (["Worcestershire and Herefordshire"], [TRAFFORD], IN),
        (["WORCESTER"], [TRAFFORD], IN),
        (["E07000235"], [TRAFFORD], IN),
        (["Worcesterton"], [TRAFFORD], OUT),
        (["England"], [TRAFFORD], NATIONAL),
        (["UK-wide"], [MALVERN], NATIONAL),
        (["Worcestershire", "National"], [MALVERN], NATIONAL),
        (["Bukhara Road"], [TRAFFORD], OUT),
    ],
)
def test_reach_is_told_by_areas_and_then_by_places(areas, postcodes, reach):
    assert reach_of(areas=areas, postcodes=postcodes, home=HOME) is reach


def test_nothing_is_outside_an_authority_that_no_postcode_is_in():
    home = Home(codes=frozenset(), names=("Barsetshire",))

    assert reach_of(areas=[], postcodes=[TRAFFORD], home=home) is IN


@pytest.mark.django_db
def test_home_of_a_county_is_its_districts_and_of_a_unitary_itself(django_assert_num_queries):
    county = make_authority(name="Worcestershire", gss_code="E10000034")
    unitary = make_authority(name="Trafford", hostname="trafford.example", gss_code="E08000009")

    with django_assert_num_queries(3):
        home = home_of(county)

    assert {"E07000235", "E07000237"} <= home.codes
    assert "E10000034" not in home.codes
    assert "Malvern Hills" in home.names
    assert reach_of(areas=[], postcodes=[TRAFFORD], home=home) is OUT
    assert reach_of(areas=[], postcodes=[MALVERN], home=home) is IN
    assert home_of(unitary).codes == {"E08000009"}
    assert reach_of(areas=[], postcodes=[TRAFFORD], home=home_of(unitary)) is IN


@pytest.mark.django_db
def test_home_of_an_authority_that_is_made_up_is_the_districts_it_names():
    assert home_of(make_authority(gss_code="E10000999")).codes == set()
    named = make_authority(
        name="L", hostname="l.example", gss_code="E10000998", districts=["E07000235"]
    )
    assert home_of(named).codes == {"E07000235"}
