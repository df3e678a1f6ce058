from threading import Thread

import pytest
from django.db import transaction

from localoffer.authority import contentversion, kept


@pytest.fixture(autouse=True)
def nothing_kept():
    kept.forget()


def value(key, made, size=10):
    return kept.get(key, lambda: made, size=lambda _: size)


def test_a_value_is_made_once_until_something_changes():
    assert [value("key", "first"), value("key", "second")] == ["first", "first"]

    contentversion.file().move("")

    assert value("key", "third") == "third"


def test_a_value_made_while_something_changed_is_made_again():
    def make():
        contentversion.file().move("")  # another process commits while this one reads
        return "old"

    assert kept.get("key", make, size=len) == "old"
    assert value("key", "new") == "new"


def test_none_is_not_kept():
    assert value("key", None) is None
    assert value("key", "found") == "found"


def test_what_an_older_version_kept_is_given_up_first(monkeypatch):
    value("old", "old")
    contentversion.file().move("")
    value("new", "new")

    assert kept._shelf.total == 10


def test_the_least_lately_used_are_given_up_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(kept._shelf, "most", 30)
    for key in ["first", "second", "third"]:
        value(key, key)
    value("first", None)

    value("fourth", "fourth")

    assert value("first", "again") == "first"
    assert value("second", "again") == "again"
    assert kept._shelf.total <= 30


def test_a_value_larger_than_the_shelf_is_still_given():
    assert value("key", "vast", size=kept.MOST_BYTES + 1) == "vast"
    assert kept._shelf.total == 0


def test_a_transaction_that_changed_nothing_keeps_nothing_for_others(db):
    value("key", "uncommitted")

    assert value("key", "read again") == "read again"


def test_a_transaction_sees_its_own_changes_and_nobody_else_does(authority):
    authority.save()
    value("key", "before")
    with transaction.atomic():
        authority.save()
        assert value("key", "inside") == "inside"
        assert value("key", "made again") == "inside"
        transaction.set_rollback(True)

    assert value("key", "after") == "after"
    seen = []
    thread = Thread(target=lambda: seen.append(value("key", "another thread's")))
    thread.start()
    thread.join()
    assert seen == ["another thread's"]
