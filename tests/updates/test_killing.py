"""Writing an edition out, killed at any step: nobody is missed, and nobody is told twice."""

import itertools

import pytest

from tests.processes.site import founded

PEOPLE = 11  # in threes of four
THINGS = 2
KILLED = -9
POINTS = [
    *[("statement", edge, time) for time in (1, 5, 12) for edge in ("before", "after")],
    *[("statement", "after", time) for time in range(15, 60, 3)],
    *[("commit", edge, time) for time in range(1, 6) for edge in ("before", "after")],
    *[("many", edge, time) for time in (1, 3) for edge in ("before", "after")],
]
weeks = itertools.count(1)


@pytest.fixture(scope="module")
def editor(spare_database, tmp_path_factory):
    with founded(tmp_path_factory.mktemp("site"), spare_database()) as site:
        talker = site.talk("editor")
        talker.do("people", number=PEOPLE)
        yield talker


def whole(found):
    return (
        found["state"] == "sent"
        and len(found["mails"]) == len(set(found["mails"])) == PEOPLE
        and found["told"] == PEOPLE * THINGS
        and found["released"] == [True, True, True]
    )


@pytest.mark.slow
@pytest.mark.parametrize(("step", "edge", "time"), POINTS)
def test_whoever_is_killed_leaves_nobody_out_and_tells_nobody_twice(editor, step, edge, time):
    edition = editor.do("prepare", week=next(weeks), things=THINGS)

    died = editor.do("send", step=step, edge=edge, time=time)
    between = editor.do("state", edition=edition)
    again = editor.do("send")

    assert (died, again) == ([KILLED], [0])
    assert between["told"] == len(between["mails"]) * THINGS  # each with the other, or neither
    assert whole(editor.do("state", edition=edition))


@pytest.mark.slow
def test_two_at_once_tell_each_person_once(editor):
    edition = editor.do("prepare", week=next(weeks), things=THINGS)

    assert editor.do("send", workers=2) == [0, 0]
    assert whole(editor.do("state", edition=edition))


@pytest.mark.slow
@pytest.mark.parametrize("time", [3, 20, 40])
def test_one_of_two_dies_and_the_other_ends_it(editor, time):
    edition = editor.do("prepare", week=next(weeks), things=THINGS)

    editor.do("send", workers=2, step="statement", edge="after", time=time)
    editor.do("send")

    assert whole(editor.do("state", edition=edition))
