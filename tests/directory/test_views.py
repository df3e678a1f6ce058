import pytest

from tests.factories.directory import add_rows, make_service


@pytest.mark.parametrize("rows", [1, 50])
def test_service_page_asks_at_most_twelve_queries_however_many_rows(
    authority, client, django_assert_max_num_queries, rows
):
    service = make_service(authority)
    add_rows(service, rows)

    with django_assert_max_num_queries(12):
        response = client.get(service.get_absolute_url())

    assert response.content.count(b"Every Monday, 10am to noon") == rows
