"""Public forms that look and speak as GOV.UK forms do.

``class CommentForm(GovukForm, forms.Form)`` is all a form needs. Looks are chosen with Django's
own widget attributes::

    widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "postal-code"})
    widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"})

The base template draws the error summary of the form called ``form``, and puts "Error: " before
the page's title.
"""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.template.loader import select_template
from django.utils import dateparse
from django.utils.functional import cached_property

# What Django says when a field is empty or wrong tells nobody what to do about it.
GENERIC_REQUIRED = str(forms.Field.default_error_messages["required"])
BETTER_ERRORS = {
    forms.EmailField: {
        "invalid": "Enter an email address in the correct format, like name@example.com",
    },
    forms.URLField: {
        "invalid": "Enter a web address in the correct format, like https://www.example.com",
    },
    # Django's decimals are a kind of integer field, so they stand first.
    forms.DecimalField: {"invalid": "Enter a number, like 4.50"},
    forms.FloatField: {"invalid": "Enter a number, like 4.5"},
    forms.IntegerField: {"invalid": "Enter a whole number, like 12"},
}

PARTS = ("day", "month", "year")
MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip


class DateInput(forms.Widget):
    """Three boxes for a date people know by heart. Goes with ``DateField``."""

    template_name = "ui/forms/widgets/date_parts.html"
    use_fieldset = True

    def id_for_label(self, id_):
        return f"{id_}-day" if id_ else id_

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        wrong = own.pop("wrong", ())
        birthday = own.pop("autocomplete", "") == "bday"
        values = dict(zip(PARTS, self.parts_of(value), strict=True))
        context["widget"]["parts"] = [
            {
                "label": part.capitalize(),
                "name": f"{name}-{part}",
                "id": f"{own['id']}-{part}" if own.get("id") else "",
                "value": values[part],
                "width": 4 if part == "year" else 2,
                "wrong": part in wrong,
                "autocomplete": f"bday-{part}" if birthday else "",
            }
            for part in PARTS
        ]
        return context

    def value_from_datadict(self, data, files, name):
        """The three parts as typed, or the single value of an address such as ?from=2026-03-31."""
        if name in data:
            return data[name]
        return tuple((data.get(f"{name}-{part}") or "").strip() for part in PARTS)

    def value_omitted_from_data(self, data, files, name):
        return name not in data and not any(f"{name}-{part}" in data for part in PARTS)

    @staticmethod
    def parts_of(value):
        """Day, month and year as text, of a date, of three parts or of nothing."""
        if isinstance(value, str):
            value = _iso_date(value)
        if isinstance(value, dt.date):
            return str(value.day), str(value.month), str(value.year)
        return tuple(value) if value else ("", "", "")


class DateField(forms.DateField):
    """A date typed as day, month and year. A month may be a number or a name."""

    widget = DateInput
    default_error_messages = {
        "required": GENERIC_REQUIRED,
        "invalid": "Enter a real date, like 31 3 2026",
        "incomplete": "The date must include a %(missing)s",
        "year": "The year must have 4 numbers",
    }

    def to_python(self, value):
        """The date, or None when every box is empty.

        Raises ValidationError with ``params["parts"]`` naming the boxes that are wrong.
        """
        if isinstance(value, str):
            if value and not (value := _iso_date(value)):
                raise self._wrong("invalid", PARTS)
            return value or None
        if not isinstance(value, tuple):
            return super().to_python(value)
        if not any(value):
            return None
        typed = dict(zip(PARTS, value, strict=True))
        if missing := [part for part in PARTS if not typed[part]]:
            raise self._wrong("incomplete", missing, missing=" and ".join(missing))
        year = typed["year"]
        if year.isdecimal() and len(year) != 4:
            raise self._wrong("year", ["year"])
        try:
            return dt.date(int(year), _month(typed["month"]), int(typed["day"]))
        except (ValueError, OverflowError):
            raise self._wrong("invalid", PARTS) from None

    def has_changed(self, initial, data):
        if self.disabled:
            return False
        before = DateInput.parts_of(initial)
        try:
            return self.to_python(data) != self.to_python(before)
        except ValidationError:
            return True

    def _wrong(self, code, parts, **params):
        return ValidationError(
            self.error_messages[code], code=code, params={"parts": tuple(parts), **params}
        )


class _Hinted:
    """A list of choices of which some have a line of explanation."""

    def __init__(self, attrs=None, choices=(), *, hints=None):
        super().__init__(attrs, choices)
        self.hints = hints or {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        return option


class Radios(_Hinted, forms.RadioSelect):
    """Radio buttons. ``hints``: an explanation for some values, ``{"phone": "We call you"}``."""


class Checkboxes(_Hinted, forms.CheckboxSelectMultiple):
    """Checkboxes. ``hints`` as for ``Radios``.

    ``exclusive``: the value that means none of the others. It stands last, after "or".
    """

    def __init__(self, attrs=None, choices=(), *, hints=None, exclusive=None):
        super().__init__(attrs, choices, hints=hints)
        self.exclusive = exclusive

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["exclusive"] = self.exclusive is not None and str(value) == str(self.exclusive)
        return option


# The first class that fits decides: the order is from the particular to the general.
CLASSES = [
    (forms.Textarea, "govuk-textarea"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.CheckboxSelectMultiple, "govuk-checkboxes"),
    (forms.RadioSelect, "govuk-radios"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (DateInput, "govuk-date-input"),
    (forms.PasswordInput, "govuk-input govuk-password-input__input govuk-js-password-input-input"),
    (forms.widgets.Input, "govuk-input"),
]
CAN_BE_RED = {"govuk-textarea", "govuk-select", "govuk-file-upload", "govuk-input"}


# What a browser should know of a widget, unless the form's author says otherwise.
ADVICE = [
    (forms.EmailInput, {"autocomplete": "email", "spellcheck": "false"}),
    (forms.TelInput, {"autocomplete": "tel"}),
    (
        forms.PasswordInput,
        {"autocomplete": "current-password", "spellcheck": "false", "autocapitalize": "none"},
    ),
]
UNWANTED = ["maxlength", "minlength", "min", "max", "step", "cols"]
DJANGO_ROWS = "10"  # text: an author's own 10 is a number


class GovukBoundField(BoundField):
    """A field of a form, with what its template asks: words, ids and classes."""

    @property
    def id(self):
        return self.field.widget.attrs.get("id") or self.auto_id

    @property
    def hint_id(self):
        return f"{self.id}-hint"

    @property
    def error_id(self):
        return f"{self.id}-error"

    @property
    def count_id(self):
        return f"{self.id}-info"

    @property
    def words(self):
        """The label, with "(optional)" where an empty answer will do."""
        optional = not self.field.required and not self.is_checkbox and self.form.mark_optional
        return f"{self.label} (optional)" if optional else self.label

    @property
    def label_classes(self):
        size = "l" if self.is_heading else self.form.label_size
        part = "fieldset__legend" if self.use_fieldset else "label"
        return f"govuk-{part}--{size}" if size else ""

    @property
    def is_heading(self):
        return self.form.heading_field == self.name

    @property
    def is_checkbox(self):
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_date(self):
        return isinstance(self.field.widget, DateInput)

    @property
    def is_password(self):
        return isinstance(self.field.widget, forms.PasswordInput)

    @property
    def limit(self):
        """How many characters may be typed, where the reader is told as they type; or 0."""
        if isinstance(self.field.widget, forms.Textarea):
            return getattr(self.field, "max_length", None) or 0
        return 0

    @property
    def described_by(self):
        """The ids of what a screen reader reads out with the field, in the order of sight."""
        parts = [
            (self.limit, self.count_id),
            (self.help_text, self.hint_id),
            (self.errors, self.error_id),
        ]
        given = self.field.widget.attrs.get("aria-describedby", "")
        return " ".join([given, *(id_ for shown, id_ in parts if shown)]).strip()

    @cached_property
    def wrong_parts(self):
        """Of a date, the boxes to be put right."""
        if not self.is_date or not self.errors:
            return ()
        for error in self.errors.as_data():
            if parts := (error.params or {}).get("parts"):
                return parts
        return PARTS

    @property
    def target(self):
        """The id to which the error summary leads: the first thing to put right."""
        if self.wrong_parts:
            return f"{self.id}-{self.wrong_parts[0]}"
        return self.id

    def build_widget_attrs(self, attrs, widget=None):
        """Django's own, with GOV.UK's classes and without what GOV.UK advises against.

        No ``aria-invalid`` (the message in the description says more), no ``maxlength`` (words
        pasted in would be cut off in silence: the server says what is too long), no ``min`` and
        ``max`` (a number is a text box with a numeric keyboard).
        """
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("aria-invalid", None)
        attrs.pop("aria-describedby", None)
        if widget.is_hidden:
            return attrs
        if self.described_by and not self.use_fieldset:
            attrs["aria-describedby"] = self.described_by
        attrs["class"] = self._classes(widget)
        advice = next((advice for kind, advice in ADVICE if isinstance(widget, kind)), {})
        attrs.update({name: advice[name] for name in advice if name not in widget.attrs})
        attrs.update({name: False for name in UNWANTED if name in widget.attrs})
        if isinstance(widget, forms.NumberInput) and "inputmode" not in widget.attrs:
            attrs["inputmode"] = (
                "decimal" if self.field.widget_attrs(widget).get("step") else "numeric"
            )
        if widget.attrs.get("rows") == DJANGO_ROWS:
            attrs["rows"] = 5
        if isinstance(widget, DateInput):
            attrs["wrong"] = self.wrong_parts
        return attrs

    def _classes(self, widget):
        ours = next((ours for kind, ours in CLASSES if isinstance(widget, kind)), "")
        classes = [ours]
        first = ours.split(" ")[0]
        if self.errors and first in CAN_BE_RED:
            classes.append(f"{first}--error")
        if self.limit:
            classes.append("govuk-js-character-count")
        classes.append(widget.attrs.get("class", ""))
        return " ".join(filter(None, classes))


class GovukRenderer(TemplatesSetting):
    """Draws a form, its fields and its widgets from ui/, where ui/ has a template."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name):
        ours = template_name.replace("django/forms/", "ui/forms/")
        return select_template([ours, template_name])


class GovukForm:
    """Mixed in to every public form. Wagtail's own forms keep Wagtail's looks.

    ``label_size``: of labels and legends: empty, s, m, l or xl. ``heading_field``: the name of the
    field whose label is the page's main heading. ``mark_optional``: whether "(optional)" follows
    the label of a field that may be empty; turn it off for filters.
    """

    default_renderer = GovukRenderer
    use_required_attribute = False  # the server's error summary speaks, not the browser
    label_size = "s"
    heading_field = ""
    mark_optional = True

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _say_what_to_do(field, field.label or name.replace("_", " "))


def summary_of(form):
    """What is wrong with a form, as dicts of ``text`` and ``href``, in the order of its fields.

    What is wrong with the form as a whole leads to its first field. Empty for None.
    """
    if not form or not form.errors:
        return []
    visible = form.visible_fields()
    first = f"#{_target(visible[0])}" if visible else ""
    summary = [{"text": error, "href": first} for error in form.non_field_errors()]
    for field in form.hidden_fields():
        summary += [{"text": error, "href": ""} for error in field.errors]
    for field in visible:
        summary += [{"text": error, "href": f"#{_target(field)}"} for error in field.errors]
    return summary


def _target(field):
    return getattr(field, "target", field.id_for_label)


def _unless_given(widget, **attrs):
    """The attributes that the form's author has not chosen."""
    return {name: value for name, value in attrs.items() if name not in widget.attrs}


def _say_what_to_do(field, label):
    """Put a sentence that helps in place of each of Django's general ones."""
    messages = field.error_messages
    if str(messages.get("required")) == GENERIC_REQUIRED:
        messages["required"] = _ask_for(str(label), field)
    for kind, better in BETTER_ERRORS.items():
        if isinstance(field, kind):
            defaults = {}
            for base in reversed(type(field).__mro__):
                defaults.update(getattr(base, "default_error_messages", {}))
            for code, words in better.items():
                if str(messages.get(code)) == str(defaults.get(code)):
                    messages[code] = words
            break


def _ask_for(label, field):
    if label.endswith("?"):
        return f"Answer the question: {label}"
    if isinstance(field, forms.BooleanField):
        return f"Tick the box to go on: {label}"
    if label[1:2].islower() or label[1:2] == " ":
        label = label[0].lower() + label[1:]
    if isinstance(field, forms.FileField):
        return f"Choose a file: {label}"
    choosing = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    return f"{'Choose' if choosing else 'Enter'} {label}"


def _iso_date(text):
    try:
        return dateparse.parse_date(text)
    except ValueError:
        return None


def _month(text):
    """The number of a month given as a number or as its name, whole or in three letters."""
    if text.isdecimal():
        return int(text)
    for number, name in enumerate(MONTHS, start=1):
        if len(text) >= 3 and name.startswith(text.lower()):
            return number
    raise ValueError(text)
