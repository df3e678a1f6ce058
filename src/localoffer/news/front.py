"""The stories that the home page and the hub show: chosen by the clock from a few that are kept."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from localoffer.authority import kept
from localoffer.news.models import NewsPage
from localoffer.pages import tree

NEWEST_KEPT = 30  # more than any front page shows
BYTES_EACH = 3_000


@dataclass(frozen=True)
class Front:
    """What a front page may show until anything is published: ``NewsQuerySet.front``."""

    stories: list[NewsPage]

    def open_or_coming(self, *, now: datetime) -> list[NewsPage]:
        """Stories of what people can take part in, or that have not happened yet, by date."""
        ahead = [story for story in self.stories if story.lies_ahead(now=now)]
        return sorted(ahead, key=lambda story: (story.event_date, story.pk))

    def outcomes(self, number: int) -> list[NewsPage]:
        """What came of something, the newest first."""
        return [story for story in self.stories if story.is_outcome][:number]

    def latest(self, number: int, *, now: datetime, told=()) -> list[NewsPage]:
        """The newest stories, pinned ones first, without those that are told elsewhere."""
        today, told = timezone.localdate(now), {story.pk for story in told}
        rest = [story for story in self.stories if story.pk not in told]
        return sorted(rest, key=lambda story: not story.is_pinned(on=today))[:number]


def of(authority) -> Front:
    """The front of an authority's news: one query after a change, and otherwise none."""

    def read():
        stories = NewsPage.objects.of_authority(authority).front(NEWEST_KEPT, now=timezone.now())
        return Front(tree.of(authority).place(stories.to_list()))

    return kept.get(
        ("front", authority.pk), read, size=lambda front: BYTES_EACH * len(front.stories)
    )
