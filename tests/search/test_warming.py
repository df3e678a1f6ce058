import pytest

from localoffer.search import matching, suggesting, vocabulary, warming
from localoffer.search.finding import find
from tests.factories.directory import make_service


@pytest.fixture
def cold():
    """A process that has not searched yet."""

    def forget():
        matching.matcher().forget()
        for kept in [vocabulary._thesauri, vocabulary._products, vocabulary._indexed]:
            kept.forget()
        suggesting._forms.forget()
        warming.warm.cache_clear()

    forget()
    yield
    forget()


def asked(queries, authority):
    with queries as captured:
        find(authority=authority, words="heron")
    return len(captured)


def test_the_first_search_of_a_warm_process_asks_no_more_than_the_next(
    authority, neighbour, cold, django_assert_max_num_queries
):
    for owner in [authority, neighbour]:
        make_service(owner, name="Heron")

    warming.warm()

    first = asked(django_assert_max_num_queries(10), authority)
    assert first == asked(django_assert_max_num_queries(10), authority)
    assert asked(django_assert_max_num_queries(10), neighbour) == first


def test_no_other_authority_is_begun_when_time_is_up(authority, neighbour, cold, monkeypatch):
    monkeypatch.setattr(warming, "SECONDS", -1.0)
    begun = []
    monkeypatch.setattr(warming.vocabulary, "of", begun.append)

    warming.warm()

    assert begun == [authority]


def test_a_process_is_warmed_once(authority, cold, django_assert_num_queries):
    warming.warm()

    with django_assert_num_queries(0):
        warming.warm()
