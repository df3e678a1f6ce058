"""What consultations put on the admin's Today: results that are late, counting to do, closing."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from localoffer.authority.today import SHOWN, Panel, Row
from localoffer.consultations import closing
from localoffer.consultations.models import Consultation

AHEAD = timedelta(days=14)


def results_late(*, authorities, now):
    """Results promised for a day that has passed. The public page says that they are late."""
    found = _of(authorities).overdue(now=now).order_by("results_due")
    return _panel(
        "Results late",
        found,
        lambda record: f"Promised by {closing.shown(record.results_due)}",
        urgent=True,
    )


def to_be_counted(*, authorities, now):
    """Those that have closed and are within their time."""
    today = timezone.localdate(now)
    found = _of(authorities).awaited(now=now).filter(results_due__gte=today).order_by("results_due")
    return _panel(
        "Consultations closed: results to publish",
        found,
        lambda record: f"Promised by {closing.shown(record.results_due)}",
    )


def closing_soon(*, authorities, now):
    """Those that close within two weeks."""
    found = _of(authorities).open(now=now).filter(closes_at__lt=now + AHEAD).order_by("closes_at")
    return _panel(
        "Consultations about to close",
        found,
        lambda record: f"Closes at {record.closing_words}",
    )


def _of(authorities):
    return Consultation.objects.filter(authority__in=authorities).select_related("page")


def _panel(title, found, note, *, urgent=False):
    total = found.count()
    if not total:
        return None
    rows = [
        Row(record.page.title, reverse("consultations_admin:edit", args=[record.pk]), note(record))
        for record in found[:SHOWN]
    ]
    index = reverse("consultations_admin:index")
    return Panel(title=title, rows=rows, total=total, all_url=index, urgent=urgent)
