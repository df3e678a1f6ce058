from xml.etree import ElementTree as ET

import pytest

from localoffer.pages import actions
from tests.factories.news import make_index, make_stories, make_story
from tests.factories.pages import make_site

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def index(home):
    return make_index(home)


def entries(response):
    return ET.fromstring(response.content).findall(f"{ATOM}entry")  # noqa: S314  our own


def test_the_feed_holds_this_authoritys_latest_stories(client, index):
    make_story(index, title="Bases & buses", slug="bases")
    _other, their_home = make_site(
        name="Loamshire", hostname="loamshire.example", gss_code="E10000998"
    )
    make_story(make_index(their_home), title="Theirs")

    response = client.get("/news/feed.atom")

    found = entries(response)
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert [entry.findtext(f"{ATOM}title") for entry in found] == ["Bases & buses"]
    assert found[0].find(f"{ATOM}link").get("href") == "http://testserver/news/bases/"


def test_an_entry_keeps_its_id_when_its_title_and_address_change(client, index):
    story = make_story(index, slug="before")
    before = entries(client.get("/news/feed.atom"))[0].findtext(f"{ATOM}id")

    story.title, story.slug = "After", "after"
    actions.publish(story)

    after = entries(client.get("/news/feed.atom"))[0]
    assert after.findtext(f"{ATOM}title") == "After"
    assert after.findtext(f"{ATOM}id") == before
    assert before.startswith("urn:uuid:")


def test_a_reader_that_has_the_latest_is_sent_nothing_again(client, index):
    story = make_story(index)
    tag = client.get("/news/feed.atom").headers["ETag"]

    assert client.get("/news/feed.atom", headers={"if-none-match": tag}).status_code == 304

    story.summary = "Approved on 4 March 2023."
    actions.publish(story)
    assert client.get("/news/feed.atom", headers={"if-none-match": tag}).status_code == 200
    tag = client.get("/news/feed.atom").headers["ETag"]
    story.unpublish()
    assert client.get("/news/feed.atom", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("number", [1, 40])
def test_the_feed_asks_the_same_number_of_queries_however_many_stories(
    client, index, number, django_assert_num_queries
):
    make_stories(index, number)
    client.get("/news/feed.atom")

    with django_assert_num_queries(2):
        response = client.get("/news/feed.atom")

    assert len(entries(response)) == min(number, 30)
    assert "Cookie" not in response.headers.get("Vary", "")
