import pytest

from localoffer.directory import actions
from localoffer.directory.models import (
    CostOption,
    Schedule,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
)
from localoffer.search import sources
from localoffer.search.documents import Document
from tests.factories.directory import make_location, make_organisation, make_service, new_service
from tests.factories.news import make_index, make_story
from tests.factories.pages import make_guide, make_initiative, make_page, make_section, text


def of(kind, authority, **options):
    return list(sources.documents(kind, authority, **options))


def test_a_service_says_each_thing_in_the_part_where_it_counts(authority):
    service = new_service(
        authority,
        name="Heron club",
        alternate_name="Birds",
        summary="A club.",
        description="We look at herons.",
        eligibility="Live in Barset",
        how_to_get_it="Ring us",
        organisation=make_organisation(authority, name="Plumstead Trust"),
        area_served="All of Barset",
        cost_kind="free",
        routes=["self"],
    )
    hall = make_location(
        authority, town="Silverbridge", easting=1, northing=2, access=["step_free"]
    )
    service.at_locations.add(ServiceAtLocation(location=hall))
    service.needs.set(["ASD"])
    service.types.set(["leisure"])
    service.schedules.set([Schedule(byday=["2TU", "MO"])])
    service.languages.set([ServiceLanguage(name="Polish")])
    service.service_areas.set([ServiceArea(name="Wyre Forest")])
    service.cost_options.set([CostOption(option="Session")])
    actions.publish(service=service)

    (found,) = of("service", authority)

    assert (found.title, found.other_names, found.summary) == ("Heron club", "Birds", "A club.")
    assert found.text == "We look at herons."
    assert found.needs.lower().startswith("aut")
    assert found.organisation == "Plumstead Trust"
    assert found.place.split("\n") == [
        *["Hogglestock Hall", "Silverbridge", "All of Barset", "Wyre Forest"]
    ]
    extra = found.extra.split("\n")
    assert extra[:2] == ["Live in Barset", "Ring us"]
    assert {"Free", "You can ask yourself", "Monday", "Tuesday", "Step-free way in", "Polish"} <= {
        *extra
    }
    assert (found.days, found.need_codes, found.type_codes) == (
        ("MO", "TU"),
        ("ASD",),
        ("leisure",),
    )


def test_the_start_of_a_long_description_stands_in_for_a_summary_and_is_not_said_twice(authority):
    words = " ".join(f"word{n}" for n in range(100))
    make_service(authority, name="Heron", summary="", description=words)

    (found,) = of("service", authority)

    assert len(found.summary) <= 300
    assert f"{found.summary}{found.text}" == words
    assert not found.summary.endswith("wor")


def test_a_description_without_spaces_is_cut_all_the_same(authority):
    make_service(authority, name="Heron", summary="", description="x" * 1000)

    (found,) = of("service", authority)

    assert (len(found.summary), len(found.text)) == (300, 700)


def test_only_what_was_asked_for_is_given_and_only_what_is_ours(authority, neighbour):
    ours, other = make_service(authority, name="Heron"), make_service(authority, name="Egret")
    theirs = make_service(neighbour, name="Swift")

    found = of("service", authority, keys=[str(ours.pk), str(theirs.pk)])

    assert [document.title for document in found] == ["Heron"]
    assert {document.title for document in of("service", authority)} == {"Heron", other.name}


def test_pages_of_each_kind_say_what_they_hold(home, authority):
    make_page(home, title="Transport", slug="t", body=text("<p>A <b>marmalade</b> bus</p>"))
    make_guide(home, title="Guide", steps=["Spread it"], words="jam, preserve")
    make_section(home, title="Section")
    make_initiative(home, title="Programme", slug="p", bodies="The council\nThe NHS")
    story = make_story(make_index(home), title="Week", place="Malvern", source="The Trust")

    pages = {document.title: document for document in of("page", authority)}
    (guide,) = of("guide", authority)
    (news,) = of("news", authority)

    assert pages.keys() == {"Transport", "Section", "Programme", "News"}
    assert "marmalade" in pages["Transport"].text
    assert "The NHS" in pages["Programme"].text
    assert (guide.other_names, "Spread it" in guide.text) == ("jam, preserve", True)
    assert (news.place, news.organisation, news.dated) == ("Malvern", "The Trust", story.event_date)


@pytest.mark.parametrize("number", [1, 9])
@pytest.mark.parametrize("kind", ["guide", "service"])
def test_a_source_asks_the_same_queries_however_many(
    authority, home, django_assert_num_queries, number, kind
):
    for n in range(number):
        make_guide(home, title=f"Guide {n}", slug=f"g{n}").needs.set(["ASD"])
        make_service(authority, name=f"Heron {n}", locations=[make_location(authority)])
    assert authority.site.root_page

    with django_assert_num_queries({"guide": 3, "service": 4}[kind]):
        assert len(of(kind, authority)) == number


def test_another_app_adds_a_source_in_one_line(authority, monkeypatch):
    monkeypatch.setattr(sources, "_sources", {})
    egret = Document("bird", "1", "Egret", "", "/egret/", authority.pk)

    sources.register("bird", lambda authority, keys=None: iter([egret]))

    assert sources.kinds() == ["bird"]
    assert of("bird", authority) == [egret]
