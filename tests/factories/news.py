import datetime

from localoffer.news.models import NewsIndexPage, NewsPage
from localoffer.pages import actions
from tests.factories.pages import make_page


def make_index(home, **fields):
    """The news of an authority, below its home page."""
    return make_page(home, NewsIndexPage, **{"title": "News", "slug": "news", **fields})


def make_story(parent, *, published_at=None, **fields):
    """A news story that may be published."""
    defaults = {
        "title": "New school in Malvern",
        "summary": "A special school was approved on 3 March 2023.",
        "event_date": datetime.date(2023, 3, 3),
    }
    story = NewsPage(**{**defaults, **fields})
    return actions.add(parent=parent, page=story, published_at=published_at)


def make_stories(parent, number, **fields):
    return [
        make_story(parent, title=f"Story {n}", slug=f"story-{n}", **fields)
        for n in range(1, number + 1)
    ]
