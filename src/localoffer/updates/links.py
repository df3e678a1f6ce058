"""Whole addresses, for mails and letters."""

from functools import cache

from django.urls import reverse

from localoffer.updates import tokens


def absolute(authority, path: str) -> str:
    """An address of an authority's site, or one elsewhere as it is."""
    return f"{authority.root_url}{path}" if path.startswith("/") else path


def confirm(sign_up) -> str:
    return _link(sign_up.authority, "confirm", tokens.make(tokens.CONFIRM, sign_up.uuid))


def manage_path(subscriber) -> str:
    return _path("manage", tokens.make(tokens.MANAGE, subscriber.uuid))


def manage(subscriber) -> str:
    return absolute(subscriber.authority, manage_path(subscriber))


def leave(authority, token: str) -> str:
    return _link(authority, "leave", token)


def stay(subscriber) -> str:
    return _link(subscriber.authority, "stay", tokens.make(tokens.STAY, subscriber.uuid))


def _link(authority, name, token):
    return absolute(authority, _path(name, token))


def _path(name, token):
    before, after = _around(name)
    return f"{before}{token}{after}"


@cache
def _around(name):
    """What stands before and after the token: it is asked for once, reversing is slow."""
    before, _, after = reverse(f"updates:{name}", args=["token"]).rpartition("token")
    return before, after
