import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from localoffer.authority.models import Authority, Role

NEW = {
    "name": "Barsetshire",
    "council": "Barsetshire County Council",
    "code": "E10000099",
    "host": "barsetshire.example",
    "port": 80,
}


@pytest.fixture
def _empty(db):
    Site.objects.all().delete()


@pytest.mark.usefixtures("_empty")
def test_a_new_authority_answers_with_its_first_pages(client):
    call_command("add_authority", **NEW, districts=["E07000001"], verbosity=0)

    for path in ["/", "/news-updates-and-feedback/", "/news/", "/how-this-site-meets-the-law/"]:
        assert client.get(path, headers={"host": NEW["host"]}).status_code == 200
    authority = Authority.objects.get()
    assert authority.site.is_default_site
    assert authority.districts == ["E07000001"]
    assert Role.objects.filter(authority=authority, code="administrator").exists()


@pytest.mark.usefixtures("_empty")
def test_a_wrong_code_is_refused_and_leaves_nothing():
    pages = Page.objects.count()

    with pytest.raises(CommandError, match="ONS code"):
        call_command("add_authority", **{**NEW, "code": "Barset"}, verbosity=0)

    assert not Authority.objects.exists()
    assert Page.objects.count() == pages
