import datetime

import pytest
from django.utils import timezone

from localoffer.home.models import HubPage, LawPage
from localoffer.news.models import NewsPage
from localoffer.pages import actions
from localoffer.taxonomy.models import Duty
from tests.factories.news import make_index, make_stories, make_story
from tests.factories.pages import make_initiative, make_page, make_site

HUB = "/news-updates-and-feedback/"


@pytest.fixture
def hub(home):
    return make_page(
        home, HubPage, title="News, updates and feedback", slug="news-updates-and-feedback"
    )


@pytest.fixture
def index(home):
    return make_index(home)


def fill(home, index, number):
    now = timezone.now()
    day = datetime.timedelta(days=1)
    make_stories(index, number)
    for n in range(number):
        make_story(index, title=f"Open {n}", opens=now - day, closes=now + day)
        make_story(index, title=f"Coming {n}", event_date=timezone.localdate() + day)
        make_story(index, title=f"Result {n}", kind=NewsPage.Kind.RESULT)
        make_initiative(home, title=f"Programme {n}", ends=timezone.localdate() + day)


@pytest.mark.parametrize("number", [1, 50])
def test_the_hub_asks_no_query_after_the_first(
    client, home, index, hub, number, django_assert_num_queries, django_assert_max_num_queries
):
    fill(home, index, number)
    with django_assert_max_num_queries(8):
        client.get(HUB)

    with django_assert_num_queries(0):
        html = client.get(HUB).content.decode()

    for heading in ["Open now", "Coming up", "Latest news", "What came of it", "working on"]:
        assert heading in html


@pytest.mark.parametrize("number", [1, 50])
def test_the_home_page_asks_no_query_after_the_first(
    client, home, index, hub, number, django_assert_num_queries, django_assert_max_num_queries
):
    pages = [make_page(home, title=f"Task {n}", slug=f"task-{n}") for n in range(min(number, 9))]
    home.tasks = [("task", {"title": page.title, "page": page, "symbol": "bus"}) for page in pages]
    actions.publish(home)
    make_stories(index, number)
    with django_assert_max_num_queries(6):
        client.get("/")

    with django_assert_num_queries(0):
        html = client.get("/").content.decode()

    assert html.count('class="lo-card"') == len(pages)
    assert 'action="/find-help/"' in html


def test_sections_of_the_hub_appear_only_when_they_have_something(client, hub):
    html = client.get(HUB).content.decode()

    for heading in ["Open now", "Coming up", "Latest news", "What came of it", "working on"]:
        assert heading not in html
    assert "How to follow" in html


def test_the_hub_puts_each_story_where_the_clock_says(client, index, hub):
    now = timezone.now()
    day = datetime.timedelta(days=1)
    make_story(index, title="Closes last", opens=now - day, closes=now + 3 * day)
    make_story(index, title="Closes first", closes=now + day)
    make_story(index, title="Not open yet", opens=now + day, closes=now + 2 * day)
    make_story(index, title="Over", opens=now - 2 * day, closes=now - day)

    context = client.get(HUB).context

    assert [story.title for story in context["open_now"]] == ["Closes first", "Closes last"]
    assert [story.title for story in context["coming"]] == ["Not open yet"]


def test_the_hub_shows_nothing_of_another_authority(client, home, hub):
    _other, their_home = make_site(
        name="Loamshire", hostname="loamshire.example", gss_code="E10000998"
    )
    make_story(make_index(their_home), title="Theirs")
    make_initiative(their_home, title="Their programme")

    html = client.get(HUB).content.decode()

    assert "Theirs" not in html
    assert "Their programme" not in html


def test_what_the_law_asks_for_is_counted_and_gaps_are_shown(client, home):
    make_page(
        home,
        LawPage,
        title="How this site meets the law",
        slug="how-this-site-meets-the-law",
    )
    make_page(home, duties=Duty.objects.filter(code__in=["S2-01", "S2-02"]))
    make_page(home, title="Draft", publish=False, duties=Duty.objects.filter(code="S2-03a"))
    _other, their_home = make_site(
        name="Loamshire", hostname="loamshire.example", gss_code="E10000998"
    )
    make_page(their_home, duties=Duty.objects.filter(code="S2-03b"))

    response = client.get("/how-this-site-meets-the-law/")

    rows = response.context["coverage"].rows
    assert {row.duty.code for row in rows if not row.is_gap} == {"S2-01", "S2-02"}
    assert response.content.count(b"Nothing yet") == len(rows) - 2 > 30
    assert b"compliant" not in response.content.lower()


def test_no_page_of_this_app_sets_a_cookie_or_carries_a_form_that_posts(client, home, hub, index):
    make_page(home, LawPage, title="Law", slug="law")

    for address in ["/", HUB, "/law/"]:
        response = client.get(address)
        assert response.status_code == 200
        assert b"csrfmiddlewaretoken" not in response.content, address
        assert not response.cookies, address
        assert "Cookie" not in response.headers.get("Vary", ""), address
