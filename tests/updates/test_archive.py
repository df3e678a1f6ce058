from datetime import timedelta
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from localoffer.updates import expanding, windows
from localoffer.updates.models import Edition, EditionItem, UpdatesPage
from tests.factories.directory import make_service
from tests.factories.pages import make_page
from tests.factories.updates import (
    SATURDAY,
    item_of,
    make_approved,
    make_bare_edition,
    make_news,
)

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def edition(authority, index, bells, writer, approver):
    make_news(index, "A new bell")
    made = make_approved(authority, by=writer, then_by=approver)
    expanding.send_edition(made.pk)
    made.refresh_from_db()
    return made


def test_how_to_get_updates_is_said_before_there_is_anything(client, authority, home):
    html = client.get("/updates/").content.decode()

    assert "Sign up for updates" in html
    assert "None has been sent yet" in html


def test_an_editor_may_write_that_page(client, home, edition):
    words = [("text", "<p>Come to our desk on Mondays.</p>")]
    make_page(home, UpdatesPage, title="How to hear from us", slug="updates", body=words)

    html = client.get("/updates/").content.decode()

    assert "How to hear from us" in html
    assert "Come to our desk on Mondays." in html
    assert str(edition) in html
    assert "Sign up for updates" in html


def test_a_sent_edition_is_a_page_with_an_archive(client, edition):
    page = client.get(edition.get_absolute_url())
    archive = client.get("/updates/editions/").content.decode()

    assert "A new bell" in page.content.decode()
    assert edition.get_absolute_url() in archive
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("state", ["draft", "waiting", "approved", "empty", "cancelled"])
def test_an_edition_that_was_not_sent_is_nobodys_to_read(client, authority, home, state):
    edition = make_bare_edition(authority, state=state)

    assert client.get(edition.get_absolute_url()).status_code == 404
    assert str(edition) not in client.get("/updates/editions/").content.decode()


@pytest.mark.parametrize(
    "slug", ["weekly", "weekly-", "weekly-2026-02-30", "hourly-2026-02-28", "weekly-2026-02-21"]
)
def test_there_is_no_other_edition(client, edition, slug):
    assert client.get(f"/updates/editions/{slug}/").status_code == 404


def test_an_edition_has_one_address(client, edition):
    response = client.get("/updates/editions/weekly-20260228/")

    assert (response.status_code, response["Location"]) == (301, edition.get_absolute_url())


def test_another_authoritys_edition_is_not_here(client, neighbour, home):
    theirs = make_bare_edition(neighbour, state="sent", sent_at=timezone.now())

    assert client.get(theirs.get_absolute_url()).status_code == 404


def test_what_was_taken_down_since_is_named_without_a_link(client, index, edition):
    EditionItem.objects.update(summary="It rings in C.", note="In D before.")
    assert "It rings in C." in client.get(edition.get_absolute_url()).content.decode()
    index.get_children().first().specific.unpublish()

    page = BeautifulSoup(client.get(edition.get_absolute_url()).content, "html.parser")

    assert "A new bell" in page.text
    assert "This is no longer on the site" in page.text
    assert not page.find("a", string="A new bell")
    assert "It rings in C." not in page.text
    assert "In D before." not in page.text


def test_the_feed_has_every_edition_and_keeps_its_ids(client, edition):
    response = client.get("/updates/editions/feed.atom")

    feed = ElementTree.fromstring(response.content)  # noqa: S314  it is our own
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}id").text == f"urn:uuid:{edition.uuid}"
    assert entry.find(f"{ATOM}title").text == "Weekly update: Saturday 28 February 2026"
    assert "A new bell" in entry.find(f"{ATOM}summary").text
    again = client.get("/updates/editions/feed.atom", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_days_are_pages_and_not_in_the_archive(client, authority, home):
    day = windows.ending_on("daily", SATURDAY.day)
    daily = make_bare_edition(authority, day, state="sent", sent_at=timezone.now())

    assert client.get(daily.get_absolute_url()).status_code == 200
    assert str(daily) not in client.get("/updates/editions/").content.decode()


def test_the_archive_and_an_edition_cost_the_same_for_one_and_many(
    client, authority, index, bells, writer, approver
):
    costs = []
    for weeks in range(4):
        window = windows.ending_on("weekly", SATURDAY.day - timedelta(weeks=weeks))
        for number in range(1 + 3 * weeks):
            make_news(index, f"Story {weeks} {number}", at=window.starts)
        made = make_approved(authority, by=writer, then_by=approver, window=window)
        expanding.send_edition(made.pk)
        client.get(made.get_absolute_url())  # the tree is in memory from here on
        with CaptureQueriesContext(connection) as asked:
            client.get(made.get_absolute_url())
            client.get("/updates/editions/")
        costs.append(len(asked))

    assert len(set(costs)) == 1


def test_every_page_and_service_can_be_followed(client, authority, home, bells):
    page = make_page(home)
    service = make_service(authority)

    for url, item in [
        (page.url, item_of(page)),
        (service.get_absolute_url(), None),
    ]:
        html = client.get(url).content.decode()
        assert "/updates/follow/" in html
        if item:
            assert f"/updates/follow/{item.shown_reference}/" in html


def test_robots_are_kept_from_the_forms(client, authority, home):
    assert "Disallow: /updates/follow/" in client.get("/robots.txt").content.decode()


def test_titles_say_which_time_they_are_of(authority):
    for window, title in [
        (SATURDAY, "Weekly update: Saturday 28 February 2026"),
        (windows.ending_on("monthly", SATURDAY.day.replace(day=1)), "Monthly update: January 2026"),
        (windows.ending_on("daily", SATURDAY.day), "Daily update: Saturday 28 February 2026"),
    ]:
        assert (
            Edition(frequency=window.frequency, day=window.day, starts=window.starts).title == title
        )
