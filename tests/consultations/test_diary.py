"""The calendar, and what it tells officers of asking too much."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from localoffer.consultations import diary, preflight
from tests.factories.authority import make_officer
from tests.factories.consultations import FIRST, LAST, WHILE_OPEN, make_consultation, make_open

URL = "/have-your-say/calendar/"


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def days(n):
    return FIRST + timedelta(days=n), LAST + timedelta(days=n)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2026, 12, 22), date(2027, 1, 20), "Christmas"),
        (date(2026, 7, 1), date(2026, 7, 24), ""),
        (date(2026, 7, 1), date(2026, 7, 25), "the summer holidays"),
        (date(2027, 1, 1), date(2027, 2, 1), ""),
    ],
)
def test_a_holiday_is_known(first, last, found):
    assert diary.holiday(first, last) == found


def test_the_calendar_lists_by_month_what_happens(client, opened, clock):
    clock(WHILE_OPEN)

    said = words(client.get(URL))

    assert "April 2023 Monday 3 April . Opens: What about clubs?" in said
    assert "Friday 28 April . Closes at 11:59pm: What about clubs?" in said
    assert "June 2023 Friday 9 June . Results promised: What about clubs?" in said


@pytest.mark.parametrize("year", ["1999", "x", "9" * 40, "0000"])
def test_any_year_gets_a_page(client, opened, year):
    assert client.get(URL, {"year": year}).status_code == 200


def test_a_draft_is_in_the_officers_calendar_and_not_in_the_public_one(
    client, authority, index, clock
):
    record = make_consultation(index, authority=authority)
    clock(WHILE_OPEN)
    client.force_login(make_officer(authority, role="participation_officer"))

    assert "What about clubs? (draft)" in words(client.get(reverse("consultations_admin:calendar")))
    assert str(record) not in words(client.get(URL))


@pytest.mark.parametrize(("apart", "warned"), [(13, True), (-13, True), (14, False)])
def test_asking_the_same_people_within_14_days_is_told(authority, index, apart, warned):
    make_open(index, authority=authority, title="The first")
    record = make_consultation(
        index, authority=authority, title="The second", slug="second", days=days(apart)
    )

    told = [each.words for each in preflight.warnings(record) if "The first" in each.words]

    assert bool(told) is warned
    assert all("(Parents and carers)" in each for each in told)


def test_asking_other_people_on_the_same_days_is_not(authority, index):
    first = make_consultation(index, authority=authority)
    first.page.audiences.clear()
    first.page.save_revision()
    record = make_consultation(index, authority=authority, title="The second", slug="second")

    assert diary.asked_too_often(record, [first, record]) == []


def test_the_officers_calendar_costs_the_same_for_one_and_many(client, authority, index, clock):
    clock(WHILE_OPEN)
    client.force_login(make_officer(authority, role="participation_officer"))
    url = reverse("consultations_admin:calendar")
    counted = []
    for n in [1, 5]:
        for each in range(n):
            make_consultation(index, authority=authority, title=f"C {n} {each}")
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        counted.append(len(queries))

    assert counted[0] == counted[1]
