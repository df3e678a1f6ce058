"""A draft is sent for approval and approved by those who may publish it, in its own authority."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, Workflow, WorkflowContentType, WorkflowPage, WorkflowState

from localoffer.authority import actions
from localoffer.authority.models import ApprovalTask
from localoffer.directory.models import Service
from localoffer.pages.models import ContentPage
from tests.directory.test_editing import form_data
from tests.factories.authority import make_officer
from tests.factories.directory import make_service
from tests.factories.pages import make_page, make_site
from tests.pages.test_forms import UNREADY, posted

SERVICES = "wagtailsnippets_directory_service"


@pytest.fixture
def site(db):
    return make_site()


@pytest.fixture
def authority(site):
    return site[0]


@pytest.fixture
def submitted(client, authority, site):
    """A new page that an editor has sent for approval."""
    client.force_login(make_officer(authority, role="content_editor"))
    add = reverse("wagtailadmin_pages:add", args=["pages", "contentpage", site[1].pk])
    client.post(add, {**posted(site[1]), "action-submit": "1"})
    return ContentPage.objects.get(slug="transport")


def sign_in(authority, role="directory_officer"):
    """A browser of its own, so that no message meant for somebody else is shown in it."""
    browser = Client()
    browser.force_login(make_officer(authority, role=role))
    return browser


def act(client, page, action, **fields):
    """Press a button of the approval, as the admin's dialogue does."""
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return client.post(url, fields)


def test_an_editors_page_waits_and_an_approver_makes_it_public(authority, submitted):
    assert (submitted.live, submitted.workflow_in_progress) == (False, True)
    client = sign_in(authority, "content_approver")
    assert b"Transport" in client.get(reverse("wagtailadmin_home")).content

    act(client, submitted, "approve")

    submitted.refresh_from_db()
    assert submitted.live
    assert b"How to get to school." in client.get(submitted.url).content


def test_an_editor_does_not_approve_their_own_page(client, submitted):
    act(client, submitted, "approve")

    submitted.refresh_from_db()
    assert not submitted.live


def test_another_authoritys_approver_does_not_even_find_it(submitted):
    neighbour, _home = make_site(
        name="Loamshire", hostname="loamshire.example", gss_code="E10000998"
    )
    client = sign_in(neighbour, "content_approver")

    response = act(client, submitted, "approve")

    submitted.refresh_from_db()
    assert (response.status_code, submitted.live) == (404, False)
    assert b"Transport" not in client.get(reverse("wagtailadmin_home")).content


def test_an_approver_asks_for_changes_and_says_which(authority, submitted):
    client = sign_in(authority, "content_approver")

    act(client, submitted, "reject", comment="Say which bus.")

    assert WorkflowState.objects.get().status == WorkflowState.STATUS_NEEDS_CHANGES
    assert TaskState.objects.get().comment == "Say which bus."


def test_a_draft_that_is_not_ready_is_not_approved_and_the_approver_is_told(authority, submitted):
    client = sign_in(authority, "content_approver")
    edit = reverse("wagtailadmin_pages:edit", args=[submitted.pk])
    client.post(edit, posted(submitted, body=[UNREADY]))

    act(client, submitted, "approve")  # what was sent, which is not the latest any more

    response = act(client, submitted, "approve")

    submitted.refresh_from_db()
    assert (response.status_code, submitted.live) == (302, False)
    assert TaskState.objects.latest("pk").status == TaskState.STATUS_IN_PROGRESS
    told = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "add captions" in told


def test_a_partners_change_to_a_service_waits_for_a_directory_officer(client, authority):
    service = make_service(authority, name="Old name")
    client.force_login(make_officer(authority, role="partner_contributor"))
    edit = reverse(f"{SERVICES}:edit", args=[service.pk])
    data = form_data(authority, name="New name", slug=service.slug)

    client.post(edit, {**data, "action-submit": "1"})

    assert Service.objects.get().name == "Old name"
    client = sign_in(authority)
    assert b"New name" in client.get(reverse("wagtailadmin_home")).content
    state = TaskState.objects.get()
    client.post(
        reverse(f"{SERVICES}:workflow_action", args=[service.pk, "approve", state.pk]),
    )
    assert Service.objects.get().name == "New name"


def test_nobody_but_those_who_may_publish_approves_a_service(client, authority):
    service = make_service(authority, name="Old name")
    contributor = make_officer(authority, role="partner_contributor")
    client.force_login(contributor)
    data = form_data(authority, name="New name", slug=service.slug)
    client.post(reverse(f"{SERVICES}:edit", args=[service.pk]), {**data, "action-submit": "1"})

    state = TaskState.objects.get()
    client.post(reverse(f"{SERVICES}:workflow_action", args=[service.pk, "approve", state.pk]))

    task = ApprovalTask.objects.get()
    assert Service.objects.get().name == "Old name"
    assert not task.get_task_states_user_can_moderate(contributor).exists()
    assert task.get_task_states_user_can_moderate(make_officer(authority)).exists()


def test_approval_is_there_once_and_another_way_that_was_chosen_stays(authority, site):
    other = Workflow.objects.create(name="Two colleagues", active=True)
    WorkflowPage.objects.filter(page=site[1]).update(workflow=other)

    actions.refresh_approval()
    call_command("migrate", verbosity=0)

    assert ApprovalTask.objects.count() == 1
    assert Workflow.objects.filter(name="Approval").count() == 1
    assert WorkflowContentType.objects.count() == 1
    assert make_page(site[1]).get_workflow() == other


def test_a_step_of_another_records_approval_is_not_found(client, authority, site, submitted):
    other = make_page(site[1], publish=False, title="Other", slug="other")
    other.save_revision()
    other.get_workflow().start(other, None)
    service = make_service(authority)
    service.save_revision()
    service.get_workflow().start(service, None)
    browser = sign_in(authority, "administrator")
    step = TaskState.objects.get(workflow_state__object_id=str(submitted.pk))

    for name, pk in [("wagtailadmin_pages", other.pk), (SERVICES, service.pk)]:
        url = reverse(f"{name}:workflow_action", args=[pk, "approve", step.pk])
        assert browser.post(url).status_code == 404

    submitted.refresh_from_db()
    assert not submitted.live
