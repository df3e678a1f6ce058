from itertools import product

import pytest

from localoffer.directory import actions
from localoffer.directory.models import ServiceAtLocation
from localoffer.pages.actions import publish
from localoffer.places.distance import METRES_IN_A_MILE
from localoffer.search import facts
from localoffer.search.answering import answer, order_of
from localoffer.search.asking import MILES, Question
from tests.factories.pages import make_guide
from tests.factories.places import make_place
from tests.factories.search import make_found

HOME = make_place()
X, Y = HOME.easting, HOME.northing


@pytest.fixture
def many(authority):
    """Services of every sort, so that each filter divides them."""
    choices = product([(), ("SLCN",), ("ASD", "SEMH")], ["free", "paid"], [(0, 4), (3, None)])
    for n, (needs, cost, (low, high)) in enumerate(choices):
        make_found(
            authority,
            name=f"{'Heron' if n % 3 else 'Egret'} {n}",
            needs=needs,
            types=["therapy"] if n % 2 else ["leisure", "childcare"],
            days=["MO", "2SA"] if n % 4 else [],
            at=(X + n * 1500, Y) if n % 5 else None,
            cost_kind=cost,
            minimum_age=low,
            maximum_age=high,
        )


def names(question, authority, place=None):
    found = answer(question, authority=authority, place=place, terms=facts.terms())
    return [row.service.name for row in found.services]


QUESTIONS = [
    Question(),
    Question(words="heron"),
    Question(needs=("SLCN",), free=True),
    Question(words="egret", ages=(3, 3), days=("SA",)),
    Question(types=("therapy", "childcare"), miles=5),
    Question(words="heron", needs=("ASD",), ages=(5, 10), free=True, days=("MO",), miles=10),
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_count_of_a_facet_is_what_choosing_it_alone_would_find(many, authority, question):
    found = answer(question, authority=authority, place=HOME, terms=facts.terms())
    one = {
        "need": lambda code: {"needs": (code,)},
        "age": lambda ages: {"ages": ages},
        "cost": lambda cost: {"free": True},
        "day": lambda day: {"days": (day,)},
        "distance": lambda miles: {"miles": miles},
        "type": lambda code: {"types": (code,)},
    }
    some = {
        "need": ["SLCN", "ASD", "HI"],
        "age": [(0, 0), (4, 4), (9, 9)],
        "cost": ["free"],
        "day": ["MO", "SA", "SU"],
        "distance": list(MILES),
        "type": ["therapy", "leisure", "transport"],
    }
    for name, values in some.items():
        for value in values:
            asked = Question(**{**vars(question), **one[name](value)})
            assert found.counts[name][value] == len(names(asked, authority, HOME)), (name, value)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_loosened_count_is_what_leaving_it_out_would_find(many, authority, question):
    found = answer(question, authority=authority, place=HOME, terms=facts.terms())
    without = {
        "words": {"words": ""},
        "need": {"needs": ()},
        "age": {"ages": None},
        "cost": {"free": False},
        "day": {"days": ()},
        "distance": {"miles": None},
        "type": {"types": ()},
    }

    assert found.loosened == {
        name: len(names(Question(**{**vars(question), **without[name]}), authority, HOME))
        for name in found.loosened
    }


@pytest.mark.parametrize(
    ("metres", "east", "north"),
    [(METRES_IN_A_MILE - 1, 1, 0), (METRES_IN_A_MILE + 2, 1, 0), (1130, 1, 1), (1145, 1, 1)],
)
def test_distance_is_exact_and_not_a_box(authority, metres, east, north):
    at = (round(X + east * metres), round(Y + north * metres))
    make_found(authority, name="Heron", at=at)
    exactly = ((at[0] - X) ** 2 + (at[1] - Y) ** 2) ** 0.5

    found = names(Question(miles=1), authority, HOME)

    assert found == (["Heron"] if exactly <= METRES_IN_A_MILE else [])


def test_a_service_counts_by_its_nearest_place_and_placeless_ones_are_told(authority):
    near = make_found(authority, name="Two places", at=(X + 90_000, Y))
    there = make_found(authority, name="Near", at=(X + 100, Y))
    place = there.at_locations.get().location
    near.at_locations.add(ServiceAtLocation(location=place))
    actions.publish(service=near)
    make_found(authority, name="Helpline")

    found = answer(Question(miles=1), authority=authority, place=HOME, terms=facts.terms())

    assert [(row.service.name, row.metres) for row in found.services] == [
        ("Near", 100),
        ("Two places", 100),
    ]
    assert found.placeless == 1


def test_the_day_of_a_monthly_schedule_counts(authority):
    make_found(authority, name="First Saturdays", days=["1SA"])

    assert names(Question(days=("SA",)), authority) == ["First Saturdays"]
    assert names(Question(days=("MO",)), authority) == []


def test_a_service_that_names_the_need_comes_before_one_for_any(authority):
    make_found(authority, name="A for any")
    make_found(authority, name="B for autism", needs=["ASD"])
    make_found(authority, name="C for hearing", needs=["HI"])

    assert names(Question(needs=("ASD",)), authority) == ["B for autism", "A for any"]


def test_best_match_unless_only_a_place_was_given(authority):
    make_found(authority, name="Heron", at=(X + 9000, Y))
    make_found(authority, name="Bird", at=(X + 10, Y), description="A heron.")

    assert names(Question(words="heron"), authority, HOME) == ["Heron", "Bird"]
    assert names(Question(words="heron", sort="nearest"), authority, HOME) == ["Bird", "Heron"]
    assert names(Question(), authority, HOME) == ["Bird", "Heron"]
    assert order_of(Question(sort="nearest"), None) == "best"


def test_guides_follow_words_needs_and_ages_but_not_facts_of_services(authority, home):
    for title, needs, bands in [
        ("Any heron", [], []),
        ("Autism heron", ["ASD"], ["0-4"]),
        ("Hearing heron", ["HI"], ["0-4"]),
        ("Older heron", ["ASD"], ["16-17"]),
    ]:
        guide = make_guide(home, title=title)
        guide.needs.set(needs)
        guide.age_bands.set(bands)
        publish(guide)

    def guides(**asked):
        found = answer(Question(**asked), authority=authority, place=None, terms=facts.terms())
        return [hit.title for hit in found.guides]

    assert guides(words="heron", needs=("ASD",), ages=(3, 3)) == ["Any heron", "Autism heron"]
    assert guides(words="heron", free=True, days=("SA",)) == [
        "Any heron",
        "Autism heron",
        "Hearing heron",
        "Older heron",
    ]
    assert guides(needs=("ASD",)) == ["Autism heron", "Older heron", "Any heron"]
    assert guides(free=True) == []
    assert len(guides(what="guides")) == 4
