"""What the directory puts on the admin's Today: services that wait for somebody."""

from django.urls import reverse
from django.utils import formats

from localoffer.authority.today import SHOWN, Panel, Row
from localoffer.directory.models import Service

LIST = "wagtailsnippets_directory_service:list"
EDIT = "wagtailsnippets_directory_service:edit"


def waiting_for_approval(*, authorities, now):
    """Drafts that somebody has sent for approval."""
    waiting = Service.objects.filter(authority__in=authorities).awaiting_approval()
    return _panel("Services waiting for approval", waiting, "", urgent=True)


def overdue_for_review(*, authorities, now):
    services = Service.objects.filter(authority__in=authorities).stale(on=now.date())
    return _panel(
        "Services overdue for review",
        services.order_by("review_due", "name"),
        "?state=stale",
        note=lambda service: f"Due {formats.date_format(service.review_due)}",
    )


def never_checked(*, authorities, now):
    services = Service.objects.filter(authority__in=authorities).never_checked()
    return _panel("Services that nobody has checked", services, "?state=never_checked")


def without_eligibility(*, authorities, now):
    services = Service.objects.filter(authority__in=authorities).without_eligibility()
    return _panel(
        "Services that do not say who can have them", services, "?state=without_eligibility"
    )


def missing_from_import(*, authorities, now):
    services = Service.objects.filter(authority__in=authorities).missing()
    return _panel(
        "Services missing from the last import",
        services.order_by("missing_since", "name"),
        "?state=missing",
        note=lambda service: f"Since {formats.date_format(service.missing_since)}",
    )


def _panel(title, services, query, *, note=lambda service: "", urgent=False):
    total = services.count()
    if not total:
        return None
    rows = [
        Row(title=service.name, url=reverse(EDIT, args=[service.pk]), note=note(service))
        for service in services.only("name", "review_due", "missing_since")[:SHOWN]
    ]
    return Panel(
        title=title,
        rows=rows,
        total=total,
        all_url=reverse(LIST) + query if query else "",
        urgent=urgent,
    )
