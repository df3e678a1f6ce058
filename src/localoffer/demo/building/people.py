"""The two people who can sign in to the demonstration: roles, not names."""

from localoffer.accounts.models import User
from localoffer.authority.models import Role

PASSWORD = "demonstration only"
OFFICER_ROLES = [
    "content_approver",
    "participation_officer",
    "plan_officer",
    "directory_officer",
]


def build(authority) -> list[tuple[str, str]]:
    """Make an officer of one authority and an administrator of all; return who and what for."""
    officer = User.objects.create_user(
        "officer@example.org", PASSWORD, first_name="Local Offer", last_name="officer"
    )
    roles = Role.objects.filter(authority=authority, code__in=OFFICER_ROLES)
    officer.groups.set(role.group for role in roles.select_related("group"))
    User.objects.create_superuser(
        "administrator@example.org", PASSWORD, first_name="Platform", last_name="administrator"
    )
    return sign_ins()


def sign_ins() -> list[tuple[str, str]]:
    return [
        ("officer@example.org", "runs Worcestershire's pages, directory and comments"),
        ("administrator@example.org", "may do everything in every authority"),
    ]
