"""Shows pages through the page cache, in its own process, with a gate in every gap.

``--late`` breaks the rule on purpose: pages are kept under the version read after they were made.
"""

import sys

import django

django.setup()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from localoffer.authority import contentversion
from localoffer.pagecache import PageCache
from tests.processes.gates import gate, obey

django_application = WSGIHandler()
calls = 0


def version():
    """The version, asked for three times: is a page kept, before it is made, before it is kept."""
    global calls
    calls += 1
    number = calls
    if number == 2:
        gate("before the version")
    found = contentversion.current()
    gate({2: "before the page", 3: "before it is kept"}.get(number))
    return found


def application(environ, start_response):
    result = django_application(environ, start_response)
    gate("after the page")
    return result


class Late(PageCache):
    def _keep(self, key, page, version):
        super()._keep(key, page, contentversion.current())


cache = (Late if "--late" in sys.argv else PageCache)(
    application, version=version, size=10_000_000, never=settings.PAGE_CACHE_NEVER, every=0
)


def get(path, **headers):
    global calls
    calls = 0
    got = []
    environ = RequestFactory().get(path, HTTP_HOST="127.0.0.1", **headers).environ
    body = b"".join(cache(environ, lambda *head: got.append(head)))
    return {
        "status": int(got[0][0][:3]),
        "headers": {name.lower(): value for name, value in got[0][1]},
        "words": body.decode(),
        "from_memory": calls == 1,
    }


if __name__ == "__main__":
    obey({"get": get})
