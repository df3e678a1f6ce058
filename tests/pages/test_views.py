import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.models import CollectionViewRestriction

from tests.factories.news import make_index, make_story
from tests.factories.pages import (
    make_alert,
    make_document,
    make_guide,
    make_initiative,
    make_page,
    make_section,
    text,
)


def content(response):
    return b"".join(response.streaming_content)


def test_what_cannot_name_its_icon_still_has_one(client, authority):
    asked = client.get("/favicon.ico")

    assert asked.status_code == 302
    assert asked["Location"].startswith("/static/ui/favicon")


def test_robots_may_read_all_but_the_admin_and_forms(client, authority):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /admin/" in lines
    assert f"Sitemap: {authority.root_url}/sitemap.xml" in lines


def test_a_demonstration_is_not_for_search_engines(client, authority, settings):
    authority.is_demonstration = True
    authority.save()

    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


def test_the_sitemap_lists_what_is_public_in_one_query_more_than_the_host(
    client, home, neighbour, django_assert_num_queries
):
    for n in range(5):
        make_page(home, title=f"Page {n}")
    make_page(home, title="Gone & away").unpublish()

    with django_assert_num_queries(2):
        xml = client.get("/sitemap.xml").content.decode()

    assert xml.count("<url>") == 6
    assert "<loc>http://testserver/page-3/</loc>" in xml
    assert "gone-away" not in xml
    other = client.get("/sitemap.xml", headers={"host": "loamshire.example"}).content.decode()
    assert "page-3" not in other


@pytest.mark.parametrize(
    ("asked", "status", "body", "range_"),
    [
        (None, 200, b"0123456789", None),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=0-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=4-2", 200, b"0123456789", None),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_video_is_sent_whole_or_in_the_part_asked_for(client, home, asked, status, body, range_):
    video = make_document("base.mp4")
    headers = {"range": asked} if asked else {}

    response = client.get(f"/media/video/{video.pk}/{video.filename}", headers=headers)

    assert (response.status_code, content(response)) == (status, body)
    assert response.headers.get("Content-Range") == range_
    assert response.headers["Content-Type"] == "video/mp4"
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(client, home, asked):
    video = make_document("base.mp4")

    response = client.get(f"/media/video/{video.pk}/{video.filename}", headers={"range": asked})

    assert (response.status_code, response.headers["Content-Range"]) == (416, "bytes */10")


def test_a_part_of_another_version_is_the_whole_of_this_one(client, home):
    video = make_document("base.mp4")

    response = client.get(
        f"/media/video/{video.pk}/{video.filename}",
        headers={"range": "bytes=2-4", "if-range": '"old"'},
    )

    assert (response.status_code, content(response)) == (200, b"0123456789")


def test_only_videos_and_captions_that_anyone_may_see_are_sent(client, home):
    pdf, video = make_document("leaflet.pdf"), make_document("base.mp4")

    assert client.get(f"/media/video/{pdf.pk}/{pdf.filename}").status_code == 404
    assert client.get(f"/media/video/{video.pk}/other.mp4").status_code == 404
    CollectionViewRestriction.objects.create(
        collection=video.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert client.get(f"/media/video/{video.pk}/{video.filename}").status_code == 404


def test_pictures_are_sent_in_their_type_and_originals_are_not(client, home):
    name = default_storage.save("images/bus.width-320.png", ContentFile(b"picture"))
    default_storage.save("original_images/bus.png", ContentFile(b"picture"))

    response = client.get(f"/media/{name}")

    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    assert content(response) == b"picture"
    assert client.get("/media/original_images/bus.png").status_code == 404
    assert client.get("/media/images/..%2foriginal_images%2fbus.png").status_code in {400, 404}


def test_a_page_that_is_not_there_offers_the_search_and_the_hub(client, home):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert b'action="/find-help/"' in response.content
    assert b"/news-updates-and-feedback/" in response.content


def test_a_stale_form_is_met_calmly(settings, home):
    from django.test import Client  # noqa: PLC0415

    response = Client(enforce_csrf_checks=True).post("/feedback/", {"text": "Hello"})

    assert response.status_code == 403
    assert b"Please send it again" in response.content


def test_an_error_page_asks_nothing_of_the_database(client, home, monkeypatch):
    from localoffer.pages import views  # noqa: PLC0415

    response = views.server_error(None)

    assert response.status_code == 500
    assert b"Something has gone wrong" in response.content


@pytest.fixture
def every_kind(home):
    """The address of one page of each kind that this app and news have."""
    make_page(home, body=text())
    make_section(home)
    make_guide(home)
    make_initiative(home)
    make_story(make_index(home), slug="story")
    return [
        "/",
        "/school-transport/",
        "/education/",
        "/ask-for-an-assessment/",
        "/delivering-better-value-in-send/",
        "/news/",
        "/news/story/",
        "/nowhere/",
    ]


def test_no_page_sets_a_cookie_or_carries_a_form_that_posts(client, authority, every_kind):
    make_alert(authority)

    for address in every_kind:
        response = client.get(address)
        assert b"csrfmiddlewaretoken" not in response.content, address
        assert b'method="post"' not in response.content, address
        assert "Set-Cookie" not in response.headers, address
        assert not response.cookies, address
        assert "Cookie" not in response.headers.get("Vary", ""), address


def test_an_alert_shows_on_every_page_of_its_authority_between_its_times(
    client, authority, home, neighbour
):
    make_page(home)
    make_alert(authority, title="Closed for snow")
    make_alert(neighbour, title="Closed for flood")

    for address in ["/", "/school-transport/", "/nowhere/", "/feedback/"]:
        html = client.get(address).content.decode()
        assert "Closed for snow" in html
        assert "Closed for flood" not in html


def test_the_menu_and_the_links_at_the_foot_are_the_authoritys_own(client, home):
    make_page(home, title="Guides", show_in_menus=True)
    make_page(home, title="Accessibility statement", slug="accessibility")
    make_page(home, title="Not in the menu")

    html = client.get("/").content.decode()

    assert '<a class="govuk-service-navigation__link" href="/guides/">Guides</a>' in html
    assert '<a class="lo-footer__link" href="/accessibility/">Accessibility statement</a>' in html
    assert "Not in the menu" not in html
