from datetime import datetime, time
from hashlib import sha256

from django.db.models import Count, Max
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import condition, require_safe

from localoffer.news.models import NewsPage

STORIES_IN_THE_FEED = 30


def _stories(request):
    if request.authority is None:
        return NewsPage.objects.none()
    return NewsPage.objects.of_authority(request.authority).newest_first()


def _state(request):
    """How many stories there are and when one last changed: once for both headers."""
    if not hasattr(request, "_news_state"):
        found = _stories(request).order_by()
        request._news_state = found.aggregate(  # noqa: SLF001  kept for this request only
            number=Count("pk"), changed=Max("last_published_at"), newest=Max("pk")
        )
    return request._news_state  # noqa: SLF001


def _etag(request):
    state = "|".join(str(value) for value in _state(request).values())
    return f'"{sha256(f"{request.get_host()}|{state}".encode()).hexdigest()[:32]}"'


def _last_modified(request):
    return _state(request)["changed"]


@require_safe
@condition(etag_func=_etag, last_modified_func=_last_modified)
def atom(request):
    """The latest stories as an Atom feed. An entry keeps its id for ever."""
    authority = request.authority
    root = authority.root_url if authority else ""
    title = f"News from {authority.title}" if authority else "News"
    feed = Atom1Feed(
        title=title,
        link=f"{root}/news/",
        description="",
        language="en-GB",
        feed_url=f"{root}{reverse('news:feed')}",
        author_name=authority.council if authority else "",
        feed_guid=f"{root}{reverse('news:feed')}",
    )
    stories = _stories(request).defer_streamfields()[:STORIES_IN_THE_FEED]
    for story in stories:
        published = story.first_published_at or _midnight(story.event_date)
        feed.add_item(
            title=story.title,
            link=f"{root}{story.get_url(request)}",
            description=story.summary,
            unique_id=f"urn:uuid:{story.translation_key}",
            pubdate=published,
            updateddate=story.last_published_at or published,
            categories=[story.get_kind_display()],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time()))
