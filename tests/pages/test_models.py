from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from localoffer.authority.models import PublicItem
from localoffer.pages import actions
from localoffer.pages.models import ContentPage
from tests.factories.pages import (
    make_document,
    make_guide,
    make_initiative,
    make_page,
    make_section,
    make_video,
    text,
)


def test_a_page_shows_who_owns_it_when_it_was_checked_and_how_to_say_it_is_wrong(client, home):
    page = make_page(home, owner_team="Travel team", body=text())
    actions.check(page, on=timezone.localdate().replace(day=1))

    html = client.get("/school-transport/").content.decode()

    item = PublicItem.objects.get(kind="page", key=str(page.pk))
    assert "Travel team, Barsetshire County Council" in html
    assert "Last checked by a person" in html
    assert f"{timezone.localdate().replace(day=1):%Y}" in html
    assert f"/feedback/?about={item.shown_reference}" in html
    assert item.short_address in html
    assert "Ask for this in another format" in html


def test_a_page_nobody_has_checked_says_so(client, home):
    make_page(home)

    assert b"Not checked yet" in client.get("/school-transport/").content


def test_a_page_is_found_however_deep_and_its_trail_is_shown(client, home):
    section = make_section(home)
    inner = make_section(section, title="Schools")
    make_page(inner)

    html = client.get("/education/schools/school-transport/").content.decode()

    assert '<a class="govuk-breadcrumbs__link" href="/education/">Education</a>' in html
    assert '<a class="govuk-breadcrumbs__link" href="/education/schools/">Schools</a>' in html


def test_a_draft_is_not_found(client, home):
    make_page(home, publish=False)

    assert client.get("/school-transport/").status_code == 404


def test_a_summary_of_more_than_sixty_words_is_refused(home):
    with pytest.raises(ValidationError, match="there are 61"):
        make_page(home, summary="word " * 61)


def test_contents_are_listed_from_three_headings(client, home):
    make_page(home, body=text("<h2>One</h2><h2>Two</h2><h2>Three</h2>"))
    make_page(home, title="Short", body=text("<h2>One</h2><h2>Two</h2>"))

    assert b"On this page" in client.get("/school-transport/").content
    assert b"On this page" not in client.get("/short/").content


def test_a_guide_has_all_its_steps_on_one_page(client, home):
    make_guide(home, steps=["Ask", "Wait", "Hear"])

    html = client.get("/ask-for-an-assessment/").content.decode()

    assert [f'href="#step-{n}"' in html for n in (1, 2, 3)] == [True] * 3
    assert html.count('class="lo-steps__step"') == 3


def test_a_programme_is_told_once_and_shown_by_reference(client, home):
    initiative = make_initiative(home, summary="A programme of 55 authorities.")
    page = make_page(home, body=[("initiative", {"initiative": initiative})])

    assert b"A programme of 55 authorities." in client.get(f"/{page.slug}/").content

    initiative.summary = "A programme that has ended."
    actions.publish(initiative)
    assert b"A programme that has ended." in client.get(f"/{page.slug}/").content


def test_the_advice_service_comes_from_the_authority(client, authority, home):
    authority.advice_name, authority.advice_phone = "Barsetshire SENDIASS", "01234 567890"
    authority.save()
    make_page(home, body=[("advice", None)])

    html = client.get("/school-transport/").content.decode()

    assert "Barsetshire SENDIASS" in html
    assert "01234 567890" in html


@pytest.mark.parametrize("children", [1, 50])
def test_a_section_asks_no_query_after_the_first_however_many_children(
    client, home, django_assert_num_queries, django_assert_max_num_queries, children
):
    section = make_section(home)
    for n in range(children):
        make_page(section, title=f"Page {n}", symbol="bus")
    with django_assert_max_num_queries(6):
        client.get("/education/")

    with django_assert_num_queries(0):
        html = client.get("/education/").content.decode()

    assert html.count('class="lo-card"') == children


def test_a_pdf_needs_its_page_or_the_reason_why_there_is_none(home):
    pdf = make_document("leaflet.pdf")
    bare = {"title": "Leaflet", "document": pdf}
    page = make_page(home, publish=False, body=[("document", bare)])
    twin = make_page(home, title="The leaflet as a page")

    with pytest.raises(ValidationError, match="choose the web page that says the same"):
        actions.publish(page)
    assert not ContentPage.objects.get(pk=page.pk).live

    page.body = [("document", {**bare, "why_no_page": True, "reason": " "})]
    with pytest.raises(ValidationError, match="say why"):
        actions.publish(page)

    page.body = [("document", {**bare, "page": twin})]
    actions.publish(page)
    page.body = [("document", {**bare, "why_no_page": True, "reason": "A form to sign."})]
    actions.publish(page)
    assert ContentPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"captions": None}, "captions"),
        ({"still": None}, "still"),
        ({"transcript": ""}, "transcript"),
        ({"video": None}, "video file"),
    ],
)
def test_a_video_cannot_be_published_without(home, missing, words):
    page = make_page(home, publish=False, body=[("video", make_video(**missing))])

    with pytest.raises(ValidationError, match=words):
        actions.publish(page)
    with pytest.raises(ValidationError, match=words):
        page.save_revision().publish()

    assert not ContentPage.objects.get(pk=page.pk).live


# Wagtail leaves the file in which it made a picture for the collector to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_video_plays_only_when_asked_and_can_be_read(client, home):
    make_page(home, body=[("video", make_video())])

    html = client.get("/school-transport/").content.decode()

    assert 'preload="none"' in html
    assert "autoplay" not in html
    assert 'kind="captions"' in html
    assert "A base is a place in a school." in html
    assert "/media/video/" in html


@pytest.mark.parametrize("change", ["slug", "move"])
def test_old_addresses_of_a_page_and_of_those_below_it_still_work(
    client, home, change, django_capture_on_commit_callbacks
):
    section = make_section(home)
    page = make_page(section)
    other = make_section(home, title="Travel")

    with django_capture_on_commit_callbacks(execute=True):
        if change == "slug":
            section.slug = "learning"
            actions.publish(section)
            now = "/learning/"
        else:
            section.move(other, pos="last-child")
            now = "/travel/education/"

    assert Redirect.objects.filter(automatically_created=True).count() == 2
    assert urlsplit(client.get("/education/").headers["Location"]).path == now
    old = client.get("/education/school-transport/")
    assert old.status_code == 301
    assert urlsplit(old.headers["Location"]).path == f"{now}school-transport/"
    item = PublicItem.objects.get(key=str(page.pk), kind="page")
    assert client.get(f"/r/{item.shown_reference}").headers["Location"] == f"{now}school-transport/"


def test_unpublishing_and_deleting_withdraw_the_public_row(home):
    page, guide = make_page(home), make_guide(home)

    page.unpublish()
    guide.delete()

    states = PublicItem.objects.exclude(key=str(home.pk)).values_list("kind", "state")
    assert sorted(states) == [("guide", "withdrawn"), ("page", "withdrawn")]


def test_a_check_survives_a_draft_in_hand(home):
    page = make_page(home)
    page.summary = "A new summary."
    page.save_revision()

    actions.check(page, on=timezone.localdate())
    page.get_latest_revision().publish()

    page.refresh_from_db()
    assert (page.summary, page.checked_on) == ("A new summary.", timezone.localdate())


def test_pages_of_one_authority_do_not_answer_at_anothers_address(client, home, neighbour):
    make_page(home)

    assert client.get("/school-transport/").status_code == 200
    assert (
        client.get("/school-transport/", headers={"host": "loamshire.example"}).status_code == 404
    )


def test_a_page_below_a_restricted_one_is_not_shown_listed_or_public(client, home):
    section = make_section(home)
    page = make_page(section)
    PageViewRestriction.objects.create(
        page=section, restriction_type=PageViewRestriction.PASSWORD, password="wren"
    )
    actions.publish(page)

    response = client.get("/education/school-transport/")

    assert b"Who can have it" not in response.content
    assert b"password" in response.content.lower()
    assert not ContentPage.objects.public().filter(pk=page.pk).exists()
    assert PublicItem.objects.get(kind="page", key=str(page.pk)).state == "withdrawn"
