"""What people had deleted, so that a backup from before does not bring it back.

Deletions that follow from a date need none of this: the clock does them again after a restore.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from localoffer.authority.models import Erasure

KEPT = timedelta(days=400)  # longer than any backup should be kept


def note(kind: str, key) -> None:
    """Write down that a thing stays deleted, in the transaction that deletes it."""
    Erasure.objects.get_or_create(
        kind=kind, digest=_digest(kind, key), defaults={"on": timezone.localdate()}
    )


def noted(kind: str, keys: Iterable) -> Iterator:
    """Those of the keys whose things were deleted once, and are here again."""
    digests = set(Erasure.objects.filter(kind=kind).values_list("digest", flat=True))
    return (key for key in keys if digests and _digest(kind, key) in digests)


def everything() -> list[dict]:
    """All that is written down, to be carried over into a database from before."""
    return list(Erasure.objects.values("kind", "digest", "on"))


def carry_over(rows: list[dict]) -> None:
    """Write down what ``everything`` gave. Twice changes nothing."""
    Erasure.objects.bulk_create([Erasure(**row) for row in rows], ignore_conflicts=True)


def purge(*, now) -> int:
    """Forget what no backup can bring back any more; return how many."""
    return Erasure.objects.filter(on__lt=timezone.localdate(now) - KEPT).delete()[0]


def _digest(kind, key):
    secret = f"localoffer.erasures.{settings.SECRET_KEY}".encode()
    return hmac.new(secret, f"{kind} {key}".encode(), hashlib.sha256).hexdigest()
