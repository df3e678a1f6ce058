"""A list of services that a family keeps in its own browser: no account, nothing on the server.

The cookie holds references only, signed so that nobody can plant a list on somebody else's site.
"""

import re

from django.conf import settings
from django.core import signing

COOKIE = "shortlist"
SALT = "directory.shortlist"
MOST = 50
KEPT_FOR = 180 * 24 * 60 * 60  # seconds
REFERENCE = re.compile(r"[0-9A-Z*~$=]{9}")


class UnreadableListError(ValueError):
    """The cookie is not one that we wrote, or is too old."""


class FullListError(ValueError):
    """There are already as many services on the list as it holds."""


def read(request) -> list[str]:
    """The references on the list, oldest first. Raises UnreadableListError."""
    cookie = request.COOKIES.get(COOKIE, "")
    if not cookie:
        return []
    try:
        kept = signing.loads(cookie, salt=SALT, max_age=KEPT_FOR)
    except (signing.BadSignature, ValueError) as error:
        raise UnreadableListError from error
    if not isinstance(kept, list) or not all(
        isinstance(one, str) and REFERENCE.fullmatch(one) for one in kept
    ):
        raise UnreadableListError
    return kept[:MOST]


def with_added(references: list[str], reference: str) -> list[str]:
    """The list with one more, once. Raises FullListError."""
    if reference in references:
        return references
    if len(references) >= MOST:
        raise FullListError
    return [*references, reference]


def write(response, references: list[str]) -> None:
    """Send the list to be kept by the browser; an empty one is forgotten."""
    if not references:
        response.delete_cookie(COOKIE, path="/find-help/", samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(references, salt=SALT),
        max_age=KEPT_FOR,
        path="/find-help/",
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
