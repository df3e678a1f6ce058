"""The template of every public page, whatever the page tells it or leaves out."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.test import RequestFactory

AUTHORITY = SimpleNamespace(
    name="Barsetshire",
    title="Barsetshire SEND Local Offer",
    council="Barsetshire County Council",
    theme_url="/theme.css?v=1",
    logo=None,
)
PAGE = "{% extends 'ui/base.html' %}{% block title %}Guides{% endblock %}"


class NotTouched:
    """Stands where the session and the user are: cached pages may know nothing of either."""

    def __getattr__(self, name):
        raise AssertionError(f"the page asked for {name}")


def draw(source=PAGE, *, authority=AUTHORITY, **context):
    request = RequestFactory().get("/")
    request.authority = authority
    request.user = request.session = NotTouched()
    html = engines["django"].from_string(source).render({"request": request, **context})
    return BeautifulSoup(html, "html.parser")


def test_a_page_needs_nothing_but_itself():
    page = draw(authority=None)

    assert page.title.get_text() == "Guides"
    assert page.html["lang"] == "en-GB"
    assert page.select_one(".lo-header__name").get_text() == "SEND Local Offer"
    assert not page.select(".govuk-service-navigation, .govuk-phase-banner, .lo-alert")


def test_a_page_names_its_authority_in_title_and_header():
    page = draw()

    assert page.title.get_text() == "Guides - Barsetshire SEND Local Offer"
    assert page.select_one(".lo-header__name").get_text() == "Barsetshire SEND Local Offer"
    assert page.find("link", href="/theme.css?v=1")["rel"] == ["stylesheet"]


def test_a_page_may_be_cached():
    page = draw()

    assert not page.select("[name=csrfmiddlewaretoken], form[method=post]")
    assert not page.select("script:not([src])")


def test_the_skip_link_leads_to_main():
    page = draw()

    target = page.select_one(".govuk-skip-link")["href"].removeprefix("#")
    assert page.find(id=target).name == "main"


def test_the_menu_says_where_one_is():
    menu = [
        {"title": "Find help", "url": "/find-help/"},
        {"title": "News", "url": "/news/", "current": True},
    ]
    page = draw(menu=menu)

    links = page.select(".govuk-service-navigation__link")
    assert [link["href"] for link in links] == ["/find-help/", "/news/"]
    assert page.select_one("[aria-current=page]").get_text() == "News"


def test_a_demonstration_says_that_the_council_does_not_run_it():
    banner = draw(demonstration=True).select_one(".govuk-phase-banner")

    assert "It is not run by Barsetshire County Council." in banner.get_text()


def test_alerts_stand_on_every_page_and_are_escaped():
    alerts = [{"title": "Snow", "text": "<b>Check</b> first", "url": "/snow/"}]
    alert = draw(alerts=alerts).select_one(".lo-alert")

    assert "<b>Check</b> first" in alert.get_text()
    assert alert.a.get_text() == "Read more about Snow"


def test_the_footer_has_its_links_and_the_licence():
    footer = draw(footer_links=[{"title": "Privacy", "url": "/privacy/"}]).footer

    assert footer.find("a", href="/privacy/")
    assert footer.find("a", rel="license")


@pytest.mark.parametrize("block", ["head", "banner", "breadcrumbs", "before_main", "hero", "main"])
def test_a_page_can_fill_each_block(block):
    source = PAGE + "{% block " + block + " %}<meta content='here'>{% endblock %}"

    assert draw(source).find("meta", content="here")


def test_a_page_with_a_search_box_of_its_own_can_do_without_ours():
    assert draw().select_one("header form")
    assert not draw(PAGE + "{% block header_search %}{% endblock %}").select_one("header form")
