"""Find help as a family meets it: every state of its page, by keyboard, and without JavaScript."""

import json

import pytest

from tests.e2e.conftest import scrolls_sideways, violations
from tests.e2e.find_help import FOUND, STATES

SUGGESTED = [
    {"text": "Speech therapy", "label": "Topic", "query": "speech therapy"},
    {"text": "Larkbank Nursery", "label": "Service", "url": "/find-help/service/larkbank-nursery/"},
]


@pytest.mark.parametrize(("path", "shows"), STATES.values(), ids=STATES)
def test_every_state_is_there_without_javascript(demo, visit, path, shows):
    page = visit(demo.url + path, javascript=False)

    assert page.locator(shows).first.is_visible()


@pytest.fixture
def suggesting(demo, visit):
    """Open find help with suggestions of our own: ``suggesting(path, width=360)``."""

    def open_page(path="/find-help/", *, suggestions=SUGGESTED, status=200, width=360):
        page = visit(f"{demo.url}/healthz", width=width)
        page.asked = []

        def fulfil(route):
            page.asked.append(route.request.url)
            body = json.dumps({"suggestions": suggestions})
            route.fulfill(status=status, content_type="application/json", body=body)

        page.route("**/find-help/suggest/*", fulfil)
        page.goto(demo.url + path)
        box = page.locator("[data-suggest]")
        if box.count() == 1:  # what suggests is loaded when somebody comes to the box
            box.focus()
            page.locator("[data-suggest][role=combobox]").wait_for()
        return page

    return open_page


@pytest.mark.parametrize("path", ["/find-help/", "/", FOUND])
def test_suggestions_are_chosen_by_keyboard(demo, suggesting, path):
    page = suggesting(path)
    box, options = (
        page.get_by_role("combobox", name="What do you need"),
        page.locator(".lo-suggest:not([hidden]) [role=option]"),
    )

    box.fill("")
    box.press_sequentially("spe", delay=20)
    options.first.wait_for()
    assert page.get_by_role("combobox", name="What do you need", expanded=True).is_visible()
    assert page.get_by_text("2 suggestions.", exact=False).count() == 1
    assert box.get_attribute("aria-activedescendant") is None
    assert len(page.asked) == 1  # not one for each letter

    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.nth(0).get_attribute("id")
    assert options.nth(0).get_attribute("aria-selected") == "true"
    box.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowUp")
    assert options.nth(1).get_attribute("aria-selected") == "true"

    box.press("Escape")
    assert options.count() == 0  # none that is shown
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "spe"

    box.press("ArrowDown")
    options.first.wait_for()
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"{demo.url}/find-help/service/larkbank-nursery/")


def test_a_topic_searches_and_keeps_the_rest_of_the_form(demo, suggesting):
    page = suggesting("/find-help/?q=a&postcode=WR14&cost=free&what=services")
    box = page.locator("#q")

    box.fill("")
    box.press_sequentially("spe")
    page.get_by_role("option", name="Speech therapy").click()

    page.wait_for_url("**/find-help/?q=speech+therapy&postcode=WR14&what=services*&cost=free*")


def test_enter_searches_for_what_was_typed_while_suggestions_are_open(demo, suggesting):
    page = suggesting()
    box = page.locator("#q")

    box.press_sequentially("spe")
    page.locator(".lo-suggest:not([hidden]) [role=option]").first.wait_for()
    box.press("Enter")

    page.wait_for_url("**/find-help/?q=spe&*")


def test_leaving_the_box_closes_the_suggestions_and_forgets_them(suggesting):
    page = suggesting()
    box = page.locator("#q")
    box.press_sequentially("spe")
    page.locator(".lo-suggest:not([hidden]) [role=option]").first.wait_for()

    page.keyboard.press("Tab")

    assert page.locator(".lo-suggest:not([hidden]) [role=option]").count() == 0
    assert page.evaluate("document.activeElement.id") == "postcode"

    box.focus()
    box.press("ArrowDown")
    page.locator(".lo-suggest:not([hidden]) [role=option]").first.wait_for()
    assert len(page.asked) == 2


def test_the_box_works_when_no_suggestions_come(suggesting):
    page = suggesting(status=500)
    box = page.locator("#q")

    box.press_sequentially("speech")
    page.wait_for_timeout(400)
    assert page.locator(".lo-suggest:not([hidden]) [role=option]").count() == 0
    box.press("Enter")

    page.wait_for_url("**/find-help/?q=speech&*")
    assert page.locator("#results").is_visible()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/find-help/", "/"])
def test_axe_finds_nothing_with_suggestions_open(suggesting, path, width):
    page = suggesting(path, width=width)
    box = page.locator("input[data-suggest]")
    box.press_sequentially("spe")
    page.locator(".lo-suggest:not([hidden]) [role=option]").first.wait_for()
    box.press("ArrowDown")

    assert violations(page) == []
    assert not scrolls_sideways(page)
    assert page.faults == []


def test_the_server_suggests(demo, visit):
    page = visit(f"{demo.url}/find-help/")

    page.locator("#q").press_sequentially("speech")
    page.locator(".lo-suggest:not([hidden]) [role=option]").first.wait_for()

    first = page.locator(".lo-suggest:not([hidden]) [role=option]").first.inner_text()
    assert first.casefold().startswith("speech")
    assert page.faults == []


def test_without_javascript_the_form_searches_and_the_state_is_in_the_address(demo, visit):
    page = visit(f"{demo.url}/find-help/", javascript=False)

    page.locator("#q").fill("speech")
    page.locator("#postcode").fill("WR14 1AA")
    page.get_by_role("button", name="Search").click()
    assert page.locator("#results").is_visible()

    page.get_by_text("Filter these results").first.click()
    page.locator("#cost-free").check()
    page.get_by_role("button", name="Show results").click()
    assert "cost=free" in page.url
    results = page.url

    page.locator(".lo-find__list h3 a").first.click()
    assert page.locator("h1").is_visible()
    page.go_back()
    assert page.url == results
    assert page.locator("#q").input_value() == "speech"


def test_a_result_leads_back_to_the_results(demo, visit):
    page = visit(demo.url + FOUND)
    page.locator(".lo-find__list h3 a").first.click()

    back = page.get_by_role("link", name="Back to results")
    assert back.get_attribute("href") == demo.url + FOUND
    assert violations(page) == []
    back.click()

    page.wait_for_url(demo.url + FOUND)
    assert page.evaluate("document.activeElement.tagName") in {"A", "BODY"}


def test_the_way_back_leads_to_the_results_after_a_jump_within_the_page(demo, visit):
    page = visit(demo.url + FOUND)
    page.locator(".lo-find__list h3 a").first.click()
    page.evaluate("location.hash = 'main-content'")

    page.get_by_role("link", name="Back to results").click()

    page.wait_for_url(demo.url + FOUND)


@pytest.mark.parametrize("came_from", ["", "/", "/find-help/"])
def test_there_is_no_way_back_to_results_that_nobody_saw(demo, visit, came_from):
    page = visit(demo.url + (came_from or "/find-help/service/larkbank-nursery/"))
    if came_from:
        page.evaluate("location.assign('/find-help/service/larkbank-nursery/')")
        page.wait_for_url("**/larkbank-nursery/")

    assert not page.get_by_text("Back to results").is_visible()
