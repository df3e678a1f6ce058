"""A model field that keeps several codes of a short list, and can be searched on any database."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from localoffer.directory import days


class CodesField(models.TextField):
    """A list of codes such as ``["step_free", "parking"]``, kept as ``,step_free,parking,``.

    ``among``: a mapping, or Django choices class, of code to label; a code that is not in it does
    not validate. It is no part of the migration. Filter by one code with
    ``field__contains=CodesField.one("parking")``, which no other code can match by accident.
    """

    def __init__(self, *args, among=None, **kwargs):
        labels = getattr(among, "choices", among) or {}
        self.labels = dict(labels)
        super().__init__(*args, **{"blank": True, "default": list, **kwargs})

    @staticmethod
    def one(code):
        return f",{code},"

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if isinstance(value, str):
            return [code for code in value.split(",") if code]
        return [] if value is None else list(value)

    def get_prep_value(self, value):
        if isinstance(value, str) or value is None:
            return value or ""
        return "".join(["," if value else "", *(f"{code}," for code in value)])

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def get_default(self):
        return self.to_python(super().get_default())

    def validate(self, value, model_instance):
        if unknown := [code for code in value if code not in self.labels]:
            raise ValidationError(
                f"{', '.join(unknown)}: not among {', '.join(self.labels)}.", code="invalid_choice"
            )
        if not value and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def formfield(self, **kwargs):
        return forms.MultipleChoiceField(
            choices=list(self.labels.items()),
            required=not self.blank,
            widget=forms.CheckboxSelectMultiple,
            label=kwargs.get("label") or self.verbose_name.capitalize(),
            help_text=self.help_text,
            initial=self.get_default,
        )

    def labels_of(self, value) -> list[str]:
        """The labels of these codes in the order of the list; a code it lost is left out."""
        return [label for code, label in self.labels.items() if code in value]


class DaysInput(forms.CharField):
    """Days typed as words: "Monday to Friday", "second Tuesday"."""

    def prepare_value(self, value):
        return value if isinstance(value, str) else days.in_words(value or [])

    def to_python(self, value):
        try:
            return days.parse(value or "")
        except days.UnknownDayError as error:
            raise ValidationError(str(error), code="invalid") from error

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != (data or "").strip()


class DaysField(CodesField):
    """Days of the week or the month as RFC 5545 codes: ``["MO", "2TU", "-1FR"]``."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "among": days.BYDAY})

    def formfield(self, **kwargs):
        return DaysInput(
            required=not self.blank,
            label=kwargs.get("label") or self.verbose_name.capitalize(),
            help_text=self.help_text,
        )
