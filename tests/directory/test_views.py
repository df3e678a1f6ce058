import datetime as dt
import json
import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from localoffer.authority.models import PublicItem
from localoffer.directory import actions
from localoffer.directory.models import (
    Contact,
    CostOption,
    Schedule,
    Service,
    ServiceArea,
    ServiceLanguage,
)
from localoffer.taxonomy.models import Need, ServiceType
from tests.factories.directory import (
    add_rows,
    make_draft,
    make_location,
    make_organisation,
    make_service,
    new_service,
)


def words_of(response):
    main = BeautifulSoup(response.content, "html.parser").find("main")
    return re.sub(r"\s+", " ", main.get_text(" "))


@pytest.fixture
def full_service(authority):
    """A service with everything that a page can tell."""
    place = make_location(
        authority,
        access=["step_free", "quiet_space"],
        access_note="Ring the bell at the side door.",
    )
    organisation = make_organisation(authority, url="https://therapies.example/", kind="nhs")
    service = new_service(
        authority,
        organisation=organisation,
        description="Songs and games.\n\nParents stay.",
        minimum_age=2,
        maximum_age=5,
        eligibility="You live in Barsetshire",
        routes=["self", "gp"],
        how_to_get_it="Ring us.",
        decision_maker="The therapy panel",
        how_decided="We look at what your child needs.",
        waiting_value=12,
        waiting_unit="weeks",
        waiting_as_of=dt.date(2026, 10, 1),
        waiting_source="NHS trust",
        while_you_wait="Come to stay and play.",
        cost_kind="some_free",
        status_note="New hours from May.",
        complaints_route="Write to the head of therapy.",
        email="hello@therapies.example",
        area_served="Hogglestock",
    )
    service.at_locations.create(location=place)
    service.schedules = [
        Schedule(
            location=place,
            byday=["MO"],
            opens=dt.time(10),
            closes=dt.time(12),
            when="term",
            description="Come early.",
        )
    ]
    service.contacts = [Contact(name="Helpline", phone="(01905) 822 666", email="a@b.example")]
    service.cost_options = [CostOption(option="Session", amount="2.50")]
    service.languages = [ServiceLanguage(name="Polish", code="pl")]
    service.service_areas = [ServiceArea(name="Plumstead")]
    service.types = ServiceType.objects.filter(code="therapy")
    service.needs = Need.objects.filter(code="SLCN")
    actions.publish(service=service)
    return service


def test_service_page_answers_what_a_parent_asks_in_order(full_service, client):
    need = full_service.needs.get()

    words = words_of(client.get(full_service.get_absolute_url()))

    answers = [
        "Speech and language drop-in",
        "Run by Barset Therapies",
        "Talk to a therapist",
        "Songs and games.",
        "Ages: 2 to 5.",
        need.name,
        "You live in Barsetshire",
        "You can ask yourself",
        "Your GP",
        "Ring us.",
        "The therapy panel",
        "We look at what your child needs.",
        "About 12 weeks.",
        "True on 1 October 2026. Source: NHS trust.",
        "Come to stay and play.",
        "Hogglestock Hall",
        "1 High Street",
        "WR14 1AA",
        "Every Monday, 10am to noon, in term time",
        "Come early.",
        "Step-free way in",
        "Quiet space",
        "Ring the bell at the side door.",
        "Plumstead",
        "Polish",
        "Free for some people or some of it",
        "Session : £2.50",
        "Helpline",
        "(01905) 822 666",
        "hello@therapies.example",
        "Write to the head of therapy.",
        "Kept by",
        "Local Offer team",
        "Last checked by a person",
        "Not yet",
        "Short address of this page",
    ]
    at = -1
    for answer in answers:
        found = words.find(answer.replace(" : ", ": "), at + 1)
        assert found > at, f"{answer!r} is not on the page, or not in its place"
        at = found


def test_phone_and_email_are_links(full_service, client):
    page = BeautifulSoup(client.get(full_service.get_absolute_url()).content, "html.parser")
    links = {link["href"] for link in page.find_all("a", href=True)}

    reference = PublicItem.objects.get().shown_reference
    assert {
        "tel:01905822666",
        "mailto:a@b.example",
        "mailto:hello@therapies.example",
        f"/feedback/?about={reference}",
        f"/find-help/save/{reference}/",
    } <= links


def test_service_page_can_be_kept_and_shown_to_anyone(full_service, client):
    response = client.get(full_service.get_absolute_url())

    assert response.status_code == 200
    assert b"csrfmiddlewaretoken" not in response.content
    assert "Set-Cookie" not in response
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("rows", [1, 50])
def test_service_page_asks_five_queries_however_many_rows_and_then_none(
    authority, client, django_assert_num_queries, rows
):
    service = make_service(authority)
    add_rows(service, rows)
    service.types.set(ServiceType.objects.filter(code="therapy"))
    service.save()

    client.get("/")  # what every page shows around its content
    with django_assert_num_queries(5):
        client.get(service.get_absolute_url())
    with django_assert_num_queries(0):
        response = client.get(service.get_absolute_url())

    assert response.content.count(b"Every Monday, 10am to noon") == rows


def test_page_of_a_service_that_tells_little_says_whom_to_ask(authority, client):
    Service.objects.bulk_create(
        [new_service(authority, slug="bare", eligibility="", complaints_route="", owner_team="")]
    )

    words = words_of(client.get("/find-help/service/bare/"))

    assert "We have not been told yet who can have this service" in words
    assert "We have no number or address for this service" in words
    assert "It is for children and young people with any need" in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "temporarily closed"}, "This service is closed for now."),
        ({"status": "inactive"}, "This service is not running at the moment."),
        ({"status": "defunct"}, "This service has ended."),
        (
            {"missing_since": dt.date(2026, 11, 1)},
            "We are checking whether this service still runs",
        ),
        ({"is_example": True}, "It is not real"),
        ({"reach": "out"}, "outside our area"),
    ],
)
def test_page_says_plainly_what_is_unusual(authority, client, fields, words):
    service = make_service(authority)
    Service.objects.filter(pk=service.pk).update(**fields)

    assert words in words_of(client.get(service.get_absolute_url()))


def test_another_authoritys_service_is_not_found(authority, neighbour, client):
    theirs = make_service(neighbour)
    item = PublicItem.objects.get()

    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(reverse("directory:save", args=[item.shown_reference])).status_code == 404


def test_draft_is_not_found(authority, client):
    assert client.get(make_draft(authority).get_absolute_url()).status_code == 404


def test_withdrawn_service_says_that_it_is_gone_and_what_to_do(authority, client):
    service = make_service(authority)
    actions.withdraw(service=service)

    response = client.get(service.get_absolute_url())

    assert response.status_code == 410
    assert "no longer listed" in words_of(response)


def test_old_address_leads_to_the_new_one_for_good(authority, client):
    service = make_service(authority, name="Old name")
    actions.save_rename(service=service, name="New name")

    response = client.get("/find-help/service/old-name/")

    assert (response.status_code, response["Location"]) == (301, "/find-help/service/new-name/")


def test_old_address_of_another_authority_is_not_found(authority, neighbour, client):
    actions.save_rename(service=make_service(neighbour, name="Old name"), name="New name")

    assert client.get("/find-help/service/old-name/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_service_page_only_answers_questions(full_service, client, method):
    assert getattr(client, method)(full_service.get_absolute_url()).status_code == 405


def test_related_services_are_of_the_same_type_and_the_nearest_first(authority, client):
    therapy = ServiceType.objects.filter(code="therapy")
    for number, name in enumerate(["Here", "Near", "Far"]):
        place = make_location(authority, easting=377000 + 1000 * number, northing=246000)
        service = make_service(authority, name=name, locations=[place])
        service.types.set(therapy)
        service.save()
    make_service(authority, name="Other type")

    page = client.get("/find-help/service/here/")

    assert [service.name for service in page.context["related"]] == ["Near", "Far"]


HOSTILE = '</script><script>alert("1")</script><!-- \u2028 & \' "'


def test_linked_data_can_be_read_and_cannot_be_broken_out_of(authority, client):
    service = make_service(authority, name=f"Club {HOSTILE}", summary=HOSTILE)

    html = client.get(service.get_absolute_url()).content.decode()
    scripts = BeautifulSoup(html, "html.parser").find_all("script", type="application/ld+json")

    data = json.loads(scripts[0].string)
    assert len(scripts) == 1
    assert data["name"] == f"Club {HOSTILE}"
    assert "<script>alert" not in html


def test_linked_data_tells_who_where_when_and_for_how_much(full_service, client):
    html = client.get(full_service.get_absolute_url()).content
    script = BeautifulSoup(html, "html.parser").find("script", type="application/ld+json")

    data = json.loads(script.string)

    assert data["@type"] == "GovernmentService"
    assert data["provider"]["name"] == "Barset Therapies"
    assert data["audience"]["suggestedMinAge"] == 2
    assert data["areaServed"] == ["Plumstead"]
    assert data["offers"] == [
        {"@type": "Offer", "name": "Session", "price": "2.50", "priceCurrency": "GBP"}
    ]
    assert data["availableChannel"][1]["serviceLocation"]["address"]["postalCode"] == "WR14 1AA"
    assert "hoursAvailable" not in data  # schema.org has no words for term time


def test_page_shows_when_a_person_checked_it(authority, client, officer):
    service = make_service(authority, change_note="New phone number")
    actions.mark_checked(service=service, by=officer, on=dt.date(2026, 11, 2))

    words = words_of(client.get(service.get_absolute_url()))

    assert "Last checked by a person 2 November 2026" in words
    assert "Next check due 2 November 2027" in words
    today = timezone.localdate()
    assert f"Last changed {today.day} {today:%B %Y}: New phone number" in words
