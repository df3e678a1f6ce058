"""What we send with every page: whose it is, and how much."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

import localoffer.ui
from localoffer.ui import contrast

STATIC = Path(localoffer.ui.__file__).parent / "static" / "ui"
CSS = [*STATIC.glob("vendor/*.css"), STATIC / "localoffer.css"]
JS = [*STATIC.glob("vendor/*.js"), STATIC / "localoffer.js"]
BASE = get_template("ui/base.html").template.source


@pytest.mark.parametrize("file", [*CSS, *JS], ids=lambda file: file.name)
@pytest.mark.parametrize("foreign", ["url(", "@import", "GDS Transport", "crown", "crest"])
def test_nothing_is_fetched_from_elsewhere_and_nothing_is_the_governments(file, foreign):
    assert foreign.lower() not in file.read_text().lower()


def test_the_licence_of_what_is_not_ours_is_kept_beside_it():
    assert "The MIT License" in (STATIC / "vendor" / "LICENSE.txt").read_text()


@pytest.mark.parametrize(("files", "kilobytes"), [(CSS, 17), (JS, 8)], ids=["css", "js"])
def test_what_every_page_loads_stays_small(files, kilobytes):
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) <= kilobytes * 1000


def test_every_file_that_the_base_template_names_is_there():
    names = re.findall(r'{% static "([^"]+)" %}', BASE)

    assert len(names) == 5
    assert [name for name in names if not finders.find(name)] == []


def test_pages_hold_no_inline_style_or_script():
    templates = STATIC.parents[1].joinpath("templates").rglob("*.html")
    inline = re.compile(r"""<style|\sstyle=|\son[a-z]+="|<script(?![^>]*\ssrc=)""")

    assert [file.name for file in templates if inline.search(file.read_text())] == []


def default(name):
    css = (STATIC / "localoffer.css").read_text()
    return re.search(rf"^  {name}: (#[0-9a-f]{{6}});", css, re.MULTILINE)[1]


@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("#ffffff", default("--lo-brand")),
        ("#ffffff", default("--lo-button")),
        ("#0b0c0c", default("--lo-background")),
        ("#484949", default("--lo-soft")),
        (default("--govuk-link-colour"), default("--lo-background")),
        (default("--govuk-link-colour"), default("--lo-soft")),
        (default("--govuk-link-hover-colour"), default("--lo-alert")),
        (default("--govuk-link-visited-colour"), default("--lo-background")),
    ],
)
def test_our_own_colours_can_be_read(text, background):
    assert contrast.ratio(text, background) >= contrast.AA_TEXT


@pytest.mark.parametrize("background", [default("--lo-background"), default("--lo-soft")])
def test_borders_that_carry_meaning_can_be_seen(background):
    assert contrast.ratio(default("--lo-line-strong"), background) >= contrast.AA_LARGE_TEXT
