import re
from urllib.parse import parse_qsl, urlencode

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localoffer.authority.models import Authority
from localoffer.pages.actions import publish
from localoffer.places import lookup
from tests.factories.directory import make_draft, make_organisation
from tests.factories.pages import make_guide
from tests.factories.search import make_found

MIDDLE = lookup.locate("WR14")
HERE = (MIDDLE.easting, MIDDLE.northing)


def get(client, **asked):
    return client.get("/find-help/", asked)


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(node):
    return re.sub(r"\s+", " ", node.get_text(" ")).strip()


def titles(page):
    return [words(link) for link in page.select(".lo-find__list h3 a")]


def total(page):
    return words(page.select_one("#results"))


def test_asked_nothing_it_offers_what_families_often_look_for(client, authority):
    make_found(authority, name="Heron club")
    make_draft(authority, name="Draft")

    page = soup(get(client))

    hrefs = [link["href"] for link in page.select(".lo-card a")]
    assert "?need=ASD" in hrefs
    assert len(hrefs) == 12
    assert "See the 1 service" in words(page.main)
    for href in hrefs:
        assert "We left out" not in words(soup(client.get(f"/find-help/{href}")).main)


def test_results_show_what_a_family_chooses_by(client, authority):
    make_found(
        authority,
        name="Heron club",
        organisation=make_organisation(authority, name="Bird Trust"),
        summary="We watch herons.",
        minimum_age=4,
        maximum_age=10,
        cost_kind="free",
        at=(HERE[0] + 3200, HERE[1]),
        access=["step_free", "quiet_space"],
        is_example=True,
    )

    page = soup(get(client, q="heron", postcode="WR14"))

    row = words(page.select_one("#result-1"))
    for said in [
        "Heron club",
        "Service from Bird Trust",
        "Example",
        "We watch herons.",
        "Ages 4 to 10",
        "Free",
        "Hogglestock: about 2 miles away",
        "Step-free way in",
        "Quiet space",
    ]:
        assert said in row
    assert total(page) == "1 service for “heron” near WR14"
    assert page.title.string.startswith("1 service for “heron” near WR14 - Find help")


def test_a_result_page_can_be_cached(client, authority):
    make_found(authority, name="Heron club")

    response = get(client, q="heron")

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert b"csrfmiddlewaretoken" not in response.content
    assert b" style=" not in response.content


def test_only_reading_is_allowed(client, authority):
    assert client.post("/find-help/", {"q": "a"}).status_code == 405
    assert client.head("/find-help/?q=a").status_code == 200


ALL = {
    "q": "heron",
    "postcode": "WR14",
    "need": ["SLCN", "ASD"],
    "age": "4",
    "cost": "free",
    "day": ["MO", "SA"],
    "distance": "5",
    "type": ["therapy"],
    "sort": "nearest",
    "what": "services",
}


def test_every_link_keeps_what_was_asked_but_what_it_changes(client, authority):
    for n in range(25):
        make_found(
            authority,
            name=f"Heron {n}",
            types=["therapy"],
            days=["MO"],
            at=HERE,
            cost_kind="free",
        )
    page = soup(get(client, **ALL))
    asked = set(parse_qsl(urlencode(ALL, doseq=True)))

    chips = page.select("a.lo-chip:not(.lo-find__clear)")
    removed = [asked - set(parse_qsl(chip["href"][1:])) for chip in chips]
    assert [len(one) for one in removed] == [1] * 8
    assert {one.pop()[0] for one in removed} == {"need", "age", "cost", "day", "distance", "type"}
    for chip in chips:
        assert set(parse_qsl(chip["href"][1:])) < asked
    for link in page.select(".lo-find__way a"):
        kept = set(parse_qsl(link["href"][1:]))
        assert {pair for pair in asked if pair[0] not in {"sort", "what"}} <= kept
    following = dict(parse_qsl(page.select_one('a[rel="next"]')["href"][1:]))
    assert following["page"] == "2"
    assert following["q"] == "heron"
    (clear,) = page.select("a.lo-find__clear")
    assert set(parse_qsl(clear["href"][1:])) == {
        pair for pair in asked if pair[0] in {"q", "postcode", "sort", "what"}
    }


def test_the_form_sends_again_what_it_was_sent(client, authority):
    make_found(authority, name="Heron", types=["therapy"], days=["MO"], at=HERE, cost_kind="free")
    page = soup(get(client, **ALL))

    sent = {
        (field["name"], field.get("value", ""))
        for field in page.select("#find input, input[form=find]")
        if field["type"] != "checkbox" or field.has_attr("checked")
    }
    sent |= {
        (field["name"], field.select_one("option[selected]")["value"])
        for field in page.select("select")
    }

    assert sent == set(parse_qsl(urlencode(ALL, doseq=True)))


@pytest.mark.parametrize(
    ("number", "first", "count"),
    [("1", "Heron 00", 20), ("2", "Heron 20", 3), ("99", "Heron 20", 3)],
)
def test_pages_hold_twenty_and_a_page_past_the_end_is_the_last(
    client, authority, number, first, count
):
    for n in range(23):
        make_found(authority, name=f"Heron {n:02}")

    page = soup(get(client, q="heron", page=number))

    assert titles(page)[0] == first
    assert len(titles(page)) == count
    assert ("There are only 2 pages" in words(page.main)) == (number == "99")
    assert page.select_one(".lo-find__list")["start"] == ("1" if number == "1" else "21")


def test_guides_come_first_and_only_three_of_them(client, authority, home):
    make_found(authority, name="Heron club")
    for n in range(4):
        make_guide(home, title=f"Heron guide {n}")

    page = soup(get(client, q="heron"))

    assert [words(link) for link in page.select(".lo-find__guide a")] == [
        "Heron guide 0",
        "Heron guide 1",
        "Heron guide 2",
    ]
    assert "See all 4 guides and news" in words(page.main)
    assert titles(page) == ["Heron club"]
    assert len(titles(soup(get(client, q="heron", what="guides")))) == 4


def test_where_there_are_only_guides_they_are_the_list(client, authority, home):
    make_guide(home, title="Heron guide")

    page = soup(get(client, q="heron"))

    assert titles(page) == ["Heron guide"]
    assert total(page) == "1 guide or news page for “heron”"


def test_nothing_found_helps(client, authority):
    Authority.objects.update(
        phone="01632 960000", advice_name="Barset SENDIASS", advice_phone="01632 960001"
    )
    make_found(authority, name="Heron club", cost_kind="paid")

    page = soup(get(client, q="heron club", cost="free"))

    assert total(page) == "Nothing found for “heron club”"
    loosened = {words(link): link["href"] for link in page.select(".lo-find__nothing a")}
    assert loosened["At any cost"] == "?q=heron+club"
    assert loosened["Search for only “heron”"] == "?q=heron&cost=free"
    assert "At any cost : 1 service" in words(page.main)
    for said in ["01632 960000", "Barset SENDIASS", "01632 960001"]:
        assert said in words(page.main)
    assert page.select_one('main a[href="/feedback/"]')


@pytest.mark.parametrize("postcode", ["foo", "BT1 1AA", "ZZ99 9ZZ", "WR14 1AA; DROP TABLE"])
def test_a_bad_postcode_is_told_beside_its_box_and_the_rest_is_kept(client, authority, postcode):
    make_found(authority, name="Heron club", cost_kind="free")

    page = soup(get(client, q="heron", postcode=postcode, cost="free", distance="5"))

    assert page.title.string.startswith("Error: ")
    (link,) = page.select(".govuk-error-summary a")
    assert link["href"] == "#postcode"
    field = page.select_one("#postcode")
    assert field["aria-describedby"] == "postcode-error"
    assert field["value"] == postcode
    assert page.select_one("#q")["value"] == "heron"
    assert page.select_one("#cost-free").has_attr("checked")
    assert titles(page) == ["Heron club"]
    assert "To search by distance, type a postcode." in words(page.main)


def test_an_unknown_postcode_falls_back_to_its_first_half_and_says_so(client, authority):
    make_found(authority, name="Heron club", at=HERE)

    page = soup(get(client, postcode="WR14 1ZZ"))

    assert "We could not find WR14 1ZZ, so distances are from the middle of WR14." in words(
        page.main
    )
    assert "miles away" in words(page.main) or "mile away" in words(page.main)


def test_a_postcode_of_another_council_is_told_kindly_and_led_on(client, authority, neighbour_site):
    make_found(authority, name="Heron club", at=HERE)
    elsewhere = words(soup(get(client, q="heron", postcode="WR14 1AA")).main)
    assert "is not in Barsetshire" in elsewhere

    Authority.objects.filter(pk=neighbour_site[0].pk).update(gss_code="E10000034")
    page = soup(get(client, q="heron", postcode="WR14 1AA"))
    (link,) = page.select(".govuk-inset-text a")
    assert link["href"] == "http://loamshire.example/find-help/?q=heron&postcode=WR14+1AA"

    authority.districts = ["E07000235"]
    authority.save()
    page = soup(get(client, q="heron", postcode="WR14 1AA"))
    assert not page.select(".govuk-inset-text")


def test_unknown_filters_are_left_out_with_a_note(client, authority):
    make_found(authority, name="Heron club")

    page = soup(get(client, q="heron", need="<script>", type="x"))

    assert "We left out what we did not know" in words(page.main)
    assert "need=<script>" in words(page.main)
    assert titles(page) == ["Heron club"]


def test_another_authoritys_services_drafts_and_withdrawn_ones_never_appear(
    client, authority, neighbour_site
):
    make_found(neighbour_site[0], name="Their heron", needs=["ASD"])
    make_draft(authority, name="Draft heron")
    make_found(authority, name="Our heron")

    for asked in [{"q": "heron"}, {"what": "services"}, {"need": "ASD"}]:
        page = soup(get(client, **asked))
        assert titles(page) == ["Our heron"]
        assert "(2)" not in words(page.main)


def test_the_map_shows_numbered_results_that_lead_to_the_list(client, authority):
    make_found(authority, name="Heron A", at=HERE)
    make_found(authority, name="Heron B", at=(HERE[0] + 20_000, HERE[1]))
    make_found(authority, name="Heron C")

    page = soup(get(client, q="heron", view="map"))

    points = page.select("svg a.lo-map__point")
    assert [point["href"] for point in points] == ["#result-1", "#result-2"]
    assert points[0]["aria-label"] == "Result 1, Heron A"
    for point in points:
        assert page.select_one(point["href"])
    assert titles(page) == ["Heron A", "Heron B", "Heron C"]
    assert "3. Heron C" in words(page.select_one(".lo-map__list"))
    svg = page.select_one(".lo-map svg")
    assert all(page.select_one(f"#{name}") for name in svg["aria-labelledby"].split())
    assert not page.select("svg [style]")


def test_every_id_is_there_once(client, authority, home):
    make_guide(home, title="Heron guide")
    for n in range(3):
        make_found(authority, name=f"Heron {n}", needs=["ASD"], types=["therapy"], at=HERE)

    page = soup(get(client, q="heron", view="map", postcode="WR14"))

    ids = [node["id"] for node in page.select("[id]")]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("number", [1, 50])
@pytest.mark.parametrize("view", ["list", "map"])
def test_the_page_asks_the_same_queries_however_many_results(
    client, authority, home, django_assert_num_queries, number, view
):
    guide = make_guide(home, title="Heron guide")
    guide.needs.set(["SLCN"])
    publish(guide)
    for n in range(number):
        make_found(
            authority, name=f"Heron {n}", needs=["SLCN"], types=["therapy"], days=["MO"], at=HERE
        )
    asked = {"q": "heron", "postcode": "WR14 1AA", "need": "SLCN", "age": "4", "view": view}

    client.get("/")  # asks for what every page shows around its content
    with django_assert_num_queries(13):
        response = get(client, **asked)

    assert len(titles(soup(response))) == min(number, 20)


HOSTILE = [
    "a" * 10_000,
    "\0",
    "' OR 1=1 --",
    '"; DROP TABLE directory_service; --',
    "<script>alert(1)</script>",
    "😀🏳️‍🌈",
    "\u202egnihcraes",
    "%%% ___ * ( ) AND NEAR",
    "\ud800",
    "the of and",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_get_an_answer(client, authority, text):
    make_found(authority, name="Heron club")

    response = client.get("/find-help/?" + urlencode({"q": text}, errors="surrogatepass"))

    page = soup(response)
    assert b"<script>alert" not in response.content
    assert page.select("#results, .lo-card")  # results, or where to begin when nothing is left


def test_two_hundred_facets_repeated_are_as_good_as_one(client, authority):
    make_found(authority, name="Heron club", needs=["ASD"])

    page = soup(get(client, need=["ASD"] * 200, type=[f"x{n}" for n in range(200)]))

    assert len(page.select("a.lo-chip")) == 1
    assert titles(page) == ["Heron club"]


NAMES = ["postcode", "need", "age", "cost", "day", "distance", "type", "sort", "what", "view"]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    q=st.text(max_size=60),
    rest=st.dictionaries(
        st.sampled_from(
            [
                "postcode",
                "need",
                "age",
                "cost",
                "day",
                "distance",
                "type",
                "sort",
                "what",
                "view",
                "page",
            ]
        ),
        st.text(max_size=12) | st.sampled_from(["WR14", "ASD", "4", "SA", "5", "map", "nearest"]),
    ),
)
def test_whatever_is_asked_there_is_a_page(client, authority, q, rest):
    query = urlencode({"q": q, **rest}, errors="surrogatepass")

    response = client.get(f"/find-help/?{query}")

    assert response.status_code == 200
    assert "Find help" in soup(response).title.string
