import pytest
from bs4 import BeautifulSoup
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Template, TemplateSyntaxError
from django.template.context import Context
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from localoffer.ui.symbols import SYMBOLS


def render(source, **context):
    return Template(source).render(Context(context))


def soup(source, **context):
    return BeautifulSoup(render(source, **context), "html.parser")


@pytest.mark.parametrize(
    "source",
    [
        "{% notice tittle='x' %}{% endnotice %}",
        "{% tag colour='green' %}",
        "{% tag 'Open' %}",
        "{% card title='School' %}",
    ],
)
def test_a_wrong_argument_stops_the_template_compiling(source):
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_notice_wraps_its_content_and_escapes_what_is_not_html():
    html = render("{% notice title='Note' %}<p>{{ name }}</p>{% endnotice %}", name="<Al>")

    assert "<p>&lt;Al&gt;</p>" in html
    assert 'role="region"' in html


def test_two_notices_with_their_own_ids_have_titles_of_their_own():
    page = soup("{% notice id='a' %}A{% endnotice %}{% notice id='b' %}B{% endnotice %}")

    labels = [banner["aria-labelledby"] for banner in page.select(".govuk-notification-banner")]
    assert labels == ["a-title", "b-title"]
    assert all(page.find(id=label) for label in labels)


@pytest.mark.parametrize("name", SYMBOLS)
def test_symbol_is_drawn_and_kept_from_screen_readers(name):
    svg = soup("{% symbol name=name %}", name=name).svg

    assert svg["aria-hidden"] == "true"
    assert svg.find(["path", "rect", "circle"])


def test_an_unknown_symbol_is_an_error():
    with pytest.raises(KeyError):
        render("{% symbol name='unicorn' %}")


def test_summary_list_leaves_out_what_is_not_known():
    page = soup("{% summary_list rows=rows %}", rows=[("Cost", "Free"), ("Phone", ""), ("Age", 0)])

    assert [row.get_text() for row in page.select("dt")] == ["Cost", "Age"]


def test_table_puts_numbers_to_the_right():
    page = soup("{% table rows=rows head=head numeric='1' %}", head=["A", "B"], rows=[["x", 3]])

    assert [cell.get_text() for cell in page.select("[class$=--numeric]")] == ["B", "3"]


def paginate(number, *, of, query=""):
    request = RequestFactory().get(f"/?{query}")
    page = Paginator(range(of * 10), 10).page(number)
    return soup("{% pagination page=page %}", page=page, request=request)


def test_pagination_keeps_the_rest_of_the_question():
    page = paginate(2, of=3, query="q=speech&need=asd&need=slcn&page=2")

    query = QueryDict(page.select_one("[rel=next]")["href"].lstrip("?"))
    assert query.getlist("need") == ["asd", "slcn"]
    assert (query["q"], query["page"]) == ("speech", "3")


def test_pagination_names_the_page_one_is_on():
    assert paginate(2, of=3).select_one("[aria-current=page]").get_text(strip=True) == "2"


def test_pagination_of_one_page_is_nothing():
    assert paginate(1, of=1).get_text(strip=True) == ""


def test_search_box_asks_with_get_and_has_a_label():
    page = soup("{% search_box label='What do you need?' value=q id='q' %}", q='"speech"')

    assert page.form["method"] == "get"
    assert page.input["value"] == '"speech"'
    assert page.find("label", attrs={"for": page.input["id"]}).get_text() == "What do you need?"


def test_cards_are_a_list_in_which_each_has_one_link_in_a_heading():
    page = soup(
        "{% cards %}{% card title='School' url='/s/' symbol='school' level=3 %}"
        "{% card title='Money' url='/m/' %}{% endcards %}"
    )

    assert [link["href"] for link in page.select("ul > li a")] == ["/s/", "/m/"]
    assert [link.parent.name for link in page.select("a")] == ["h3", "h2"]


@pytest.mark.parametrize("level", [0, 7, "2 onclick=alert(1)"])
def test_heading_of_another_level_is_refused(level):
    with pytest.raises(ValueError, match="from 1 to 6"):
        render("{% heading level=level %}Words{% endheading %}", level=level)


def test_video_offers_captions_transcript_and_still_and_never_plays_by_itself():
    page = soup(
        "{% video src='/v.mp4' title='Bases' captions='/v.vtt' poster='/v.jpg' transcript=t %}",
        t=mark_safe("<p>Words.</p>"),
    )

    assert page.track["kind"] == "captions"
    assert page.video["poster"] == "/v.jpg"
    assert page.video["preload"] == "none"
    assert not page.video.has_attr("autoplay")
    assert page.details.p.get_text() == "Words."


def test_video_without_captions_has_no_track():
    assert not soup("{% video src='/v.mp4' title='Bases' %}").track


def test_the_words_of_a_panel_keep_their_markup():
    html = render(
        "{% panel title='Done' %}Your code<br><strong>{{ code }}</strong>{% endpanel %}", code="<b>"
    )

    assert "Your code<br><strong>&lt;b&gt;</strong>" in html
