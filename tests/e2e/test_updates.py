"""Following, as a family meets it: from the form to the mail in the folder and out again."""

import email
import email.policy
import re
import time
import urllib.parse
import urllib.request

import pytest

from tests.e2e.conftest import scrolls_sideways, violations

MAIL_WITHIN = 60  # seconds, on a busy machine
PASSWORD = "demonstration only"


def mails(demo, address):
    """The mails in the demonstration's folder for an address, the oldest first."""
    files = sorted((demo.data / "mail").rglob("*.eml"), key=lambda file: file.stat().st_mtime)
    read = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files
    ]
    return [mail for mail in read if address in mail["To"]]


def next_mail(demo, address, *, after):
    """The mail that comes to an address after so many others."""
    deadline = time.monotonic() + MAIL_WITHIN
    while time.monotonic() < deadline:
        found = mails(demo, address)
        if len(found) > after:
            return found[after]
        time.sleep(0.3)
    pytest.fail(f"no mail number {after + 1} came to {address}")


def link_in(mail, part):
    """The first address in a mail's plain text with this in it."""
    text = mail.get_body(("plain",)).get_content()
    return re.search(rf"https?://\S*/updates/{part}/\S+", text)[0]


def fine(page):
    """What a page must be at every step."""
    assert violations_of(page) == []
    assert page.locator("h1").count() == 1


def violations_of(page):
    if not page.context.has_javascript:
        return []
    assert not scrolls_sideways(page)
    return violations(page)


@pytest.fixture
def go(visit):
    """Open a page with or without JavaScript, at the width of a phone."""

    def open_page(url, *, javascript):
        page = visit(url, javascript=javascript)
        page.context.has_javascript = javascript
        fine(page)
        return page

    return open_page


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def javascript(request):
    return request.param


def sign_up(demo, go, address, *, javascript):
    page = go(f"{demo.url}/updates/", javascript=javascript)
    page.get_by_role("button", name="Sign up for updates").click()
    page.get_by_label("The whole Local Offer").check()
    page.get_by_label("5 to 10: primary school").check()
    page.get_by_label("Once a week").check()
    page.get_by_label("Your email address").fill(address)
    fine(page)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("heading", name="Check your email").wait_for()
    fine(page)
    confirmation = next_mail(demo, address, after=0)
    page.goto(link_in(confirmation, "confirm"))
    fine(page)
    page.get_by_role("button", name="Yes, start my updates").click()
    page.get_by_text("You get our updates now").wait_for()
    fine(page)
    return page


def test_nothing_chosen_is_said_in_the_summary_and_by_the_field(demo, go, javascript):
    page = go(f"{demo.url}/updates/sign-up/", javascript=javascript)

    page.get_by_role("button", name="Sign up").click()

    summary = page.locator(".govuk-error-summary")
    assert summary.get_by_role("link", name="Choose at least one subject").is_visible()
    assert summary.get_by_role("link", name="Enter your email address").is_visible()
    fine(page)


def test_a_family_signs_up_hears_follows_leaves_and_comes_back(demo, go, visit):
    addresses = {True: "with.script@example.org", False: "without.script@example.org"}
    for javascript, address in addresses.items():
        sign_up(demo, go, address, javascript=javascript)

    approve_the_waiting_edition(demo, visit)

    for javascript, address in addresses.items():
        edition = next_mail(demo, address, after=1)
        assert edition["Subject"].startswith("Weekly update: Saturday")
        assert edition["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        follow_a_page(demo, go, address, javascript=javascript)
        leave_and_come_back(go, edition, javascript=javascript)


def approve_the_waiting_edition(demo, visit):
    page = visit(f"{demo.url}/accounts/login/", width=1280)
    page.get_by_label("Email").fill("administrator@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button[type=submit]").last.click()
    page.wait_for_url("**/admin/")
    page.get_by_role("link", name=re.compile("Weekly update")).first.click()
    page.get_by_role("button", name=re.compile("Approve: send it")).click()
    page.get_by_text("Approved. It is sent at its time.").wait_for()


def follow_a_page(demo, go, address, *, javascript):
    page = go(f"{demo.url}/guides/ehc-plans/", javascript=javascript)
    page.get_by_role("link", name="Follow this").click()
    page.get_by_label("Every day").check()
    page.get_by_label("Your email address").fill(address)
    fine(page)
    page.get_by_role("button", name="Follow").click()
    page.goto(link_in(next_mail(demo, address, after=2), "confirm"))
    page.get_by_role("button", name="Yes, start my updates").click()
    assert page.get_by_role("heading", name="What you follow").is_visible()
    assert page.get_by_text("Every day there is something new").is_visible()
    fine(page)
    page.get_by_role("button", name="Change what you get").click()
    fine(page)
    page.go_back()
    page.get_by_role("link", name="Pause your updates for a while").click()
    fine(page)
    page.get_by_label("2 weeks").check()
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("Your updates are paused").wait_for()
    fine(page)
    page.get_by_role("button", name="Start again now").click()
    page.get_by_role("link", name="Delete all that we hold about you").click()
    fine(page)


def leave_and_come_back(go, edition, *, javascript):
    """By the link in the mail, and then by the mail program's own button.

    The mail told of one subject: that is what its addresses end.
    """
    page = go(link_in(edition, "leave"), javascript=javascript)
    page.get_by_role("button", name="Stop this").click()
    page.get_by_role("heading", name="You have stopped").wait_for()
    fine(page)
    page.get_by_role("button", name="Get it again").click()
    page.get_by_role("button", name="Stop this").wait_for()
    fine(page)

    url = re.search(r"<(http[^>]+)>", edition["List-Unsubscribe"])[1]
    body = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    for _again in range(2):
        with urllib.request.urlopen(url, body) as response:
            assert (response.status, response.url) == (200, url)
            assert "Set-Cookie" not in response.headers

    page.reload()
    page.get_by_role("heading", name="You have stopped").wait_for()
    page.get_by_role("button", name="Get it again").click()
    page.get_by_role("button", name="Stop this").wait_for()
