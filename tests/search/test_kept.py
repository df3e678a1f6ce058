import pytest

from localoffer.search import kept
from localoffer.search.kept import Kept
from localoffer.search.models import IndexState

pytestmark = pytest.mark.django_db
INDEX, THESAURUS = IndexState.Of.INDEX, IndexState.Of.THESAURUS


@pytest.fixture
def clock(monkeypatch):
    """Seconds, put forward by the test."""
    time = [100.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: time[0])
    return time


@pytest.fixture
def quick(monkeypatch):
    """As in production; other tests always see what is new."""
    monkeypatch.setattr(kept, "QUICK", 0.1)


@pytest.fixture
def made(clock):
    return []


def counting(made, clock, *, takes=0.0, **options):
    def make(key):
        made.append(key)
        clock[0] += takes
        return len(made)

    return Kept(make, **options)


def test_a_value_is_made_once_for_each_key_and_again_when_the_words_change(made, clock):
    values = counting(made, clock)

    assert [values.get("a"), values.get("a"), values.get("b")] == [1, 1, 2]
    IndexState.objects.move()
    assert [values.get("a"), values.get("a"), values.get("b")] == [3, 3, 4]
    IndexState.objects.move(THESAURUS)
    assert values.get("a") == 5


def test_a_value_of_the_one_does_not_mind_the_other(made, clock):
    values = counting(made, clock, of=THESAURUS)
    values.get()

    IndexState.objects.move(INDEX)
    assert values.get() == 1
    IndexState.objects.move(THESAURUS)
    assert values.get() == 2


def finished(values):
    """Wait for what is made beside the work."""
    for thread in list(values._making.values()):
        thread.join(timeout=10)


def test_nobody_waits_for_what_takes_long_and_it_is_not_made_more_often_than_it_is_worth(
    made, clock, quick
):
    values = counting(made, clock, takes=0.5)
    values.get()

    IndexState.objects.move()
    clock[0] += 49
    assert values.get() == 1
    finished(values)
    assert made == [None]

    clock[0] += 2
    assert values.get() == 1
    finished(values)
    assert values.get() == 2


def test_what_fails_beside_the_work_leaves_the_old_value_and_is_tried_again(made, clock, quick):
    def make(key):
        made.append(key)
        clock[0] += 0.5
        if len(made) == 2:
            raise RuntimeError
        return len(made)

    values = Kept(make)
    values.get()
    IndexState.objects.move()
    clock[0] += 60

    for _ in range(2):
        assert values.get() == 1
        finished(values)

    assert values.get() == 3


def test_what_must_be_exact_always_is(made, clock, quick):
    values = counting(made, clock, takes=0.5, exact=True)
    values.get()

    IndexState.objects.move()

    assert values.get() == 2


def test_what_was_made_in_a_transaction_that_was_rolled_back_is_not_used(made, clock):
    values = counting(made, clock)
    before = values.get()
    IndexState.objects.move()
    lost = values.get()
    IndexState.objects.order_by("pk").last().delete()  # as a rollback does

    IndexState.objects.move()

    assert values.get() not in (before, lost)


def test_only_so_many_are_kept(made, clock, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    values = counting(made, clock)
    for key in ["a", "b", "c", "a"]:
        values.get(key)

    assert made == ["a", "b", "c", "a"]
