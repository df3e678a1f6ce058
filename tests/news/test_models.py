import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from localoffer.news.models import NewsPage
from localoffer.taxonomy.models import Audience, Topic
from tests.factories.news import make_index, make_stories, make_story
from tests.factories.pages import make_initiative, make_page, text

TODAY = timezone.localdate()


@pytest.fixture
def index(home):
    return make_index(home)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Announced today"},
        {"summary": "Free events this week."},
        {"body": text("<p>It was announced this morning by the Department.</p>")},
        {"body": [("details", {"summary": "More", "content": "<p>Opening soon.</p>"})]},
    ],
)
def test_a_relative_date_cannot_be_published_without_an_explicit_one(index, fields):
    with pytest.raises(ValidationError, match="Write the date in the same paragraph"):
        make_story(index, **fields)

    assert not NewsPage.objects.filter(live=True).exists()


def test_a_relative_date_beside_an_explicit_one_can_be_published(index):
    story = make_story(
        index, body=text("<p>It was announced this morning, 3 March 2023, by the Department.</p>")
    )

    assert story.live


def test_a_draft_may_say_today(index):
    draft = make_page(index, NewsPage, publish=False, title="Today")

    assert not draft.live


@pytest.mark.parametrize("number", [1, 50])
@pytest.mark.parametrize(("query", "most"), [("", 0), ("?page=2", 0), ("?year=2023", 2)])
def test_the_index_asks_few_queries_however_many_stories(
    client, index, number, query, most, django_assert_max_num_queries
):
    make_stories(index, number)
    client.get(f"/news/{query}")

    with django_assert_max_num_queries(most):
        html = client.get(f"/news/{query}").content.decode()

    assert html.count('class="lo-list__item"') == min(number, 10)


@pytest.mark.parametrize("related", [1, 50])
def test_a_story_asks_six_queries_at_first_and_then_none(
    client, home, index, django_assert_num_queries, django_assert_max_num_queries, related
):
    pages = [make_page(home, title=f"Page {n}", slug=f"page-{n}") for n in range(related)]
    links = "".join(f'<a linktype="page" id="{page.pk}">{page.title}</a>' for page in pages)
    make_story(
        index,
        slug="story",
        body=text(f"<p>{links}</p>"),
        initiative=make_initiative(home),
        related=[("page", page) for page in pages],
    )
    with django_assert_max_num_queries(6):
        client.get("/news/story/")

    with django_assert_num_queries(0):
        html = client.get("/news/story/").content.decode()

    assert html.count('href="/page-') == 2 * related
    assert "Delivering Better Value in SEND" in html


def test_pinned_stories_stay_at_the_top_until_their_day(client, index):
    make_story(index, title="Newest", slug="n", event_date=datetime.date(2023, 5, 1))
    make_story(index, title="Pinned", slug="p", pinned_until=TODAY)
    make_story(
        index, title="Once pinned", slug="o", pinned_until=TODAY - datetime.timedelta(days=1)
    )

    stories = client.get("/news/").context["stories"]

    assert [story.title for story in stories] == ["Pinned", "Newest", "Once pinned"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?year=2023", ["In 2023"]),
        ("?year=2022", ["In 2022"]),
        ("?year=1999", []),
        ("?year=nonsense", ["In 2023", "In 2022"]),
        ("?topic=transport", ["In 2022"]),
        ("?topic=%27%3B--", ["In 2023", "In 2022"]),
        ("?audience=parents", ["In 2023"]),
        ("?page=99", ["In 2023", "In 2022"]),
    ],
)
def test_the_archive_goes_by_year_topic_and_audience(client, index, query, titles):
    make_story(index, title="In 2023", slug="a", audiences=Audience.objects.filter(code="parents"))
    make_story(
        index,
        title="In 2022",
        slug="b",
        event_date=datetime.date(2022, 3, 3),
        topics=Topic.objects.filter(code="transport"),
    )

    response = client.get(f"/news/{query}")

    assert [story.title for story in response.context["stories"]] == titles


def test_news_is_never_deleted(admin, home, index):
    story = make_story(index)

    with pytest.raises(ProtectedError, match="Unpublish it instead"):
        story.delete()
    for page in [story, index]:
        admin.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    admin.post(f"{bulk}?id={story.pk}&next=/admin/")

    assert NewsPage.objects.filter(pk=story.pk).exists()


def test_a_story_taken_down_keeps_its_address_and_says_so(client, index):
    story = make_story(index, slug="story")
    story.unpublish()

    response = client.get("/news/story/")

    assert response.status_code == 410
    assert b"This news was taken down" in response.content
    assert story.title.encode() not in response.content


def test_an_old_story_says_that_it_is_old(client, index):
    make_story(index, slug="old")
    make_story(index, slug="new", event_date=TODAY)

    assert b"Things may have changed since" in client.get("/news/old/").content
    assert b"Things may have changed since" not in client.get("/news/new/").content


@pytest.mark.parametrize(
    ("opens", "closes", "status"),
    [
        (-2, 2, "Open"),
        (None, 2, "Open"),
        (1, 2, "Coming"),
        (-2, -1, "Closed"),
        (None, None, None),
    ],
)
def test_open_and_closed_follow_from_the_clock(opens, closes, status):
    now = timezone.now()
    at = {
        name: now + datetime.timedelta(days=days)
        for name, days in [("opens", opens), ("closes", closes)]
        if days is not None
    }

    assert NewsPage(event_date=TODAY, **at).status.get("text") == status


def test_a_closing_time_is_told_so_that_nobody_is_a_day_out():
    end_of_friday = timezone.make_aware(datetime.datetime(2023, 4, 28, 23, 59))  # noqa: DTZ001
    at_eleven = timezone.make_aware(datetime.datetime(2023, 5, 14, 23, 0))  # noqa: DTZ001

    assert NewsPage(closes=end_of_friday).closing_words == "the end of Friday 28 April 2023"
    assert NewsPage(closes=at_eleven).closing_words == "11:00 p.m. on Sunday 14 May 2023"
