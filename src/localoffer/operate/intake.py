"""What of a request is let in, and how many at once, before Django sees any of it.

The server lends each request a thread until all of it has been read and answered. So that people
who send slowly, or pages that take long, do not take the threads from which pages in memory are
shown, bodies are read whole before Django begins, few at a time, and Django runs on threads of its
own. Behind a proxy that reads bodies whole itself, as nginx does, little of this is ever needed.
"""

import io
import re
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

# For a server of 64 threads in each process: what is left over shows pages from memory.
THREADS = 8  # of Django's own
WAITING = 16  # requests that wait for one of them
READING = 24  # bodies being read

PATIENCE = 20.0  # seconds for a body of any size
SLOWEST = 2_000  # bytes a second after that
PIECE = 1_024  # a read waits until so much is there
IN_MEMORY = 262_144  # larger bodies are kept in a file
NO_BODY = {"GET", "HEAD", "OPTIONS", "TRACE"}

BUSY = "Too many people are using this site just now. Wait a minute, then try again.\n"
TOO_SLOW = "What you sent took too long to arrive. Check your connection, then try again.\n"
NOT_WHOLE = "What you sent did not arrive whole. Check your connection, then try again.\n"


class RefusedError(Exception):
    """A request that goes no further: the status line, and words for whoever sent it."""


class Bodies:
    """Reads the body of a request whole before the application is called, within limits.

    ``limits``: the most bytes for paths that begin so; the first that fits counts.
    """

    def __init__(
        self,
        application,
        *,
        limits: Sequence[tuple[str, int]],
        reading: int = READING,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._application = application
        self._limits = limits
        self._places = threading.BoundedSemaphore(reading)
        self._clock = clock

    def __call__(self, environ, start_response):
        try:
            body = self._body(environ)
        except RefusedError as refused:
            return refuse(start_response, *refused.args)
        with body:
            environ["wsgi.input"] = body
            return self._application(environ, start_response)

    def _body(self, environ):
        length = environ.get("CONTENT_LENGTH", "")
        in_parts = "HTTP_TRANSFER_ENCODING" in environ
        if environ["REQUEST_METHOD"] in NO_BODY or not (length or in_parts):
            return io.BytesIO()
        if not re.fullmatch(r"[0-9]{0,18}", length):
            raise RefusedError("400 Bad Request", NOT_WHOLE)
        limit = next(most for start, most in self._limits if environ["PATH_INFO"].startswith(start))
        too_large = RefusedError(
            "413 Content Too Large",
            f"This is too large to send: the most is {limit // 1_000_000} MB. "
            "Go back and choose something smaller.\n",
        )
        wanted = None if in_parts else int(length)
        if wanted is not None and wanted > limit:
            raise too_large
        if not self._places.acquire(blocking=False):
            raise RefusedError("503 Service Unavailable", BUSY)
        body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the caller closes it
        try:
            size = self._read(environ["wsgi.input"], body, wanted, limit, too_large)
        except BaseException:
            body.close()
            raise
        finally:
            self._places.release()
        body.seek(0)
        environ["CONTENT_LENGTH"] = str(size)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return body

    def _read(self, source, body, wanted, limit, too_large):
        began, size = self._clock(), 0
        while wanted is None or size < wanted:
            piece = source.read(PIECE if wanted is None else min(PIECE, wanted - size))
            if not piece:
                break
            size += len(piece)
            if size > limit:
                raise too_large
            if self._clock() - began > PATIENCE + size / SLOWEST:
                raise RefusedError("408 Request Timeout", TOO_SLOW)
            body.write(piece)
        if wanted is not None and size < wanted:
            raise RefusedError("400 Bad Request", NOT_WHOLE)
        return size


class Threads:
    """Runs an application on a few threads of its own, and refuses what would wait for too long.

    So its database connections are as few as those threads, whatever the server does.
    """

    def __init__(self, application, *, threads: int = THREADS, waiting: int = WAITING):
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._places = threading.BoundedSemaphore(threads + waiting)

    def __call__(self, environ, start_response):
        if not self._places.acquire(blocking=False):
            return refuse(start_response, "503 Service Unavailable", BUSY)
        try:
            head, body = self._pool.submit(self._run, environ).result()
        finally:
            self._places.release()
        start_response(*head)
        return body

    def _run(self, environ):
        head = []

        def start(status, headers, exc_info=None):
            head[:] = status, headers

        result = self._application(environ, start)
        if getattr(result, "streaming", not isinstance(result, (list, tuple))):
            return head, result  # read, and closed, by the server's own thread
        body = [b"".join(result)]
        if hasattr(result, "close"):
            result.close()
        return head, body


def refuse(start_response, status: str, words: str):
    """Answer in plain words, without Django."""
    body = words.encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if status.startswith("503"):
        headers.append(("Retry-After", "30"))
    start_response(status, headers)
    return [body]
