"""The shipped application, which says besides which process answered, and counts in a file."""

import os
from pathlib import Path

from localoffer import pagecache
from localoffer.wsgi import application as shipped

TALLIES = Path(os.environ["LOCALOFFER_DATA"]) / "tallies"


def add(counts):
    with TALLIES.open("a") as file:
        file.writelines(f"{name} {number}\n" for name, number in counts.items())


def tallied(environ, start_response):
    if environ["PATH_INFO"] != "/tally/":
        return django(environ, start_response)
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Localoffer-Tally", "tallied")])
    return [b"tallied"]


cache = shipped.__self__  # the application is a method of it
django, cache._application = cache._application, tallied
pagecache.hand_tallies_to(add)


def application(environ, start_response):
    def start(status, headers, exc_info=None):
        return start_response(status, [*headers, ("X-Process", str(os.getpid()))], exc_info)

    return shipped(environ, start)
