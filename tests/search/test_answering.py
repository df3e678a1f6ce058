from itertools import product

import pytest

from localoffer.directory import actions
from localoffer.directory.models import ServiceAtLocation
from localoffer.pages.actions import publish
from localoffer.places.distance import METRES_IN_A_MILE
from localoffer.search import answering, facts
from localoffer.search.answering import answer, order_of
from localoffer.search.asking import MILES, Question
from localoffer.search.finding import Found
from localoffer.search.spelling import Correction
from localoffer.search.thesaurus import Choice
from localoffer.search.understanding import Chip, Understood
from tests.factories.news import make_index, make_story
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
    return [row.entry.title for row in found.rows]


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


NOTHING = [
    Question(words="heron", needs=("SLCN",), types=("transport",)),
    Question(words="nowhere", free=True),
    Question(words="egret", types=("transport",), days=("SU",)),
    Question(needs=("SLCN",), free=True, types=("transport",)),
    Question(types=("transport",), miles=1),
    Question(words="heron", needs=("SLCN",), types=("transport",), what="services"),
]


@pytest.mark.parametrize("question", NOTHING)
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

    assert found.rows == []
    assert len(found.loosened) >= 2
    assert found.loosened == {
        name: len(names(Question(**{**vars(question), **without[name]}), authority, HOME))
        for name in found.loosened
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_count_of_a_kind_is_what_asking_for_it_would_find(many, authority, home, question):
    guide = make_guide(home, title="Heron and egret")
    guide.needs.set(["SLCN"])
    publish(guide)
    found = answer(question, authority=authority, place=HOME, terms=facts.terms())

    assert found.kinds == {
        what: len(names(Question(**{**vars(question), "what": what}), authority, HOME))
        for what in ["everything", "services", "guides"]
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

    assert [(row.entry.title, row.metres) for row in found.rows] == [
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
    make_found(authority, name="B for autism and more", needs=["ASD", "HI"])
    make_found(authority, name="C for autism", needs=["ASD"])
    make_found(authority, name="D for hearing", needs=["HI"])

    assert names(Question(needs=("ASD",)), authority) == [
        "C for autism",
        "B for autism and more",
        "A for any",
    ]


def test_best_match_unless_only_a_place_was_given(authority, finds):
    far = make_found(authority, name="Heron", at=(X + 9000, Y))
    near = make_found(authority, name="Bird", at=(X + 10, Y))
    finds((far, 9), (near, 8))

    assert names(Question(words="heron"), authority, HOME) == ["Heron", "Bird"]
    assert names(Question(words="heron", sort="nearest"), authority, HOME) == ["Bird", "Heron"]
    assert names(Question(), authority, HOME) == ["Bird", "Heron"]
    assert order_of(Question(sort="nearest"), None) == "best"


def ask(authority, place=None, **asked):
    return answer(Question(**asked), authority=authority, place=place, terms=facts.terms())


def titles(found):
    return [row.entry.title for row in found.rows]


@pytest.fixture
def strong_and_weak(authority, finds):
    strong = make_found(authority, name="Strong", needs=["ASD"], days=["MO"], cost_kind="paid")
    weak = make_found(authority, name="Weak", needs=["ASD"], cost_kind="free", at=(X, Y))
    weakest = make_found(authority, name="Weakest", needs=["HI"], cost_kind="free")
    finds((strong, 10), (weak, 2), (weakest, 1), cut=2.5)


def test_what_matches_less_well_is_counted_and_shown_when_asked_for(authority, strong_and_weak):
    best = ask(authority, words="a")
    assert titles(best) == ["Strong"]
    assert (best.weaker, best.shows_weaker) == (2, False)
    assert best.counts["need"]["ASD"] == 1
    assert best.counts["cost"]["free"] == 0

    every = ask(authority, words="a", weaker=True)
    assert titles(every) == ["Strong", "Weak", "Weakest"]
    assert (every.weaker, every.shows_weaker) == (2, True)
    assert every.counts["need"]["ASD"] == 2
    assert every.counts["cost"]["free"] == 2
    assert every.kinds["everything"] == 3


def test_what_matches_less_well_is_shown_where_there_is_nothing_better(authority, strong_and_weak):
    found = ask(authority, words="a", free=True)

    assert titles(found) == ["Weak", "Weakest"]
    assert found.shows_weaker
    assert found.weaker == 2
    assert found.kinds["services"] == 2
    assert found.counts["need"] == dict.fromkeys(found.counts["need"], 0) | {"ASD": 1, "HI": 1}


def test_what_matches_less_well_stays_last_when_the_nearest_come_first(authority, strong_and_weak):
    found = ask(authority, HOME, words="a", weaker=True, sort="nearest")

    assert titles(found) == ["Strong", "Weak", "Weakest"]


def test_services_guides_and_news_are_one_list_in_one_order(authority, home, finds):
    service = make_found(authority, name="Service")
    guide = make_guide(home, title="Guide")
    story = make_story(make_index(home), title="Story")
    finds((guide, 3), (service, 2), (story, 1))

    assert titles(ask(authority, words="a")) == ["Guide", "Service", "Story"]
    assert titles(ask(authority, words="a", what="services")) == ["Service"]
    assert titles(ask(authority, words="a", what="guides")) == ["Guide", "Story"]
    assert ask(authority, words="a").kinds == {"everything": 3, "services": 1, "guides": 2}


def test_without_words_everything_is_listed_and_news_last(authority, home):
    make_found(authority, name="B service")
    make_guide(home, title="C guide")
    make_story(make_index(home, title="D index"), title="A story")

    found = ask(authority, needs=("ASD",))

    assert [title for title in titles(found) if title != "D index"] == [
        "B service",
        "C guide",
        "A story",
    ]


def test_a_filter_about_services_leaves_guides_aside_and_says_so(authority, home, finds):
    service = make_found(authority, name="Service", cost_kind="free")
    guide = make_guide(home, title="Guide")
    finds((guide, 3), (service, 2))

    found = ask(authority, words="a", free=True)
    assert titles(found) == ["Service"]
    assert found.guides_aside
    assert found.kinds == {"everything": 1, "services": 1, "guides": 1}

    guides = ask(authority, words="a", free=True, what="guides")
    assert titles(guides) == ["Guide"]
    assert not guides.guides_aside


def test_guides_follow_needs_and_ages(authority, home):
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

    assert names(Question(needs=("ASD",), ages=(3, 3)), authority) == ["Autism heron", "Any heron"]
    assert names(Question(what="guides"), authority) == [
        "Any heron",
        "Autism heron",
        "Hearing heron",
        "Older heron",
    ]


def test_a_place_in_the_words_counts_where_there_is_no_postcode(authority, finds):
    service = make_found(authority, name="Service", at=(X + 300, Y))
    chips = (Chip("place", "Near WR14", "wr14"), Chip("age", "Age 4", "4 year old"))
    finds((service, 1), understood=Understood(place=HOME, chips=chips))

    assert ask(authority, words="a").rows[0].metres == 300
    assert ask(authority, words="a").place == HOME
    assert ask(authority, words="a", miles=1).counts["distance"][1] == 1
    elsewhere = make_place(easting=X + 100, northing=Y)
    assert ask(authority, elsewhere, words="a").rows[0].metres == 200
    assert ask(authority, words="a").understood.chips == chips
    assert ask(authority, elsewhere, words="a").understood.chips == chips[1:]


def test_what_the_words_said_is_handed_on(authority, finds):
    choice = Choice("AP", (("a", "Alternative provision", ""),))
    correction = Correction("spech", "speech")
    finds(crisis=True, choices=(choice,), corrected=(correction,))

    found = ask(authority, words="a", what="services", free=True)

    assert found.crisis
    assert found.choices == (choice,)
    assert found.corrected == (correction,)


def test_what_was_said_of_the_words_is_passed_to_the_search(authority, monkeypatch):
    asked = {}
    monkeypatch.setattr(answering, "find", lambda **kept: asked.update(kept) or Found([]))

    ask(authority, HOME, words="a", exactly=True, ignore=("age", "place"))

    assert asked == {
        "authority": authority,
        "words": "a",
        "place": HOME,
        "exactly": True,
        "ignore": {"age", "place"},
    }


@pytest.mark.parametrize("number", [1, 50])
def test_an_answer_asks_at_most_eight_queries_however_much_there_is(
    authority, home, django_assert_max_num_queries, number
):
    for n in range(number):
        make_found(authority, name=f"Heron {n}", needs=["SLCN"], types=["therapy"], days=["MO"])
        make_guide(home, title=f"Heron guide {n}")
    terms = facts.terms()

    for question in [*QUESTIONS, *NOTHING]:
        with django_assert_max_num_queries(8):
            answer(question, authority=authority, place=HOME, terms=terms)
