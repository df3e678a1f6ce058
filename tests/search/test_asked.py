"""Counting what people look for: exact when many write at once, harmless whatever it is given."""

import threading
from collections import Counter
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.utils import timezone

from localoffer.search import asked
from localoffer.search.models import Asked
from localoffer.search.models.asked import KEPT
from tests.factories.authority import make_authority

MONDAY = date(2026, 11, 23)


def tally(authority, words="respite", **fields):
    return asked.key_of(authority=authority, words=words, **{"found": 9, "strong": 9, **fields})


def row(authority, words="respite"):
    return Asked.objects.for_authority(authority).get(words=words)


def counts(found):
    return found.searches, found.nothing, found.few


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("found", "strong", "expected"),
    [(0, 0, (1, 1, 0)), (5, 0, (1, 0, 1)), (5, 3, (1, 0, 1)), (5, 4, (1, 0, 0))],
)
def test_a_search_is_counted_by_how_much_it_found(authority, found, strong, expected):
    asked.add({tally(authority, found=found, strong=strong): 1}, on=MONDAY)

    assert counts(row(authority)) == expected


def test_the_same_words_however_typed_are_one_row(authority):
    asked.add(
        Counter([tally(authority, "Respite "), tally(authority, "RESPITE?"), tally(authority)])
    )

    assert row(authority).searches == 3


@pytest.mark.parametrize("day", [MONDAY, MONDAY + timedelta(days=6)])
def test_no_time_finer_than_the_week_is_kept(authority, day):
    asked.add({tally(authority): 1}, on=day)

    assert row(authority).week == MONDAY
    times = {"DateTimeField", "TimeField"}
    assert not times & {field.get_internal_type() for field in Asked._meta.get_fields()}


def test_the_week_is_that_of_the_authoritys_clock(authority, monkeypatch):
    # Half past midnight on Monday 1 June in London is still Sunday in UTC.
    moment = datetime(2026, 6, 1, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    monkeypatch.setattr(timezone, "now", lambda: moment)

    asked.add({tally(authority): 1})

    assert row(authority).week == date(2026, 6, 1)


def test_nothing_of_who_searched_is_kept():
    assert {field.name for field in Asked._meta.get_fields()} == {
        "id",
        "authority",
        "week",
        "words",
        "outward",
        "ages",
        "searches",
        "nothing",
        "few",
    }


@pytest.mark.parametrize(
    ("ages", "band"),
    [(None, ""), ((4, 4), "0-4"), ((5, 10), "5-10"), ((4, 6), ""), ((0, 25), ""), ((40, 40), "")],
)
def test_ages_are_counted_as_a_band_where_one_holds_them(authority, ages, band):
    asked.add({tally(authority, ages=ages): 1})

    assert row(authority).ages == band


@pytest.mark.parametrize(
    ("words", "outward", "kept"),
    [
        ("respite", "WR14", "WR14"),
        ("respite", "", ""),
        ("respite", "Malvern", ""),
        ("respite WR2 4AA", "", "WR2"),
        ("respite WR2 4AA", "WR14", "WR14"),  # the postcode box wins over one in the words
    ],
)
def test_of_the_place_the_outward_code_is_kept(authority, words, outward, kept):
    asked.add({tally(authority, words, outward=outward): 1})

    assert row(authority).outward == kept


@pytest.mark.parametrize("words", ["", "x", "<script>", "jo@example.org", "WR14 1AA", "r" * 121])
def test_what_may_not_be_counted_has_no_tally(authority, words):
    assert tally(authority, words) == ""


@pytest.mark.parametrize("words", ["respite", "مدرسة " * 19, "é" * 119, "a & b; c % d + e"])
def test_a_tally_fits_in_a_header_and_is_read_as_it_was_written(authority, words):
    told = tally(authority, words)

    assert told.isascii()
    assert told.isprintable()
    assert len(told) <= asked.LONGEST_TALLY
    asked.add({told: 1})
    assert Asked.objects.count() == 1


FORGED = [
    "",
    "nonsense",
    "a=1",
    "a={pk}&q=respite",
    "a={pk}&q=respite&r=gone",
    "a=0&q=respite&r=few",
    "a=-1&q=respite&r=few",
    "a=²&q=respite&r=few",
    "a=99999999999999999999&q=respite&r=few",
    "a=999999&q=respite&r=few",
    "a=x&q=respite&r=few",
    "a={pk}&q=%00&r=few",
    "a={pk}&q=%FF%FE&r=few",
    "a={pk}&q=%3Cscript%3E&r=few",
    "a={pk}&q=" + "x" * 3000 + "&r=few",
    "&" * 5000,
    "a={pk}&q=respite&r=few&" + "&".join(f"x{n}=1" for n in range(100)),
]


@pytest.mark.parametrize("forged", FORGED)
def test_what_is_no_tally_is_left_out_and_stops_no_other(authority, forged):
    asked.add({forged.replace("{pk}", str(authority.pk)): 1, tally(authority, "clubs"): 2})

    assert list(Asked.objects.values_list("words", "searches")) == [("clubs", 2)]


def test_a_forged_tally_adds_nothing_that_a_search_could_not(authority):
    forged = (
        f"a={authority.pk}&q=my+son+Jack+07700900123+jo@example.org+WR14+1AA&o=DROP&b=none&r=few"
    )

    asked.add({forged: 1})

    assert list(Asked.objects.values_list("words", "outward", "ages")) == [("my son", "", "")]


@pytest.mark.parametrize("times", [0, -5])
def test_counts_never_go_down(authority, times):
    asked.add({tally(authority): 2})
    asked.add({tally(authority): times})

    assert row(authority).searches == 2


def test_authorities_are_counted_apart(authority, neighbour):
    asked.add({tally(authority): 1, tally(neighbour): 4})

    assert [row(authority).searches, row(neighbour).searches] == [1, 4]


@pytest.fixture
def failing(monkeypatch):
    """Writing stops in the middle."""

    def fails(key):
        raise DatabaseError("disk full")

    monkeypatch.setattr(asked, "_may_be_made", fails)


def test_what_could_not_be_counted_can_be_given_again(authority, failing):
    Asked.objects.create(authority=authority, week=MONDAY, words="clubs", searches=1)
    both = {tally(authority, "clubs"): 5, tally(authority, "respite"): 1}

    with pytest.raises(DatabaseError):
        asked.add(both, on=MONDAY)

    assert list(Asked.objects.values_list("words", "searches")) == [("clubs", 1)]


def test_a_page_is_none_the_worse_for_a_search_that_could_not_be_counted(authority, failing):
    response = HttpResponse()

    asked.tell(response, tally(authority))

    assert response.headers[asked.HEADER]
    assert not Asked.objects.exists()


def test_a_flood_of_different_words_fills_no_disk(authority, monkeypatch):
    monkeypatch.setattr(asked, "MOST_DIFFERENT", 3)
    asked.add({tally(authority, f"word {letter}a"): 1 for letter in "abcdef"}, on=MONDAY)
    asked.add({tally(authority, "word aa"): 5}, on=MONDAY)
    asked.add({tally(authority, "next week"): 1}, on=MONDAY + timedelta(days=7))

    assert Asked.objects.filter(week=MONDAY).count() == 3
    assert row(authority, "word aa").searches == 6
    assert row(authority, "next week").searches == 1


def test_a_row_that_is_there_costs_one_statement(authority, django_assert_num_queries):
    asked.add({tally(authority): 1})

    with django_assert_num_queries(3):  # savepoint, the sum, release
        asked.add({tally(authority): 1})


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_writers_of_the_same_new_row_lose_nothing():
    authority = make_authority()
    told = [tally(authority, words) for words in ["respite", "clubs", "transport"]]
    writers, rounds = 4, 10
    together = threading.Barrier(writers)
    failed = []

    def write(number):
        try:
            for turn in range(rounds):
                together.wait(30)
                # In another order each, as hits come; new rows in every round.
                mine = told[number % 3 :] + told[: number % 3]
                week = MONDAY + timedelta(days=7 * (turn % 5))
                asked._write(asked._rows(dict.fromkeys(mine, 1), week))
        except Exception as error:  # noqa: BLE001  told to the test below
            failed.append(error)
            together.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    assert Asked.objects.count() == 3 * 5
    assert set(Asked.objects.values_list("searches", flat=True)) == {writers * rounds // 5}


def test_a_page_carries_its_tally_and_is_counted_once(authority):
    told = tally(authority)
    response = HttpResponse()

    asked.tell(response, told)

    assert response.headers[asked.HEADER] == told
    assert row(authority).searches == 1


def test_a_page_without_a_tally_carries_no_header(authority):
    response = HttpResponse()

    asked.tell(response, "")

    assert asked.HEADER not in response.headers


def test_counts_are_deleted_after_thirteen_months_and_not_before(authority):
    now = datetime(2026, 11, 26, 12, tzinfo=ZoneInfo("Europe/London"))
    term = now.date() - KEPT
    for number in [-8, -1, 0, 1]:
        Asked.objects.create(authority=authority, week=term + timedelta(days=number), words="a b")

    assert asked.purge(now=now) == 2
    assert asked.purge(now=now) == 0
    assert min(Asked.objects.values_list("week", flat=True)) == term


@pytest.mark.parametrize("searches", [9, 10])
def test_words_of_few_searches_are_rare(authority, searches):
    for outward in ["WR14", "WR2", ""]:
        asked.add({tally(authority, outward=outward): searches // 3}, on=MONDAY)
    asked.add({tally(authority): searches % 3}, on=MONDAY)
    period = Asked.objects.for_authority(authority).between(MONDAY, MONDAY)

    assert period.common().count() == (searches == 10)
    assert period.rare() == {"words": int(searches == 9), "searches": 9 * (searches == 9)}
    assert list(period.filter(outward="WR14").common()) == []


def test_a_tally_says_no_more_than_its_row(authority):
    told = parse_qs(tally(authority, "my son Jack WR14 1AA respite", ages=(4, 4)))

    assert told == {
        "a": [str(authority.pk)],
        "q": ["my son respite"],
        "o": ["WR14"],
        "b": ["0-4"],
        "r": ["enough"],
    }
