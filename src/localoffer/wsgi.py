"""The WSGI application: Django behind the page cache and the limits of what is let in.

It serves with the second factor waived only for a demonstration.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from localoffer.operate import intake
from localoffer.pagecache import PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")


def _make():
    django = get_wsgi_application()
    from localoffer.authority import contentversion  # noqa: PLC0415  needs Django set up
    from localoffer.operate import waiver  # noqa: PLC0415  likewise
    from localoffer.search import warming  # noqa: PLC0415  likewise

    waiver.check(os.environ.get("LOCALOFFER_SERVING_ON", ""))
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
        chores=[version.look_again, *watch, warming.warm, close_old_connections],
        every=settings.PAGE_CACHE_WATCH or 5,
    ).answer


application = _make()
