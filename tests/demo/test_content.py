"""What the demonstration says: built once, by the same code as `localoffer demo`, and walked."""

import re
from collections import Counter
from urllib.parse import urldefrag, urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from localoffer.authority.models import Authority, PublicItem
from localoffer.directory.models import Service
from localoffer.feedback.models import Comment
from localoffer.news.models import NewsPage
from localoffer.pages.cards import page_models
from localoffer.pages.models import Alert, GuidePage, InitiativePage

# Wagtail leaves the file of a picture it has made smaller to be closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

HOSTS = ["localhost", "herefordshire.localhost"]
# product.md 2: the addresses that others rely on.
STANDING = [
    "/",
    "/news-updates-and-feedback/",
    "/news/",
    "/news/feed.atom",
    "/events/",
    "/have-your-say/",
    "/you-said-we-did/",
    "/feedback/",
    "/updates/",
    "/updates/sign-up/",
    "/updates/editions/",
    "/updates/editions/feed.atom",
    "/find-help/",
    "/find-help/?q=speech&postcode=WR14+1AA",
    "/find-help/?view=map",
    "/find-help/shortlist/",
    "/specialist-provision/",
    "/improvement-plan/",
    "/get-involved/",
    "/data/",
    "/studies/",
    "/toolkit/",
    "/how-this-site-meets-the-law/",
    "/accessibility/",
    "/privacy/",
    "/other-ways/",
    "/young-people/",
    "/robots.txt",
    "/sitemap.xml",
    "/healthz",
    "/accounts/login/",
]
# Pages outside the tree that links may lead to; their forms and lists have tests of their own.
STATIC = ("/static/", "/media/", "/documents/", "/theme.css")


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", no_serve=True, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _demonstration(_built, db):
    """The demonstration, with what a test changes in it taken back afterwards."""


def fetch(host, path):
    return Client().get(path, headers={"host": host}, follow=False)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", STANDING)
def test_every_address_that_others_rely_on_answers(host, path):
    assert fetch(host, path).status_code == 200


@pytest.mark.parametrize("host", HOSTS)
def test_every_page_answers_and_no_link_leads_nowhere(host):
    authority = Authority.objects.get(site__hostname=host)
    waiting = [
        urlsplit(url).path
        for url in PublicItem.objects.for_authority(authority)
        .public()
        .values_list("url", flat=True)
    ]
    seen, broken = set(waiting), {}
    while waiting:
        path = waiting.pop()
        response = fetch(host, path)
        if response.status_code not in {200, 301, 302}:
            broken[path] = response.status_code
        html = response.content.decode() if "html" in response.get("Content-Type", "") else ""
        for address in re.findall(r'href="(/[^"]*)"', html):
            found = urldefrag(address.replace("&amp;", "&")).url
            if "?" not in found and not found.startswith(STATIC) and found not in seen:
                seen.add(found)
                waiting.append(found)

    assert broken == {}
    assert len(seen) > 100


def test_there_is_enough_to_walk_through():
    worcestershire = Authority.objects.get(site__hostname="localhost")
    services = Service.objects.filter(authority=worcestershire, live=True)

    assert services.count() >= 60
    assert not services.filter(is_example=False).exists()
    assert GuidePage.objects.of_authority(worcestershire).live().count() >= 25
    assert NewsPage.objects.of_authority(worcestershire).live().count() >= 12
    assert InitiativePage.objects.of_authority(worcestershire).live().count() >= 4
    assert Comment.objects.filter(authority=worcestershire).exists()
    assert Alert.objects.filter(authority=worcestershire).exists()


# product.md 6: an address of each item, and words of its facts.
ITEMS = {
    1: ("/updates/", ["Sign up for updates", "How to get updates", "Weekly update"]),
    2: ("/get-involved/", ["Families in Partnership"]),
    3: ("/news/accelerated-progress-plan-review-march-2023/", ["NHS England", "March 2023"]),
    4: ("/news/mainstream-autism-bases-film/", ["<video", "<track", "Read what is said and shown"]),
    5: ("/news/dbv-surveys-closed-april-2023/", ["Friday 28 April 2023"]),
    6: ("/news/lets-talk-about-autism-2023/", ["Sunday 14 May 2023", "Herefordshire"]),
    7: ("/news/neurodiversity-celebration-week-2023/", ["free"]),
    8: ("/programmes/new-special-school-malvern/", ["120", "5 to 19"]),
    9: ("/studies/", ["Ofsted"]),
    10: ("/programmes/delivering-better-value/", ["diagnos", "leaflet"]),
    11: ("/toolkit/", ["All-Age Disability Service", "SENDIASS"]),
    12: ("/news/local-offer-review-open/", ["review"]),
}


@pytest.mark.parametrize("number", ITEMS)
def test_each_item_of_the_hub_is_told(number):
    path, words = ITEMS[number]
    html = fetch("localhost", path).content.decode()

    assert [word for word in words if word.lower() not in html.lower()] == []


def test_no_page_is_late_to_be_checked_by_accident():
    """A few pages are stale, so that Today has something to show; not most of them."""
    worcestershire = Authority.objects.get(site__hostname="localhost")
    stale = [
        page.title
        for model in page_models()
        for page in model.objects.of_authority(worcestershire).past_review(now=timezone.now())
    ]

    assert 0 < len(stale) < 20


def test_no_two_pages_have_one_title():
    worcestershire = Authority.objects.get(site__hostname="localhost")
    titles = Counter(
        Page.objects.descendant_of(worcestershire.site.root_page).values_list("title", flat=True)
    )

    assert [title for title, times in titles.items() if times > 1] == []


def test_every_page_says_that_it_is_a_demonstration():
    html = fetch("localhost", "/").content.decode()

    assert "This is a demonstration." in html
    assert "not run by Worcestershire County Council" in html


def test_search_engines_are_asked_to_leave_a_demonstration_alone():
    assert fetch("localhost", "/robots.txt").content == b"User-agent: *\nDisallow: /\n"


def test_it_serves_again_and_says_when_it_was_made(capsys):
    before = Page.objects.count(), Service.objects.count(), PublicItem.objects.count()

    call_command("demo", no_serve=True)

    assert "This is the demonstration made on" in capsys.readouterr().out
    assert (Page.objects.count(), Service.objects.count(), PublicItem.objects.count()) == before
