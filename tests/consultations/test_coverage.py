"""Whom the law says to ask, beside whom a council asked."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from localoffer.consultations.actions import planning, results
from localoffer.consultations.models import Consultation, coverage
from localoffer.taxonomy.models import Consultee
from tests.factories.authority import make_officer
from tests.factories.consultations import AFTER, WHILE_OPEN, answer, make_open
from tests.factories.pages import make_site

URL = "/have-your-say/who-we-asked/"


@pytest.fixture
def asked(opened, clock):
    """One that asks parents and NHS England, in 2023."""
    clock(WHILE_OPEN)
    page = opened[0].page
    page.consultees.set(Consultee.objects.filter(pk__in=["r54-1-a", "r54-2-a"]))
    page.save_revision().publish()
    return opened


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_each_group_that_the_law_names_has_a_row(asked, authority):
    found = coverage.coverage(authority, now=WHILE_OPEN)

    assert len([row for row in found.rows if row.consultee.letter]) == 14
    assert (len(found.rows), found.gaps, found.year) == (20, 18, 2023)
    assert {row.consultee.pk for row in found.rows if row.asked} == {"r54-1-a", "r54-2-a"}


@pytest.mark.parametrize(
    ("number", "said"), [(3, "too few to tell"), (12, "For parents and carers: about 10")]
)
def test_how_many_answered_is_what_was_published(client, asked, number, said, clock):
    record, survey = asked
    for _person in range(number):
        answer(survey, {"AGE": "AGE1"})
    assert "No results are published yet" in words(client.get(URL))
    planning.begin_counting(record, now=AFTER)
    results.publish(results.make(record, now=AFTER), now=AFTER)
    clock(AFTER)

    assert said in words(client.get(URL))


def test_the_files_say_the_same_as_the_page(client, asked):
    rows = list(
        csv.reader(io.StringIO(client.get("/have-your-say/who-we-asked.csv").content.decode()))
    )
    told = client.get("/have-your-say/who-we-asked.json").json()

    assert len(rows) == 21
    assert [row[3] for row in rows[1:] if row[3]] == ["What about clubs?"] * 2
    assert [each["code"] for each in told["groups"] if each["asked_in"]] == ["r54-1-a", "r54-2-a"]
    assert "What about clubs?" in words(client.get(URL))


@pytest.mark.parametrize("year", ["2023", "1999", "x", "", "9" * 50])
def test_any_year_that_is_asked_for_gets_a_page(client, asked, year):
    assert "2023" in words(client.get(URL, {"year": year}))


@pytest.mark.parametrize("number", [1, 6])
def test_it_costs_the_same_for_one_and_for_many(
    authority, index, number, django_assert_max_num_queries
):
    for n in range(number):
        make_open(index, authority=authority, title=f"C {n}")

    with django_assert_max_num_queries(6):
        coverage.coverage(authority, now=WHILE_OPEN)


def test_an_officer_sees_their_own_authoritys(client, asked, authority):
    make_site(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")
    client.force_login(make_officer(authority, role="participation_officer"))

    response = client.get(reverse("consultations_admin:coverage"))

    assert "Barsetshire, 2023" in words(response)
    assert "Loamshire" not in words(response)
    assert "Whom the law says to ask" in words(client.get(reverse("consultations_admin:index")))


def test_an_officer_starts_a_review_with_the_five_questions_of_the_law(client, authority, index):
    client.force_login(make_officer(authority, role="participation_officer"))
    url = reverse("consultations_admin:review")
    data = {"authority": authority.pk, "opens_on": "2027-01-11", "closes_on": "2027-03-05"}
    data |= {"results_due": "2027-05-01", "threshold": "10"}

    assert 'action="/admin/consultations/review/"' in client.get(url).content.decode()
    refused = client.post(url, {**data, "closes_on": "2027-01-01"})
    client.post(url, data)

    assert "It must close after it opens" in words(refused)
    record = Consultation.objects.get()
    assert (record.page.kind, record.page.live, record.confirmed_at) == ("review", False, None)
    assert len(record.instruments.get().document) == 5
