import pytest
from wagtail.models import PageViewRestriction

from localoffer.directory import actions
from localoffer.directory.models import Service
from localoffer.search.finding import find
from localoffer.search.sources.pages import plain
from tests.factories.directory import make_draft, make_location, make_organisation, make_service
from tests.factories.news import make_index, make_story
from tests.factories.pages import make_guide, make_page, make_section, text


def titles(authority, words, **options):
    return [hit.title for hit in find(authority=authority, words=words, **options)]


def test_find_asks_for_every_word_in_title_or_text(authority):
    make_service(authority, name="Speech drop-in", description="A therapist listens.")
    make_service(authority, name="Swimming", summary="A pool.", description="Warm water.")

    assert titles(authority, "speech therapist") == ["Speech drop-in"]
    assert titles(authority, "swimming therapist") == []


def test_find_puts_titles_first_then_families_words_then_summaries_then_text(authority, home):
    make_service(authority, name="A pool", summary="For all.", description="Some dyslexia help.")
    make_page(home, title="B page", summary="About dyslexia.")
    make_page(home, title="C page", words="dyslexia, cannot spell")
    make_service(authority, name="Dyslexia group")

    assert titles(authority, "dyslexia") == ["Dyslexia group", "C page", "B page", "A pool"]


@pytest.mark.parametrize("words", ["zoe", "ZOË", "Zoé's", "cafe", "CAFÉ zoës", "zo ca"])
def test_find_sees_past_case_accents_and_apostrophes_and_finishes_words(authority, words):
    make_service(authority, name="Zoë's café")

    assert titles(authority, words) == ["Zoë's café"]


def test_find_does_not_look_inside_words(authority):
    make_service(authority, name="Party", summary="Cake.")

    assert titles(authority, "art") == []


def test_find_reads_pages_guides_and_news_with_all_their_blocks(home, authority):
    make_page(home, title="Transport", slug="t", body=text("<p>A <b>marmalade</b> bus</p>"))
    make_guide(home, title="Guide", steps=["Spread the marmalade"])
    make_section(home, title="Section", summary="About marmalade.")
    make_story(make_index(home), title="Marmalade week")

    hits = find(authority=authority, words="marmalade")

    assert {(hit.kind, hit.title, hit.url) for hit in hits} == {
        ("page", "Transport", "/t/"),
        ("guide", "Guide", "/guide/"),
        ("page", "Section", "/section/"),
        ("news", "Marmalade week", "/news/marmalade-week/"),
    }
    assert hits[0].title == "Marmalade week"


def test_find_reads_organisations_places_needs_and_kinds_of_services(authority):
    service = make_service(
        authority,
        name="Club",
        organisation=make_organisation(authority, name="Plumstead Trust"),
        locations=[make_location(authority, town="Silverbridge")],
    )
    service.needs.set(["HI"])
    service.types.set(["leisure"])
    actions.publish(service=service)

    for words in ["plumstead", "silverbridge", "hearing impairment", "clubs things"]:
        assert titles(authority, words) == ["Club"]


def test_find_never_shows_what_is_not_public(home, authority):
    make_draft(authority, name="Draft heron")
    make_page(home, title="Draft heron page", publish=False)
    withdrawn = make_service(authority, name="Withdrawn heron")
    actions.withdraw(service=withdrawn)
    make_service(authority, name="Ended heron", status=Service.Status.DEFUNCT)
    closed = make_section(home, title="Closed heron", slug="closed")
    make_page(closed, title="Heron behind a password")
    PageViewRestriction.objects.create(
        page=closed, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    make_service(authority, name="Public heron")

    assert titles(authority, "heron") == ["Public heron"]


def test_find_never_shows_another_authoritys_things(authority, home, neighbour_site):
    loamshire, their_home = neighbour_site
    make_service(loamshire, name="Their heron")
    make_page(their_home, title="Their heron page")
    make_service(authority, name="Our heron")
    make_page(home, title="Our heron page")

    assert titles(authority, "heron") == ["Our heron", "Our heron page"]
    assert titles(loamshire, "heron") == ["Their heron", "Their heron page"]


def test_find_leaves_out_the_home_page_and_answers_nothing_for_no_words(authority):
    assert titles(authority, "barsetshire") == []
    assert titles(authority, " 😀 ") == []


def test_find_orders_equals_by_title_and_keeps_to_its_limit(authority):
    for name in ["Heron c", "heron A", "Heron b"]:
        make_service(authority, name=name)

    assert titles(authority, "heron") == ["heron A", "Heron b", "Heron c"]
    assert titles(authority, "heron", limit=2) == ["heron A", "Heron b"]


@pytest.mark.parametrize("number", [1, 12])
def test_find_asks_the_same_queries_however_much_is_found(
    authority, home, django_assert_num_queries, number
):
    for n in range(number):
        make_page(home, title=f"Heron {n}", slug=f"heron-{n}")
        make_service(authority, name=f"Heron {n}", locations=[make_location(authority)])
    assert authority.site.root_page

    with django_assert_num_queries(9):
        assert len(find(authority=authority, words="heron")) == 2 * number


def test_plain_keeps_words_and_drops_markup_ids_and_kinds_of_block():
    stored = '[{"type": "text", "value": "<p>A &amp; B</p>", "id": "xyz"}]'

    assert plain(stored).split() == ["A", "&", "B"]
    assert plain("[not json") == "[not json"
    assert plain(None) == ""
