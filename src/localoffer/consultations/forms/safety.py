"""Forms about people who may be harmed: asking for help, and what was done."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from localoffer.consultations import answers, worries
from localoffer.consultations.models import HelpRequest, ReadOutcome, WorryingWords
from localoffer.ui.forms import GovukForm

UNWHOLE = {
    "required": "This form did not arrive whole. Send it again.",
    "invalid": "This form did not arrive whole. Send it again.",
}


class HelpForm(GovukForm, forms.Form):
    """How to reach somebody who wants help. Nothing here is joined to an answer."""

    contact = forms.CharField(
        label="How can we reach you?",
        max_length=254,
        help_text="A phone number or an email address.",
        error_messages={"required": "Enter a phone number or an email address"},
    )
    safely = forms.CharField(
        label="When and how is it safe?",
        max_length=300,
        required=False,
        help_text="Such as: after school, by text only, do not leave a message.",
    )
    name = forms.CharField(label="What should we call you?", max_length=100, required=False)
    words = forms.CharField(
        label="What do you want help with?",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A few words will do. You can also tell us when we speak.",
    )
    token = forms.UUIDField(widget=forms.HiddenInput, error_messages=UNWHOLE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        if self.is_bound and (self.errors.get("token") or not self.data.get("token")):
            self.data = self.data.copy()
            self.data["token"] = str(uuid.uuid4())  # so that sending it again works

    def clean(self):
        found = super().clean()
        return {
            name: answers.clean_text(value) if isinstance(value, str) else value
            for name, value in found.items()
        }


class OutcomeForm(forms.Form):
    """What was done with one answer that was read."""

    outcome = forms.ChoiceField(
        label="What you did", choices=ReadOutcome.Outcome, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="To whom, and what they said",
        max_length=1_000,
        required=False,
        help_text="Needed if you passed it on. Write no more of the answer than you must.",
    )

    def clean(self):
        found = super().clean()
        nothing = found.get("outcome") == ReadOutcome.Outcome.NOTHING
        if found.get("outcome") and not nothing and not found.get("note", "").strip():
            self.add_error("note", "Say to whom you passed it.")
        return found


class WordsForm(WagtailAdminModelForm):
    """The lists. A new one begins as ours."""

    class Meta:
        model = WorryingWords
        fields = ["authority", "urgent", "worrying"]
        widgets = {name: forms.Textarea(attrs={"rows": 20}) for name in ("urgent", "worrying")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["authority"]
        else:
            self.initial.setdefault("urgent", worries.URGENT_BY_DEFAULT.strip())
            self.initial.setdefault("worrying", worries.WORRYING_BY_DEFAULT.strip())

    def clean(self):
        found = super().clean()
        lines = [
            line for name in ("urgent", "worrying") for line in found.get(name, "").split("\n")
        ]
        if len(lines) > worries.MOST_PHRASES:
            raise ValidationError(f"There can be at most {worries.MOST_PHRASES:,} lines.")
        return found


class HandleHelpForm(WagtailAdminModelForm):
    """What was done for somebody who asked."""

    class Meta:
        model = HelpRequest
        fields = ["done"]
        widgets = {"done": forms.Textarea(attrs={"rows": 3})}

    def clean_done(self):
        if not (done := self.cleaned_data["done"].strip()):
            raise ValidationError("Say what was done.")
        return done

    def _post_clean(self):
        """Nothing is written onto the record here: its action does."""
