import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError

from localoffer.ui.blocks import BodyBlock, ButtonBlock, LinkBlock, TableBlock


def body(*items):
    return BodyBlock().to_python([{"type": kind, "value": value} for kind, value in items])


def draw(value, source="{% body value=value %}"):
    html = Template(source).render(Context({"value": value}))
    return BeautifulSoup(html, "html.parser")


TEXT = "<h2>Who can ask</h2><p>Anyone.</p>"
EVERYTHING = [
    ("text", TEXT, ".lo-prose h2"),
    ("notice", {"title": "Snow", "content": "<p>x</p>"}, ".govuk-notification-banner"),
    ("warning", {"text": "Two months"}, ".govuk-warning-text"),
    ("inset", {"content": "<p>x</p>"}, ".govuk-inset-text p"),
    ("details", {"summary": "More", "content": "<p>x</p>"}, "details.govuk-details p"),
    ("steps", {"items": [{"title": "Ask", "text": "<p>x</p>"}]}, "ol.lo-steps h3"),
    ("button", {"text": "Ask", "address": "https://example.org/"}, "a.govuk-button"),
    (
        "cards",
        {"cards": [{"text": "School", "address": "https://example.org/", "symbol": "school"}]},
        ".lo-card a[href='https://example.org/']",
    ),
    ("facts", {"rows": [{"key": "Cost", "value": "<p>Free</p>"}]}, ".govuk-summary-list dd p"),
    ("table", {"caption": "Plans", "cells": "Year|Plans\n2025|3"}, ".lo-table caption"),
    ("quote", {"text": "Nobody told us", "by": "Parent carer"}, "blockquote.lo-quote"),
]


@pytest.mark.parametrize(("kind", "value", "selector"), EVERYTHING, ids=lambda v: str(v)[:10])
def test_block_is_drawn_with_its_component(kind, value, selector):
    assert draw(body((kind, value))).select_one(selector)


def test_every_block_that_needs_no_picture_is_drawn_here():
    assert {kind for kind, *_ in EVERYTHING} == set(BodyBlock().child_blocks) - {"picture"}


def test_body_lists_its_headings_when_there_are_three():
    page = draw(
        body(*[("text", f"<h2>{words}</h2>") for words in ["One", "Two", "Two"]]),
        "{% body value=value contents=True %}",
    )

    links = [(link["href"], link.get_text()) for link in page.select("nav a")]
    assert links == [("#one", "One"), ("#two", "Two"), ("#two-2", "Two")]
    assert all(page.find(id=address.removeprefix("#")) for address, _ in links)


def test_body_with_two_headings_needs_no_contents_list():
    page = draw(
        body(("text", "<h2>One</h2>"), ("text", "<h2>Two</h2>")),
        "{% body value=value contents=True %}",
    )

    assert not page.nav


def test_an_empty_body_is_drawn():
    assert draw(body()).select_one(".lo-body").get_text(strip=True) == ""


def test_two_banners_have_ids_of_their_own():
    page = draw(
        body(*[("notice", {"title": title, "content": "<p>x</p>"}) for title in ["Snow", "Ice"]])
    )

    assert [title["id"] for title in page.select("h2")] == ["notice-snow-title", "notice-ice-title"]


TABLE = {"caption": "Plans", "row_headers": True}


def cell_texts(page, selector):
    return [cell.get_text() for cell in page.select(selector)]


@pytest.mark.parametrize(
    "cells", ["Year\tPlans\n2025\t4,600\n2026\tc", "Year|Plans\n2025 | 4,600\n\n2026|c"]
)
def test_table_takes_cells_from_a_spreadsheet_or_with_bars(cells):
    page = draw(body(("table", {**TABLE, "cells": cells})))

    assert cell_texts(page, "thead th") == ["Year", "Plans"]
    assert cell_texts(page, "tbody th") == ["2025", "2026"]
    assert cell_texts(page, "td.govuk-table__cell--numeric") == ["4,600", "c"]


def test_a_column_with_a_word_in_it_is_not_numbers():
    page = draw(body(("table", {**TABLE, "cells": "Year|Plans\n2025|3\n2026|not counted"})))

    assert not page.select("[class*=numeric]")


@pytest.mark.parametrize(
    ("cells", "words"),
    [("Year|Plans\n2025", "has 1"), ("Year|Plans", "at least one row"), ("  ", None)],
)
def test_a_table_with_a_line_that_does_not_fit_is_refused(cells, words):
    block = TableBlock()
    value = block.to_python({**TABLE, "cells": cells})

    with pytest.raises(blocks.StructBlockValidationError) as refused:
        block.clean(value)

    if words:
        assert words in refused.value.block_errors["cells"].message


@pytest.mark.parametrize("block", [LinkBlock(), ButtonBlock()], ids=["link", "button"])
def test_a_link_that_leads_nowhere_is_refused(block):
    value = block.to_python({"text": "Ask", "page": None, "address": ""})

    with pytest.raises(blocks.StructBlockValidationError) as refused:
        block.clean(value)

    assert "address" in refused.value.block_errors


def test_a_link_to_an_address_is_accepted():
    block = LinkBlock()
    value = block.to_python({"text": "Ask", "page": None, "address": "https://example.org/"})

    assert block.clean(value).url == "https://example.org/"


def test_an_app_can_add_blocks_of_its_own():
    class NewsBody(BodyBlock):
        video = blocks.CharBlock()

    assert set(NewsBody().child_blocks) == {*BodyBlock().child_blocks, "video"}


def test_a_wrong_block_inside_a_body_is_refused_as_a_whole():
    value = body(("warning", {"text": ""}))

    with pytest.raises(StreamBlockValidationError):
        BodyBlock().clean(value)
