"""The demonstration, made and served by the real command, and Chromium to look at it with."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser"])), None)
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
LAW = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
RULES = [*LAW, "best-practice"]
START_WITHIN = 180


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium here: browser tests skipped"))


class Demonstration:
    """A running demonstration."""

    def __init__(self, port, data):
        self.port, self.data = port, data
        self.url = f"http://localhost:{port}"
        self.herefordshire = f"http://herefordshire.localhost:{port}"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The data folder of a demonstration, made once for all the processes of a test run."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    data = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            half = shared / "demonstration.half"
            half.mkdir()
            command = [sys.executable, "-m", "localoffer", "demo", "--no-serve"]
            ran = subprocess.run(
                command, env=_environment(half), capture_output=True, text=True, check=False
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr
            half.rename(data)
    return data


def _environment(data):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("LOCALOFFER_")
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return environment | {"LOCALOFFER_DATA": str(data), "LOCALOFFER_LOG_LEVEL": "WARNING"}


@pytest.fixture(scope="session")
def demo(made, tmp_path_factory):
    """That demonstration, or rather a copy that this process alone changes, served."""
    data = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(made, data)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (data / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "localoffer", "demo", "--port", str(port)],
            env=_environment(data),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(server, port, data / "log")
            yield Demonstration(port, data)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def _wait(server, port, log):
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the demonstration did not start:\n{log.read_text()}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        else:
            return
    pytest.fail(f"the demonstration was not ready in {START_WITHIN} s:\n{log.read_text()}")


@pytest.fixture(scope="module")  # while Playwright runs, Django thinks all of this process is async
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def _visits(browser):
    """Open pages, each in a browser of its own, until this is over."""
    contexts = []

    def open_page(url, *, width=360, javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        host = url.split("/")[2]
        page.on("request", lambda request: _foreign(page, request.url, host))
        page.on(
            "console",
            lambda message: page.faults.append(message.text) if message.type == "error" else None,
        )
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def visit(chromium):
    """Open a page: ``visit(url, width=360, javascript=True)``. Faults it shows fail the test."""
    with _visits(chromium) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def visit_for_all(chromium):
    """The same, for a page that several tests of a module look at."""
    with _visits(chromium) as open_page:
        yield open_page


def _foreign(page, url, host):
    if url.startswith("http") and url.split("/")[2] != host:
        page.faults.append(f"asked another host: {url}")


def violations(page, rules=RULES):
    """What axe finds wrong with a page by these rules, contrast among it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)  # not a script tag: the content security policy forbids that
    return page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(found => found.violations.map("
        "fault => `${fault.id}: ${fault.nodes.map(node => node.target).join(', ')}`))",
        rules,
    )


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")
