"""The directory's admin opens one's own records; tests/authority/test_tenancy.py, nobody else's."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.factories.authority import make_officer
from tests.factories.directory import (
    make_location,
    make_organisation,
    make_service,
)

SERVICES = "wagtailsnippets_directory_service"


@pytest.fixture
def directory_officer(authority, client):
    officer = make_officer(authority)
    client.force_login(officer)
    return client


@pytest.mark.parametrize("view", ["edit", "delete", "copy", "unpublish", "check"])
def test_own_service_can_be_opened(directory_officer, authority, view):
    service = make_service(authority)

    response = directory_officer.get(reverse(f"{SERVICES}:{view}", args=[service.pk]))

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("namespace", "make"),
    [
        ("organisation", make_organisation),
        ("location", make_location),
    ],
)
@pytest.mark.parametrize("view", ["edit", "delete", "copy"])
def test_own_organisation_and_place_can_be_opened(
    directory_officer, authority, namespace, make, view
):
    record = make(authority)

    response = directory_officer.get(reverse(f"{namespace}:{view}", args=[record.pk]))

    assert response.status_code == 200


def test_the_list_says_the_day_of_the_next_review(directory_officer, authority):
    make_service(authority, review_due=dt.date(2031, 3, 30))

    html = directory_officer.get(reverse(f"{SERVICES}:list")).content.decode()

    assert "30 March 2031" in html
