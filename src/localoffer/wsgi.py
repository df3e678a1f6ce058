"""The WSGI application: Django behind the page cache and the limits of what is let in.

It serves with the second factor waived only for a demonstration.
"""

import ipaddress
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from localoffer.operate import intake
from localoffer.pagecache import PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")


def _refuse_a_demonstration_in_public():
    from localoffer.demo.models import Demonstration  # noqa: PLC0415  needs Django set up

    bound = os.environ.get("LOCALOFFER_SERVING_ON", "")
    try:
        loopback = ipaddress.ip_address(bound).is_loopback
    except ValueError:
        loopback = bound == "localhost"
    if not loopback or not Demonstration.objects.exists():
        raise ImproperlyConfigured(
            "LOCALOFFER_DEMO is true: people could sign in without a second factor. That is only "
            "for the demonstration's own database, served on a loopback address. Unset it."
        )


def _make():
    django = get_wsgi_application()
    from localoffer.authority import contentversion  # noqa: PLC0415  likewise

    if settings.DEMO:
        _refuse_a_demonstration_in_public()
    version = contentversion.file()
    # A look at the rows finds what another machine has changed; the path, a file that was replaced.
    watch = [contentversion.mend] if settings.PAGE_CACHE_WATCH else []
    return PageCache(
        intake.Bodies(intake.Threads(django), limits=settings.BODY_LIMITS),
        version=version.current,
        size=settings.PAGE_CACHE_MB * 1_000_000,
        never=settings.PAGE_CACHE_NEVER,
        personal=[settings.SESSION_COOKIE_NAME, "messages"],
        behind_proxy=settings.BEHIND_PROXY,
        chores=[version.look_again, *watch, close_old_connections],
        every=settings.PAGE_CACHE_WATCH or 5,
    )


application = _make()
