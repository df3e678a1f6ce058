"""Forms for keying answers: those of the public, all on one page, and what stands on the sheet."""

import uuid
from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from localoffer.consultations import answers as words
from localoffer.consultations import paths, rules
from localoffer.consultations.forms.steps import StepForm
from localoffer.consultations.models import Batch, Instrument
from localoffer.ui.forms import DateField, GovukForm


class BatchForm(WagtailAdminModelForm):
    """A new batch. It is written by its action."""

    survey = forms.ModelChoiceField(
        Instrument.objects.exclude(consultation__confirmed_at=None).filter(
            consultation__analysis_at=None
        ),
        help_text="Only surveys that have opened and are not counted yet.",
    )
    number = forms.IntegerField(
        label="Version printed on the sheets",
        min_value=1,
        required=False,
        help_text="Leave it empty for the version that is asked now.",
    )
    field_order = ["survey", "channel", "reference", "share", "number"]

    class Meta:
        model = Batch
        fields = ["channel", "reference", "share"]

    def clean_reference(self):
        return self.cleaned_data["reference"].strip()

    def clean_share(self):
        if self.cleaned_data["share"] > 100:
            raise ValidationError("It can be at most 100.")
        return self.cleaned_data["share"]


class RenameForm(WagtailAdminModelForm):
    """What may be changed of a batch: its name, and how many sheets to come are keyed twice."""

    class Meta:
        model = Batch
        fields = ["reference", "share"]

    clean_share = BatchForm.clean_share

    def clean_reference(self):
        reference = self.cleaned_data["reference"].strip()
        same = Batch.objects.filter(consultation=self.instance.consultation_id, reference=reference)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another batch has this reference.")
        return reference


class SheetForm(GovukForm, forms.Form):
    """Which sheet it is, and when it came."""

    entry = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.IntegerField(
        label="Number of the sheet",
        min_value=1,
        max_value=100_000,
        help_text="Write it on the sheet now, so that it can be found again.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )
    received_on = DateField(label="Day it came", help_text="For a call or an event: the day of it.")

    @staticmethod
    def begun(batch, *, today):
        """The next number and the last day that can be: what is mostly right."""
        last = batch.entries.order_by("-number").values_list("number", flat=True).first() or 0
        day = min(today, batch.consultation.closes_on)
        return {"entry": uuid.uuid4(), "number": last + 1, "received_on": day}


class LeftOutForm(GovukForm, forms.Form):
    left_out = forms.BooleanField(
        label="The person left out what must be answered, and cannot be asked",
        required=False,
    )


class NoForm(GovukForm, forms.Form):
    """Where nothing is asked beside the questions."""


class TakeOutForm(forms.Form):
    reason = forms.CharField(
        label="Why", max_length=200, help_text="Such as: a sheet of another survey. Staff see it."
    )


class AnswersForm:
    """Questions of a version, as the public is asked them, on one page. It is used like a form.

    ``about``: the form above the questions. ``only``: the codes of the questions to ask. Whether
    what must be answered is answered depends on all the answers, so it is asked at the end.
    """

    is_multipart = False

    def __init__(self, data, *, version, about, only=None):
        self.about = about
        self.after = LeftOutForm(data) if only is None else NoForm(data)
        self.version = version
        self.only = only
        self.steps = [
            self._step(data, number, question)
            for number, question in enumerate(version.document, start=1)
            if only is None or question.code in only
        ]
        self.parts = [self.about, *self.steps, self.after]

    def _step(self, data, number, question):
        step = StepForm(data, question=replace(question, required=False), prefix=question.code)
        del step.fields["revision"]
        step.heading_field, step.mark_optional = "", False
        step.number = number
        step.whole = question
        step.has_own_label = "answer" in step.fields
        step.rule = rules.words(question.only_if, self.version.document) if question.only_if else ""
        return step

    def is_valid(self):
        wrong = [part for part in self.parts if not part.is_valid()]
        if not wrong and self.only is None:
            self._ask_for_what_must_be()
        return not self.errors

    def _ask_for_what_must_be(self):
        if self.left_out:
            return
        audience = self.version.instrument.audience_code
        asked = {
            question.code
            for question in paths.path(self.version.document, self.answers, audience=audience)
        }
        for step in self.steps:
            code = step.whole.code
            if step.whole.required and code in asked and self.answers[code] is None:
                step.add_error(
                    next(iter(step.fields)), "This must be answered. Or tick the box at the end"
                )

    @property
    def answers(self):
        """What was keyed, as it is stored; None for what was left empty."""
        return {step.whole.code: step.cleaned_data.get("answer") or None for step in self.steps}

    @property
    def left_out(self):
        return self.after.cleaned_data.get("left_out", False)

    # What the error summary asks of a form

    @property
    def errors(self):
        return {name: found for part in self.parts for name, found in part.errors.items()}

    def non_field_errors(self):
        return [error for part in self.parts for error in part.non_field_errors()]

    def hidden_fields(self):
        return [field for part in self.parts for field in part.hidden_fields()]

    def visible_fields(self):
        return [field for part in self.parts for field in part.visible_fields()]

    def add_error(self, name, error):
        """About the sheet where ``name`` is a field of it; else about the whole."""
        self.about.add_error(name if name in self.about.fields else None, error)


def read_differently(entry, codes):
    """Of each question that two people read differently: what each of them read, in words."""
    found = {}
    for question in entry.batch.version.document:
        if question.code in codes:
            found[question.code] = [
                words.lines(question, entry.answers.get(question.code)),
                words.lines(question, (entry.second or {}).get(question.code)),
            ]
    return found
