"""What consultations put on the admin's Today: results that are late, counting to do, closing."""

from datetime import timedelta

from django.db.models import Count, Max, Min
from django.urls import reverse
from django.utils import timezone

from localoffer.authority.today import SHOWN, Panel, Row
from localoffer.consultations import closing, reading, worries
from localoffer.consultations.models import Consultation, HelpRequest

AHEAD = timedelta(days=14)


def to_read(*, authorities, now):
    """What people wrote and nobody has read; urgent where a word worries us or it is late."""
    today = timezone.localdate(now)
    found = (
        _of(authorities)
        .filter(instruments__versions__responses__unread=True)
        .annotate(
            unread=Count("instruments__versions__responses"),
            worst=Max("instruments__versions__responses__alarm"),
            oldest=Min("instruments__versions__responses__submitted_on"),
        )
        .order_by("-worst", "oldest", "pk")
    )
    rows, urgent = [], False
    for record in found:
        due = reading.due(record.oldest, waiting=record.unread)
        late, alarming = today > due, record.worst == worries.URGENT
        urgent = urgent or late or alarming
        when = f"{'late: due' if late else 'the first by'} {closing.shown(due)}"
        note = f"{record.unread} to read, {when}"
        if alarming:
            note = f"Words that worry us. {note}"
        url = reverse("consultations_admin:to_read", args=[record.pk])
        rows.append(Row(record.page.title, url, note))
    if not rows:
        return None
    index = reverse("consultations_admin:index")
    return Panel(
        title="What people wrote, to be read",
        rows=rows[:SHOWN],
        total=len(rows),
        all_url=index,
        urgent=urgent,
    )


def asked_for_help(*, authorities, now):
    """People who asked us to get in touch. Always urgent."""
    found = HelpRequest.objects.filter(authority__in=authorities).waiting()
    total = found.count()
    if not total:
        return None
    rows = [
        Row(str(each), reverse("help-requests:edit", args=[each.pk]), "Get in touch today")
        for each in found[:SHOWN]
    ]
    return Panel(
        title="People who asked for help",
        rows=rows,
        total=total,
        all_url=reverse("help-requests:index"),
        urgent=True,
    )


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
