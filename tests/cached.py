"""The site as the public sees it: Django behind the page cache, with a clock that tests may set."""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.utils import timezone

from localoffer.authority import contentversion
from localoffer.pagecache import PageCache


class CachedSite:
    """Asks without a session. What is kept is in ``pages``, by path and query."""

    def __init__(self, *, version=contentversion.current, monkeypatch=None, now=None):
        self.made = []
        self.now = now
        self._django = WSGIHandler()
        if now:
            monkeypatch.setattr(timezone, "now", lambda: self.now)
        self.cache = PageCache(
            self._application,
            version=version,
            size=50_000_000,
            never=settings.PAGE_CACHE_NEVER,
            personal=[settings.SESSION_COOKIE_NAME, "messages"],
            every=0,
            clock=self._clock,
        )

    def _clock(self):
        return timezone.now().timestamp()

    def _application(self, environ, start_response):
        self.made.append(environ["PATH_INFO"])
        result = self._django(environ, start_response)
        return result if result.streaming else [result.content]  # closing it closes the database

    def get(self, path, *, method="GET", **headers):
        """The status, the headers and the words of a page."""
        environ = RequestFactory().generic(method, path, **headers).environ
        if "PATH_INFO" in headers:
            environ["PATH_INFO"] = headers["PATH_INFO"]  # as it came, not as Django has read it
        got = []
        request_started.disconnect(close_old_connections)  # as Django's own test client does
        try:
            body = b"".join(self.cache(environ, lambda *head: got.append(head)))
        finally:
            request_started.connect(close_old_connections)
        return int(got[0][0][:3]), got[0][1], body.decode(errors="replace")

    def words(self, path):
        return self.get(path)[2]

    @property
    def pages(self):
        """What is kept: path and query, and each copy."""
        return {
            f"{key[0]}{key[1] and '?'}{key[1]}": page
            for key, page in self.cache._book.pages.items()
            if page.copies is not None
        }
