"""The officer's way in and day: at both widths, with JavaScript and without."""

import pytest

from tests.e2e.conftest import LAW, scrolls_sideways, violations

# Ours. What Wagtail's own pages get wrong is reported to them, not tested here.
PAGES = {
    "today": "/admin/",
    "what people look for": "/admin/search/asked/",
    "gaps": "/admin/search/gaps/",
    "own words": "/admin/search/own-words/new/",
    "comments": "/admin/comments/",
    "consultations": "/admin/consultations/",
    "new consultation": "/admin/consultations/new/",
    "services": "/admin/directory/services/",
    "second factor": "/accounts/2fa/",
    "an authenticator": "/accounts/2fa/totp/activate/",
    "change of password": "/accounts/password/change/",
    "sign out": "/accounts/logout/",
}


@pytest.fixture
def officer(demo, visit):
    """Sign the officer in: ``officer(width=360, javascript=True)`` gives the page that follows."""

    def sign_in(**how):
        page = visit(demo.url + "/admin/", **how)
        page.get_by_label("Email address").fill("officer@example.org")
        page.get_by_label("Password", exact=True).fill("demonstration only")
        page.get_by_role("button", name="Sign in").click()
        return page

    return sign_in


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_day_opens_after_signing_in_and_each_row_leads_to_the_thing(officer, width, javascript):
    page = officer(width=width, javascript=javascript)
    assert page.title() == "Today - Local Offer"
    row = page.locator(".lo-today__panel li a").first
    wanted, address = row.inner_text(), row.get_attribute("href")

    row.click()

    page.wait_for_url(f"**{address}")
    page.get_by_text(wanted.split(", about ")[0]).first.wait_for()


def test_a_wrong_password_is_said_in_the_summary_and_keeps_the_address(demo, visit):
    page = visit(demo.url + "/admin/")
    page.get_by_label("Email address").fill("officer@example.org")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()

    assert page.title().startswith("Error:")
    assert page.locator(".govuk-error-summary").is_visible()
    assert page.get_by_label("Email address").input_value() == "officer@example.org"
    assert violations(page) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_pages_that_are_ours(demo, officer, width):
    page = officer(width=width)

    found = {}
    for name, path in PAGES.items():
        assert page.goto(demo.url + path).ok, name
        found[name] = violations(page, LAW)
        if scrolls_sideways(page):
            found[name] += ["scrolls sideways"]

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_axe_finds_nothing_on_one_comment_and_one_check_of_a_service(demo, officer):
    page = officer(width=1280)
    found = {}

    page.locator(".lo-today__panel li a").first.click()
    found["comment"] = violations(page, LAW)
    page.goto(demo.url + PAGES["services"])
    page.locator("table a[href*='/edit/']").first.click()
    key = page.url.split("/edit/")[1].strip("/")
    assert page.goto(demo.url + f"/admin/directory/services/check/{key}/").ok
    found["check of a service"] = violations(page, LAW)

    assert {name: faults for name, faults in found.items() if faults} == {}
