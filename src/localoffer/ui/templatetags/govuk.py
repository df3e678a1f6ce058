"""Components as template tags, one function and one template each.

The signature is the component's contract: a misspelt or missing argument is a
TemplateSyntaxError when the template is compiled, not a gap on the page. The tags are built in:
no template needs ``{% load govuk %}``.
"""

from functools import cache

from django import template
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from localoffer.ui import symbols
from localoffer.ui.forms import summary_of
from localoffer.ui.headings import Prose, with_ids

register = template.Library()


@register.inclusion_tag("ui/back_link.html")
def back_link(*, href, text="Back"):
    """A link to the page before, above the main heading."""
    return {"href": href, "text": text}


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(*, items, label="Breadcrumb"):
    """Where the page is. ``items``: objects or dicts with ``title`` and ``url``, top first.

    An item without ``url`` is the page itself. Long trails fold on a phone.
    """
    return {"items": items, "label": label, "collapse": True}


@register.inclusion_tag("ui/button.html")
def button(
    *,
    text,
    href="",
    kind="",
    start=False,
    name="",
    value="",
    type="submit",  # noqa: A002
    once=False,
    id="",  # noqa: A002
):
    """A button, or with ``href`` a link that looks like one.

    ``kind``: empty, ``secondary``, ``warning`` or ``inverse`` (on a dark background).
    ``start``: the one way into a service. ``once``: ignore a second click within a second.
    """
    return {
        "text": text,
        "href": href,
        "kind": kind,
        "start": start,
        "name": name,
        "value": value,
        "type": type,
        "once": once,
        "id": id,
    }


@register.simple_block_tag(end_name="enddetails")
def details(content, *, summary, open=False, id=""):  # noqa: A002
    """Words that most readers can do without, behind a line to press."""
    context = {"content": content, "summary": summary, "open": open, "id": id}
    return render_to_string("ui/details.html", context)


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*, form, title="There is a problem"):
    """What is wrong with a form, each line a link to its field; nothing when nothing is.

    The base template draws it for the form called ``form``: use the tag for any other name.
    """
    return {"title": title, "errors": summary_of(form)}


@register.simple_block_tag(end_name="endinset")
def inset(content, *, id=""):  # noqa: A002
    """Words set apart from those around them, such as an example or a quotation."""
    return render_to_string("ui/inset_text.html", {"content": content, "id": id})


@register.simple_block_tag(end_name="endnotice")
def notice(content, *, title="Important", kind="information", id="notice"):  # noqa: A002
    """A notification banner around any content. ``kind``: information or success.

    Give each its own ``id`` where a page has two.
    """
    context = {"content": content, "title": title, "kind": kind, "id": id}
    return render_to_string("ui/notice.html", context)


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context, *, page, label="Pagination", query=None):
    """Links to the other pages of a list; nothing when there is one page.

    ``page``: a ``django.core.paginator.Page``. ``query``: the rest of the query string; without
    it, as it is in ``request``, which the template then needs.
    """
    query = QueryDict(query, mutable=True) if query is not None else context["request"].GET.copy()

    def address(number):
        query["page"] = number
        return f"?{query.urlencode()}"

    paginator = page.paginator
    if paginator.num_pages < 2:
        return {"empty": True}
    numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "label": label,
        "previous": page.has_previous() and {"href": address(page.previous_page_number())},
        "next": page.has_next() and {"href": address(page.next_page_number())},
        "items": [
            {"ellipsis": True}
            if number == paginator.ELLIPSIS
            else {"number": number, "href": address(number), "current": number == page.number}
            for number in numbers
        ],
    }


@register.simple_block_tag(end_name="endpanel")
def panel(content, *, title, level=1):
    """The confirmation at the end of a journey: "Thank you", and what happens next."""
    context = {"content": mark_safe(content.strip()), "title": title, "level": level}  # noqa: S308
    return render_to_string("ui/panel.html", context)


@register.simple_block_tag(end_name="endphase_banner")
def phase_banner(content, *, tag):
    """A line above every page that says what state the site is in."""
    return render_to_string("ui/phase_banner.html", {"content": content, "tag": tag})


@register.inclusion_tag("ui/summary_list.html")
def summary_list(*, rows, lines=True):
    """Facts about one thing: "Cost: free". ``rows``: (key, value) pairs, or dicts.

    A dict has ``key``, ``value`` and perhaps ``actions``, each with ``text``, ``href`` and
    ``about``, the words that tell one "Change" from another. Rows without a value are left out.
    ``lines``: whether a rule divides the rows.
    """
    shown = [row if isinstance(row, dict) else {"key": row[0], "value": row[1]} for row in rows]
    shown = [row for row in shown if row["value"] not in ("", None)]
    return {
        "rows": shown,
        "lines": lines,
        "any_actions": any(row.get("actions") for row in shown),
    }


@register.inclusion_tag("ui/table.html")
def table(*, rows, head=(), caption="", numeric=(), row_headers=False):
    """A table of words and numbers.

    ``rows``: lists of cells. ``numeric``: positions, from 0, of the columns of numbers, as a
    list or as "1,2". ``row_headers``: whether the first cell names its row.
    """
    if isinstance(numeric, str):
        numeric = [int(part) for part in numeric.split(",")]

    def cells(row):
        return [
            {"text": cell, "format": "numeric" if position in numeric else ""}
            for position, cell in enumerate(row)
        ]

    return {
        "caption": caption,
        "head": cells(head),
        "rows": [cells(row) for row in rows],
        "row_headers": row_headers,
    }


@register.inclusion_tag("ui/tag.html")
def tag(*, text, colour=""):
    """A short status label, such as "Open" or "Closes soon".

    ``colour``: empty (blue), grey, green, teal, purple, magenta, red, orange or yellow. The
    words must say it all: some readers see no colour.
    """
    return {"text": text, "colour": colour}


@register.inclusion_tag("ui/task_list.html")
def task_list(*, items, id="task-list"):  # noqa: A002
    """Things to do and how far each has come.

    ``items``: dicts with ``title``, ``status`` and perhaps ``href``, ``hint``, ``colour`` (of a
    tag around the status).
    """
    return {"items": items, "id": id}


@register.inclusion_tag("ui/warning_text.html")
def warning(*, text, label="Warning"):
    """Words that must not be missed: something that has consequences."""
    return {"text": text, "label": label}


# The rest are our own: GOV.UK has no such component.


@register.inclusion_tag("ui/body.html", takes_context=True)
def body(context, *, value, contents=False):
    """The StreamField of a page, with an id on every second-level heading.

    ``value``: the field, or ``Prose`` made of it before. ``contents``: begin with a list of links
    to the headings, where there are three or more.
    """
    if isinstance(value, Prose):
        html, headings = value
    else:
        html, headings = with_ids(value.render_as_block(context.flatten()) if value else "")
    return {"html": html, "headings": headings if contents and len(headings) > 2 else []}


@register.inclusion_tag("ui/card.html")
def card(*, title, url, text="", symbol="", meta="", tag="", tag_colour="", level=2):
    """One choice among a few, inside ``{% cards %}``. The whole card can be pressed.

    ``symbol``: a name from ``symbols``. ``meta``: a small line, such as a date. ``level``: of
    the heading.
    """
    return {
        "title": title,
        "url": url,
        "text": text,
        "symbol": symbol,
        "meta": meta,
        "tag": tag,
        "tag_colour": tag_colour,
        "level": level,
    }


@register.simple_block_tag(end_name="endcards")
def cards(content, *, columns=3):
    """A grid around ``{% card %}`` tags, 2 or 3 wide where there is room."""
    return render_to_string("ui/cards.html", {"content": content, "columns": columns})


@register.simple_block_tag(end_name="endheading")
def heading(content, *, level, classes=""):
    """A heading whose level, 1 to 6, depends on where it stands."""
    if level not in range(1, 7):
        raise ValueError(f"a heading has a level from 1 to 6, not {level!r}")
    return format_html('<h{0} class="{1}">{2}</h{0}>', level, classes, content)


@register.inclusion_tag("ui/print_button.html")
def print_button(*, text="Print this page"):
    """A button that prints. It shows only where it can work: with JavaScript."""
    return {"text": text}


@register.inclusion_tag("ui/search_box.html")
def search_box(
    *,
    action="/find-help/",
    name="q",
    value="",
    label="Search",
    hint="",
    button="Search",
    id="search",  # noqa: A002
    large=False,
    suggest="",
):
    """One box that searches. It asks with GET, so it may stand on a cached page.

    ``suggest``: the address of suggestions as you type, on a page that loads their script.
    """
    return {
        "action": action,
        "name": name,
        "value": value,
        "label": label,
        "hint": hint,
        "button": button,
        "id": id,
        "large": large,
        "suggest": suggest,
    }


@register.inclusion_tag("ui/steps.html")
def steps(*, items, level=3):
    """What happens, in order. ``items``: objects or dicts with ``title`` and ``text``."""
    return {"items": items, "level": level}


@register.simple_tag
def symbol(*, name, size=32):
    """One of our line drawings, beside words that say the same: screen readers skip it.

    ``size``: pixels. Raises KeyError for a name that is not in ``symbols``.
    """
    return _drawn(name, size)


@cache
def _drawn(name, size):
    """A list of results has the same few of them sixty times."""
    return format_html(
        '<svg class="lo-symbol" width="{}" height="{}" viewBox="0 0 32 32" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round"'
        ' stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        size,
        size,
        mark_safe(symbols.SYMBOLS[name]),  # noqa: S308
    )


@register.inclusion_tag("ui/video.html")
def video(
    *,
    src,
    title,
    type="video/mp4",  # noqa: A002
    poster="",
    captions="",
    transcript="",
    width="",
    height="",
):
    """A video with its captions and transcript. Nothing plays or loads until it is pressed.

    ``src``, ``poster`` (the still) and ``captions`` (WebVTT): addresses on this site.
    ``transcript``: HTML. ``width`` and ``height``: pixels of the picture.
    """
    return {
        "src": src,
        "title": title,
        "type": type,
        "poster": poster,
        "captions": captions,
        "transcript": transcript,
        "width": width,
        "height": height,
    }
