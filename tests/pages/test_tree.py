from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from localoffer.pages import actions, tree
from localoffer.pages.models import ContentPage
from tests.factories.news import make_index, make_story
from tests.factories.pages import (
    make_guide,
    make_image,
    make_page,
    make_section,
    make_site,
    text,
)


def titles(client, address="/"):
    html = BeautifulSoup(client.get(address).content, "html.parser")
    return [link.get_text(strip=True) for link in html.select(".govuk-service-navigation__link")]


def restrict(page):
    return PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="wren"
    )


@pytest.fixture
def theirs(db):
    return make_site(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")


@pytest.fixture
def section(home):
    return make_section(home, show_in_menus=True)


@pytest.fixture
def page(section):
    return make_page(section)


def test_the_tree_holds_the_live_pages_of_its_own_site(authority, home, page, theirs):
    make_page(home, title="A draft", publish=False)

    found = tree.of(authority)

    assert list(found.by_url) == ["/", "/education/", "/education/school-transport/"]
    assert found.at("/education/school-transport/").model is ContentPage
    assert [node.title for node in found.above(page.path)] == ["Barsetshire", "Education"]
    assert [node.title for node in found.top] == ["Education"]
    assert list(tree.of(theirs[0]).by_url) == ["/"]


@pytest.mark.parametrize("pages", [1, 50])
def test_the_tree_is_read_in_one_query_however_many_pages(
    authority, home, pages, django_assert_num_queries
):
    for n in range(pages):
        make_page(home, title=f"Page {n}")
    tree.of(authority)
    home.save()

    with django_assert_num_queries(1):
        assert len(tree.of(authority).by_pk) == pages + 1
    with django_assert_num_queries(0):
        tree.of(authority)


def test_a_process_that_changes_pages_does_not_look_at_the_tree_from_before(client, home, section):
    assert titles(client) == ["Find help", "Education"]

    with transaction.atomic():
        section.title = "Schools"
        actions.publish(section)
        assert titles(client) == ["Find help", "Schools"]
        transaction.set_rollback(True)

    assert titles(client) == ["Find help", "Education"]


@pytest.mark.parametrize("address", ["/education/", "/education/school-transport/"])
def test_an_address_ends_with_the_page_that_was_there(client, section, page, address):
    assert client.get(address).status_code == 200
    taken = section if address == "/education/" else page

    taken.unpublish()

    assert client.get(address).status_code == 404
    actions.publish(taken)
    assert client.get(address).status_code == 200


def test_a_page_below_one_that_was_taken_down_is_still_there(client, section, page):
    section.unpublish()

    html = client.get("/education/school-transport/").content.decode()

    assert '<a class="govuk-breadcrumbs__link" href="/">Home</a>' in html
    assert "Education" not in html


def test_a_deleted_page_is_gone_at_once(client, section, page):
    client.get("/education/school-transport/")

    page.delete()

    assert client.get("/education/school-transport/").status_code == 404


@pytest.mark.parametrize("change", ["slug", "move"])
def test_a_page_answers_where_it_is_now_and_so_does_what_is_below_it(
    client, home, section, page, change
):
    client.get("/education/school-transport/")
    if change == "slug":
        section.slug = "learning"
        actions.publish(section)
        now = "/learning/"
    else:
        section.move(make_section(home, title="Travel"), pos="last-child")
        now = "/travel/education/"

    for old in ["/education/", "/education/school-transport/"]:
        assert client.get(old).status_code in {301, 404}  # Wagtail leaves redirects
    assert client.get(f"{now}school-transport/").status_code == 200


def test_pages_that_change_places_change_them_in_the_menu(client, home, section):
    make_page(home, title="Travel", show_in_menus=True)
    assert titles(client) == ["Find help", "Education", "Travel"]

    Page.objects.get(pk=section.pk).move(home, pos="last-child")

    assert titles(client) == ["Find help", "Travel", "Education"]


def test_a_scheduled_page_appears_and_an_expired_one_goes(client, home):
    now = timezone.now()
    coming = make_page(home, title="Coming", publish=False, go_live_at=now + timedelta(days=1))
    revision = coming.save_revision()
    revision.publish()
    going = make_page(home, title="Going", expire_at=now + timedelta(days=1))
    assert client.get("/coming/").status_code == 404
    assert client.get("/going/").status_code == 200
    yesterday = now - timedelta(days=1)
    revision.approved_go_live_at = yesterday
    revision.content["go_live_at"] = yesterday.isoformat()
    revision.save()
    Page.objects.filter(pk=going.pk).update(expire_at=yesterday)

    call_command("publish_scheduled")

    assert client.get("/coming/").status_code == 200
    assert client.get("/going/").status_code == 404


def test_a_restriction_holds_from_when_it_is_made_until_it_is_lifted(client, section, page):
    address = "/education/school-transport/"
    assert b"Who can have it" in client.get(address).content
    restriction = restrict(section)

    response = client.get(address)
    assert b"Who can have it" not in response.content
    assert "no-store" in response.headers["Cache-Control"]

    restriction.delete()
    assert b"Who can have it" in client.get(address).content


def test_a_card_of_a_restricted_page_is_not_shown(client, section, page):
    guide = make_guide(section)
    assert b"Ask for an assessment" in client.get("/education/").content

    restrict(guide)

    assert b"Ask for an assessment" not in client.get("/education/").content


def test_an_alias_follows_its_page_and_keeps_its_restriction(client, home, section, page):
    alias = page.create_alias(parent=home, update_slug="rides")
    assert b"Who can have it" in client.get("/rides/").content

    page.summary = "Buses and taxis."
    actions.publish(page)
    assert b"Buses and taxis." in client.get("/rides/").content

    restrict(page)
    assert b"Buses and taxis." not in client.get("/rides/").content
    page.unpublish()
    alias.refresh_from_db()
    assert client.get("/rides/").status_code == 404


def test_a_story_that_was_taken_down_keeps_its_address(client, home):
    story = make_story(make_index(home), slug="story")
    assert client.get("/news/story/").status_code == 200

    story.unpublish()

    assert client.get("/news/story/").status_code == 410


def test_each_site_has_its_own_pages_and_menu(client, section, page, theirs):
    make_page(theirs[1], title="Their page", show_in_menus=True)
    their_host = {"host": "loamshire.example"}

    assert titles(client) == ["Find help", "Education"]
    assert b"Education" not in client.get("/", headers=their_host).content
    assert client.get("/their-page/").status_code == 404
    assert client.get("/their-page/", headers=their_host).status_code == 200


def test_a_preview_shows_the_draft_and_leaves_the_public_page_as_it_is(admin, client, home, page):
    address = "/education/school-transport/"
    page.body = text("<p>As published.</p>")
    actions.publish(page)
    client.get(address)
    page.title, page.body = "Draft title", text("<p>As drafted.</p>")
    page.save_revision()

    draft = admin.get(f"/admin/pages/{page.pk}/view_draft/").content.decode()

    assert "Draft title" in draft
    assert "As drafted." in draft
    public = client.get(address).content.decode()
    assert "As published." in public
    assert "Draft" not in public


def test_what_one_request_does_to_a_page_is_not_seen_by_the_next(authority, page):
    first = tree.page_at(authority, "education/school-transport/")
    first.title = "Changed"
    second = tree.page_at(authority, "education/school-transport/")
    second.summary = "Changed"
    third = tree.page_at(authority, "education/school-transport/")

    assert (third.title, third.summary) == (page.title, page.summary)


def test_a_page_whose_fields_were_left_out_gives_them_when_asked(authority, page):
    page.body = text("<p>Words.</p>")
    actions.publish(page)
    for _ in range(3):
        found = tree.page_at(authority, "education/school-transport/")
        assert found.body[0].value.source == "<p>Words.</p>"


@pytest.mark.parametrize(
    "address",
    ["/education//", "/EDUCATION/", "/education/school-transport/x/", "/../", "/%00/"],
)
def test_an_address_that_is_nearly_right_is_not_found_or_led_on(client, page, address):
    assert client.get(address).status_code in {301, 404}


def test_a_page_of_a_kind_that_is_not_ours_is_shown_by_wagtail(client, home):
    home.add_child(instance=Page(title="Plain", slug="plain"))
    page = tree.page_at(home.get_site().authority, "plain/")

    assert (type(page), page.title) == (Page, "Plain")


def test_a_page_that_is_not_found_costs_few_queries(client, page, django_assert_max_num_queries):
    client.get("/nothing/")

    with django_assert_max_num_queries(4):
        assert client.get("/nothing/").status_code == 404


def test_wagtail_finds_the_same_page_at_every_address(client, authority, home, page, rf):
    make_story(make_index(home), slug="story")
    make_guide(home)

    for url, node in tree.of(authority).by_url.items():
        components = [part for part in url.split("/") if part]
        found, _args, _kwargs = home.route(rf.get(url), components)
        assert (found.pk, type(found)) == (node.pk, node.model)
        assert found.relative_url(authority.site) == url


# Wagtail leaves the file in which it made a picture for the collector to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_logo_costs_no_query_on_each_page(db, client, django_assert_num_queries):
    authority, _home = make_site(logo=make_image())
    client.get("/")

    with django_assert_num_queries(0):
        html = client.get("/").content.decode()

    assert 'class="lo-header__logo"' in html
    assert authority.logo.renditions.count() == 1
