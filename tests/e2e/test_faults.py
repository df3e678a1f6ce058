"""What a person meets when something is wrong or gone: said plainly, nothing typed is lost."""

import pytest
from django.template.loader import render_to_string

from tests.e2e.conftest import scrolls_sideways, violations


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_an_empty_comment_is_refused_with_its_field_and_a_good_one_gets_a_reference(
    demo, visit, width, javascript
):
    page = visit(demo.url + "/feedback/", width=width, javascript=javascript)
    send = page.locator("main form button[type=submit]")
    page.locator("textarea").fill("   ")
    page.get_by_label("Email").fill("not an address")
    send.click()

    assert page.title().startswith("Error:")
    summary = page.locator(".govuk-error-summary a")
    assert summary.count() >= 2
    for link in summary.all():
        assert page.locator(link.get_attribute("href")).count() == 1
    assert page.get_by_label("Email").input_value() == "not an address"
    if javascript:
        assert violations(page) == []

    page.get_by_label("Something helped me").check()
    page.locator("textarea").fill("The drop-in page told us what to bring.")
    page.get_by_label("Email").fill("")
    send.click()

    assert page.locator("h1").inner_text() == "Thank you"
    if javascript:
        assert violations(page) == []
        assert not scrolls_sideways(page)


def test_a_form_that_has_expired_says_what_to_do(demo, visit):
    page = visit(demo.url + "/feedback/")
    page.get_by_label("Something helped me").check()
    page.locator("textarea").fill("Thank you.")
    page.context.clear_cookies()
    page.locator("main form button[type=submit]").click()

    assert "cookies" in page.inner_text("main")
    assert violations(page) == []


@pytest.mark.parametrize("name", ["server_error", "bad_request"])
def test_a_page_without_a_site_around_it_reads_well(demo, visit, name):
    html = render_to_string(f"pages/{name}.html")
    page = visit(demo.url + "/other-ways/")
    page.route("**/fault", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(demo.url + "/fault")

    assert page.locator("h1").is_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)


@pytest.mark.parametrize(
    ("address", "listing"),
    [
        ("/news/autism-strategy-survey-2023/", "/admin/pages/search/"),
        ("/find-help/service/golden-gate-families/", "/admin/directory/services/"),
    ],
)
def test_what_was_taken_down_says_so_and_where_else_to_look(demo, visit, address, listing):
    """In Herefordshire, where no other test looks."""
    here = demo.herefordshire
    title = visit(here + address).locator("h1").inner_text()
    page = visit(here + "/admin/", width=1280)
    page.get_by_label("Email address").fill("administrator@example.org")
    page.get_by_label("Password", exact=True).fill("demonstration only")
    page.get_by_role("button", name="Sign in").click()
    edit = page.locator("tr").filter(has_text=title).locator("a[href*='/edit/']").first
    for _ in range(60):  # the admin's own search hears of a new page by a task
        page.goto(f"{here}{listing}?q={title}")
        if edit.count():
            break
        page.wait_for_timeout(500)
    page.goto(here + edit.get_attribute("href").replace("/edit/", "/unpublish/"))
    page.locator("main form [type=submit]").first.click()

    gone = visit(here + address)

    assert "took" in gone.inner_text("main")
    assert gone.locator("main a").count()
    assert violations(gone) == []
    assert not scrolls_sideways(gone)
