"""A young person answers a survey on a phone, and an officer makes one: as they really do it."""

import re
from datetime import date, timedelta

import pytest

from tests.e2e.conftest import LAW, scrolls_sideways, violations


def looked_at(page, *, javascript):
    """The page as it stands is without fault, as far as a machine can tell."""
    if javascript:
        assert violations(page) == [], page.url
        assert not scrolls_sideways(page), page.url
    assert page.locator("h1").count() == 1, page.url


def go_on(page, *, javascript):
    page.get_by_role("button", name="Continue").click()
    looked_at(page, javascript=javascript)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_person_answers_leaves_comes_back_sends_and_takes_it_back(demo, visit, width, javascript):
    how = {"width": width, "javascript": javascript}
    page = visit(demo.url + "/have-your-say/", **how)
    page.get_by_role("link", name="What do you think of the Local Offer?").click()
    page.locator("main").get_by_role("link", name="For young people", exact=True).click()
    looked_at(page, javascript=javascript)
    page.get_by_role("button", name="Start").click()
    looked_at(page, javascript=javascript)
    page.get_by_label("Yes, from family").check()
    go_on(page, javascript=javascript)
    page.get_by_role("textbox", name=re.compile("What help do you need")).fill("Help with buses")
    page.get_by_role("button", name="Save and come back later").click()
    looked_at(page, javascript=javascript)
    page.get_by_role("button", name="Give me a code").click()
    looked_at(page, javascript=javascript)
    code = page.locator(".govuk-panel strong").inner_text()
    assert re.fullmatch(r"\S{4}-\S{4}-\S{4}", code)

    other = visit(demo.url + "/have-your-say/come-back/", **how)
    other.get_by_label("Your code").fill(code.lower())
    go_on(other, javascript=javascript)
    other.get_by_label("Pictures").check()
    other.get_by_label("Video").check()
    for _ in range(4):
        go_on(other, javascript=javascript)
    assert other.get_by_role("heading", level=1).inner_text() == "Check your answers"
    for words in ["Yes, from family", "Help with buses", "Pictures", "No answer"]:
        assert other.get_by_text(words, exact=True).count(), words
    other.get_by_role("button", name="Send my answers").click()
    looked_at(other, javascript=javascript)
    receipt = other.locator(".govuk-panel strong").inner_text()
    other.get_by_role("button", name="Finish").click()

    other.goto(demo.url + "/have-your-say/receipt/")
    other.get_by_label("Your code").fill(receipt)
    go_on(other, javascript=javascript)
    other.get_by_role("button", name="Take my answers back").click()
    looked_at(other, javascript=javascript)
    assert other.get_by_text("Your answers are taken back and deleted").is_visible()
    assert [*page.faults, *other.faults] == []


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_wrong_is_said_at_the_top_and_by_the_field(demo, visit, javascript):
    page = visit(demo.url + "/have-your-say/come-back/", javascript=javascript)
    page.get_by_label("Your code").fill("7K3M-9Q2X-4T8A")
    go_on(page, javascript=javascript)

    assert page.title().startswith("Error:")
    assert page.locator(".govuk-error-summary").is_visible()
    assert page.get_by_label("Your code").input_value() == "7K3M-9Q2X-4T8A"


@pytest.mark.parametrize("double", ["dblclick", "back"])
def test_sending_twice_is_one_answer_with_one_receipt(demo, visit, double):
    page = visit(demo.url + "/have-your-say/answer/local-offer-review/schools/", javascript=False)
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Agree", exact=True).first.check()
    for _ in range(6):
        page.get_by_role("button", name="Continue").click()
    send = page.get_by_role("button", name="Send my answers")
    if double == "dblclick":
        send.dblclick()
        receipt = page.locator(".govuk-panel strong").inner_text()
        page.goto(demo.url + "/have-your-say/answer/local-offer-review/schools/check/")
    else:
        send.click()
        receipt = page.locator(".govuk-panel strong").inner_text()
        page.go_back()

    assert page.locator(".govuk-panel strong").inner_text() == receipt


def test_an_officer_makes_a_survey_and_is_told_what_is_in_the_way(demo, visit):
    page = visit(demo.url + "/admin/consultations/new/", width=1280)
    page.get_by_label("Email address").fill("officer@example.org")
    page.get_by_label("Password", exact=True).fill("demonstration only")
    page.get_by_role("button", name="Sign in").click()
    first = date.today() + timedelta(days=10)  # noqa: DTZ011  as a person reads a calendar
    page.get_by_label("Title").fill("New playground")
    page.get_by_label("Summary").fill("What should a playground for all children have?")
    for label, day in [
        ("First day", first),
        ("Last day", first + timedelta(days=40)),
        ("Results promised by", first + timedelta(days=80)),
    ]:
        page.get_by_label(label).fill(day.isoformat())
    page.get_by_label("Title").press("Enter")  # the calendar of the last box lies over the button
    page.wait_for_url("**/edit/**")
    page.get_by_text("Nobody can answer yet.").wait_for()
    page.get_by_role("link", name="Add a survey").first.click()
    page.get_by_label("Whom it is for").fill("For everybody")
    page.get_by_role("button", name="Create").click()

    page.get_by_role("link", name="Choose one", exact=True).click()
    page.get_by_label("The question").fill("Do you use a playground now?")
    page.get_by_label("What people choose from, 1").fill("Yes")
    page.get_by_label("What people choose from, 2").fill("No")
    page.get_by_role("button", name="Save the question").click()
    page.get_by_role("link", name="Their own words, several lines").click()
    page.get_by_label("The question").fill("What stands in the way?")
    page.get_by_label("Ask it only if, 1").select_option(
        label="Do you use a playground now? — is “No”"
    )
    page.get_by_role("button", name="Save the question").click()
    page.get_by_text("Asked only if “Do you use a playground now?” is “No”").wait_for()
    assert violations(page, LAW) == []

    page.get_by_role("link", name="Test it as people will meet it").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("What stands in the way?")
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Back to New playground").click()
    page.get_by_role("link", name="Check it and open it").click()
    page.get_by_text("Say on the page who decides.").wait_for()
    assert violations(page, LAW) == []
    assert page.get_by_role("button", name="Open it").count() == 0


@pytest.mark.parametrize(
    "act", ["edit", "move", "promise", "answers", "results", "decide", "count"]
)
def test_axe_finds_nothing_on_the_officers_pages(demo, visit, act):
    page = visit(demo.url + "/admin/consultations/", width=360)
    page.get_by_label("Email address").fill("officer@example.org")
    page.get_by_label("Password", exact=True).fill("demonstration only")
    page.get_by_role("button", name="Sign in").click()
    row = page.locator("table a[href*='/edit/']", has_text="What do you think").first
    assert page.goto(demo.url + row.get_attribute("href").replace("/edit/", f"/{act}/")).ok

    assert violations(page, LAW) == []
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_young_person_answers_in_easy_read_on_a_phone(demo, visit, javascript):
    page = visit(demo.url + "/have-your-say/local-offer-review/", width=360, javascript=javascript)
    page.locator("main").get_by_role("link", name=re.compile("Easy Read version")).click()
    looked_at(page, javascript=javascript)
    page.get_by_role("button", name="Start").click()
    looked_at(page, javascript=javascript)
    page.get_by_role("img", name="Two people side by side.").wait_for()
    page.get_by_label("Yes").check()
    go_on(page, javascript=javascript)
    go_on(page, javascript=javascript)
    page.get_by_label("Video").check()
    page.get_by_role("checkbox", name="Another way").check()
    page.get_by_label(re.compile("say which")).fill("By letter")
    go_on(page, javascript=javascript)
    page.get_by_role("link", name="Answer in another version").click()
    looked_at(page, javascript=javascript)
    assert page.get_by_text("1 of your answers is asked again").is_visible()
    page.get_by_role("button", name=re.compile("Change to this")).click()
    looked_at(page, javascript=javascript)
    page.get_by_label("Yes, from family").check()
    for _ in range(6):
        go_on(page, javascript=javascript)
    assert page.get_by_text("Other: By letter").is_visible()
    page.get_by_role("button", name="Send my answers").click()
    looked_at(page, javascript=javascript)
