import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.search.documents import Spot
from localoffer.search.entries import Entry
from localoffer.search.schematic import HEIGHT, HIGH, WIDTH, Numbered, draw
from tests.factories.places import make_place


def spot(east, north, town=""):
    return Spot(380_000 + east, 250_000 + north, "Hall", town, "WR1 1AA")


def service(*spots, reach="in"):
    return Entry(pk=1, kind="service", key="1", title="A", reach=reach, spots=list(spots))


metres = st.integers(-40_000, 40_000)


@given(st.lists(st.none() | st.tuples(metres, metres), max_size=20), st.none() | st.just(5))
def test_every_result_is_on_the_map_once_or_said_to_be_off_it(places, miles):
    results = [
        Numbered(number, f"Result {number}", place and spot(*place))
        for number, place in enumerate(places, start=1)
    ]

    drawn = draw(results, place=make_place(), miles=miles)

    on = [number for marker in drawn.markers for number in marker.numbers]
    off = [result.number for result in [*drawn.nowhere, *drawn.off]]
    assert sorted(on + off) == [result.number for result in results]
    for marker in drawn.markers:
        assert marker.left >= 0
        assert marker.left + marker.width <= WIDTH
        assert 0 <= marker.top <= HEIGHT - 32


@given(st.lists(st.tuples(metres, metres), min_size=2, max_size=20))
def test_markers_are_far_enough_apart_to_press(places):
    results = [Numbered(n, "", spot(*place)) for n, place in enumerate(places, start=1)]

    markers = draw(results).markers

    for n, one in enumerate(markers):
        for other in markers[n + 1 :]:
            assert abs(one.x - other.x) >= 24 or abs(one.y - other.y) >= HIGH


def test_results_at_one_place_share_a_marker_that_counts_them():
    drawn = draw([Numbered(n, f"Club {n}", spot(0, 0)) for n in [21, 22, 23]])

    (marker,) = drawn.markers
    assert marker.label == "21 +2"
    assert marker.words == "Results 21, Club 21; 22, Club 22; 23, Club 23"


def test_north_is_up_and_east_is_right():
    south_west, north_east = draw(
        [Numbered(1, "", spot(0, 0)), Numbered(2, "", spot(9000, 9000))]
    ).markers

    assert north_east.x > south_west.x
    assert north_east.y < south_west.y


@pytest.mark.parametrize("miles", [1, 5, 20])
def test_the_ring_and_the_scale_are_as_long_as_they_say(miles):
    drawn = draw([], place=make_place(), miles=miles)

    length = float(drawn.bar_words.split()[0])
    assert drawn.bar / length == pytest.approx(drawn.ring / miles, rel=0.01)
    assert drawn.bar <= 110


def test_towns_are_named_where_services_are_and_far_places_are_left_off():
    home = [service(spot(n * 900, n * 700, "Silverbridge")) for n in range(10)]
    far = Numbered(2, "Head office", spot(200_000, 0, "London"))

    drawn = draw(
        [Numbered(1, "Near", spot(0, 0)), far],
        everywhere=[*home, service(far.spot, reach="national")],
    )

    assert [town.text for town in drawn.towns] == ["Silverbridge"]
    assert drawn.off == [far]
