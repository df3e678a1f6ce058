import pytest

from localoffer.authority.models import PublicItem


def test_each_authority_answers_at_its_own_host(authority, neighbour, client):
    barsetshire = client.get("/theme.css")
    neighbour.brand_colour = "#004d40"
    neighbour.save()

    loamshire = client.get("/theme.css", headers={"host": "loamshire.example"})

    assert barsetshire.status_code == loamshire.status_code == 200
    assert barsetshire.content != loamshire.content


@pytest.mark.parametrize("host", ["elsewhere.example", "testserver.example", "bad host", "a..b"])
def test_no_other_host_is_answered(authority, client, host):
    response = client.get("/theme.css", headers={"host": host})

    assert response.status_code == 400
    assert b"Barsetshire" not in response.content


def test_health_is_answered_under_any_name_without_a_query(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz", headers={"host": "10.0.0.7"})

    assert response.content == b"ok\n"


@pytest.mark.parametrize(
    "path", ["/theme.css", "/healthz", "/admin/", "/accounts/login/", "/nothing"]
)
def test_every_answer_carries_a_content_security_policy(authority, client, path):
    policy = client.get(path)["Content-Security-Policy"]

    assert ("unsafe-inline" in policy) == path.startswith("/admin/")


def test_a_short_address_leads_to_where_the_thing_is_now(authority, client):
    item = PublicItem.objects.create(
        authority=authority,
        kind="thing",
        key="1",
        title="T",
        url="/new/",
        state="public",
        changed="2026-01-01T00:00Z",
    )

    response = client.get(f"/r/{item.shown_reference.lower()}")

    assert (response.status_code, response.url) == (302, "/new/")


def test_another_authoritys_short_address_is_not_found_here(authority, neighbour, client):
    item = PublicItem.objects.create(
        authority=neighbour,
        kind="thing",
        key="1",
        title="T",
        url="/new/",
        state="public",
        changed="2026-01-01T00:00Z",
    )

    assert client.get(f"/r/{item.reference}").status_code == 404
    assert client.get("/r/nonsense").status_code == 404
