"""Find help counts each search once, whoever asks, and never fails because of it."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from localoffer import pagecache
from localoffer.search import asked
from localoffer.search.models import Asked
from tests.cached import CachedSite
from tests.factories.search import make_found

FIND = "/find-help/"


def counted():
    return list(Asked.objects.values_list("words", "outward", "searches", "nothing", "few"))


def test_a_search_is_counted_with_its_place_and_what_it_found(client, authority, home):
    make_found(authority, name="Heron club")

    response = client.get(FIND, {"q": "Heron?", "postcode": "wr141aa"})
    client.get(FIND, {"q": "swimming hoist"})

    assert counted() == [("heron", "WR14", 1, 0, 1), ("swimming hoist", "", 1, 1, 0)]
    assert response.headers[asked.HEADER]
    assert "WR14 1AA" not in response.headers[asked.HEADER]


@pytest.mark.parametrize(
    "more",
    [
        {"cost": "free"},
        {"need": "SLCN"},
        {"age": "4"},
        {"day": "MO"},
        {"sort": "nearest"},
        {"what": "services"},
        {"view": "map"},
        {"page": "2"},
    ],
)
def test_looking_on_among_what_was_found_is_not_another_search(client, authority, home, more):
    for number in range(30):
        make_found(authority, name=f"Heron {number}")

    response = client.get(FIND, {"q": "heron", **more})

    assert response.status_code == 200
    assert counted() == []
    assert asked.HEADER not in response.headers


@pytest.mark.parametrize(
    ("words", "counted_as", "outward", "ages"),
    [
        ("my 4 year old isn't talking near WR14", "my isnt talking", "WR14", "0-4"),
        ("Respite for a 12 year old boy", "respite for a boy", "", "11-15"),
        ("clubs in Zwolle", "clubs in zwolle", "", ""),  # a town is no postcode
        ("clubs for 3 to 17 year olds", "clubs for 3 to 17 year olds", "", ""),  # no one band
    ],
)
def test_what_was_understood_is_counted_as_such_and_not_among_the_words(
    client, authority, home, words, counted_as, outward, ages
):
    client.get(FIND, {"q": words})

    row = Asked.objects.get()
    assert (row.words, row.outward, row.ages) == (counted_as, outward, ages)


def test_a_page_served_from_memory_is_counted_too(authority, home):
    make_found(authority, name="Heron club")
    site = CachedSite()
    pagecache.hand_tallies_to(asked.add)

    answers = [site.get(f"{FIND}?q=heron") for _ in range(5)]
    site.cache.hand_over()

    assert site.made == [FIND]
    assert counted() == [("heron", "", 5, 0, 5)]
    names = {name.lower() for _status, headers, _body in answers for name, _value in headers}
    assert asked.HEADER.lower() not in names


def test_no_page_behind_the_page_cache_waits_for_its_count(authority, home):
    """Where something else writes for long, such as an import, that would be seconds."""
    make_found(authority, name="Heron club")
    site = CachedSite()
    pagecache.hand_tallies_to(asked.add)
    as_somebody = {"HTTP_COOKIE": "sessionid=x", "HTTP_AUTHORIZATION": "x"}

    with CaptureQueriesContext(connection) as made:
        site.get(f"{FIND}?q=heron")
        site.get(f"{FIND}?q=heron", **as_somebody)

    assert site.made == [FIND, FIND]
    assert [one["sql"] for one in made if "search_asked" in one["sql"]] == []
    site.cache.hand_over()
    assert counted() == [("heron", "", 2, 0, 2)]


@pytest.mark.parametrize("query", [{}, {"postcode": "WR14 1AA"}, {"q": ""}, {"q": "<script>"}])
def test_a_page_without_words_is_not_counted(client, authority, home, query):
    assert client.get(FIND, query).status_code == 200
    assert counted() == []


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=999", "unknown=1", "q=second"])
def test_an_odd_address_is_counted_once_at_most(client, authority, home, query):
    make_found(authority, name="Heron club")

    assert client.get(f"{FIND}?q=heron&{query}").status_code == 200
    assert sum(row[2] for row in counted()) <= 1


def test_a_head_request_answers(client, authority, home):
    assert client.head(FIND, {"q": "heron"}).status_code == 200


def test_a_search_answers_though_it_cannot_be_counted(client, authority, home, monkeypatch):
    def fails(rows):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(asked, "_write", fails)

    assert client.get(FIND, {"q": "heron"}).status_code == 200
    assert counted() == []


def test_counting_costs_a_search_few_statements(client, authority, home, monkeypatch):
    client.get(FIND, {"q": "heron"})
    with CaptureQueriesContext(connection) as counting:
        client.get(FIND, {"q": "heron"})
    monkeypatch.setattr(asked, "add", lambda tallies: None)
    with CaptureQueriesContext(connection) as left:
        client.get(FIND, {"q": "heron"})

    assert len(counting) - len(left) <= 4
