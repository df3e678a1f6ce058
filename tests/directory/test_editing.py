"""An officer at work in the admin: adding, correcting, previewing, checking."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from localoffer.authority.models import PublicItem
from localoffer.directory.models import Location, Service
from localoffer.taxonomy.models import Need
from tests.factories.authority import make_officer
from tests.factories.directory import make_location, make_organisation, make_service

SERVICES = "wagtailsnippets_directory_service"
ROWS = ["at_locations", "schedules", "service_areas", "languages", "cost_options", "contacts"]


def form_data(authority, *, rows=None, ticks=None, **fields):
    """What the form of a service sends. ``ticks``: lists of values of one name."""
    rows = rows or {}
    return (ticks or {}) | nested_form_data(
        {
            "name": "Stay and play",
            "status": "active",
            "reach": "in",
            "eligibility": "No criteria",
            "complaints_route": "Tell the team.",
            "owner_team": "Early years team",
            "authority": authority.pk,
            **{name: inline_formset(rows.get(name, [])) for name in ROWS},
            **fields,
        }
    )


@pytest.fixture
def officer_client(authority, client):
    client.force_login(make_officer(authority))
    return client


def errors_on(response):
    page = BeautifulSoup(response.content, "html.parser")
    found = page.select(".error-message, .messages .error, .help-critical li")
    return " ".join(one.get_text(" ", strip=True) for one in found)


def test_officer_publishes_a_new_service_with_its_hours_and_place(authority, officer_client):
    place = make_location(authority)
    data = form_data(
        authority,
        rows={
            "at_locations": [{"location": place.pk, "description": ""}],
            "schedules": [
                {
                    "freq": "WEEKLY",
                    "byday": "Monday to Wednesday",
                    "interval": "1",
                    "when": "term",
                    "opens": "10:00",
                }
            ],
            "contacts": [{"name": "Helpline", "phone": "01905 822 666"}],
        },
        ticks={"routes": ["self", "gp"]},
        **{"action-publish": "publish"},
    )

    response = officer_client.post(reverse(f"{SERVICES}:add"), data)

    assert response.status_code == 302, errors_on(response)
    service = Service.objects.get()
    assert (service.live, service.slug, service.routes) == (True, "stay-and-play", ["self", "gp"])
    assert service.schedules.get().byday == ["MO", "TU", "WE"]
    page = officer_client.get(service.get_absolute_url())
    assert b"Monday to Wednesday, from 10am, in term time" in page.content
    assert PublicItem.objects.get().state == "public"


def test_draft_may_be_unfinished_and_is_not_public(authority, officer_client):
    data = form_data(authority, eligibility="", complaints_route="", owner_team="")

    response = officer_client.post(reverse(f"{SERVICES}:add"), data)

    assert response.status_code == 302, errors_on(response)
    assert not Service.objects.get().live
    assert not PublicItem.objects.exists()


@pytest.mark.parametrize("field", ["eligibility", "complaints_route"])
def test_publishing_is_refused_in_words_without_what_the_law_asks(authority, officer_client, field):
    data = form_data(authority, **{field: "", "action-publish": "publish"})

    response = officer_client.post(reverse(f"{SERVICES}:add"), data)

    assert response.status_code == 200
    assert "This field is required" in errors_on(response)
    assert not Service.objects.filter(live=True).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"minimum_age": 11, "maximum_age": 5}, "The oldest age is below the youngest"),
        ({"waiting_value": 3, "waiting_unit": "weeks"}, "Enter the day on which the wait was true"),
        ({"maximum_age": 300}, "Enter an age of 120 or less"),
    ],
)
def test_what_cannot_be_is_refused_in_words(authority, officer_client, fields, words):
    response = officer_client.post(reverse(f"{SERVICES}:add"), form_data(authority, **fields))

    assert response.status_code == 200
    assert words in errors_on(response)


def test_same_place_twice_is_refused_in_words(authority, officer_client):
    row = {"location": make_location(authority).pk, "description": ""}

    response = officer_client.post(
        reverse(f"{SERVICES}:add"), form_data(authority, rows={"at_locations": [row, dict(row)]})
    )

    assert response.status_code == 200
    assert not Service.objects.exists()


def test_day_that_is_none_is_refused_in_words(authority, officer_client):
    row = {"freq": "WEEKLY", "byday": "Blursday", "interval": "1", "when": "always"}

    response = officer_client.post(
        reverse(f"{SERVICES}:add"), form_data(authority, rows={"schedules": [row]})
    )

    assert "We do not understand “Blursday”" in errors_on(response)


def test_no_form_takes_a_record_of_another_authority(authority, neighbour, officer_client):
    theirs = make_location(neighbour).pk
    attempts = {
        "organisation": {"organisation": make_organisation(neighbour).pk},
        "authority": {"authority": neighbour.pk},
        "place": {"rows": {"at_locations": [{"location": theirs, "description": ""}]}},
        "hours": {
            "rows": {
                "schedules": [
                    {"freq": "WEEKLY", "interval": "1", "when": "always", "location": theirs}
                ]
            }
        },
    }

    found = {
        name: officer_client.post(
            reverse(f"{SERVICES}:add"),
            form_data(authority, rows=attempt.pop("rows", None))
            | {"action-publish": "publish", **attempt},
        ).status_code
        for name, attempt in attempts.items()
    }

    assert set(found.values()) == {200}, found
    assert not Service.objects.exists()


def test_preview_shows_what_is_typed_before_it_is_saved(authority, officer_client):
    service = make_service(authority)
    data = form_data(
        authority,
        name="Not saved yet",
        rows={
            "contacts": [{"name": "Desk", "phone": "01905 111 222"}],
            "languages": [{"name": "Polish", "code": "pl"}],
        },
        ticks={"needs": ["ASD"]},
    )
    preview = reverse(f"{SERVICES}:preview_on_edit", args=[service.pk])

    sent = officer_client.post(preview, data)
    shown = officer_client.get(preview).content.decode()

    assert sent.json() == {"is_valid": True, "is_available": True}
    for words in ["Not saved yet", "01905 111 222", "Polish", Need.objects.get(code="ASD").name]:
        assert words in shown
    assert Service.objects.get().name != "Not saved yet"


def test_preview_works_before_a_service_exists(authority, officer_client):
    preview = reverse(f"{SERVICES}:preview_on_add")

    officer_client.post(preview, form_data(authority, name="Brand new"))

    assert b"Brand new" in officer_client.get(preview).content


def test_contributor_may_propose_but_not_publish(authority, client):
    service = make_service(authority)
    client.force_login(make_officer(authority, role="partner_contributor"))
    edit = reverse(f"{SERVICES}:edit", args=[service.pk])

    client.post(edit, form_data(authority, name="Proposed", **{"action-publish": "publish"}))

    stored = Service.objects.get()
    assert stored.name == service.name
    assert stored.get_latest_revision_as_object().name == "Proposed"


def test_contributor_may_not_add_delete_withdraw_or_vouch(authority, client):
    service = make_service(authority)
    client.force_login(make_officer(authority, role="partner_contributor"))

    client.post(reverse(f"{SERVICES}:add"), form_data(authority))
    client.post(reverse(f"{SERVICES}:delete", args=[service.pk]))
    client.post(reverse(f"{SERVICES}:unpublish", args=[service.pk]))
    client.post(reverse(f"{SERVICES}:check", args=[service.pk]), {"review_due": "2999-01-01"})

    assert [(one.live, one.checked_on) for one in Service.objects.all()] == [(True, None)]


def test_publishing_and_withdrawing_in_the_admin_is_told(authority, officer_client):
    service = make_service(authority)
    officer_client.post(
        reverse(f"{SERVICES}:edit", args=[service.pk]),
        form_data(authority, name="New name", slug="new-name", **{"action-publish": "publish"}),
    )
    item = PublicItem.objects.get()
    assert (item.title, item.url) == ("New name", "/find-help/service/new-name/")
    assert officer_client.get(service.get_absolute_url()).status_code == 301

    officer_client.post(reverse(f"{SERVICES}:unpublish", args=[service.pk]))

    assert PublicItem.objects.get().state == "withdrawn"


def test_deleting_in_the_admin_is_told(authority, officer_client):
    service = make_service(authority)

    officer_client.post(reverse(f"{SERVICES}:delete", args=[service.pk]))

    assert PublicItem.objects.get().state == "withdrawn"


def test_checked_today_is_one_press_away_and_asks_when_to_look_again(authority, officer_client):
    service = make_service(authority)
    check = reverse(f"{SERVICES}:check", args=[service.pk])
    assert (
        check.encode() in officer_client.get(reverse(f"{SERVICES}:edit", args=[service.pk])).content
    )
    due = timezone.localdate() + dt.timedelta(days=90)

    officer_client.get(check)
    assert Service.objects.get().checked_on is None
    officer_client.post(check, {"review_due": due.isoformat()})

    stored = Service.objects.get()
    assert (stored.checked_on, stored.review_due) == (timezone.localdate(), due)


@pytest.mark.parametrize("typed", ["", "yesterday", "2020-01-01"])
def test_check_needs_a_day_to_look_again(authority, officer_client, typed):
    service = make_service(authority)

    response = officer_client.post(
        reverse(f"{SERVICES}:check", args=[service.pk]), {"review_due": typed}
    )

    assert response.status_code == 200
    assert Service.objects.get().checked_on is None


def test_list_shows_what_needs_doing(authority, neighbour, officer_client):
    make_service(authority, name="Late", review_due=dt.date(2020, 1, 1))
    make_service(authority, name="In time", review_due=dt.date(2999, 1, 1))
    make_service(neighbour, name="Theirs", review_due=dt.date(2020, 1, 1))
    listing = reverse(f"{SERVICES}:list")

    everything = officer_client.get(listing).content.decode()
    late = officer_client.get(listing, {"state": "stale"}).content.decode()

    assert [name in everything for name in ["Late", "In time", "Theirs"]] == [True, True, False]
    assert [name in late for name in ["Late", "In time", "Theirs"]] == [True, False, False]


@pytest.mark.parametrize(
    "query",
    [
        {"state": "never_checked"},
        {"state": "without_eligibility"},
        {"state": "missing"},
        {"state": "draft"},
        {"state": "example"},
        {"state": "nonsense"},
        {"type": "leisure"},
        {"need": "ASD"},
        {"need": "nonsense"},
        {"q": "stay"},
        {"ordering": "-review_due"},
        {"export": "csv"},
    ],
    ids=str,
)
def test_list_can_be_narrowed(authority, officer_client, query):
    make_service(authority)

    assert officer_client.get(reverse(f"{SERVICES}:list"), query).status_code == 200


def place_data(authority, **fields):
    return {"name": "Hall", "kind": "physical", "authority": authority.pk, **fields}


def test_postcode_puts_a_place_on_the_map(authority, officer_client):
    data = place_data(authority, postcode="wr141aa", access=["step_free"])

    officer_client.post(reverse("location:add"), data)

    place = Location.objects.get()
    assert (place.postcode, place.access) == ("WR14 1AA", ["step_free"])
    assert 350_000 < place.easting < 400_000
    assert 52 < place.latitude < 52.3


def test_postcode_that_is_none_is_refused_in_words(authority, officer_client):
    response = officer_client.post(reverse("location:add"), place_data(authority, postcode="12345"))

    assert "postcode" in errors_on(response)
    assert not Location.objects.exists()


def test_correcting_a_place_is_told_of_its_services(authority, officer_client):
    place = make_location(authority)
    make_service(authority, locations=[place])
    before = PublicItem.objects.get().changed

    officer_client.post(
        reverse("location:edit", args=[place.pk]), place_data(authority, name="New hall")
    )

    assert PublicItem.objects.get().changed > before


@pytest.mark.parametrize("chooser", ["organisation_chooser", "location_chooser"])
def test_chooser_shows_only_our_own(authority, neighbour, officer_client, chooser):
    make = make_organisation if chooser.startswith("organisation") else make_location
    ours, theirs = make(authority, name="Ours"), make(neighbour, name="Theirs")

    shown = officer_client.get(reverse(f"{chooser}:choose")).json()["html"]
    chosen = [
        officer_client.get(reverse(f"{chooser}:chosen", args=[key])).status_code
        for key in [ours.pk, theirs.pk]
    ]

    assert ("Ours" in shown, "Theirs" in shown) == (True, False)
    assert chosen == [200, 404]


def test_chooser_of_services_shows_only_our_own(authority, neighbour, officer_client):
    make_service(authority, name="Ours")
    theirs = make_service(neighbour, name="Theirs")
    namespace = "wagtailsnippetchoosers_directory_service"

    shown = officer_client.get(reverse(f"{namespace}:choose")).json()["html"]
    chosen = officer_client.get(reverse(f"{namespace}:chosen", args=[theirs.pk]))

    assert ("Ours" in shown, "Theirs" in shown) == (True, False)
    assert chosen.status_code == 404
