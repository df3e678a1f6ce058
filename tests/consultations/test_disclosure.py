"""An attacker who knows every published table, and more, cannot corner a hidden number."""

import random
from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localoffer.consultations import disclosure, results
from localoffer.consultations.disclosure import SHOWN
from localoffer.consultations.questions import Document, Kind, Option, Question

K = 10


def bounds(total, values, shown):
    """Least and most of each hidden number of a list, by trying: for lists with few hidden ones."""
    hidden = [name for name in values if not shown[name]]
    rest = total - sum(values[name] for name in values if shown[name])
    return {name: (rest if len(hidden) == 1 else 0, rest) for name in hidden}


counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=2)


@given(counts, st.sampled_from([5, 10]))
def test_no_number_of_a_list_can_be_worked_out(values, threshold):
    statuses = disclosure.one_way(values, threshold=threshold)
    if statuses is None:
        return

    shown = {name: status == SHOWN for name, status in statuses.items()}
    assert all(values[name] >= threshold for name in values if shown[name])
    for least, most in bounds(sum(values.values()), values, shown).values():
        assert most - least >= threshold


def extremes(table, hidden, rows, columns):
    """Least and most of each hidden number of a two-way table, by a solver that is not ours.

    The simplex of the attack: every way to move people round a cycle of hidden cells that keeps all
    totals, tried one person at a time until no more can be moved.
    """
    found = {}
    for target in hidden:
        reach = []
        for sign in (1, -1):
            now, moved = dict(table), 0
            while cycle := _cycle(now, hidden, target, sign, rows, columns):
                for cell, step in cycle:
                    now[cell] += step
                moved += 1
                if moved > 200:
                    break
            reach.append(now[target])
        found[target] = (reach[1], reach[0])
    return found


def _cycle(now, hidden, target, sign, rows, columns):
    """A way to add ``sign`` to the target and keep every total, over cells that may give."""
    row, column = target
    # Breadth first over lines: after the target, alternate columns and rows.
    start, goal = ("c", column), ("r", row)
    came = {start: None}
    queue = [start]
    for here in queue:
        if here == goal:
            break
        kind, name = here
        step = -sign if kind == "c" else sign
        for cell in hidden:
            if cell == target:
                continue
            r, c = cell
            there = ("r", r) if kind == "c" else ("c", c)
            if (c if kind == "c" else r) != name or there in came:
                continue
            if step < 0 and now[cell] == 0:
                continue
            came[there] = (here, cell, step)
            queue.append(there)
    if goal not in came or (sign < 0 and now[target] == 0):
        return None
    steps, here = [(target, sign)], goal
    while came[here]:
        before, cell, step = came[here]
        steps.append((cell, step))
        here = before
    return steps


tables = st.integers(2, 4).flatmap(
    lambda wide: st.lists(
        st.lists(st.integers(0, 45), min_size=wide, max_size=wide), min_size=2, max_size=4
    )
)


@settings(max_examples=150)
@given(tables)
def test_no_number_inside_a_table_can_be_worked_out(rows):
    table = {(f"r{i}", f"c{j}"): value for i, row in enumerate(rows) for j, value in enumerate(row)}
    statuses = disclosure.two_way(table, threshold=K)
    if statuses is None:
        return

    hidden = [cell for cell, status in statuses.items() if status != SHOWN]
    assert all(table[cell] >= K for cell in table if cell not in hidden)
    for cell, (least, most) in extremes(table, hidden, len(rows), len(rows[0])).items():
        assert most - least >= K, cell


def test_the_attack_of_the_test_finds_what_is_badly_hidden():
    """Or it would prove nothing: one hidden cell alone is worked out, and two in a row are too."""
    table = {("a", "x"): 3, ("a", "y"): 40, ("b", "x"): 20, ("b", "y"): 30}

    assert extremes(table, [("a", "x")], 2, 2) == {("a", "x"): (3, 3)}
    assert extremes(table, [("a", "x"), ("a", "y")], 2, 2)["a", "x"] == (3, 3)
    assert extremes(table, list(table), 2, 2)["a", "x"] == (0, 23)


def test_a_lone_small_number_gets_a_partner_the_smallest_that_is_left():
    statuses = disclosure.one_way({"a": 3, "b": 40, "c": 12}, threshold=K)

    assert statuses == {"a": "suppressed_primary", "b": "shown", "c": "suppressed_secondary"}


def test_two_small_numbers_that_add_up_to_few_get_a_partner_too():
    statuses = disclosure.one_way({"a": 3, "b": 4, "c": 12, "d": 40}, threshold=K)

    assert statuses["c"] == "suppressed_secondary"


def test_nought_is_hidden_as_any_small_number_is():
    assert disclosure.one_way({"a": 0, "b": 50, "c": 50}, threshold=K)["a"] != SHOWN


def test_nothing_is_shown_of_fewer_people_than_the_threshold():
    assert disclosure.one_way({"a": 4, "b": 5}, threshold=K) is None


def test_where_nearly_all_of_a_small_group_say_the_same_of_something_sensitive_it_is_hidden():
    values = {"yes": 17, "no": 1}

    assert disclosure.one_way(values, threshold=5, sensitive=True) is None
    assert disclosure.one_way({"yes": 170, "no": 10}, threshold=5, sensitive=True) is not None


def test_of_options_that_people_choose_together_neither_few_nor_nearly_all_is_shown():
    statuses = disclosure.each_alone({"few": 4, "some": 40, "nearly": 96}, 100, threshold=K)

    assert {name: status == SHOWN for name, status in statuses.items()} == {
        "few": False,
        "some": True,
        "nearly": False,
    }


@pytest.mark.parametrize(("number", "shown"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_what_is_shown_is_to_the_nearest_five(number, shown):
    assert disclosure.rounded(number) == shown


# The tables as a whole

AGE = Question(
    "AGE", Kind.SINGLE, "Age?", options=tuple(Option(f"a{n}", f"Age {n}") for n in range(4))
)
HELP = Question(
    "HELP", Kind.SINGLE, "Help?", options=tuple(Option(f"h{n}", f"Help {n}") for n in range(3))
)
MANY = Question(
    "MANY", Kind.MULTIPLE, "Many?", options=tuple(Option(f"m{n}", f"Many {n}") for n in range(4))
)
SURVEY = SimpleNamespace(slug="parents", title="Parents", break_down_by="AGE", count_assumed=False)


def answered(number, seed):
    chance = random.Random(seed)  # noqa: S311
    shares = [chance.random() ** 3 for _ in range(4)]
    found = []
    for _ in range(number):
        each = {}
        if chance.random() < 0.9:
            each["AGE"] = chance.choices(["a0", "a1", "a2", "a3"], shares)[0]
        if chance.random() < 0.8:
            each["HELP"] = chance.choices(["h0", "h1", "h2"], shares[:3])[0]
        picked = [f"m{n}" for n in range(4) if chance.random() < shares[n]]
        if picked:
            each["MANY"] = picked
        found.append(each)
    return found


def made(responses, threshold=K):
    document = Document((AGE, HELP, MANY))
    answered = [(None, each) for each in responses]
    return results.tables_of([(SURVEY, document, answered)], threshold=threshold)[0]["tables"]


@settings(max_examples=80)
@given(st.integers(0, 400), st.integers(0, 10_000))
def test_no_published_number_is_below_the_threshold_or_exact(number, seed):
    for table in made(answered(number, seed)):
        for row in table["rows"]:
            for cell in row.get("cells", [row]):
                if cell["number"] is not None:
                    assert cell["number"] >= K
                    assert cell["number"] % 5 == 0


@settings(max_examples=80)
@given(st.integers(50, 400), st.integers(0, 10_000))
def test_the_total_of_a_broken_down_table_tells_nothing_that_another_table_hides(number, seed):
    found = made(answered(number, seed))
    alone = {table["code"]: table for table in found if table["kind"] == "single"}
    hidden = {
        row["label"] for table in alone.values() for row in table["rows"] if row["number"] is None
    }
    for table in found:
        if table["kind"] == results.BROKEN_DOWN:
            assert not hidden & {row["label"] for row in table["rows"]}
            assert not hidden & set(table["columns"])


def test_percentages_come_from_the_rounded_numbers():
    responses = [{"HELP": "h0"}] * 33 + [{"HELP": "h1"}] * 34 + [{"HELP": "h2"}] * 33

    (table,) = [each for each in made(responses) if each["code"] == "HELP"]

    assert table["base"] == 100
    assert [(row["number"], row["percent"]) for row in table["rows"]] == [(35, 35)] * 3


def test_people_are_counted_and_not_mentions():
    responses = [{"MANY": ["m0", "m0", "m1"]}] * 20 + [{"MANY": ["m1", "m2"]}] * 20

    table = next(each for each in made(responses) if each["code"] == "MANY")

    assert table["base"] == 40
    assert table["rows"][0]["number"] == 20


def test_why_a_number_is_hidden_is_not_told():
    """A reader who knew which are small and which are only partners would know more of both."""
    responses = [{"HELP": "h0"}] * 3 + [{"HELP": "h1"}] * 12 + [{"HELP": "h2"}] * 40
    table = next(each for each in made(responses) if each["code"] == "HELP")
    hidden = [row for row in table["rows"] if row["number"] is None]

    assert len(hidden) == 2
    assert {tuple(sorted(row.keys() - {"label"})) for row in hidden} == {("number", "percent")}
    assert Counter(row["number"] for row in hidden) == {None: 2}
