"""What the public reads of consultations, by the clock."""

import csv
import io
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from localoffer.authority.models import PublicItem
from localoffer.consultations import sheets
from localoffer.consultations.actions import planning, results
from localoffer.consultations.models import Consultation, listing
from localoffer.consultations.states import State
from localoffer.pagecache import BEGAN, UNTIL
from localoffer.search import sources
from tests.factories.consultations import (
    CLOSES,
    DUE,
    LAST,
    OPENS,
    WHILE_OPEN,
    answer,
    make_consultation,
    make_listing,
    make_open,
)
from tests.factories.pages import make_site

LISTING = "/have-your-say/"
PAGE = "/have-your-say/what-about-clubs/"
DAY = timedelta(days=1)
AFTER = CLOSES + timedelta(hours=2)


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


def published(record, survey, number=40):
    for person in range(number):
        answer(survey, {"AGE": f"AGE{1 + person % 2}"})
    planning.begin_counting(record, now=AFTER)
    return results.publish(results.make(record, now=AFTER), now=AFTER, note="Who answered.")


@pytest.mark.parametrize(
    ("now", "said", "can_answer"),
    [
        (OPENS - DAY, "It opens on Monday 3 April 2023 and closes at 11:59pm", False),
        (WHILE_OPEN, "Open Closes at 11:59pm on Friday 28 April 2023", True),
        (CLOSES - DAY, "Closing soon Closes at 11:59pm on Friday 28 April 2023", True),
        (CLOSES - timedelta(hours=5), "About 5 hours left", True),
        (CLOSES, "It closed at 11:59pm on Friday 28 April 2023", False),
        (CLOSES + DAY, "We will publish the results by Friday 9 June 2023", False),
        (CLOSES + 90 * DAY, "The results are late. We promised them by Friday 9 June 2023", False),
    ],
)
def test_the_page_says_where_it_stands(client, opened, clock, now, said, can_answer):
    clock(now)
    response = client.get(PAGE)

    assert said in words(response)
    assert ("/have-your-say/answer/" in response.content.decode()) is can_answer


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (OPENS - DAY, OPENS),
        (WHILE_OPEN, CLOSES - timedelta(days=7)),
        (CLOSES - timedelta(hours=4, minutes=30), CLOSES - timedelta(hours=4)),
        (CLOSES - timedelta(minutes=1), CLOSES),
    ],
)
@pytest.mark.parametrize("url", [PAGE, LISTING, "/have-your-say/list.json"])
def test_no_page_is_kept_beyond_the_instant_at_which_it_changes(
    client, opened, clock, now, until, url
):
    clock(now)
    response = client.get(url, **{BEGAN: now.timestamp()})

    assert response.wsgi_request.META[UNTIL] <= until.timestamp()
    assert response.wsgi_request.META[UNTIL] > now.timestamp()


def test_an_extension_stands_on_the_page_with_its_reason(client, opened, clock):
    clock(WHILE_OPEN)
    planning.move_closing(opened[0], closes_on=LAST + DAY, reason="Late post.", now=WHILE_OPEN)

    said = words(client.get(PAGE))

    assert "Closes at 11:59pm on Saturday 29 April 2023" in said
    assert "it was to close at 11:59pm on Friday 28 April 2023. Late post." in said


def test_a_page_whose_consultation_is_not_set_going_promises_nothing(
    client, authority, index, clock
):
    record = make_consultation(index, authority=authority)
    record.page.get_latest_revision().publish()
    clock(WHILE_OPEN)

    response = client.get(PAGE)

    assert "We are getting this ready" in words(response)
    assert "What about clubs?" not in words(client.get(LISTING))


def test_the_list_is_in_the_order_of_what_closes_first(client, authority, index, clock):
    clock(WHILE_OPEN)
    for title, days in [("Later", (-3, 30)), ("Sooner", (-1, 5)), ("Coming", (4, 40))]:
        first, last = (WHILE_OPEN.date() + timedelta(days=n) for n in days)
        make_open(index, authority=authority, title=title, days=(first, last))

    lists = listing.of(authority, now=WHILE_OPEN)

    assert [each.title for each in lists.open] == ["Sooner", "Later"]
    assert [each.title for each in lists.coming] == ["Coming"]
    html = client.get(LISTING).content.decode()
    assert html.index("Sooner") < html.index("Later") < html.index("Coming")


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_costs_the_same_for_one_or_many(
    client, authority, index, clock, number, django_assert_max_num_queries
):
    for n in range(number):
        make_open(index, authority=authority, title=f"C {n}")
    clock(WHILE_OPEN)

    with django_assert_max_num_queries(8):
        assert client.get(LISTING).status_code == 200


def test_what_is_kept_of_the_list_does_not_keep_the_clock(authority, opened):
    before = listing.of(authority, now=CLOSES - timedelta(seconds=1))
    after = listing.of(authority, now=CLOSES)

    assert (len(before.open), len(after.open), len(after.awaited)) == (1, 0, 1)


def test_nothing_of_another_authority_is_listed(client, opened, clock):
    other, home = make_site(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")
    make_open(make_listing(home), authority=other, title="Theirs")
    clock(WHILE_OPEN)

    for url in [LISTING, "/have-your-say/list.json", "/have-your-say/feed.atom"]:
        assert "Theirs" not in client.get(url).content.decode()
        assert "Theirs" in client.get(url, headers={"host": "loamshire.example"}).content.decode()


def test_the_list_for_programs_keeps_its_names(client, opened, clock):
    clock(WHILE_OPEN)
    (one,) = client.get("/have-your-say/list.json").json()["consultations"]

    item = PublicItem.objects.get(kind="consultation")
    assert one == {
        "id": str(opened[0].page.translation_key),
        "reference": item.shown_reference,
        "title": "What about clubs?",
        "summary": "What should clubs be like?",
        "kind": "engagement",
        "lead": "Barsetshire County Council",
        "canonical_url": "http://testserver/have-your-say/what-about-clubs/",
        "state": "open",
        "opens": "2023-04-02T23:00:00Z",
        "closes": "2023-04-28T23:00:00Z",
        "last_day": "2023-04-28",
        "results_due": "2023-06-09",
        "results_published": None,
        "url": "http://testserver/have-your-say/what-about-clubs/",
    }


def test_an_entry_of_the_feed_changes_when_the_state_does(client, opened, clock):
    def entry(now):
        clock(now)
        root = ET.fromstring(client.get("/have-your-say/feed.atom").content)  # noqa: S314  ours
        name = "{http://www.w3.org/2005/Atom}"
        found = root.find(f"{name}entry")
        return tuple(found.find(f"{name}{each}").text for each in ["id", "title", "updated"])

    first, second = entry(WHILE_OPEN), entry(CLOSES)

    assert first[0] == second[0]
    assert (first[1], second[1]) == ("Open: What about clubs?", "Closed: What about clubs?")
    assert first[2] < second[2] == "2023-04-28T23:00:00+00:00"


def test_a_site_with_no_authority_has_an_empty_list(client, db):
    assert client.get("/have-your-say/list.json", headers={"host": "localhost"}).json() == {
        "consultations": []
    }


def test_the_search_finds_it_with_its_words(authority, opened):
    (found,) = list(sources.documents("consultation", authority))

    assert (found.title, found.url) == ("What about clubs?", PAGE)
    assert "Why we ask." in found.text


def test_results_are_tables_that_all_formats_tell_alike(client, opened):
    record, survey = opened
    result = published(record, survey)

    page = client.get(f"{PAGE}results/")
    table = client.get(f"{PAGE}results.csv").content.decode()
    data = client.get(f"{PAGE}results.json").json()

    said = words(page)
    assert "Who answered." in said
    assert "About 40 people answered" in said
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["answer"], row["number"], row["percent"]) for row in rows[:3]] == [
        ("AGE 1", "c", "c"),
        ("AGE 2", "20", "50"),
        ("AGE 3", "c", "c"),
    ]
    assert data["sha256"] == result.digest == results.results.digest(data["surveys"])
    assert re.search(r"c \(hidden\)", said)


def test_the_page_leads_to_the_results_and_then_to_the_decision(client, opened, clock):
    record, survey = opened
    clock(AFTER)
    assert client.get(f"{PAGE}results/").status_code == 404
    published(record, survey)
    with_results = words(client.get(PAGE))
    planning.decide(record, on=DUE, words="More clubs, and no fewer.")
    decided = words(client.get(PAGE))

    assert "See the results" in with_results
    assert "Results published" in with_results
    assert "What was decided Decided on Friday 9 June 2023 by the cabinet" in decided
    assert "More clubs, and no fewer." in decided
    assert Consultation.objects.get().state(now=AFTER) == State.DECIDED


def test_results_are_shown_as_they_were_stored(client, opened):
    record, survey = opened
    published(record, survey)
    before = client.get(f"{PAGE}results.json").json()
    survey.versions.get().responses.update(answers={"AGE": "AGE3"})

    assert client.get(f"{PAGE}results.json").json() == before


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_of_a_sheet_begins_a_formula(text):
    assert sheets.guarded(text) == f"'{text}"


def test_what_is_no_formula_stays_as_it_is():
    assert [sheets.guarded(value) for value in ["a=1", 5, None, ""]] == ["a=1", "5", "", ""]
