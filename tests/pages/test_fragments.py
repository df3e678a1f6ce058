import pytest
from django.utils import timezone
from wagtail import blocks

from localoffer.pages import actions, fragments, tree
from localoffer.pages.blocks import AdviceBlock
from tests.factories.pages import (
    make_document,
    make_guide,
    make_image,
    make_initiative,
    make_page,
    make_video,
    text,
)

ADDRESS = "school-transport/"
# Wagtail leaves the file in which it made a picture for the collector to close.
pictures = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def page(home):
    return make_page(home, body=text("<h2>Who</h2><p>Words.</p>"))


def body(page):
    return fragments.prose(page, "body", {"page": page}).html


def test_a_body_is_made_once_for_a_published_page(authority, page, django_assert_num_queries):
    first = body(tree.page_at(authority, ADDRESS))

    with django_assert_num_queries(0):
        again = body(tree.page_at(authority, ADDRESS))

    assert again is first


def test_a_body_is_made_anew_when_the_page_is_published(authority, page):
    body(tree.page_at(authority, ADDRESS))
    page.body = text("<p>New words.</p>")
    actions.publish(page)

    assert "New words." in body(tree.page_at(authority, ADDRESS))


def test_a_page_that_was_not_found_in_the_tree_is_neither_kept_nor_served_from_memory(
    authority, page
):
    body(tree.page_at(authority, ADDRESS))
    page.body = text("<p>A draft.</p>")

    assert "A draft." in body(page)
    assert "A draft." not in body(tree.page_at(authority, ADDRESS))


def test_templates_that_are_being_edited_are_not_remembered(authority, page, settings):
    settings.DEBUG = True

    assert body(tree.page_at(authority, ADDRESS)) is not body(tree.page_at(authority, ADDRESS))


class ClockBlock(blocks.StaticBlock):
    changes_with_time = True

    class Meta:
        template = None

    def render(self, value, context=None):
        return timezone.now().isoformat()


def test_a_block_that_depends_on_the_clock_is_never_frozen(authority, home, monkeypatch):
    monkeypatch.setattr(AdviceBlock, "changes_with_time", True, raising=False)
    monkeypatch.setattr(AdviceBlock, "render", ClockBlock.render)
    make_page(home, body=[*text(), ("advice", None)])

    first, second = (body(tree.page_at(authority, ADDRESS)) for _ in range(2))

    assert first != second


def test_an_edited_document_or_authority_shows_at_once(client, authority, home):
    document = make_document("fares.csv", title="Fares")
    make_page(home, body=[("document", {"title": "Fares", "document": document}), ("advice", None)])
    client.get(f"/{ADDRESS}")
    document.file_size = 123_456
    document.save()
    authority.advice_name = "Barsetshire SENDIASS"
    authority.save()

    html = client.get(f"/{ADDRESS}").content.decode()

    assert "120.6\xa0KB" in html
    assert "Barsetshire SENDIASS" in html


@pictures
def test_a_picture_that_was_made_again_shows_at_once(
    client, home, django_capture_on_commit_callbacks
):
    image = make_image()
    image.contextual_alt_text, image.decorative = "A bus", False
    make_page(home, body=[("picture", {"image": image})])
    client.get(f"/{ADDRESS}")
    before = image.renditions.get()
    with django_capture_on_commit_callbacks(execute=True):
        before.delete()

    html = client.get(f"/{ADDRESS}").content.decode()

    assert image.renditions.get().pk != before.pk
    assert image.renditions.get().url in html


@pictures
@pytest.mark.parametrize("number", [1, 12])
def test_what_a_body_holds_is_fetched_in_the_same_number_of_queries_however_much_it_is(
    client, authority, home, number, django_assert_max_num_queries
):
    programme, image = make_initiative(home), make_image()
    image.contextual_alt_text, image.decorative = "A bus", False
    others = [make_page(home, title=f"Other {n}") for n in range(number)]
    page = make_page(home)
    page.body = [
        *[("video", make_video())] * number,
        *[("picture", {"image": image})] * number,
        *[("initiative", {"initiative": programme})] * number,
        ("pages", others),
    ]
    actions.publish(page)
    client.get(f"/{ADDRESS}")  # which makes the renditions
    page.save()

    with django_assert_max_num_queries(11):
        html = client.get(f"/{ADDRESS}").content.decode()

    assert html.count("<video") == html.count('class="lo-figure"') == number


def test_the_steps_of_a_guide_are_kept_too(client, home, django_assert_num_queries):
    make_guide(home, steps=["Ask", "Wait", "Hear"])
    client.get("/ask-for-an-assessment/")

    with django_assert_num_queries(0):
        html = client.get("/ask-for-an-assessment/").content.decode()

    assert html.count('class="lo-steps__step"') == 3
