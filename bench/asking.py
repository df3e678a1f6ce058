"""A process that asks the product for pages in memory, told what to do line by line.

No server and no socket stand between: what is measured is the CPU time of this process while an
application answers, which another job on the machine cannot change much. A server adds about the
same to each.

python -m bench.asking        reads one JSON object a line, and answers with one
"""

import hashlib
import importlib
import importlib.util
import io
import json
import os
import re
import sys
import time

import brotli
import django

HOST = "localhost"
# Wagtail's own links are whole where there are several sites; ours are not. The words are the same.
OWN_HOST = re.compile(rb"https?://localhost(?::\d+)?(?=/)")
ASSET = re.compile(r'(?:src|href|poster)="(/(?:static|theme\.css|media/images)[^"]*)"')
QUALITY = 5  # of brotli, as the page cache compresses


def request(path, **headers):
    """The environment of a request as a server hands it over."""
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers,
    }


def ask(application, path, **headers):
    """The status and body of a page, whole."""
    told = []
    result = application(request(path, **headers), lambda *answer: told.append(answer))
    body = b"".join(result)
    if hasattr(result, "close"):
        result.close()
    return told[0][0], body


class Applications:
    """What can be asked: the product without and with its page cache, and two that do nothing."""

    def __init__(self):
        wsgi = importlib.import_module("django.core.wsgi")
        self.django = wsgi.get_wsgi_application()
        self.bodies = {}

    def named(self, name, path):
        """An application and the headers to ask it with."""
        if name == "cached":
            return importlib.import_module("localoffer.wsgi").application, BROWSER
        if name == "raw":
            _status, body = ask(*self.named("cached", path)[:1], path, **BROWSER)
            return raw(body), BROWSER
        if name == "bare":
            bare = importlib.import_module("bench.bare")
            _status, bare.body = ask(self.django, path)
            return self.django, {}
        return self.django, {}


BROWSER = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}


def raw(body):
    """The least that a WSGI application can do for the same bytes."""
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]

    def application(environ, start_response):
        start_response("200 OK", headers)
        return [body]

    return application


def measure(applications, *, application, path, seconds):
    """How many requests an application answers, and in how many seconds of CPU time."""
    override = importlib.import_module("django.test.utils").override_settings
    asked, headers = applications.named(application, path)
    urls = {"ROOT_URLCONF": "bench.bare"} if application == "bare" else {}
    with override(**urls):
        for _ in range(3):
            status, _body = ask(asked, path, **headers)
        number, began = 0, time.process_time()
        while (taken := time.process_time() - began) < seconds:
            for _ in range(5):
                ask(asked, path, **headers)
            number += 5
    return {"status": status, "requests": number, "cpu": taken}


def queries(applications, *, path):
    """How many queries a page asks the first time after a change, and then."""
    connection = importlib.import_module("django.db").connection
    capture = importlib.import_module("django.test.utils").CaptureQueriesContext
    kept = importlib.import_module("localoffer.authority.kept")
    ask(applications.django, path)
    kept.forget()
    counted = []
    for _ in range(2):
        # Django forgets the queries of a request when the next begins.
        with capture(connection) as captured:
            ask(applications.django, path)
            counted.append(len(captured))
    return {"first": counted[0], "then": counted[1]}


def wire(applications, *, path):
    """What a browser loads at a first view, in bytes: the page, and all that it names."""
    status, html = ask(applications.django, path)
    sizes = {"html": len(brotli.compress(html, quality=QUALITY)), "assets": 0}
    for asset in set(ASSET.findall(html.decode())):
        sizes["assets"] += len(ask(applications.django, asset, **BROWSER)[1])
    same = OWN_HOST.sub(b"", html)
    return {"status": status, "digest": hashlib.sha256(same).hexdigest(), **sizes}


def can(applications, *, name):
    """Whether a part of the product is there."""
    return importlib.util.find_spec(name) is not None


WORK = {"measure": measure, "queries": queries, "wire": wire, "can": can}


def main():
    os.environ.setdefault("LOCALOFFER_LOG_LEVEL", "CRITICAL")
    django.setup()
    applications = Applications()
    for line in sys.stdin:
        told = json.loads(line)
        answer = WORK[told.pop("do")](applications, **told)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
