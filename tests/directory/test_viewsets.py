"""The directory's admin: another authority's record does not exist in it, whatever is asked."""

import uuid

import pytest
from django.urls import get_resolver, reverse

from tests.factories.authority import make_officer
from tests.factories.directory import (
    make_location,
    make_organisation,
    make_service,
)

SERVICES = "wagtailsnippets_directory_service"
MAKERS = {
    SERVICES: make_service,
    "organisation": make_organisation,
    "location": make_location,
}
NOBODY = uuid.UUID(int=0)
REST = {
    "revision_id": 1,
    "revision_id_a": "live",
    "revision_id_b": "latest",
    "task_state_id": 1,
    "workflow_state_id": 1,
    "task_id": 1,
    "action_name": "approve",
}


def views_of_one_record():
    """Every address of our viewsets that takes the key of a record: namespace, name, arguments."""
    for namespace in MAKERS:
        resolver = get_resolver()
        admin = next(one for one in resolver.url_patterns if str(one.pattern) == "admin/")
        for part in admin.url_patterns:
            if getattr(part, "namespace", None) != namespace:
                continue
            for pattern in part.url_patterns:
                names = set(pattern.pattern.regex.groupindex)
                if "pk" in names:
                    yield pytest.param(namespace, pattern.name, names - {"pk"}, id=pattern.name)


VIEWS = list(views_of_one_record())


def address(namespace, view, names, key):
    arguments = {name: REST[name] for name in names}
    return reverse(f"{namespace}:{view}", kwargs={"pk": key, **arguments})


@pytest.fixture
def directory_officer(authority, client):
    officer = make_officer(authority)
    client.force_login(officer)
    return client


def test_walk_finds_every_kind_of_view():
    found = {view.values[1] for view in VIEWS}
    assert {"edit", "delete", "history", "usage", "revisions_view", "copy", "check"} <= found


def statuses(client, keys, method="get"):
    """What each view answers: of each model, the key to ask with."""
    found = {}
    for view in VIEWS:
        namespace, name, _ = view.values
        path = address(*view.values, NOBODY).replace(str(NOBODY), str(keys[namespace]))
        found[namespace, name, method] = getattr(client, method)(path).status_code
    return found


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_authoritys_record_is_not_found(directory_officer, neighbour, method):
    theirs = {namespace: make(neighbour).pk for namespace, make in MAKERS.items()}

    found = statuses(directory_officer, theirs, method)

    assert set(found.values()) == {404}, found


@pytest.mark.parametrize("key", [uuid.uuid4(), "x", "0", "%00", "1%20OR%201=1", "9" * 500])
def test_key_of_no_record_is_not_found(directory_officer, key):
    found = statuses(directory_officer, dict.fromkeys(MAKERS, key))

    assert set(found.values()) == {404}, found


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
