"""GOV.UK Frontend's own examples, put to our components.

Each function below takes the options of one of its components and draws ours. ``None`` says that
we do not offer one of the options, and the example is left out.
"""

import json
from pathlib import Path

from bs4 import BeautifulSoup
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from localoffer.ui.forms import Checkboxes, DateField, GovukForm, Radios

FIXTURES = Path(__file__).parent / "fixtures"


def fixtures(component):
    return json.loads((FIXTURES / component / "fixtures.json").read_text())["fixtures"]


def canonical(html):
    """HTML without what makes no difference: space, and the order of attributes and classes."""
    soup = BeautifulSoup(html, "html.parser")
    for text in soup.find_all(string=True):
        text.replace_with(" ".join(text.split()))
    for element in soup.find_all(True):
        if "class" in element.attrs:
            element["class"] = " ".join(sorted(element["class"]))
        element.attrs = dict(sorted(element.attrs.items()))
    return str(soup).strip()


class NotOfferedError(Exception):
    """The example uses an option that our component does not have."""


class Options(dict):
    """Options of an example. What is not taken from them by the end is not offered."""

    def take(self, name, default=None):
        return self.pop(name, default)

    def words(self, name="text", html="html"):
        """The text, or the HTML where an example has that."""
        text, markup = self.pop(name, None), self.pop(html, None)
        return mark_safe(markup.strip()) if markup else text or ""  # noqa: S308

    def done(self):
        if any(value is not None for value in self.values()):
            raise NotOfferedError(", ".join(self))


def part(value):
    return Options(value or {})


def words_of(value):
    inner = part(value)
    words = inner.words()
    inner.done()
    return words


def modifier(options, prefix, allowed):
    """The one modifier class that we offer as an argument, or an example we leave out."""
    classes = options.take("classes") or ""
    name = classes.removeprefix(prefix)
    if classes and (name == classes or name not in allowed):
        raise NotOfferedError(classes)
    return name


def back_link(options):
    return render("back_link", options, href=options.take("href"), text=options.words())


def breadcrumbs(options):
    items = [
        {"title": (item := part(raw)).words(), "url": item.take("href"), "rest": item.done()}
        for raw in options.take("items")
    ]
    return render(
        "breadcrumbs",
        options,
        items=items,
        collapse=options.take("collapseOnMobile"),
        label=options.take("labelText"),
    )


def button(options):
    text = options.words()
    if hasattr(text, "__html__"):
        raise NotOfferedError("html")
    if options.get("preventDoubleClick") is False:
        raise NotOfferedError("preventDoubleClick: false")
    kinds = {"secondary", "warning", "inverse"}
    return render(
        "button",
        options,
        text=text,
        kind=modifier(options, "govuk-button--", kinds),
        href=options.take("href"),
        start=options.take("isStartButton"),
        once=options.take("preventDoubleClick"),
        **{name: options.take(name) for name in ["name", "value", "type", "id", "disabled"]},
    )


def details(options):
    return render(
        "details",
        options,
        summary=options.words("summaryText", "summaryHtml"),
        content=options.words(),
        open=options.take("open"),
        id=options.take("id"),
    )


def error_message(options):
    return render("error_message", options, text=options.words(), id=options.take("id"))


def error_summary(options):
    errors = [
        {"text": (error := part(raw)).words(), "href": error.take("href"), "rest": error.done()}
        for raw in options.take("errorList") or []
    ]
    if not errors:
        raise NotOfferedError("a summary of nothing")
    title = options.words("titleText", "titleHtml")
    return render("error_summary", options, title=title, errors=errors)


def fieldset(options):
    legend = part(options.take("legend"))
    return render(
        "fieldset",
        options,
        legend=legend.words(),
        classes=legend.take("classes"),
        heading=legend.take("isPageHeading"),
        rest=legend.done(),
        content=options.words(),
        role=options.take("role"),
        described_by=options.take("describedBy"),
    )


def generic_header(options):
    logo = options.words("logoText", "logoHtml")
    return render("generic_header", options, text=logo, url=options.take("url"))


def hint(options):
    return render(
        "hint",
        options,
        text=options.words(),
        id=options.take("id"),
        classes=options.take("classes"),
    )


def inset_text(options):
    return render("inset_text", options, content=options.words(), id=options.take("id"))


def label(options):
    return render(
        "label",
        options,
        text=options.words(),
        classes=options.take("classes"),
        heading=options.take("isPageHeading"),
        **{"for": options.take("for")},
    )


def notification_banner(options):
    text = options.take("text")
    content = options.words()
    if text:
        content = format_html('<p class="govuk-notification-banner__heading">{}</p>', text)
    kind = options.take("type") or "information"
    default = "Success" if kind == "success" else "Important"
    title = options.words("titleText", "titleHtml") or default
    id_ = options.take("titleId") or "govuk-notification-banner-title"
    if not id_.endswith("-title") or kind not in {"information", "success"}:
        raise NotOfferedError(id_, kind)
    return render(
        "notice",
        options,
        content=content,
        kind=kind,
        title=title,
        id=id_.removesuffix("-title"),
    )


def pagination(options):
    if not options.get("items"):
        raise NotOfferedError("only previous and next")
    ends = {}
    for end in ["previous", "next"]:
        inner = part(options.take(end))
        ends[end] = {"href": inner.take("href"), "text": inner.words()} if inner else None
        inner.done()
    items = [{**raw} for raw in options.take("items") if raw]
    if any("visuallyHiddenText" in item or "attributes" in item for item in items):
        raise NotOfferedError("words of a number")
    return render("pagination", options, items=items, label=options.take("landmarkLabel"), **ends)


def panel(options):
    return render(
        "panel",
        options,
        title=options.words("titleText", "titleHtml"),
        content=options.words(),
        level=options.take("headingLevel"),
    )


def phase_banner(options):
    tag = words_of(options.take("tag"))
    return render("phase_banner", options, tag=tag, content=options.words())


def service_navigation(options):
    items = []
    for raw in options.take("navigation") or []:
        item = part(raw)
        items.append(
            {
                "title": item.words(),
                "url": item.take("href"),
                "current": item.take("current"),
                "active": item.take("active"),
            }
        )
        item.done()
        if not items[-1]["url"]:
            raise NotOfferedError("an item that leads nowhere")
    if not items:
        raise NotOfferedError("no menu")
    label_ = options.take("navigationLabel")
    return render("service_navigation", options, items=items, label=label_)


def skip_link(options):
    href = options.take("href") or "#content"
    return render("skip_link", options, text=options.words(), href=href)


def summary_list(options):
    rows = []
    for raw in filter(None, options.take("rows")):
        row = part(raw)
        actions = part(row.take("actions"))
        row_actions = []
        for raw_action in actions.take("items") or []:
            action = part(raw_action)
            row_actions.append(
                {
                    "text": action.words(),
                    "href": action.take("href"),
                    "about": action.take("visuallyHiddenText"),
                }
            )
            action.done()
        rows.append({"key": words_of(row.take("key")), "value": words_of(row.take("value"))})
        if row_actions:
            rows[-1]["actions"] = row_actions
        row.done()
        actions.done()
    lines = modifier(options, "govuk-summary-list--", {"no-border"}) != "no-border"
    any_actions = any(row.get("actions") for row in rows)
    return render("summary_list", options, rows=rows, lines=lines, any_actions=any_actions)


def table(options):
    def cell(raw):
        inner = part(raw)
        context = {"text": inner.words(), "format": inner.take("format")}
        inner.done()
        return context

    return render(
        "table",
        options,
        caption=options.take("caption"),
        head=[cell(raw) for raw in options.take("head") or []],
        rows=[[cell(raw) for raw in row] for row in options.take("rows") if row],
        row_headers=options.take("firstCellIsHeader"),
    )


def tag(options):
    colours = {
        "grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow",
    }  # fmt: skip
    colour = modifier(options, "govuk-tag--", colours)
    return render("tag", options, text=options.words(), colour=colour)


def task_list(options):
    items = []
    for raw in options.take("items"):
        if not raw:
            raise NotOfferedError("a gap in the list")
        item = part(raw)
        status = part(item.take("status"))
        badge = part(status.take("tag"))
        has_badge = bool(badge)
        items.append(
            {
                "title": words_of(item.take("title")),
                "hint": words_of(item.take("hint")),
                "href": item.take("href"),
                "status": badge.words() if has_badge else status.words(),
                "colour": modifier(badge, "govuk-tag--", {"blue", "red", "pink", "grey", "yellow"}),
            }
        )
        if has_badge and not items[-1]["colour"]:
            raise NotOfferedError("a tag without a colour")
        for rest in [item, status, badge]:
            rest.done()
    id_ = options.take("idPrefix") or "task-list"
    return render("task_list", options, items=items, id=id_)


def warning_text(options):
    label_ = options.take("iconFallbackText")
    return render("warning_text", options, text=options.words(), label=label_)


# Fields: the example becomes a form of one field.


def text_input(options):
    kinds = {"email": forms.EmailInput, "tel": forms.TelInput, None: forms.TextInput}
    kind = options.take("type")
    if kind not in kinds or kind == "email":  # ours adds autocomplete and spellcheck
        raise NotOfferedError(kind)
    spellcheck = options.take("spellcheck")
    attrs = {
        **chosen(options, "autocomplete", "inputmode", "autocapitalize", "pattern"),
        **({} if spellcheck is None else {"spellcheck": str(spellcheck).lower()}),
    }
    return field(options, kinds[kind](attrs), disabled=options.take("disabled"))


def textarea(options):
    spellcheck = options.take("spellcheck")
    attrs = {
        **chosen(options, "autocomplete", "rows"),
        **({} if spellcheck is None else {"spellcheck": str(spellcheck).lower()}),
    }
    return field(options, forms.Textarea(attrs))


def character_count(options):
    limit = options.take("maxlength")
    if not limit:
        raise NotOfferedError("no limit of characters")
    widget = forms.Textarea(chosen(options, "rows"))
    return field(options, widget, max_length=int(limit))


def password_input(options):
    value = options.take("value")
    if value:
        raise NotOfferedError("a password sent back to the browser")
    return field(options, forms.PasswordInput(chosen(options, "autocomplete")))


def file_upload(options):
    return field(options, forms.FileInput(), kind=forms.FileField)


def select(options):
    choices, value = [], options.take("value")
    for raw in options.take("items") or []:
        if not raw:
            continue
        item = part(raw)
        here = item.take("value")
        here = str(here) if isinstance(here, int) and not isinstance(here, bool) else here
        choices.append((here, item.take("text")))
        selected = item.take("selected")
        if selected:
            value = choices[-1][0]
        elif selected is False and value == choices[-1][0]:
            raise NotOfferedError("a value that is not selected")
        item.done()
        if not isinstance(choices[-1][0], str) or not choices[-1][0]:
            raise NotOfferedError("an option without a value")
    return field(options, forms.Select(), kind=forms.ChoiceField, choices=choices, value=value)


def radios(options):
    return choices_of(options, Radios, forms.ChoiceField)


def checkboxes(options):
    return choices_of(options, Checkboxes, forms.MultipleChoiceField)


def choices_of(options, widget, kind):
    legend = options.take("fieldset")
    if not legend:
        raise NotOfferedError("choices without a question")
    value = options.take("values", options.take("value"))
    items = [part(raw) for raw in options.take("items")]
    exclusive = exclusive_of(items)
    choices, hints, checked = [], {}, []
    for item in items:
        here = str(item.take("value"))
        choices.append((here, item.words()))
        hints[here] = words_of(item.take("hint"))
        if item.take("checked"):
            checked.append(here)
        item.done()
    extra = {"exclusive": exclusive} if widget is Checkboxes else {}
    classes = chosen(options, "classes")
    attrs = {"class": classes["classes"]} if classes else {}
    if kind is forms.ChoiceField:
        value = value or (checked[0] if checked else None)
    else:
        value = value or checked
    prefix = options.take("idPrefix")
    options["id"] = prefix or options["name"]
    options["label"] = legend_as_label(legend)
    drawn = widget(attrs, hints=hints, **extra)
    return field(options, drawn, kind=kind, choices=choices, value=value)


def exclusive_of(items):
    """The value that rules out the others: ours is always the last, after "or"."""
    dividers = [position for position, item in enumerate(items) if item.get("divider")]
    behaviours = [item.take("behaviour") for item in items]
    if not dividers and not any(behaviours):
        return None
    only_last = not any(behaviours[:-1]) and behaviours[-1] == "exclusive"
    if not only_last or dividers != [len(items) - 2] or items[-2]["divider"] != "or":
        raise NotOfferedError("a divider or an exclusive choice elsewhere than at the end")
    del items[-2]
    return str(items[-1]["value"])


def date_input(options):
    legend = options.take("fieldset")
    if not legend:
        raise NotOfferedError("a date without a question")
    options["label"] = legend_as_label(legend)
    items = options.take("items") or [{"name": name} for name in ["day", "month", "year"]]
    if len(items) != 3:
        raise NotOfferedError("part of a date")
    values, wrong, right, autocomplete = [], [], [], set()
    for raw, name, width in zip(items, ["day", "month", "year"], [2, 2, 4], strict=True):
        item = part(raw)
        classes = (item.take("classes") or "").split()
        if item.take("name") != name or set(classes) - {
            f"govuk-input--width-{width}",
            "govuk-input--error",
        }:
            raise NotOfferedError("boxes of another kind")
        error = item.take("error")
        if error is False:
            right.append(name)
        if error or "govuk-input--error" in classes:
            wrong.append(name)
        values.append(str(item.take("value") or ""))
        autocomplete.add(item.take("autocomplete"))
        item.done()
    birthday = autocomplete == {"bday-day", "bday-month", "bday-year"}
    if autocomplete != {None} and not birthday:
        raise NotOfferedError(str(autocomplete))
    if wrong and not options.get("errorMessage"):
        raise NotOfferedError("a red box without a message")
    if right and not wrong:
        wrong = [name for name in ["day", "month", "year"] if name not in right]
    prefix = options.take("namePrefix")
    options["name"] = prefix or "NAME"
    widget = DateField.widget({"autocomplete": "bday"} if birthday else {})
    html = field(options, widget, kind=DateField, value=tuple(values), parts=wrong)
    return html.replace('name="NAME-', 'name="')


def chosen(options, *names):
    found = {name: options.take(name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def legend_as_label(raw):
    inner = part(raw)
    legend = inner.take("legend")
    inner.done()
    return legend


def field(options, widget, *, kind=forms.CharField, value=None, parts=(), **extra):
    """The field that the options describe, drawn as a form draws it."""
    name = options.take("name")
    label_ = part(options.take("label"))
    hint_ = part(options.take("hint"))
    error = part(options.take("errorMessage"))
    widget.attrs["id"] = options.take("id") or name
    if described_by := options.take("describedBy"):
        widget.attrs["aria-describedby"] = described_by
    if classes := options.take("classes"):
        widget.attrs["class"] = classes
    value = options.take("value", value)
    is_heading = label_.take("isPageHeading")
    sizes = {
        f"govuk-{kind}--{size}": size
        for kind in ["label", "fieldset__legend"]
        for size in ["s", "m", "l", "xl"]
    }
    size = sizes.get(label_.take("classes"), "")
    if is_heading and size != "l":
        raise NotOfferedError("a page heading of another size")
    one = kind(
        widget=widget,
        label=label_.words() or "",
        help_text=hint_.words() or "",
        required=True,
        **extra,
    )
    hint_.take("id")
    error_text = error.words()
    for rest in [options, label_, hint_, error]:
        rest.done()

    class Example(GovukForm, forms.Form):
        label_size = size
        heading_field = name if is_heading else ""

        def clean(self):
            if error_text:
                self._errors.pop(name, None)
                problem = ValidationError(error_text, params={"parts": tuple(parts)})
                self.add_error(name, problem)

    Example.base_fields[name] = one
    values = {name: value} if value is not None else {}
    if isinstance(value, tuple):
        values = {
            f"{name}-{box}": typed
            for box, typed in zip(["day", "month", "year"], value, strict=True)
        }
    form = Example(values) if error_text else Example(initial={name: value})
    return form[name].as_field_group()


def render(template, options, **context):
    options.done()
    return render_to_string(f"ui/{template}.html", context)


COMPONENTS = {
    "back-link": back_link,
    "breadcrumbs": breadcrumbs,
    "button": button,
    "character-count": character_count,
    "checkboxes": checkboxes,
    "date-input": date_input,
    "details": details,
    "error-message": error_message,
    "error-summary": error_summary,
    "fieldset": fieldset,
    "file-upload": file_upload,
    "generic-header": generic_header,
    "hint": hint,
    "input": text_input,
    "inset-text": inset_text,
    "label": label,
    "notification-banner": notification_banner,
    "pagination": pagination,
    "panel": panel,
    "password-input": password_input,
    "phase-banner": phase_banner,
    "radios": radios,
    "select": select,
    "service-navigation": service_navigation,
    "skip-link": skip_link,
    "summary-list": summary_list,
    "table": table,
    "tag": tag,
    "task-list": task_list,
    "textarea": textarea,
    "warning-text": warning_text,
}
