import pytest
from django.urls import reverse

from localoffer.taxonomy.models import Topic
from tests.factories.authority import make_officer, make_user

LISTS = ["needs", "age-bands", "audiences", "topics", "service-types", "duties", "concepts"]
ONE = {
    "needs": "ASD",
    "age-bands": "0-4",
    "audiences": "parents",
    "topics": "money",
    "service-types": "ias",
    "duties": "S2-01",
    "concepts": "senco",
}


@pytest.fixture
def editor(authority, client):
    client.force_login(make_officer(authority, role="content_editor"))
    return client


@pytest.fixture
def platform_administrator(authority, client):
    client.force_login(make_user(is_superuser=True))
    return client


@pytest.mark.parametrize("name", LISTS)
def test_editor_can_read_each_list_and_each_row(editor, name):
    assert editor.get(reverse(f"{name}:index")).status_code == 200
    assert editor.get(reverse(f"{name}:inspect", args=[ONE[name]])).status_code == 200


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("action", ["edit", "delete"])
def test_nobody_can_change_a_row_the_platform_administrator_neither(
    platform_administrator, name, action
):
    answer = platform_administrator.post(reverse(f"{name}:{action}", args=[ONE[name]]))

    assert answer.status_code == 302
    assert answer.url == reverse("wagtailadmin_home")


def test_nobody_can_add_a_row(platform_administrator):
    answer = platform_administrator.post(
        reverse("topics:add"), {"code": "x", "name": "X", "plain": "X"}
    )

    assert answer.url == reverse("wagtailadmin_home")
    assert not Topic.objects.filter(code="x").exists()


def test_list_costs_the_same_for_one_row_and_for_many(editor, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        editor.get(reverse("duties:index"))


def test_lists_are_together_in_the_menu(editor):
    page = editor.get(reverse("topics:index")).content.decode()

    assert "Words and lists" in page
