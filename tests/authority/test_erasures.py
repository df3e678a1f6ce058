"""What people had deleted stays deleted, whatever backup is put back."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from localoffer.authority import erasures
from localoffer.authority.models import Erasure


def test_what_was_deleted_is_known_again_and_nothing_else(db):
    gone, other = uuid4(), uuid4()
    for _twice in range(2):
        erasures.note("thing", gone)

    assert list(erasures.noted("thing", [other, gone])) == [gone]
    assert list(erasures.noted("another kind", [gone])) == []
    assert Erasure.objects.count() == 1
    assert gone.hex not in str(erasures.everything())


def test_the_list_is_carried_over_once(db):
    erasures.note("thing", "a")
    written = erasures.everything()
    Erasure.objects.all().delete()
    erasures.note("thing", "b")

    for _twice in range(2):
        erasures.carry_over(written)

    assert set(erasures.noted("thing", ["a", "b", "c"])) == {"a", "b"}


def test_it_is_kept_for_400_days(db):
    erasures.note("thing", "a")
    now = timezone.now()

    assert erasures.purge(now=now + timedelta(days=400)) == 0
    assert erasures.purge(now=now + timedelta(days=402)) == 1
