import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from localoffer.authority import changes
from localoffer.authority.models import PublicItem
from localoffer.directory import actions
from localoffer.directory.models import Contact, FormerAddress, Schedule, Service
from tests.factories.authority import make_officer
from tests.factories.directory import (
    make_draft,
    make_location,
    make_organisation,
    make_service,
    new_service,
)


@pytest.fixture
def told(monkeypatch):
    """What listeners hear of services."""
    heard = []
    monkeypatch.setattr(changes, "_listeners", [lambda kind, keys: heard.append((kind, keys))])
    return heard


def state_of(service):
    return PublicItem.objects.get(kind="service", key=str(service.pk)).state


def test_publishing_makes_the_public_row_and_keeps_the_rows_of_the_service(authority, told):
    service = new_service(authority)
    service.contacts.add(Contact(name="Helpline", phone="01905 000 000"))
    service.schedules.add(Schedule(byday=["MO", "2TU"], opens=dt.time(10)))

    actions.publish(service=service)

    stored = Service.objects.get()
    item = PublicItem.objects.get()
    assert (stored.live, stored.first_published_at is None) == (True, False)
    assert stored.contacts.get().phone == "01905 000 000"
    assert stored.schedules.get().byday == ["MO", "2TU"]
    assert (item.title, item.url, item.state) == (stored.name, stored.get_absolute_url(), "public")
    assert told == [("service", [str(stored.pk)])]


@pytest.mark.parametrize("field", ["eligibility", "complaints_route", "owner_team", "name"])
def test_publishing_is_refused_without_what_the_law_and_the_page_need(authority, field):
    service = new_service(authority, **{field: ""})

    with pytest.raises(ValidationError) as caught:
        actions.publish(service=service)

    assert field in caught.value.message_dict
    assert not Service.objects.exists()
    assert not PublicItem.objects.exists()


def test_no_criteria_is_a_way_to_say_who_can_have_it(authority):
    actions.publish(service=new_service(authority, eligibility="No criteria"))

    assert Service.objects.get().live


def test_publishing_is_for_those_who_may_publish_in_that_very_authority(authority, neighbour):
    officer = make_officer(neighbour)
    officer.groups.add(*make_officer(authority, role="partner_contributor").groups.all())

    with pytest.raises(PermissionDenied):
        actions.publish(service=new_service(authority), by=officer)

    actions.publish(service=new_service(neighbour), by=officer)
    assert [service.authority for service in Service.objects.filter(live=True)] == [neighbour]


def test_withdrawn_service_is_told_and_keeps_its_reference(authority, told):
    service = make_service(authority)
    reference = PublicItem.objects.get().reference
    told.clear()

    actions.withdraw(service=service)

    item = PublicItem.objects.get()
    assert (item.state, item.reference) == ("withdrawn", reference)
    assert told == [("service", [str(service.pk)])]


def test_deleted_service_is_told(authority):
    service = make_service(authority)
    kept = Service(pk=service.pk)

    service.delete()

    assert state_of(kept) == "withdrawn"


def test_check_is_dated_logged_and_told_and_asks_for_another_in_a_year(authority, officer, told):
    service = make_service(authority)
    told.clear()

    actions.mark_checked(service=service, by=officer, on=dt.date(2026, 11, 24))

    service.refresh_from_db()
    assert service.checked_on == dt.date(2026, 11, 24)
    assert service.review_due == dt.date(2027, 11, 24)
    assert ModelLogEntry.objects.filter(action="localoffer.checked", user=officer).count() == 1
    assert told == [("service", [str(service.pk)])]


def test_review_due_before_the_check_is_refused(authority, officer):
    service = make_service(authority)

    with pytest.raises(ValidationError):
        actions.mark_checked(service=service, by=officer, review_due=timezone.localdate())

    service.refresh_from_db()
    assert service.checked_on is None


def test_check_leaves_a_waiting_draft_alone(authority, officer):
    service = make_service(authority, name="Old name")
    service.name = "New name"
    service.save_revision()

    actions.mark_checked(service=Service.objects.get(), by=officer)

    stored = Service.objects.get()
    assert (stored.name, stored.has_unpublished_changes) == ("Old name", True)
    assert stored.get_latest_revision_as_object().name == "New name"


def test_rename_gives_a_new_address_and_keeps_the_old_one(authority):
    service = make_service(authority, name="Speech drop-in")

    actions.save_rename(service=service, name="Talking together", note="A clearer name")

    stored = Service.objects.get()
    assert (stored.slug, stored.change_note) == ("talking-together", "A clearer name")
    assert FormerAddress.objects.get().slug == "speech-drop-in"
    assert PublicItem.objects.get().url == "/find-help/service/talking-together/"


def test_rename_back_and_forth_leaves_one_way_to_each_address(authority):
    service = make_service(authority, name="One")

    actions.save_rename(service=service, name="Two")
    service.slug, service.name = "one", "One"
    actions.publish(service=service)

    assert (Service.objects.get().slug, FormerAddress.objects.get().slug) == ("one", "two")


def test_old_address_is_never_given_to_another_service(authority):
    service = make_service(authority, name="Speech drop-in")
    actions.save_rename(service=service, name="Talking together")

    another = make_service(authority, name="Speech drop-in")
    thief = new_service(authority, slug="speech-drop-in")

    assert another.slug == "speech-drop-in-2"
    with pytest.raises(ValidationError):
        thief.full_clean()


def test_address_of_a_draft_can_change_without_a_trace(authority):
    service = make_draft(authority, name="Working title")
    service.slug = "better-title"

    service.save()

    assert not FormerAddress.objects.exists()


def test_change_of_a_place_or_organisation_is_told_of_its_public_services(authority, told):
    place, organisation = make_location(authority), make_organisation(authority)
    service = make_service(authority, locations=[place], organisation=organisation)
    make_draft(authority, name="Draft", organisation=organisation)
    make_service(authority, name="Elsewhere")
    told.clear()

    actions.announce_place(location=place)
    actions.announce_organisation(organisation=organisation)

    assert told == [("service", [str(service.pk)])] * 2
