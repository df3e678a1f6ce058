from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from localoffer.home.models import HubPage
from localoffer.pagecache import BEGAN, UNTIL
from localoffer.pages import freshness
from tests.cached import CachedSite
from tests.factories.news import make_index, make_story
from tests.factories.pages import make_alert, make_page

HUB = "/news-updates-and-feedback/"
MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Around the nights on which the clocks of London go forward, and back.
NIGHTS = [
    datetime(2026, 11, 24, 12, tzinfo=UTC),
    datetime(2027, 3, 27, 23, 58, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 58, tzinfo=UTC),
    datetime(2027, 3, 28, 22, 58, tzinfo=UTC),
    datetime(2026, 10, 24, 22, 58, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 58, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 58, tzinfo=UTC),
    datetime(2026, 10, 25, 23, 58, tzinfo=UTC),
]


@pytest.fixture
def news(home):
    make_page(home, HubPage, title="News, updates and feedback", slug=HUB.strip("/"))
    return make_index(home)


@pytest.fixture
def public(monkeypatch, request):
    return CachedSite(monkeypatch=monkeypatch, now=getattr(request, "param", NOW))


def test_a_page_is_true_until_the_first_of_what_it_was_told():
    request = RequestFactory().get("/", **{BEGAN: NOW.timestamp()})

    freshness.until(request, NOW + 3 * MINUTE, None, NOW + 2 * MINUTE)
    freshness.until(request, NOW + 9 * MINUTE)

    assert request.META[UNTIL] == (NOW + 2 * MINUTE).timestamp()


def test_what_passed_before_the_page_was_begun_says_nothing_and_what_passes_meanwhile_does():
    request = RequestFactory().get("/", **{BEGAN: NOW.timestamp()})
    freshness.until(request, NOW - MINUTE, NOW)
    assert UNTIL not in request.META

    freshness.until(request, NOW + timedelta(milliseconds=1))
    assert request.META[UNTIL] == NOW.timestamp() + 0.001


def test_without_a_page_cache_nothing_happens():
    freshness.until(RequestFactory().get("/"), NOW)


@pytest.mark.parametrize("public", NIGHTS, indirect=True)
@pytest.mark.parametrize("path", ["/", HUB, "/news/", "/news/consultation/"])
def test_what_people_can_take_part_in_opens_and_closes_on_kept_pages_at_its_moments(
    public, news, path
):
    second, begun = timedelta(seconds=1), public.now
    opens, closes = begun + 2 * MINUTE, begun + 4 * MINUTE
    make_story(
        news,
        title="Consultation",
        opens=opens,
        closes=closes,
        event_date=timezone.localdate(closes),
        pinned_until=timezone.localdate(closes) + timedelta(days=9),
    )
    moments = [begun, opens - second, opens, closes - second, closes, closes + 9 * MINUTE]
    shown = []
    for public.now in moments:
        shown.append(public.words(path))
        assert shown[-1] == CachedSite().words(path), public.now

    assert len(set(shown)) == 3  # coming, open, closed
    assert len(public.made) <= 5  # and once more where the day ended meanwhile


@pytest.mark.parametrize("public", NIGHTS, indirect=True)
def test_an_alert_comes_and_goes_on_kept_pages_at_its_moments(public, authority, home):
    begun = public.now
    make_alert(authority, starts=begun + 2 * MINUTE, ends=begun + 4 * MINUTE)
    second = timedelta(seconds=1)

    for after, shows in [
        (0 * MINUTE, False),
        (2 * MINUTE - second, False),
        (2 * MINUTE, True),
        (4 * MINUTE - second, True),
        (4 * MINUTE, False),
    ]:
        public.now = begun + after
        assert ("Helpline closed" in public.words("/")) is shows

    assert 3 <= len(public.made) <= 4  # and once more where a day ended meanwhile


@pytest.mark.parametrize("public", NIGHTS, indirect=True)
def test_what_depends_on_the_day_changes_with_the_day(public, news):
    midnight = datetime.fromtimestamp(public.now.timestamp(), timezone.get_default_timezone())
    midnight = (midnight + timedelta(days=1)).replace(hour=0, minute=0, second=0, fold=0)
    make_story(news, title="A meeting", event_date=midnight.date())
    public.now = midnight - timedelta(seconds=1)
    assert "Coming" in public.words("/news/")

    public.now = midnight.astimezone(UTC)

    assert "Coming" not in public.words("/news/")
