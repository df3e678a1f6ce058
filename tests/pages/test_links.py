import pytest
from wagtail.rich_text import expand_db_html

from localoffer.authority import hosts
from localoffer.pages import actions
from tests.factories.pages import make_page, make_section, make_site, text


@pytest.fixture
def answering(authority):
    token = hosts.answering.set(hosts.now().find("testserver"))
    yield
    hosts.answering.reset(token)


def link(pk):
    return f'<p><a linktype="page" id="{pk}">there</a></p>'


def test_a_link_leads_to_its_page_without_a_query(home, answering, django_assert_num_queries):
    page = make_page(make_section(home))
    expand_db_html(link(page.pk))

    with django_assert_num_queries(0):
        html = expand_db_html(link(page.pk) * 30)

    assert html == '<p><a href="/education/school-transport/">there</a></p>' * 30


def test_a_link_to_another_site_is_whole_and_its_page_is_asked_for_once(
    home, answering, django_assert_num_queries
):
    _their_authority, their_home = make_site(
        name="Loamshire", hostname="loamshire.example", gss_code="E10000998"
    )
    page = make_page(their_home)
    expand_db_html(link(page.pk))

    with django_assert_num_queries(0):
        html = expand_db_html(link(page.pk))

    assert html == '<p><a href="http://loamshire.example/school-transport/">there</a></p>'


@pytest.mark.parametrize("pk", [0, 999_999, -1, "", "x", "1 OR 1=1", "٣", "9" * 400])
def test_a_link_to_no_page_leads_nowhere(home, answering, pk):
    assert expand_db_html(link(pk)) == "<p><a>there</a></p>"


def test_a_link_to_a_page_that_was_taken_down_keeps_its_address(home, answering):
    page = make_page(home)
    page.unpublish()

    assert expand_db_html(link(page.pk)) == '<p><a href="/school-transport/">there</a></p>'


def test_outside_a_request_links_are_wagtails(home):
    page = make_page(home)

    assert expand_db_html(link(page.pk)) == f'<p><a href="{page.url}">there</a></p>'


def test_a_link_follows_its_page_when_that_moves(client, home):
    target = make_page(home)
    make_page(home, title="Linking", body=text(link(target.pk)))
    assert b'href="/school-transport/"' in client.get("/linking/").content

    target.slug = "transport"
    actions.publish(target)

    html = client.get("/linking/").content
    assert b'href="/transport/"' in html
    assert b'href="/school-transport/"' not in html
