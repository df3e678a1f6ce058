"""Django behind the page cache: what is kept of the real site, and what never is."""

import brotli
import pytest
from django.contrib.messages import constants
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from localoffer.authority.models import PublicItem
from localoffer.directory import actions, shortlist
from localoffer.directory.models import Contact, Service
from localoffer.home.models import HubPage
from tests.cached import CachedSite
from tests.factories.directory import new_service
from tests.factories.news import make_index, make_story
from tests.factories.pages import make_page, make_site

TOKEN = "csrfmiddlewaretoken"


@pytest.fixture
def home(db):
    return make_site()[1]


@pytest.fixture
def authority(home):
    return home.get_site().authority


@pytest.fixture
def addresses(home, authority):
    """Every kind of address that the public may ask for."""
    make_page(home, HubPage, title="News, updates and feedback", slug="hub")
    make_story(make_index(home), title="Story", slug="story")
    make_page(home, title="Secret", slug="secret").view_restrictions.create(
        restriction_type=PageViewRestriction.PASSWORD, password="word"
    )
    make_page(home, title="Staff", slug="staff").view_restrictions.create(
        restriction_type=PageViewRestriction.LOGIN
    )
    Redirect.objects.create(old_path="/old", redirect_page=home, is_permanent=True)
    service = new_service(authority, name="Talking together")
    service.contacts = [Contact(name="Helpline", phone="01905 822 666")]
    actions.publish(service=service)
    reference = PublicItem.objects.get(kind="service").shown_reference
    kept = [
        "/",
        "/hub/",
        "/news/",
        "/news/?page=9&year=2023",
        "/news/story/",
        "/news/feed.atom",
        "/find-help/",
        "/find-help/?q=talking",
        "/find-help/?what=services",
        f"/find-help/service/{service.slug}/",
        "/old/",
        "/nothing/",
        "/robots.txt",
        "/sitemap.xml",
        "/theme.css",
    ]
    never = [
        "/admin/",
        "/accounts/login/",
        "/feedback/",
        f"/feedback/?about={reference}",
        "/feedback/thanks/0000-0000/",
        f"/find-help/save/{reference}/",
        "/find-help/shortlist/",
        "/secret/",
        "/staff/",
        f"/r/{reference}",
        "/healthz",
        "/documents/1/x.pdf",
    ]
    return kept, never


def test_public_pages_are_kept_and_nothing_of_anybodys(addresses):
    kept, never = addresses
    site = CachedSite()
    cookies = ["", "csrftoken=abc", "shortlist=abc", "_ga=1; shortlist=abc", "sessionid=abc"]
    for _ in range(2):
        for path in [*kept, *never]:
            for cookie in cookies:
                site.get(path, **({"HTTP_COOKIE": cookie} if cookie else {}))

    made = {address.partition("?")[0] for address in never}
    assert set(site.pages) == set(kept)
    assert not made & set(site.pages)
    for address, page in site.pages.items():
        for copy in page.copies.values():
            names = {name.lower() for name, _ in copy.headers}
            body = copy.body[0]
            body = brotli.decompress(body) if "content-encoding" in names else body
            assert TOKEN not in body.decode(errors="replace"), address
            assert "set-cookie" not in names, address
            assert "x-localoffer-tally" not in names, address


@pytest.mark.parametrize("path", ["/feedback/", "/accounts/login/"])
def test_a_form_keeps_the_token_of_the_person_who_has_one(home, path):
    site = CachedSite()
    headers = dict(site.get(path)[1])
    token = headers["Set-Cookie"].partition(";")[0]

    _, again, words = site.get(path, HTTP_COOKIE=token)

    assert TOKEN in words
    assert dict(again).get("Set-Cookie", token).partition(";")[0] == token
    assert site.pages == {}


def test_one_familys_list_is_never_shown_to_another(addresses, client):
    reference = PublicItem.objects.get(kind="service").shown_reference
    client.post(reverse("directory:save", args=[reference]))
    cookie = f"{shortlist.COOKIE}={client.cookies[shortlist.COOKIE].value}"
    site = CachedSite()

    mine = site.get("/find-help/shortlist/", HTTP_COOKIE=cookie)[2]
    theirs = site.get("/find-help/shortlist/")[2]

    assert "01905 822 666" in mine
    assert "01905 822 666" not in theirs


def test_an_officer_sees_the_site_as_it_is_and_leaves_nothing_behind(home, admin):
    site = CachedSite()
    cookie = f"sessionid={admin.cookies['sessionid'].value}"

    for path in ["/", "/admin/"]:
        site.get(path, HTTP_COOKIE=cookie)
        site.get(path, HTTP_COOKIE=cookie)

    assert site.pages == {}
    assert len(site.made) == 4


def test_messages_are_for_the_person_they_are_for(home):
    site = CachedSite()
    assert constants.INFO  # the framework is in use, and keeps messages in a cookie first
    site.get("/", HTTP_COOKIE="messages=abc")

    assert site.pages == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "testserver@evil.example"},
        {"HTTP_HOST": "testserver, evil.example"},
        {"HTTP_HOST": "testserver:80:80"},
        {"HTTP_HOST": ""},
        {"HTTP_HOST": "x" * 5000},
    ],
)
def test_a_host_that_is_not_ours_is_refused_and_not_kept(home, headers):
    site = CachedSite()

    assert site.get("/", **headers)[0] == 400
    assert site.pages == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_PORT": "1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "host=evil.example;proto=https"},
        {"HTTP_X_HOST": "evil.example"},
        {"HTTP_X_ORIGINAL_URL": "/admin/"},
        {"HTTP_X_REWRITE_URL": "/admin/"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"},
        {"HTTP_ACCEPT": "application/json"},
        {"HTTP_ACCEPT_LANGUAGE": "cy"},
        {"HTTP_RANGE": "bytes=0-0"},
        {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
    ],
)
def test_no_header_changes_the_page_that_others_are_shown(addresses, headers):
    kept, _ = addresses
    site, alone = CachedSite(), CachedSite()
    for path in kept:
        site.get(path, **headers)
        assert site.get(path) == alone.get(path)


def test_the_same_path_under_two_authorities_is_two_pages(home):
    make_site(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")
    site = CachedSite()

    for _ in range(2):
        assert "Barsetshire" in site.get("/")[2]
        assert "Loamshire" in site.get("/", HTTP_HOST="loamshire.example")[2]
    assert len(site.made) == 2


def test_kept_pages_carry_the_headers_that_keep_readers_safe(home, settings):
    settings.SECURE_HSTS_SECONDS = 60
    site = CachedSite()
    for _ in range(2):
        headers = dict(site.get("/", **{"wsgi.url_scheme": "https"})[1])
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Strict-Transport-Security"].startswith("max-age=60")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_is_compressed_once(home):
    site = CachedSite()

    _, headers, _ = site.get("/", HTTP_ACCEPT_ENCODING="gzip, br")

    assert [value for name, value in headers if name == "Content-Encoding"] == ["br"]
    assert "Content-Encoding" not in dict(site.get("/")[1])


@pytest.mark.parametrize(
    "path", ["/../", "//evil.example/", "/\0", "/\xff/", "/nothing/\r\nX: 1", "/\xe2\x80\xae/", ""]
)
def test_strange_addresses_are_answered_and_change_no_other(home, path):
    site, alone = CachedSite(), CachedSite()

    assert site.get("/", PATH_INFO=path)[0] in ({200} if path == "" else {301, 302, 400, 404})
    assert site.get("/") == alone.get("/")


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=x",
        "nothing=1",
        "page=1&page=2",
        "page=2&page=1",
        "q=" + "x" * 900,
        "a[]=1&a[]=2",
        "&&&===",
        "%ff=%fe",
        ";a=1",
        "&".join(f"a{n}=1" for n in range(100)),
    ],
)
def test_a_query_shows_the_same_page_from_memory_as_from_django(addresses, query):
    site = CachedSite()
    for path in ["/", "/news/", "/find-help/"]:
        first = site.get(f"{path}?{query}")
        made = len(site.made)
        assert site.get(f"{path}?{query}") == first
        assert len(site.made) == made
        assert first[0] == 200


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_suggestions_are_kept_until_something_changes_and_browsers_ask_each_time(
    authority, addresses
):
    """Asked again with the ETag, it is "not modified" until a title is withdrawn."""
    site = CachedSite()
    path = "/find-help/suggest/?q=talking"

    _status, headers, words = site.get(path)
    assert '"text": "Talking together"' in words
    assert "max-age=0" in dict(headers)["Cache-Control"]
    tag = dict(headers)["ETag"]
    assert site.get(path, HTTP_IF_NONE_MATCH=tag)[0] == 304
    assert site.made == ["/find-help/suggest/"]

    actions.withdraw(service=Service.objects.get(name="Talking together"))
    status, _headers, words = site.get(path, HTTP_IF_NONE_MATCH=tag)
    assert status == 200
    assert "Talking together" not in words
