from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from localoffer.authority import changes
from localoffer.authority.models import PublicItem
from localoffer.directory import actions as directory
from localoffer.updates import sources
from localoffer.updates.models import Content
from tests.factories.directory import make_service
from tests.factories.news import make_story
from tests.factories.pages import make_page
from tests.factories.places import make_area
from tests.factories.updates import content_of, item_of, make_bells, terms


def published(**fields):
    return Content.objects.filter(change=Content.Change.PUBLISHED, **fields)


def test_what_is_published_is_noted_once_however_often_it_is_pressed(index):
    story = make_story(index)
    story.get_latest_revision().publish()
    story.save_revision().publish()
    changes.announce("news", [story.pk])

    assert published(item=item_of(story)).count() == 1
    assert abs(content_of(story).at - story.first_published_at) < timedelta(minutes=1)


def test_the_database_itself_allows_one(index):
    content = content_of(make_story(index))
    content.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        content.save(force_insert=True)


def test_a_draft_and_a_change_without_a_note_are_nobodys_news(home):
    make_page(home, publish=False, title="Draft")
    page = make_page(home)
    before = Content.objects.count()

    page.title = "School transport now"
    page.save_revision().publish()

    assert Content.objects.count() == before


def test_a_change_that_its_owners_note_is_told_once_for_each_note(home):
    page = make_page(home)
    for note in ["New phone number", "New phone number", "Another form"]:
        page.change_note = note
        page.save_revision().publish()

    changed = Content.objects.filter(item=item_of(page), change=Content.Change.CHANGED)
    assert sorted(changed.values_list("note", flat=True)) == ["Another form", "New phone number"]


def test_a_page_that_was_public_long_before_is_not_new(home):
    page = make_page(home)
    Content.objects.all().delete()
    long_ago = timezone.now() - timedelta(days=90)
    PublicItem.objects.update(published=long_ago)
    import_module("localoffer.updates.migrations.0002_what_was_public_already").note(apps, None)

    page.change_note = "New phone number"
    page.save_revision().publish()

    found = Content.objects.filter(item=item_of(page)).order_by("at")
    assert [one.change for one in found] == ["published", "changed"]
    assert found[0].at == long_ago


def test_a_page_that_is_opened_later_is_new_on_that_day(home):
    page = make_page(home, publish=False, title="Draft")
    closed = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    page.save_revision().publish()
    Page.objects.filter(pk=page.pk).update(first_published_at=timezone.now() - timedelta(days=90))
    assert not Content.objects.filter(item=item_of(page)).exists()

    opened = timezone.now()
    closed.delete()
    changes.announce(page.public_kind, [page.pk])

    assert content_of(page).at >= opened


def test_what_says_that_it_is_older_than_this_site_is(index):
    long_ago = timezone.now() - timedelta(days=90)

    assert content_of(make_story(index, published_at=long_ago)).at == long_ago


def test_what_is_withdrawn_and_published_again_is_not_new(home):
    page = make_page(home)
    page.unpublish()
    page.save_revision().publish()

    assert Content.objects.filter(item=item_of(page)).count() == 1


def test_services_are_noted_too(authority, bells):
    service = make_service(authority, topics=[bells])
    service.change_note = "Now on Tuesdays"
    directory.publish(service=service)

    item = PublicItem.objects.get(kind="service")
    assert [one.change for one in Content.objects.filter(item=item)] == ["published", "changed"]


def test_a_change_that_is_taken_back_leaves_nothing(home):
    before = Content.objects.count()
    with transaction.atomic():
        make_page(home)
        transaction.set_rollback(True)

    assert Content.objects.count() == before


def test_details_say_whom_a_page_concerns(index, authority):
    make_bells()
    ward = make_area(parent_id="E07000235")
    about = terms(topics=["bell-ringing"], audiences=["parents"], age_bands=["0-4"])
    story = make_story(index, area=ward, promotional=True, **about)

    found = sources.details_of([item_of(story)])[item_of(story).pk]

    assert (found.topics, found.audiences, found.ages, found.areas, found.promotional) == (
        {"bell-ringing"},
        {"parents"},
        {"0-4"},
        {"E07000235"},
        True,
    )


def test_details_say_whom_a_service_concerns(authority, bells):
    make_service(authority, topics=[bells], minimum_age=4, maximum_age=10)
    item = PublicItem.objects.get(kind="service")

    found = sources.details_of([item])[item.pk]

    assert (found.topics, found.ages, found.areas) == ({"bell-ringing"}, {"0-4", "5-10"}, set())


def test_noting_costs_the_same_for_one_page_and_for_many(index):
    stories = [make_story(index, title=f"Story {n}", slug=f"s{n}") for n in range(20)]
    keys = [story.pk for story in stories]
    costs = []

    for some in [keys[:1], keys]:
        with CaptureQueriesContext(connection) as asked:
            changes.announce("news", some)
        costs.append(len(asked))

    assert costs[0] == costs[1]
