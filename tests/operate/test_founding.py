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


@pytest.mark.django_db
def test_a_new_authority_answers_with_its_first_pages(client):
    call_command("add_authority", **NEW, districts=["E07000001"], verbosity=0)

    for path in ["/", "/news-updates-and-feedback/", "/news/", "/how-this-site-meets-the-law/"]:
        assert client.get(path, headers={"host": NEW["host"]}).status_code == 200
    authority = Authority.objects.get()
    assert list(Site.objects.all()) == [authority.site]
    assert authority.site.is_default_site
    assert authority.districts == ["E07000001"]
    assert Role.objects.filter(authority=authority, code="administrator").exists()


@pytest.mark.django_db
def test_a_wrong_code_is_refused_and_leaves_nothing():
    pages = Page.objects.count()

    with pytest.raises(CommandError, match="ONS code"):
        call_command("add_authority", **{**NEW, "code": "Barset"}, verbosity=0)

    assert not Authority.objects.exists()
    assert Page.objects.count() == pages


@pytest.mark.django_db
def test_a_second_authority_stands_beside_the_first(client):
    call_command("add_authority", **NEW, verbosity=0)
    other = {**NEW, "name": "Loamshire", "code": "E10000098", "host": "loamshire.example"}
    call_command("add_authority", **other, verbosity=0)

    for host, name in [(NEW["host"], "Barsetshire"), (other["host"], "Loamshire")]:
        assert (
            f"{name} SEND Local Offer" in client.get("/", headers={"host": host}).content.decode()
        )
    assert Site.objects.get(is_default_site=True).hostname == NEW["host"]
