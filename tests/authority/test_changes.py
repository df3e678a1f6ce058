import pytest
from django.db import transaction
from django.utils import timezone

from localoffer.authority import changes
from localoffer.authority.models import PublicItem

THINGS: dict[str, changes.Description] = {}


@pytest.fixture
def thing(authority, monkeypatch):
    """A kind of thing that only these tests have, and one of it."""
    monkeypatch.setitem(
        changes._describers, "thing", lambda keys: [THINGS[key] for key in keys if key in THINGS]
    )
    THINGS.clear()
    THINGS["1"] = changes.Description(
        key="1",
        authority_id=authority.pk,
        title="First",
        url="/first/",
        public=True,
        published=timezone.now(),
    )
    return THINGS


def test_announce_writes_the_public_row_once_and_keeps_its_reference(thing, authority):
    changes.announce("thing", ["1"])
    first = PublicItem.objects.get(kind="thing")

    thing["1"] = changes.Description("1", authority.pk, "Renamed", "/second/", public=True)
    changes.announce("thing", ["1"])

    second = PublicItem.objects.get(kind="thing")
    assert (second.reference, second.uuid) == (first.reference, first.uuid)
    assert (second.title, second.url) == ("Renamed", "/second/")


def test_announce_withdraws_what_its_domain_no_longer_describes(thing):
    changes.announce("thing", ["1"])
    thing.clear()

    changes.announce("thing", ["1"])

    assert PublicItem.objects.get(kind="thing").state == PublicItem.State.WITHDRAWN


def test_announce_is_undone_with_the_change_it_tells_of(thing):
    with transaction.atomic():
        changes.announce("thing", ["1"])
        transaction.set_rollback(True)

    assert not PublicItem.objects.filter(kind="thing").exists()


def test_announce_tells_the_listeners_inside_the_transaction(thing, monkeypatch):
    told = []
    monkeypatch.setattr(changes, "_listeners", [])
    changes.listen(lambda kind, keys: told.append((kind, keys, transaction.get_autocommit())))

    changes.announce("thing", [1])

    assert told == [("thing", ["1"], False)]


def test_many_changes_are_announced_together_once(thing, authority, monkeypatch):
    told = []
    monkeypatch.setattr(changes, "_listeners", [lambda kind, keys: told.append((kind, keys))])
    thing["2"] = changes.Description("2", authority.pk, "Second", "/2/", public=True)

    with changes.together():
        changes.announce("thing", [1])
        changes.announce("thing", [2, 1])
        assert told == []

    assert told == [("thing", ["1", "2"])]
    assert PublicItem.objects.filter(kind="thing").count() == 2


def test_nothing_is_announced_of_changes_that_failed(thing, monkeypatch):
    told = []
    monkeypatch.setattr(changes, "_listeners", [lambda kind, keys: told.append(kind)])

    def fail():
        with transaction.atomic(), changes.together():
            changes.announce("thing", [1])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    changes.announce("thing", [1])
    assert told == ["thing"]


def test_announce_refuses_a_kind_nobody_describes(db):
    with pytest.raises(KeyError):
        changes.announce("unheard-of", ["1"])


@pytest.mark.parametrize("things", [1, 50])
def test_announce_asks_the_same_number_of_queries_however_many_things(
    thing, authority, things, django_assert_num_queries
):
    for number in range(things):
        thing[str(number)] = changes.Description(
            str(number), authority.pk, f"Thing {number}", f"/{number}/", public=True
        )

    with django_assert_num_queries(3):  # one writes, two are of the savepoint
        changes.announce("thing", range(things))
