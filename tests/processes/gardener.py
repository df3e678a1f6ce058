"""Shows pages without the page cache, in its own process, with a gate on each side of the tree.

``--late`` breaks the rule on purpose: what is made is kept under the version read after it was.
"""

import sys

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from localoffer.authority import kept
from localoffer.pages import tree
from tests.processes.gates import gate, obey

read = tree._read
application = WSGIHandler()


def read_with_gates(site):
    gate("before the tree")
    found = read(site)
    gate("after the tree")
    return found


def keep_late(key, make, *, size):
    found = kept._shelf.find((kept._state(), key))
    if found is None:
        found = make(), 0
        kept._shelf.put((kept._state(), key), found[0], size(found[0]))
    return found[0]


def get(path):
    status = []
    environ = RequestFactory().get(path, HTTP_HOST="127.0.0.1").environ
    body = b"".join(application(environ, lambda *head: status.append(int(head[0][:3]))))
    return {"status": status[0], "words": body.decode()}


if __name__ == "__main__":
    tree._read = read_with_gates
    if "--late" in sys.argv:
        kept.get = keep_late
    obey({"get": get})
