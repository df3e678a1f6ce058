import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from localoffer.authority.models import Authority, Role
from tests.factories.authority import make_officer, make_user


def test_permitting_gives_only_the_authority_in_which_the_role_was_given(authority, neighbour):
    user = make_officer(authority, role="administrator")
    user.groups.add(Role.objects.get(authority=neighbour, code="content_editor").group)

    permitted = Authority.objects.permitting(user, ["authority.change_authority"])

    assert list(permitted) == [authority]
    assert set(Authority.objects.editable_by(user)) == {authority, neighbour}


def test_permitting_gives_nothing_to_someone_who_has_left(authority):
    user = make_officer(authority, role="administrator")
    user.is_active = False

    assert not Authority.objects.permitting(user, ["authority.change_authority"])


def test_permitting_gives_a_platform_administrator_every_authority(authority, neighbour):
    user = make_user(is_superuser=True)

    assert set(Authority.objects.permitting(user, ["any.thing"])) >= {authority, neighbour}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("link_colour", "#ffff00"),
        ("brand_colour", "#cccccc"),
        ("button_colour", "#7fffd4"),
        ("background_colour", "#222222"),
        ("link_colour", "red"),
        ("brand_colour", "#12345"),
    ],
)
def test_colours_that_cannot_be_read_are_refused_by_the_field(authority, field, value):
    setattr(authority, field, value)

    with pytest.raises(ValidationError) as refused:
        authority.full_clean()

    assert field in refused.value.message_dict


def test_theme_address_changes_with_the_colours(authority):
    before = authority.theme_url
    authority.brand_colour = "#004d40"

    assert authority.theme_url != before
    assert "--govuk-brand-colour:#004d40;" in authority.theme_css


def test_an_authority_has_each_role_once(authority):
    with pytest.raises(IntegrityError):
        Role.objects.create(
            authority=authority, code="plan_officer", group=Group.objects.create(name="Twice")
        )


@pytest.mark.parametrize("what", ["site", "site.root_page"])
def test_what_an_authority_stands_on_cannot_be_deleted(authority, what):
    record = authority
    for name in what.split("."):
        record = getattr(record, name)

    with pytest.raises(ProtectedError):
        type(record).objects.filter(pk=record.pk).delete()
