import re
from datetime import date
from urllib.parse import parse_qsl, urlencode

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localoffer.authority.models import Authority
from localoffer.pages.actions import publish
from localoffer.places import lookup
from localoffer.search import suggesting
from localoffer.search.asking import Question
from localoffer.search.spelling import Correction
from localoffer.search.suggesting import Suggestion
from localoffer.search.thesaurus import Choice
from localoffer.search.understanding import Chip, Understood
from tests.factories.directory import make_draft, make_organisation
from tests.factories.news import make_index, make_story
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
    assert total(page) == "1 result for “heron” near WR14"
    assert page.title.string.startswith("1 result for “heron” near WR14 - Find help")


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
    "exactly": "1",
    "ignore": ["age", "place"],
    "sort": "nearest",
    "what": "services",
    "weaker": "1",
}


OF_ALL = {
    "words": "heron",
    "postcode": "WR14",
    "needs": ("SLCN", "ASD"),
    "ages": (4, 4),
    "free": True,
    "days": ("MO", "SA"),
    "miles": 5,
    "types": ("therapy",),
    "exactly": True,
    "ignore": ("age", "place"),
    "sort": "nearest",
    "what": "services",
    "weaker": True,
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

    chips = page.select("[aria-labelledby=chosen] a:not(.lo-find__clear)")
    removed = [asked - set(parse_qsl(chip["href"][1:])) for chip in chips]
    assert [len(one) for one in removed] == [1] * 8
    assert {one.pop()[0] for one in removed} == {"need", "age", "cost", "day", "distance", "type"}
    for chip in chips:
        assert set(parse_qsl(chip["href"][1:])) < asked
    for link in page.select(".lo-find__way a"):
        kept = set(parse_qsl(link["href"][1:]))
        assert {pair for pair in asked if pair[0] not in {"sort", "what"}} <= kept
    following = page.select_one('a[rel="next"]')["href"]
    assert following == f"?{Question(**OF_ALL).query}&page=2"
    (clear,) = page.select("a.lo-find__clear")
    assert set(parse_qsl(clear["href"][1:])) == {
        pair for pair in asked if pair[0] in {"q", "exactly", "ignore", "postcode", "sort", "what"}
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

    # What was said of the words that were there is not said of those that may be typed now.
    said = {("exactly", "1"), ("weaker", "1")}
    assert sent == set(parse_qsl(urlencode(ALL, doseq=True))) - said


def test_the_form_of_guides_sends_the_filters_about_services_again(client, authority, home):
    make_guide(home, title="Heron guide")
    asked = {"q": "heron", "what": "guides", "cost": "free", "day": ["MO", "SA"], "type": "therapy"}

    page = soup(get(client, **asked))

    hidden = {(field["name"], field["value"]) for field in page.select("#find [type=hidden]")}
    assert hidden == set(parse_qsl(urlencode(asked, doseq=True))) - {("q", "heron")}
    assert not page.select("input[name=cost][type=checkbox]")


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


def test_everything_is_one_list_in_which_each_says_what_it_is(client, authority, home, finds):
    service = make_found(authority, name="Heron club")
    guide = make_guide(home, title="Heron guide")
    story = make_story(make_index(home), title="Heron news", event_date=date(2026, 3, 3))
    finds((guide, 3), (service, 2), (story, 1))

    page = soup(get(client, q="heron"))

    assert titles(page) == ["Heron guide", "Heron club", "Heron news"]
    kinds = [words(kind) for kind in page.select(".lo-find__list .lo-kind")]
    assert kinds == ["Guide", "Service", "News"]
    tabs = [words(link) for link in page.select(".lo-find__way:first-child a")]
    assert tabs == ["Everything (3)", "Services (1)", "Guides and news (2)"]
    assert total(page) == "3 results for “heron”"
    assert total(soup(get(client, q="heron", what="services"))) == "1 service for “heron”"
    guides = soup(get(client, q="heron", what="guides"))
    assert total(guides) == "2 guides and news pages for “heron”"


def test_nothing_found_helps(client, authority):
    Authority.objects.update(
        phone="01632 960000", advice_name="Barset SENDIASS", advice_phone="01632 960001"
    )
    make_found(authority, name="Heron club", cost_kind="paid")

    page = soup(get(client, q="heron club", cost="free"))

    assert total(page) == "Nothing found for “heron club”"
    loosened = {words(link): link["href"] for link in page.select(".lo-find__nothing a")}
    assert loosened["At any cost"] == "?q=heron+club"
    assert "At any cost : 1 result" in words(page.main)
    for said in ["01632 960000", "Barset SENDIASS", "01632 960001"]:
        assert said in words(page.main)


def test_nothing_found_leads_to_the_form_with_the_words_in_it(client, authority):
    page = soup(get(client, q="hérons & “owls”"))

    (link,) = page.select(".lo-find__nothing a[href^='/feedback/']")
    form = soup(client.get(link["href"]))
    assert form.select_one("input[value=missing]").has_attr("checked")
    assert (
        words(form.select_one("textarea")) == "I looked for “hérons & “owls”” and did not find it."
    )
    assert not page.select("form[method=post]")


def test_crisis_words_put_help_above_everything_whatever_is_filtered(client, authority, finds):
    Authority.objects.update(safety_name="Front door", safety_phone="01632 960131")
    finds((make_found(authority, name="Heron club"), 1), crisis=True)

    for asked in [{}, {"cost": "free"}, {"what": "guides"}, {"page": "9"}, {"view": "map"}]:
        page = soup(get(client, q="heron", **asked))
        panel = page.select_one(".lo-crisis")
        assert panel.find_next(id="results")
        assert panel.find_next("form")
        assert [link["href"] for link in panel.select("a")] == [
            "tel:999",
            "tel:111",
            "tel:116123",
            "tel:08001111",
            "sms:85258",
            "tel:01632960131",
            "tel:08088005000",
        ]
        assert "Front door" in words(panel)

    finds(crisis=True)
    page = soup(get(client, q="heron"))
    assert total(page) == "Nothing found for “heron”"
    assert page.select_one(".lo-crisis")
    assert "01632 960131" in words(page.main)


def test_other_words_bring_no_crisis_panel(client, authority, finds):
    finds((make_found(authority, name="Heron club"), 1))

    assert not soup(get(client, q="heron")).select(".lo-crisis")


def test_mended_spelling_is_said_and_can_be_refused(client, authority, finds):
    finds(
        (make_found(authority, name="Heron club"), 1),
        corrected=(Correction("herron", "heron"), Correction("clubb", "club")),
    )

    page = soup(get(client, q="a Herron <clubb> herrons", cost="free"))

    said = page.select_one(".lo-find__spelling")
    assert [words(mended) for mended in said.select("strong")] == ["heron", "club"]
    assert words(said.a) == "Search instead for herron , clubb"
    assert said.a["href"] == "?q=a+Herron+%3Cclubb%3E+herrons&exactly=1&cost=free"


def test_words_taken_as_typed_can_have_their_spelling_mended_again(client, authority, finds):
    finds((make_found(authority, name="Heron club"), 1))

    said = soup(get(client, q="herron", exactly="1")).select_one(".lo-find__spelling")

    assert said.a["href"] == "?q=herron"


def test_an_abbreviation_of_several_meanings_is_a_choice(client, authority, finds):
    finds(
        (make_found(authority, name="Heron club"), 1),
        choices=(
            Choice(
                "AP",
                (
                    ("alternative", "Alternative provision", "School somewhere else."),
                    ("plan", "Accelerated progress plan", "How it gets better."),
                ),
            ),
        ),
    )

    panel = soup(get(client, q="ap near apley", ignore="age", cost="free")).select_one(
        ".lo-find__meanings"
    )

    assert [link["href"] for link in panel.select("a")] == [
        "?q=Alternative+provision+near+apley&cost=free",
        "?q=Accelerated+progress+plan+near+apley&cost=free",
    ]
    assert "Accelerated progress plan : How it gets better." in words(panel)


def test_what_was_understood_can_be_taken_off_and_put_back(client, authority, finds):
    chips = (
        Chip("age", "4 years old", "4 year old"),
        Chip("day", "Saturday", "saturday"),
        Chip("day", "Sunday", "sunday"),
    )
    finds((make_found(authority, name="Heron club"), 1), understood=Understood(chips=chips))

    page = soup(get(client, q="heron", ignore="place", age="9"))

    understood = {
        words(chip): chip["href"] for chip in page.select("[aria-labelledby=understood] a")
    }
    assert understood == {
        "Take as plain words: 4 years old ✕": "?q=heron&ignore=age&ignore=place&age=9",
        "Take as plain words: Saturday, Sunday ✕": "?q=heron&ignore=place&ignore=day&age=9",
    }
    (filters,) = page.select("[aria-labelledby=chosen] a")
    assert filters["href"] == "?q=heron&ignore=place"
    assert page.find("a", string="Use what they say again")["href"] == "?q=heron&age=9"


def test_weaker_matches_are_behind_a_link_and_marked(client, authority, finds):
    strong, weak = make_found(authority, name="Strong"), make_found(authority, name="Weak")
    finds((strong, 9), (weak, 1), cut=2)

    page = soup(get(client, q="heron"))
    assert titles(page) == ["Strong"]
    (link,) = page.find_all("a", string="Show 1 weaker match")
    assert link["href"] == "?q=heron&weaker=1"

    page = soup(get(client, q="heron", weaker="1"))
    assert titles(page) == ["Strong", "Weak"]
    assert words(page.select_one("#result-2 .lo-find__divider")) == "These match less well"
    assert page.find("a", string="Show only the best matches")["href"] == "?q=heron"

    finds((weak, 1), cut=2)
    page = soup(get(client, q="heron"))
    assert titles(page) == ["Weak"]
    assert "Nothing here matches your words closely" in words(page.main)
    assert not page.select(".lo-find__divider")


def test_filters_about_services_say_that_guides_are_left_aside(client, authority, home, finds):
    guide, service = make_guide(home, title="Guide"), make_found(authority, name="Heron club")
    finds((guide, 3), (service, 2))

    page = soup(get(client, q="heron", type="therapy"))
    assert total(page) == "Nothing found for “heron”"
    (link,) = page.find_all("a", string="See 1 guide or news page")
    assert link["href"] == "?q=heron&type=therapy&what=guides"
    assert titles(soup(client.get(f"/find-help/{link['href']}"))) == ["Guide"]


def test_suggestions_are_json_that_browsers_ask_for_again(client, authority, monkeypatch):
    asked = []

    def suggest(authority, text, limit=8):
        asked.append((authority, text))
        return [
            Suggestion("topic", "Speech therapy", "speech therapy"),
            Suggestion("service", "<b>Talk</b>", "/find-help/service/talk/"),
        ]

    monkeypatch.setattr(suggesting, "suggest", suggest)

    response = client.get("/find-help/suggest/", {"q": " spee\0ch  th"})

    assert asked == [(authority, "spee ch th")]
    assert response.json() == {
        "suggestions": [
            {"text": "Speech therapy", "label": "Topic", "query": "speech therapy"},
            {"text": "<b>Talk</b>", "label": "Service", "url": "/find-help/service/talk/"},
        ]
    }
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("text", ["", "a", " a ", "\0"])
def test_too_little_to_go_by_is_not_looked_up(client, authority, monkeypatch, text):
    monkeypatch.setattr(suggesting, "suggest", None)

    assert client.get("/find-help/suggest/", {"q": text}).json() == {"suggestions": []}
    assert client.post("/find-help/suggest/", {"q": text}).status_code == 405


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
def test_the_page_asks_few_queries_however_many_results(
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
    with django_assert_num_queries(10):
        response = get(client, **asked)

    assert len(titles(soup(response))) == min(number + 1, 20)


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


def test_unknown_parameters_are_in_no_link(client, authority):
    for n in range(21):
        make_found(authority, name=f"Heron {n}")

    page = soup(client.get("/find-help/?utm=x&q=heron&utm=y&need=ASD"))

    links = [link["href"] for link in page.main.select("a[href^='?']")]
    assert links
    assert not [link for link in links if "utm" in link]


NAMES = ["postcode", "need", "age", "cost", "day", "distance", "type", "sort", "what", "view"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
                "exactly",
                "ignore",
                "weaker",
                "page",
            ]
        ),
        st.text(max_size=12)
        | st.sampled_from(["WR14", "ASD", "4", "SA", "5", "1", "place", "map", "nearest"]),
    ),
)
def test_whatever_is_asked_there_is_a_page(client, authority, q, rest):
    query = urlencode({"q": q, **rest}, errors="surrogatepass")

    response = client.get(f"/find-help/?{query}")

    assert response.status_code == 200
    assert "Find help" in soup(response).title.string
