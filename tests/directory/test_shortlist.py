import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.test import Client
from django.urls import reverse

from localoffer.authority import references
from localoffer.authority.models import PublicItem
from localoffer.directory import actions, shortlist
from localoffer.directory.models import Contact
from tests.factories.directory import make_service, new_service

LIST = "/find-help/shortlist/"


def address_of(service):
    reference = PublicItem.objects.get(key=str(service.pk)).shown_reference
    return reverse("directory:save", args=[reference])


def names_on(response):
    page = BeautifulSoup(response.content, "html.parser")
    return [heading.get_text(strip=True) for heading in page.select(".lo-list h2")]


@pytest.fixture
def service(authority):
    service = new_service(authority, name="Talking together")
    service.contacts = [Contact(name="Helpline", phone="01905 822 666")]
    actions.publish(service=service)
    return service


def test_saved_service_is_on_the_list_with_its_phone_number(service, client):
    client.post(address_of(service))

    response = client.get(LIST)

    assert names_on(response) == ["Talking together"]
    assert b"01905 822 666" in response.content


def test_saving_twice_keeps_it_once_and_removing_forgets_it(service, client):
    client.post(address_of(service))
    client.post(address_of(service))
    assert names_on(client.get(LIST)) == ["Talking together"]

    client.post(address_of(service), {"remove": "yes"})

    assert names_on(client.get(LIST)) == []
    assert client.cookies[shortlist.COOKIE].value == ""


def test_asking_changes_nothing(service, client):
    page = client.get(address_of(service))

    assert page.status_code == 200
    assert shortlist.COOKIE not in client.cookies


def test_whole_list_can_be_forgotten(service, client):
    client.post(address_of(service))

    client.post(LIST)

    assert client.cookies[shortlist.COOKIE].value == ""


def test_cookie_holds_references_only_and_is_kept_from_scripts(service, client, settings):
    settings.SECURE = True

    client.post(address_of(service))

    cookie = client.cookies[shortlist.COOKIE]
    kept = signing.loads(cookie.value, salt=shortlist.SALT)
    assert kept == [PublicItem.objects.get().reference]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["max-age"]) == ("/find-help/", 180 * 24 * 60 * 60)


def forged(value, **signature):
    return signing.dumps(value, **{"salt": shortlist.SALT, **signature})


@pytest.mark.parametrize(
    "cookie",
    [
        "x",
        "a:b:c",
        ":::",
        "\x00",
        "é",
        "A" * 4000,
        '["7K3M9Q2X4"]',
        forged(["7K3M9Q2X4"])[:-2],
        forged(["7K3M9Q2X4"], key="another key"),
        forged(["7K3M9Q2X4"], salt="another use"),
        forged("7K3M9Q2X4"),
        forged({"7K3M9Q2X4": 1}),
        forged([1, None]),
        forged(["' OR 1=1 --"]),
        forged(["7K3M9Q2X4\n"]),
    ],
    ids=lambda cookie: "signed" if ":" in cookie else None,  # a signature has the time in it
)
def test_list_that_is_not_ours_is_empty_and_said_to_be(authority, client, cookie):
    client.cookies[shortlist.COOKIE] = cookie

    response = client.get(LIST)

    assert response.status_code == 200
    assert b"We could not read the list that your browser kept" in response.content
    assert names_on(response) == []


def test_old_list_is_read_no_more(service, client, monkeypatch):
    client.post(address_of(service))
    monkeypatch.setattr(shortlist, "KEPT_FOR", -1)

    assert b"We could not read" in client.get(LIST).content


def test_full_list_takes_no_more_and_says_so(service, client):
    full = [references.with_check(number) for number in range(shortlist.MOST)]
    client.cookies[shortlist.COOKIE] = forged(full)

    response = client.post(address_of(service))

    assert response.status_code == 400
    assert b"Your list is full" in response.content


def test_withdrawn_service_leaves_the_list_and_is_counted(authority, service, client):
    client.post(address_of(service))
    client.post(address_of(make_service(authority, name="Still here")))
    actions.withdraw(service=service)

    response = client.get(LIST)

    assert names_on(response) == ["Still here"]
    assert b"1 service that you saved is no longer listed here" in response.content


def test_list_of_one_authority_shows_nothing_of_another(service, neighbour, client):
    theirs = make_service(neighbour)
    stored = PublicItem.objects.get(key=str(theirs.pk)).reference
    client.cookies[shortlist.COOKIE] = forged([stored])

    assert names_on(client.get(LIST)) == []


@pytest.mark.parametrize("reference", ["x", "7K3M-9Q2X-4", "%00", "9" * 300])
def test_reference_of_nothing_is_not_found(authority, client, reference):
    assert client.get(f"/find-help/save/{reference}/").status_code == 404
    assert client.post(f"/find-help/save/{reference}/").status_code == 404


@pytest.mark.parametrize("path", ["list", "save"])
def test_pages_with_forms_are_not_kept_by_caches(service, client, path):
    response = client.get(LIST if path == "list" else address_of(service))

    assert "no-store" in response["Cache-Control"]
    assert b"cookie" in response.content


def test_form_of_another_site_is_refused(service):
    client = Client(enforce_csrf_checks=True)

    assert client.post(address_of(service)).status_code == 403
    assert shortlist.COOKIE not in client.cookies


@pytest.mark.parametrize("saved", [1, 20])
def test_list_asks_the_same_number_of_queries_however_long(
    authority, client, django_assert_max_num_queries, saved
):
    for number in range(saved):
        client.post(address_of(make_service(authority, name=f"Service {number}")))

    with django_assert_max_num_queries(7):
        response = client.get(LIST)

    assert len(names_on(response)) == saved
