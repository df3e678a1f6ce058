import json

import pytest
from django.urls import reverse
from django.utils import timezone

from localoffer.home.models import HubPage, LawPage
from localoffer.pages.models import ContentPage
from tests.factories.authority import make_officer
from tests.factories.news import make_index, make_story
from tests.factories.pages import (
    make_guide,
    make_initiative,
    make_page,
    make_section,
    make_site,
)


def posted(home, *, body=(), **fields):
    """What the admin's form of a page sends."""
    data = {
        "title": "Transport",
        "slug": "transport",
        "summary": "How to get to school.",
        "owner_team": "Travel team",
        "body-count": str(len(body)),
        "related-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **fields,
    }
    for number, (kind, value) in enumerate(body):
        data |= {
            f"body-{number}-type": kind,
            f"body-{number}-order": str(number),
            f"body-{number}-deleted": "",
            f"body-{number}-id": "",
        }
        for name, part in value.items():
            data[f"body-{number}-value{name}"] = part
    return data


UNREADY = (
    "video",
    {
        "-title": "Film",
        "-video": "",
        "-captions": "",
        "-still": "",
        "-transcript": json.dumps(
            {
                "entityMap": {},
                "blocks": [
                    {
                        "key": "a",
                        "type": "unstyled",
                        "text": "",
                        "depth": 0,
                        "inlineStyleRanges": [],
                        "entityRanges": [],
                    }
                ],
            }
        ),
    },
)


def add(home):
    return reverse("wagtailadmin_pages:add", args=["pages", "contentpage", home.pk])


def test_a_page_is_published_from_its_form(admin, home):
    admin.post(add(home), {**posted(home), "action-publish": "1"})

    assert ContentPage.objects.get(slug="transport").live


def test_a_video_without_its_captions_is_saved_as_a_draft_and_not_published(admin, home):
    refused = admin.post(add(home), {**posted(home, body=[UNREADY]), "action-publish": "1"})

    assert refused.status_code == 200
    assert not ContentPage.objects.filter(slug="transport").exists()
    saved = admin.post(add(home), posted(home, body=[UNREADY]))
    assert saved.status_code == 302
    assert not ContentPage.objects.get(slug="transport").live


def test_a_page_of_another_authority_cannot_be_chosen_in_a_body(admin, home):
    _loamshire, their_home = make_site(
        name="Loamshire", hostname="loamshire.example", gss_code="E10000998"
    )
    theirs = make_page(their_home)
    ours = make_page(home, title="Ours")

    def send(page):
        body = [
            ("initiative", {"-initiative": ""}),
            (
                "pages",
                {
                    "-count": "1",
                    "-0-deleted": "",
                    "-0-order": "0",
                    "-0-type": "item",
                    "-0-id": "",
                    "-0-value": str(page.pk),
                },
            ),
        ]
        return admin.post(add(home), posted(home, body=body[1:]))

    assert send(theirs).status_code == 200
    assert not ContentPage.objects.filter(slug="transport").exists()
    assert send(ours).status_code == 302


def test_an_officer_marks_a_page_as_checked(admin, home):
    page = make_page(home)
    address = reverse("pages_check", args=[page.pk])

    shown = admin.get(address)
    page.refresh_from_db()
    assert (shown.status_code, page.checked_on) == (200, None)

    admin.post(address, {"review_due": "2030-01-31"})

    page.refresh_from_db()
    assert page.checked_on == timezone.localdate()
    assert f"{page.review_due:%Y-%m-%d}" == "2030-01-31"


def test_a_page_cannot_be_due_for_review_in_the_past(admin, home):
    page = make_page(home)

    response = admin.post(reverse("pages_check", args=[page.pk]), {"review_due": "2020-01-31"})

    page.refresh_from_db()
    assert (response.status_code, page.checked_on) == (200, None)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_of_another_authority_cannot_be_checked(admin, home, method):
    _loamshire, their_home = make_site(
        name="Loamshire", hostname="loamshire.example", gss_code="E10000998"
    )
    page = make_page(their_home)

    response = getattr(admin, method)(reverse("pages_check", args=[page.pk]))

    page.refresh_from_db()
    assert (response.status_code, page.checked_on) == (404, None)


def test_publishing_many_drafts_at_once_asks_the_same_of_each(client, authority, home):
    client.force_login(make_officer(authority, role="content_approver"))
    unready = {"title": "Film", "video": None, "captions": None, "still": None, "transcript": ""}
    page = make_page(home, publish=False, body=[("video", unready)])
    page.save_revision()

    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={page.pk}&next=/admin/")

    page.refresh_from_db()
    assert not page.live


def test_the_form_of_every_kind_of_page_opens(admin, home):
    made = [
        home,
        make_page(home),
        make_section(home),
        make_guide(home),
        make_initiative(home),
        make_page(home, HubPage, title="Hub"),
        make_page(home, LawPage, title="Law"),
        index := make_index(home),
        make_story(index),
    ]

    for page in made:
        edit = admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        draft = admin.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
        assert (edit.status_code, draft.status_code) == (200, 200), page
        assert b"I have checked this page" in edit.content
