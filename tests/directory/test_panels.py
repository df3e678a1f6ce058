import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import Task, Workflow, WorkflowTask

from localoffer.authority.models import Authority
from localoffer.directory import panels
from localoffer.directory.models import Service
from tests.factories.directory import make_service, new_service

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


def rows(panel, authority):
    found = panel(authorities=Authority.objects.filter(pk=authority.pk), now=timezone.localtime())
    return [row.title for row in found.rows] if found else []


@pytest.mark.parametrize(
    ("panel", "fields"),
    [
        (panels.overdue_for_review, {"review_due": YESTERDAY}),
        (panels.never_checked, {"checked_on": None}),
        (panels.without_eligibility, {"eligibility": ""}),
        (panels.missing_from_import, {"missing_since": YESTERDAY}),
    ],
)
def test_panel_shows_what_waits_in_our_authority_only(authority, neighbour, panel, fields):
    fine = {"review_due": None, "checked_on": YESTERDAY, "eligibility": "No criteria"}
    for place, name in [(authority, "Ours"), (neighbour, "Theirs")]:
        service = make_service(place, name=name)
        Service.objects.filter(pk=service.pk).update(**fine)
    assert rows(panel, authority) == []
    Service.objects.update(**fields)

    assert rows(panel, authority) == ["Ours"]


def test_panel_counts_those_it_does_not_show(authority):
    Service.objects.bulk_create(
        [new_service(authority, name=f"S{n}", slug=f"s{n}", eligibility="") for n in range(20)]
    )

    found = panels.without_eligibility(
        authorities=Authority.objects.all(), now=timezone.localtime()
    )

    assert (found.total, len(found.rows), found.more) == (20, 8, 12)
    assert found.all_url.endswith("/directory/services/?state=without_eligibility")


def test_service_sent_for_approval_waits_on_today(authority, officer):
    workflow = Workflow.objects.create(name="Approval", active=True)
    task = Task.objects.create(name="A colleague reads it", active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task)
    service = make_service(authority, name="Proposed")
    service.save_revision(user=officer)

    workflow.start(service, officer)

    assert rows(panels.waiting_for_approval, authority) == ["Proposed"]
