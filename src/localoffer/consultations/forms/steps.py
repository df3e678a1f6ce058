"""The form of one question: what people type and press, to an answer as it is stored."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from localoffer.authority import references
from localoffer.consultations import answers, codes, files
from localoffer.consultations.questions import LONGEST_LINE, LONGEST_TEXT, Kind
from localoffer.places import lookup
from localoffer.places.models import Area
from localoffer.ui.forms import Checkboxes, DateField, GovukForm, Radios

MOST_DIGITS = 15
NO_CHOICE = "Choose an answer from the list"


class CodeForm(GovukForm, forms.Form):
    """A code that somebody was given, however they type it."""

    code = forms.CharField(
        label="Your code",
        max_length=40,
        help_text="12 letters and numbers, such as 7K3M-9Q2X-4T8B.",
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={
            "required": "Enter your code",
            "max_length": "A code has 12 letters and numbers.",
        },
    )

    def clean_code(self):
        try:
            return codes.parse(self.cleaned_data["code"])
        except references.BadReferenceError as error:
            raise ValidationError(str(error)) from error


class StepForm(GovukForm, forms.Form):
    """One question. ``answer`` in what is cleaned is as ``answers`` says.

    ``revision``: which state of the draft this page was made from.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    label_size = "m"

    def __init__(self, *args, question, revision=0, beside=None, **kwargs):
        self.question, self.beside = question, beside or files.Shown()
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = revision
        for name, field in _FIELDS[question.kind](question).items():
            self.fields[name] = field
            _ask(field, question, name)
            if hasattr(field, "choices") and self.beside.choices:
                field.choices = [
                    (code, self.beside.label(code, label)) for code, label in field.choices
                ]
        if question.other:
            self.fields["other"] = forms.CharField(
                label=f"If you chose “{question.label_of(question.other)}”, say which",
                required=False,
                max_length=LONGEST_LINE,
                help_text="Do not write a name, or anything that could show who a child is.",
                error_messages={"max_length": f"Use {LONGEST_LINE} characters or fewer"},
            )
        if "answer" in self.fields:
            self.heading_field = "answer"

    @staticmethod
    def begun(question, value):
        """What the form holds at first, of an answer as it is stored."""
        if value in (None, "", [], {}):
            return {}
        if question.kind == Kind.SCALE:
            return {f"part-{code}": chosen for code, chosen in value.items()}
        if question.kind == Kind.RANKING:
            return {f"part-{code}": str(place) for place, code in enumerate(value, start=1)}
        if question.kind == Kind.POSTCODE:
            return {}  # it was not kept
        return {"answer": answers.chosen(value), "other": answers.other_words(value)}

    def clean(self):
        found = super().clean()
        parts = {
            name.removeprefix("part-"): value
            for name, value in found.items()
            if name.startswith("part-") and value
        }
        if self.errors:
            return found
        question = self.question
        if question.kind == Kind.SCALE:
            found["answer"] = parts
        elif question.kind == Kind.RANKING:
            found["answer"] = self._ranked(parts)
        else:
            found["answer"] = _STORED.get(question.kind, lambda question, value: value)(
                question, found.get("answer")
            )
        if words := answers.clean_text(found.get("other") or ""):
            self._say_which(found, words)
        return found

    def _say_which(self, found, words):
        """Words beside "other" go with that option. Without it they are an error, and not lost."""
        given = found.get("answer") or ()
        if self.question.other not in ([given] if isinstance(given, str) else given):
            label = self.question.label_of(self.question.other)
            self.add_error("other", f"Choose “{label}” above, or take these words out")
        else:
            found["answer"] = {"chosen": given, "other": words}

    def clean_answer(self):
        value = self.cleaned_data["answer"]
        question = self.question
        if isinstance(value, str) and question.kind in {Kind.TEXT, Kind.LONG}:
            value = answers.clean_text(value)
            if question.required and not value:
                raise ValidationError("Write your answer")
        if question.kind == Kind.MULTIPLE and question.none in value and len(value) > 1:
            only = question.label_of(question.none)
            raise ValidationError(f"Choose “{only}” or the others, not both")
        if question.kind == Kind.POSTCODE and value:
            return _area(value)
        return value

    def _ranked(self, parts):
        """Codes in the order given. Two in one place, or a place left out, is an error."""
        places = sorted(int(place) for place in parts.values())
        if places != list(range(1, len(places) + 1)):
            first = f"part-{self.question.options[0].code}"
            self.add_error(first, "Give each place to one thing only, from 1 on")
        return sorted(parts, key=lambda code: int(parts[code]))


def _ask(field, question, name):
    field.required = question.required and question.kind != Kind.RANKING
    if name == "answer":
        field.label = question.text
        field.help_text = question.hint or field.help_text
    field.error_messages["required"] = _REQUIRED.get(question.kind, "Choose an answer")
    if "invalid_choice" in field.error_messages:
        field.error_messages["invalid_choice"] = NO_CHOICE


_REQUIRED = {
    Kind.TEXT: "Write your answer",
    Kind.LONG: "Write your answer",
    Kind.NUMBER: "Enter a number",
    Kind.DATE: "Enter a date",
    Kind.POSTCODE: "Enter a postcode",
}


def _choices(question):
    return [(option.code, option.label) for option in question.options]


def _text(question):
    return {
        "answer": forms.CharField(
            max_length=LONGEST_LINE,
            error_messages={"max_length": f"Use {LONGEST_LINE} characters or fewer"},
        )
    }


def _long(question):
    return {
        "answer": forms.CharField(
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 8}),
            error_messages={"max_length": f"Use {LONGEST_TEXT:,} characters or fewer"},
        )
    }


def _single(question):
    return {"answer": forms.ChoiceField(choices=_choices(question), widget=Radios)}


def _multiple(question):
    widget = Checkboxes(exclusive=question.none or None)
    hint = "" if question.hint else "Choose all that are true for you."
    return {
        "answer": forms.MultipleChoiceField(
            choices=_choices(question), widget=widget, help_text=hint
        )
    }


def _scale(question):
    """A run of single choices, not a grid: a grid cannot be read by all."""
    return {
        f"part-{statement.code}": forms.ChoiceField(
            label=statement.label, choices=_choices(question), widget=Radios
        )
        for statement in question.statements
    }


def _ranking(question):
    places = [("", "No place")]
    places += [(str(n), str(n)) for n in range(1, len(question.options) + 1)]
    return {
        f"part-{option.code}": forms.ChoiceField(
            label=option.label, choices=places, widget=forms.Select, required=False
        )
        for option in question.options
    }


def _number(question):
    bounds = {}
    if question.least is not None:
        bounds["min_value"] = Decimal(question.least)
    if question.most is not None:
        bounds["max_value"] = Decimal(question.most)
    return {
        "answer": forms.DecimalField(
            max_digits=MOST_DIGITS,
            widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
            error_messages={
                "invalid": "Enter a number, such as 4",
                "min_value": f"Enter a number that is {question.least} or more",
                "max_value": f"Enter a number that is {question.most} or less",
                "max_digits": "Enter a smaller number",
            },
            **bounds,
        )
    }


def _date(question):
    return {"answer": DateField()}


def _postcode(question):
    hint = "We use it to find your area. We do not keep the postcode."
    return {
        "answer": forms.CharField(
            max_length=20,
            help_text=hint,
            widget=forms.TextInput(
                attrs={"class": "govuk-input--width-10", "autocomplete": "postal-code"}
            ),
            error_messages={"max_length": lookup.HOW_TO_TYPE},
        )
    }


_FIELDS = {
    Kind.TEXT: _text,
    Kind.LONG: _long,
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.SCALE: _scale,
    Kind.RANKING: _ranking,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.POSTCODE: _postcode,
}
_STORED = {
    Kind.NUMBER: lambda question, value: None if value is None else f"{value.normalize():f}",
    Kind.DATE: lambda question, value: value and value.isoformat(),
    Kind.MULTIPLE: lambda question, value: [
        option.code for option in question.options if option.code in value
    ],
}


def _area(typed):
    """The district that a postcode is in. Raises ValidationError for what is no postcode."""
    try:
        place = lookup.locate(typed)
    except lookup.BadPostcodeError as error:
        raise ValidationError(str(error)) from error
    if place is None:
        raise ValidationError(lookup.HOW_TO_TYPE)
    area = Area.objects.filter(code=place.district).first()
    return {"code": place.district, "name": area.name if area else "Another area"}
