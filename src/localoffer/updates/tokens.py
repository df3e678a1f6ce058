"""The signed ends of addresses by which somebody confirms, manages or leaves, without an account.

A token names a person, and for leaving what they leave: never a row that a change replaces. It says
nothing to whoever finds it, cannot sign anybody in, and lasts as long as what it names.
"""

import uuid

from django.core import signing

CONFIRM = "confirm"
MANAGE = "manage"
LEAVE = "leave"
STAY = "stay"
EVERYTHING = "all"


class BadTokenError(ValueError):
    """It was not made here for this purpose, or was altered."""


def make(purpose: str, who: uuid.UUID, scope: str = "") -> str:
    """A token for one purpose. ``scope``: what is left, as ``Subscription.scope`` says it."""
    return _signer(purpose).sign(f"{who.hex}_{scope}" if scope else who.hex)


def read(purpose: str, token: str) -> tuple[uuid.UUID, str]:
    """Whom a token names, and its scope. Raises BadTokenError."""
    if len(token) > 300 or "\0" in token:
        raise BadTokenError
    try:
        who, _, scope = _signer(purpose).unsign(token).partition("_")
        return uuid.UUID(hex=who), scope
    except (signing.BadSignature, ValueError) as error:
        raise BadTokenError from error


def _signer(purpose):
    return signing.Signer(sep=".", salt=f"updates.{purpose}")
