import datetime as dt
from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from localoffer.directory.models import (
    CostOption,
    FormerAddress,
    Location,
    Organisation,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from localoffer.taxonomy.models import Need, ServiceType
from tests.factories.directory import (
    make_draft,
    make_location,
    make_organisation,
    make_service,
    new_service,
)

TODAY = dt.date(2026, 11, 24)


@dataclass
class Malvern:
    easting: int = 377000
    northing: int = 246000


@pytest.fixture
def service(authority):
    return make_service(authority)


@pytest.mark.parametrize(
    "broken",
    [
        {"minimum_age": 11, "maximum_age": 5},
        {"maximum_age": 121},
        {"minimum_age": 121},
        {"waiting_value": 3},
        {"waiting_value": 3, "waiting_unit": "weeks"},
        {"waiting_value": 3, "waiting_unit": "weeks", "waiting_as_of": TODAY},
        {"waiting_value": 3, "waiting_unit": "weeks", "waiting_source": "NHS trust"},
        {"waiting_value": 3, "waiting_as_of": TODAY, "waiting_source": "NHS trust"},
        {"waiting_unit": "weeks", "waiting_as_of": TODAY, "waiting_source": "NHS trust"},
        {"waiting_note": "Long"},
        {"waiting_as_of": TODAY, "waiting_source": "NHS trust"},
        {"slug": ""},
        {"source": "feed"},
        {"source_id": "1"},
    ],
    ids=str,
)
def test_database_refuses_a_service_that_cannot_be(service, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(**broken)


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"minimum_age": 11, "maximum_age": 5}, "maximum_age"),
        ({"waiting_value": 3}, "waiting_unit"),
        ({"waiting_unit": "weeks"}, "waiting_value"),
        ({"waiting_value": 3, "waiting_unit": "weeks"}, "waiting_as_of"),
        ({"waiting_note": "Long", "waiting_as_of": TODAY}, "waiting_source"),
        ({"waiting_source": "NHS trust"}, "waiting_value"),
        ({"eligibility": ""}, "eligibility"),
        ({"complaints_route": ""}, "complaints_route"),
        ({"routes": ["self", "aunt"]}, "routes"),
    ],
    ids=str,
)
def test_form_error_stands_beside_its_field(authority, broken, field):
    service = new_service(authority, **broken)

    with pytest.raises(ValidationError) as caught:
        service.full_clean()

    assert list(caught.value.message_dict) == [field]


def test_wait_with_a_date_and_a_source_is_kept(authority):
    wait = {"waiting_as_of": TODAY, "waiting_source": "NHS trust"}

    in_weeks = make_service(authority, waiting_value=12, waiting_unit="weeks", **wait)
    in_words = make_service(authority, waiting_note="It depends on the school", **wait)

    assert [in_weeks.wait, in_words.wait] == ["About 12 weeks", ""]


@pytest.mark.parametrize(
    "row",
    [
        lambda service, place: Schedule(
            service=service, valid_from=TODAY, valid_to=dt.date(2026, 1, 1)
        ),
        lambda service, place: Schedule(service=service, interval=0),
        lambda service, place: CostOption(service=service, amount=-1),
        lambda service, place: ServiceArea(service=service),
        lambda service, place: ServiceAtLocation(service=service, location=place),
        lambda service, place: FormerAddress(
            authority=service.authority, service=service, slug="old"
        ),
        lambda service, place: Location(authority=service.authority, easting=1),
        lambda service, place: Organisation(
            authority=service.authority, name="Again", source="feed", source_id="1"
        ),
    ],
)
def test_database_refuses_a_row_that_cannot_be(authority, row):
    place = make_location(authority)
    service = make_service(authority, locations=[place])
    make_organisation(authority, source="feed", source_id="1")
    FormerAddress.objects.create(authority=authority, service=service, slug="old")

    with pytest.raises(IntegrityError), transaction.atomic():
        row(service, place).save()


def test_one_source_holds_an_id_once_in_each_authority(authority, neighbour):
    make_draft(authority, source="feed", source_id="1")
    make_draft(neighbour, source="feed", source_id="1")
    make_draft(authority, source="other feed", source_id="1")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_draft(authority, source="feed", source_id="1")


def test_place_in_use_cannot_be_deleted(authority):
    place = make_location(authority)
    make_service(authority, locations=[place])

    with pytest.raises(ProtectedError):
        place.delete()


def test_address_is_made_of_the_name_and_differs_from_others(authority, neighbour):
    names = ["Riding & reading", "Riding & reading", "???", "x" * 300]
    slugs = [make_draft(authority, name=name[:255]).slug for name in names]

    assert slugs == ["riding-reading", "riding-reading-2", "service", "x" * 80]
    assert make_draft(neighbour, name="Riding & reading").slug == "riding-reading"


def test_organisation_of_another_authority_is_refused(authority, neighbour):
    service = new_service(authority, organisation=make_organisation(neighbour))

    with pytest.raises(ValidationError) as caught:
        service.full_clean()

    assert "organisation" in caught.value.message_dict


def test_codes_are_kept_whole_and_found_one_by_one(authority):
    place = make_location(authority, access=["step_free", "quiet_space"])
    place.refresh_from_db()

    assert place.access == ["step_free", "quiet_space"]
    assert place.access_labels == ["Step-free way in", "Quiet space"]


def test_listed_services_are_public_and_running_or_soon_to_be(authority):
    for status in Service.Status:
        make_service(authority, name=status.value, status=status)
    make_draft(authority, name="draft")

    listed = Service.objects.for_authority(authority).listed()

    assert {service.name for service in listed} == {"active", "temporarily closed"}


@pytest.mark.parametrize(
    ("age", "names"),
    [(0, {"any", "to 4"}), (4, {"any", "to 4"}), (5, {"any", "from 5"}), (30, {"any", "from 5"})],
)
def test_services_for_an_age_include_both_ends(authority, age, names):
    make_service(authority, name="any")
    make_service(authority, name="to 4", minimum_age=0, maximum_age=4)
    make_service(authority, name="from 5", minimum_age=5)

    assert {service.name for service in Service.objects.for_age(age)} == names


def test_service_that_names_no_need_is_for_every_need(authority):
    autism = make_service(authority, name="autism")
    autism.needs.set(Need.objects.filter(code__in=["ASD", "SLCN"]))
    autism.save()
    hearing = make_service(authority, name="hearing")
    hearing.needs.set(Need.objects.filter(code="HI"))
    hearing.save()
    make_service(authority, name="any")

    found = Service.objects.for_needs(["ASD", "SLCN"]).order_by("name")

    assert [service.name for service in found] == ["any", "autism"]


def test_services_near_a_place_come_nearest_first_with_their_exact_distance(authority):
    at = {"near": (300, 400), "corner": (990, 990), "far": (5000, 0)}
    for name, (east, north) in at.items():
        place = make_location(authority, name=name, easting=377000 + east, northing=246000 + north)
        make_service(authority, name=name, locations=[place])
    further = make_location(authority, name="also", easting=377000, northing=247000)
    near = Service.objects.get(name="near")
    ServiceAtLocation.objects.create(service=near, location=further)
    make_service(authority, name="nowhere")

    found = Service.objects.near(Malvern(), metres=1000)

    assert [(service.name, service.distance) for service in found] == [("near", 500.0)]


def test_services_on_a_day_count_days_of_the_month_too(authority):
    for name, byday in [("weekly", ["MO", "SA"]), ("monthly", ["-1SA"]), ("other", ["SU"])]:
        Schedule.objects.create(service=make_service(authority, name=name), byday=byday)

    found = Service.objects.on_day("SA").order_by("name")

    assert [service.name for service in found] == ["monthly", "weekly"]


def test_free_services_cost_nothing_to_anyone(authority):
    for kind in Service.Cost:
        make_service(authority, name=kind.value, cost_kind=kind)

    assert [service.name for service in Service.objects.free()] == ["free"]


def test_services_that_a_family_can_ask_for_themselves(authority):
    make_service(authority, name="open", routes=["gp", "self"])
    make_service(authority, name="by panel", routes=["panel"])

    assert [service.name for service in Service.objects.without_referral()] == ["open"]


def test_services_of_a_type_are_found_once(authority):
    club = make_service(authority, name="club")
    club.types.set(ServiceType.objects.filter(code__in=["leisure", "short_break"]))
    club.save()
    make_service(authority, name="other")

    found = Service.objects.of_types(["leisure", "short_break"])

    assert [service.name for service in found] == ["club"]


def test_stale_services_are_those_whose_review_day_has_passed(authority):
    for name, due in [("late", -1), ("today", 0), ("later", 1)]:
        make_service(authority, name=name, review_due=TODAY + dt.timedelta(days=due))
    make_service(authority, name="none")
    make_draft(authority, name="draft", review_due=dt.date(2020, 1, 1))

    assert [service.name for service in Service.objects.stale(on=TODAY)] == ["late"]


def test_public_services_that_do_not_say_who_can_have_them(authority, service):
    imported = new_service(authority, name="imported", eligibility="")
    imported.save()
    make_draft(authority, name="draft", eligibility="")

    assert list(Service.objects.without_eligibility()) == [imported]


def test_draft_never_brings_back_what_the_importer_or_a_check_wrote(authority, service):
    draft = service.save_revision()
    Service.objects.filter(pk=service.pk).update(source="feed", source_id="1", checked_on=TODAY)

    drafted = type(draft).objects.get(pk=draft.pk).as_object()

    assert (drafted.source, drafted.source_id, drafted.checked_on) == ("feed", "1", TODAY)
