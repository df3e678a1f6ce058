"""Which role may do what. An app adds its own permissions here when it starts.

A role is a group of people in one authority; ``actions.add_authority`` makes one of each.
"""

from collections import defaultdict

ROLES = {
    "content_editor": "Content editors",
    "content_approver": "Content approvers",
    "participation_officer": "Participation officers",
    "plan_officer": "Plan officers",
    "directory_officer": "Directory officers",
    "forum_editor": "Forum editors",
    "partner_contributor": "Health and partner contributors",
    "administrator": "Administrators",
}

_allowed = defaultdict(set)


def allow(role: str, *permissions: str) -> None:
    """Give a role permissions, named ``app.codename``. Raises KeyError for an unknown role."""
    if role not in ROLES:
        raise KeyError(role)
    _allowed[role].update(permissions)


def allow_all(model: str, *roles: str, actions=("add", "change", "delete", "view")) -> None:
    """Give roles every permission on a model, named ``app.model`` in lower case."""
    app, _, name = model.partition(".")
    for role in roles:
        allow(role, *(f"{app}.{action}_{name}" for action in actions))


def permissions_of(role: str) -> set[str]:
    """What a role may do. An administrator may do all that any role may."""
    if role == "administrator":
        return set().union(*_allowed.values())
    return set(_allowed[role])
