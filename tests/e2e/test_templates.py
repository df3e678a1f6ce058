"""One page of every template: axe, both widths, with and without JavaScript, bytes, other hosts."""

import gzip
import re
import urllib.error
import urllib.request
from datetime import timedelta

import brotli
import pytest
from django.utils import timezone

from localoffer.updates import windows
from tests.e2e.conftest import scrolls_sideways, violations
from tests.e2e.find_help import STATES

# The last day of the week that the newest edition sent in the demonstration tells of.
SENT = (windows.around("weekly", timezone.now()).starts - timedelta(weeks=1)).date()
# A page of each template that the public meets. Those found by a link say where it is.
PAGES = {
    "home": "/",
    "hub": "/news-updates-and-feedback/",
    "news": "/news/",
    "news of a year": "/news/2023/",
    "story with a film": "/news/mainstream-autism-bases-film/",
    "sections": "/guides/",
    "section": "/guides/ehc-plans/",
    "guide": "/guides/ehc-plans/ask-for-ehc-needs-assessment/",
    "page": "/other-ways/",
    "page with tables": "/data/",
    "programmes": "/programmes/",
    "programme": "/programmes/delivering-better-value/",
    "law": "/how-this-site-meets-the-law/",
    "have your say": "/have-your-say/",
    "consultation that is open": "/have-your-say/local-offer-review/",
    "consultation that is late": "/have-your-say/summer-clubs/",
    "consultation that is decided": "/have-your-say/delivering-better-value-surveys/",
    "results": "/have-your-say/delivering-better-value-surveys/results/",
    "start of a survey": "/have-your-say/answer/local-offer-review/young-people/",
    "come back with a code": "/have-your-say/come-back/",
    "receipt": "/have-your-say/receipt/",
    "find help": "/find-help/",
    **{f"find help: {name}": path for name, (path, _) in STATES.items()},
    "find help: bad postcode": "/find-help/?q=speech&postcode=nonsense",
    "find help: map of everything": "/find-help/?view=map&postcode=WR14+1AA",
    "service": "/find-help/service/larkbank-nursery/",
    "shortlist": "/find-help/shortlist/",
    "feedback": "/feedback/",
    "updates": "/updates/",
    "updates: past": "/updates/editions/",
    "updates: an edition": f"/updates/editions/weekly-{SENT:%Y-%m-%d}/",
    "updates: sign up": "/updates/sign-up/",
    "updates: check your email": "/updates/check-your-email/",
    "updates: check your email for a link": "/updates/check-your-email/link/",
    "updates: send me a link": "/updates/manage/",
    "updates: an old link": "/updates/confirm/x/",
    "sign in": "/accounts/login/",
    "not found": "/nothing-here/",
}
# What JavaScript adds is a help with something that can be done without it.
TOOLS = (
    "[data-print], .lo-print, .govuk-password-input__toggle, "
    ".govuk-character-count__status, .govuk-character-count__sr-status"
)
MOST_BYTES = 30_000
MAPS = {"find help: map", "find help: map of everything"}
WITH_PICTURES = {"home", "story with a film", "programme", *MAPS}  # and a drawing of every place


@pytest.fixture(scope="module", params=PAGES.values(), ids=PAGES)
def page(demo, visit_for_all, request):
    """Each page, opened once for the tests below: they change how wide it is, the last one more."""
    opened = visit_for_all(demo.url + request.param)
    yield opened
    opened.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 900})

    assert violations(page) == []
    assert not scrolls_sideways(page)
    assert [fault for fault in page.faults if "404" not in fault] == []


def test_the_page_fits_320_pixels_and_has_one_heading(page):
    page.set_viewport_size({"width": 320, "height": 900})

    assert not scrolls_sideways(page)
    assert page.locator("h1").count() == 1


def test_the_page_says_the_same_without_javascript(page, visit):
    page.set_viewport_size({"width": 360, "height": 900})
    page.evaluate("tools => document.querySelectorAll(tools).forEach(tool => tool.remove())", TOOLS)
    with_script = page.inner_text("main")
    without = visit(page.url, javascript=False)

    words = set(re.findall(r"\w+", with_script))
    assert words <= set(re.findall(r"\w+", without.inner_text("main")))


@pytest.mark.parametrize("name", sorted(set(PAGES) - WITH_PICTURES))
def test_a_page_of_text_is_small_with_all_it_loads(demo, name):
    total, seen = 0, set()
    html, size = fetch(demo.url + PAGES[name])
    total += size
    for address in re.findall(r'(?:src|href)="(/(?:static|theme)[^"]+)"', html):
        if address not in seen:
            seen.add(address)
            total += fetch(demo.url + address)[1]

    assert total <= MOST_BYTES


def fetch(url):
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br, gzip"})
    try:
        with urllib.request.urlopen(request) as response:
            body, encoding = response.read(), response.headers.get("Content-Encoding", "")
    except urllib.error.HTTPError as error:
        body, encoding = error.read(), error.headers.get("Content-Encoding", "")
    size = len(body)
    if encoding == "br":
        body = brotli.decompress(body)
    elif encoding == "gzip":
        body = gzip.decompress(body)
    return body.decode(errors="replace"), size


PRIVATE = {
    "shortlist",
    "feedback",
    "sign in",
    "updates: sign up",
    "updates: check your email",
    "updates: send me a link",
    "updates: an old link",
    "start of a survey",
    "come back with a code",
    "receipt",
}


@pytest.mark.parametrize("name", sorted(set(PAGES) - PRIVATE))
def test_a_public_page_can_be_cached(demo, name):
    try:
        response = urllib.request.urlopen(demo.url + PAGES[name])
    except urllib.error.HTTPError as error:
        response = error

    assert b"csrfmiddlewaretoken" not in response.read()
    assert "Set-Cookie" not in response.headers
    assert "cookie" not in response.headers.get("Vary", "").lower()
