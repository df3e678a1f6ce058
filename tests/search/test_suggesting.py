import pytest

from localoffer.directory import actions
from localoffer.directory.models import ServiceAtLocation
from localoffer.search import suggesting, vocabulary
from localoffer.search.models import IndexState, SearchDocument
from localoffer.search.suggesting import Suggestion, suggest
from localoffer.search.thesaurus import ConceptWords, Thesaurus
from tests.factories.directory import make_location, make_service
from tests.factories.news import make_index, make_story
from tests.factories.pages import make_guide
from tests.factories.search import make_found


def concept(code, name, *words, hidden=()):
    return ConceptWords(code, name, words=(*words, *hidden), shown=words)


CONCEPTS = [
    concept("short-breaks", "Short breaks", "respite", "respite care", "shared care"),
    concept("speech", "Speech and language", "speech therapy", "not talking", hidden=["retard"]),
    concept("egret", "Egrets", "egret therapy"),
]


@pytest.fixture(autouse=True)
def thesaurus(monkeypatch):
    """A thesaurus of which every form but one may be shown."""
    made = Thesaurus(CONCEPTS)
    monkeypatch.setattr(vocabulary, "thesaurus_of", lambda authority: made)
    suggesting._forms.forget()
    yield
    suggesting._forms.forget()


@pytest.fixture
def about(authority):
    """Something about each of the concepts, that nobody will type the title of."""
    make_service(
        authority, name="Zzz", description="Respite, speech therapy. Shared care! Egret therapy."
    )
    make_service(authority, name="Zzzz", description="Shared care.")


def texts(authority, typed, **options):
    return [found.text for found in suggest(authority, typed, **options)]


def test_topics_come_first_then_titles_then_towns(authority, home, about):
    hall = make_location(authority, town="Speechley", easting=377_000, northing=246_000)
    service = make_service(authority, name="Speech drop-in", locations=[hall])
    make_guide(home, title="Late speech: what to do", slug="late")

    assert suggest(authority, "spee") == [
        Suggestion("topic", "Speech and language", "Speech and language"),
        Suggestion("service", "Speech drop-in", service.get_absolute_url()),
        Suggestion("page", "Late speech: what to do", "/late/"),
        Suggestion("place", "Speechley", "in Speechley"),
    ]


@pytest.mark.parametrize(
    "typed", ["zoe", "ZOË", "zoes", "zoes ca", "café", "cafe cl", "CLUB", "club zoe", "  zoe's "]
)
def test_a_title_is_found_by_the_beginning_of_its_words_however_it_is_typed(authority, typed):
    make_service(authority, name="Zoë's café: club")

    assert texts(authority, typed) == ["Zoë's café: club"]


@pytest.mark.parametrize("typed", ["afe", "zoes club x", "cafe zz"])
def test_the_inside_of_a_word_finds_nothing(authority, typed):
    make_service(authority, name="Zoë's café: club")

    assert texts(authority, typed) == []


def test_a_concept_is_suggested_once_by_the_form_that_fits_best(authority, about):
    assert texts(authority, "resp") == ["Respite"]
    assert texts(authority, "respite c") == ["Respite care"]
    assert texts(authority, "speech") == ["Speech and language"]  # its name, though it is longer
    assert texts(authority, "speech t") == ["Speech therapy"]
    assert texts(authority, "care") == ["Shared care"]
    assert texts(authority, "short") == ["Short breaks"]


def test_the_concept_that_more_is_about_comes_first_and_one_without_anything_does_not(
    authority, about
):
    make_service(authority, name="Egrets", description="Egret therapy, egret therapy.")
    make_service(authority, name="More", description="Egret therapy.")

    assert texts(authority, "therap") == ["Egret therapy", "Speech therapy"]
    assert texts(authority, "not t") == ["Not talking"]
    SearchDocument.objects.exclude(title="More").delete()
    IndexState.objects.move()
    assert texts(authority, "therap") == ["Egret therapy"]


def test_what_must_not_be_shown_finds_the_concept_by_its_name(authority, about):
    assert texts(authority, "retar") == ["Speech and language"]


def test_there_are_eight_at_most_and_room_is_given_to_what_there_is(authority, about):
    for n in range(12):
        make_service(authority, name=f"Egret {n:02}")

    assert texts(authority, "egr") == ["Egrets", *(f"Egret {n:02}" for n in range(7))]
    assert texts(authority, "egr", limit=2) == ["Egrets", "Egret 00"]


def test_what_is_withdrawn_or_renamed_is_suggested_no_longer(authority):
    gone = make_service(authority, name="Heron group")
    renamed = make_service(authority, name="Heron circle")
    assert texts(authority, "heron") == ["Heron circle", "Heron group"]

    actions.withdraw(service=gone)
    actions.save_rename(service=renamed, name="Swift circle")

    assert texts(authority, "heron") == []
    assert texts(authority, "circ") == ["Swift circle"]


def test_one_name_is_suggested_once_and_stories_are_not(authority, home):
    make_service(authority, name="Heron group")
    make_service(authority, name="Heron Group")
    make_story(make_index(home), title="Heron week")

    assert [text.lower() for text in texts(authority, "heron")] == ["heron group"]


def test_each_authority_is_suggested_its_own(authority, neighbour):
    make_found(neighbour, name="Heron group", at=(377_000, 246_000))

    assert texts(authority, "heron") == texts(authority, "hogg") == []
    assert texts(neighbour, "heron") == ["Heron group"]
    assert texts(neighbour, "hogg") == ["Hogglestock"]


def test_a_town_goes_with_its_last_service(authority):
    service = make_found(authority, name="Heron group", at=(377_000, 246_000))
    assert texts(authority, "hogg") == ["Hogglestock"]

    actions.withdraw(service=service)
    suggesting._towns.forget()

    assert texts(authority, "hogg") == []


@pytest.mark.parametrize(
    "typed",
    ["", " ", "\0", "'", "%", "_", "🐦", "\ud800", "\U0010ffff", "x" * 100_000, "a " * 5000, "\\"],
)
def test_nothing_that_is_typed_makes_it_raise(authority, typed):
    make_service(authority, name="A heron")

    assert set(texts(authority, typed)) <= {"A heron"}


@pytest.mark.parametrize("number", [1, 30])
def test_suggesting_asks_the_same_queries_however_many(
    authority, django_assert_num_queries, number
):
    for n in range(number):
        service = make_found(authority, name=f"Heron {n}", at=(377_000, 246_000))
        service.at_locations.add(ServiceAtLocation(location=make_location(authority)))
    suggest(authority, "heron")

    with django_assert_num_queries(4):
        suggest(authority, "heron")


def test_starts_of_long_titles_are_kept_short(authority):
    title = " ".join(["heron", *(f"word{n}" for n in range(40))])
    make_service(authority, name=title[:255])

    row = SearchDocument.objects.get(title=title[:255])
    assert max(len(start.start) for start in row.starts.all()) <= 60
    assert row.starts.count() == 6


def test_what_moves_to_another_authority_is_suggested_there_alone(authority, home, neighbour_site):
    loamshire, their_home = neighbour_site
    page = make_guide(home, title="Egret guide")
    service = make_service(authority, name="Egret club")
    assert texts(authority, "egret") == ["Egret club", "Egret guide"]

    page.move(their_home, pos="last-child")
    service.authority = loamshire
    actions.publish(service=service)

    assert texts(authority, "egret") == []
    assert texts(loamshire, "egret") == ["Egret club", "Egret guide"]
