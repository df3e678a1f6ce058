"""When people may sign in without a second factor: in a demonstration, on this computer only."""

import ipaddress

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from localoffer.authority.models import Authority


def check(host: str) -> None:
    """Refuse to serve on this address if LOCALOFFER_DEMO is true where it must not be.

    Raises ImproperlyConfigured, naming the variable, unless every authority of the database is a
    demonstration and ``host`` is a loopback address.
    """
    if settings.DEMO and not (_is_loopback(host) and _is_a_demonstration()):
        raise ImproperlyConfigured(
            "LOCALOFFER_DEMO is true: people could sign in without a second factor. That is only "
            "for the demonstration's own database, served on a loopback address. Unset it."
        )


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_a_demonstration():
    try:
        made_up = set(Authority.objects.values_list("is_demonstration", flat=True).distinct())
    except DatabaseError:  # no table yet
        return False
    return made_up == {True}
