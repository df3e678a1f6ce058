import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from localoffer.search.asking import Question, read, read_ages

NEEDS = ["SLCN", "ASD"]
TYPES = ["therapy", "leisure"]


def ask(query):
    return read(QueryDict(query), needs=NEEDS, types=TYPES)


def test_read_takes_every_part_of_the_address():
    question, ignored = ask(
        "q=speech&postcode=wr141aa&need=SLCN&need=ASD&age=4&cost=free&day=SA&distance=5"
        "&type=therapy&sort=nearest&what=services&view=map&page=2"
    )

    assert question == Question(
        words="speech",
        postcode="wr141aa",
        needs=("SLCN", "ASD"),
        ages=(4, 4),
        free=True,
        days=("SA",),
        miles=5,
        types=("therapy",),
        sort="nearest",
        what="services",
        view="map",
    )
    assert ignored == []


def test_read_names_what_it_does_not_know_and_keeps_the_rest():
    question, ignored = ask("need=XX&need=ASD&age=99&day=XX&distance=7&what=cats&cost=lots&q=a")

    assert question == Question(words="a", needs=("ASD",))
    assert set(ignored) == {
        "need=XX",
        "age=99",
        "day=XX",
        "distance=7",
        "what=cats",
        "cost=lots",
    }


def test_read_takes_empty_boxes_as_nothing():
    question, ignored = ask("q=&postcode=&age=&distance=&sort=&what=everything&view=list")

    assert not question.asked
    assert ignored == []


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("0", (0, 0)),
        ("25", (25, 25)),
        ("5-10", (5, 10)),
        ("10-5", None),
        ("26", None),
        ("-1", None),
        ("4.5", None),
        ("٤", None),
        ("", None),
    ],
)
def test_read_ages_takes_whole_years_and_bands_up_to_25(text, ages):
    assert read_ages(text) == ages


VALUES = st.text(max_size=40) | st.sampled_from(
    ["SLCN", "ASD", "therapy", "SA", "4", "5-10", "free", "20", "map", "services", "nearest", "\0"]
)
FILTERS = ["need", "age", "cost", "day", "distance", "type"]
NAMES = st.sampled_from(["q", "postcode", *FILTERS, "sort", "what", "view", "page", "other"])


@given(st.lists(st.tuples(NAMES, VALUES), max_size=30))
def test_a_question_written_back_to_an_address_is_the_same_question(pairs):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)

    question, _ = read(data, needs=NEEDS, types=TYPES)
    again, ignored = ask(question.query)

    assert again == question
    assert ignored == []


@given(st.lists(st.tuples(NAMES, VALUES), max_size=30))
def test_taking_off_one_filter_keeps_all_the_others(pairs):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    question, _ = read(data, needs=NEEDS, types=TYPES)

    without, _ = ask(question.but(free=False))

    assert without.pairs == [pair for pair in question.pairs if pair[0] != "cost"]
