from allauth.mfa.models import Authenticator
from wagtail.models import Page

from localoffer.accounts.models import User
from localoffer.authority import actions
from localoffer.authority.models import Role


def make_authority(
    *,
    name="Barsetshire",
    hostname="testserver",
    gss_code="E10000999",
    page_class=Page,
    **fields,
):
    """An authority with its site, roles and an empty home page of the given class."""
    root_page = Page.get_first_root_node().add_child(
        instance=page_class(title=name, slug=name.lower())
    )
    return actions.add_authority(
        name=name,
        council=f"{name} County Council",
        gss_code=gss_code,
        hostname=hostname,
        root_page=root_page,
        **fields,
    )


def make_user(*, email="officer@example.org", second_factor=True, **fields):
    """Someone who can sign in; with a second factor unless told otherwise."""
    user = User.objects.create_user(email, "correct horse battery", **fields)
    if second_factor:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": ""})
    return user


def make_officer(authority, *, role="directory_officer", email=""):
    """Someone with one role in one authority."""
    user = make_user(email=email or f"{role}@{authority.site.hostname}.example")
    user.groups.add(Role.objects.get(authority=authority, code=role).group)
    return user
