from django.conf import settings

from localoffer.authority import hosts
from localoffer.authority.models import Authority


def test_the_authority_of_a_host_costs_one_query_until_something_changes(
    authority, neighbour, client, django_assert_num_queries
):
    with django_assert_num_queries(1):
        client.get("/theme.css")
    with django_assert_num_queries(0):
        client.get("/theme.css")
        client.get("/theme.css", headers={"host": "loamshire.example"})
        client.get("/theme.css", headers={"host": "elsewhere.example"})


def test_an_edited_authority_shows_at_once(authority, client):
    before = client.get("/theme.css").content
    edited = Authority.objects.get()
    edited.brand_colour = "#004d40"
    edited.save()

    after = client.get("/theme.css").content

    assert b"#004d40" in after
    assert b"#004d40" not in before


def test_a_site_that_moves_to_another_host_answers_there_and_no_longer_here(authority, client):
    client.get("/theme.css")
    authority.site.hostname = "new.example"
    authority.site.save()

    assert client.get("/theme.css", headers={"host": "new.example"}).status_code == 200
    assert client.get("/theme.css").status_code == 400


def test_hosts_are_found_however_they_are_written_and_only_whole(authority):
    found = hosts.now()

    assert found.find("TestServer") == authority
    assert found.find("testserver.example") is None
    assert found.find("") is None


def test_the_default_authority_answers_at_the_extra_hosts(authority, client):
    extra = settings.EXTRA_HOSTS[0]
    assert client.get("/theme.css", headers={"host": extra}).content == b""

    authority.site.is_default_site = True
    authority.site.save()

    assert client.get("/theme.css", headers={"host": extra}).content == authority.theme_css.encode()


def test_a_site_without_an_authority_is_no_local_offer(authority, client):
    authority.site.root_page.sites_rooted_here.create(hostname="bare.example", port=80)

    assert client.get("/theme.css", headers={"host": "bare.example"}).status_code == 400


def test_who_is_being_answered_is_known_during_a_request_and_not_after(authority, client):
    client.get("/theme.css")

    assert hosts.answering.get() is None
