"""The order in which answers lie in the database is made to tell nothing.

A database keeps rows about as they came. Whoever has a copy of it, and knows in what order people
wrote to us otherwise, could count along. So once a day is over its answers are written again, in a
random order.
"""

import random

from django.db import transaction
from django.utils import timezone

from localoffer.consultations.models import Consultation, Response

_random = random.SystemRandom()


def mix(*, now) -> int:
    """Write the answers of days that are over again, in a random order. Returns how many."""
    before = timezone.localdate(now)
    fresh = Response.objects.filter(mixed=False, submitted_on__lt=before)
    consultations = fresh.values_list("version__instrument__consultation", flat=True)
    return sum(_mix(consultation, before) for consultation in set(consultations.order_by()))


@transaction.atomic
def _mix(consultation, before):
    """Those of one consultation, held so that none is taken back meanwhile."""
    Consultation.objects.select_for_update().get(pk=consultation)
    fresh = Response.objects.filter(mixed=False, submitted_on__lt=before)
    rows = list(fresh.filter(version__instrument__consultation=consultation).select_for_update())
    _random.shuffle(rows)
    Response.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        row.mixed = True
    Response.objects.bulk_create(rows, batch_size=500)
    return len(rows)
