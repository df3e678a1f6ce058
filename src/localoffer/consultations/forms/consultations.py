"""The officer's forms for a consultation: what it is called, its days, and what is done with it."""

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from localoffer.consultations.models import Consultation, ConsultationPage
from localoffer.pages.models import short_enough

DAYS = ["opens_on", "closes_on", "closes_time", "closes_second", "results_due", "threshold"]


class DaysForm(WagtailAdminModelForm):
    """The days of a consultation. They are written by its actions, not here."""

    class Meta:
        model = Consultation
        fields = DAYS
        widgets = {
            "opens_on": AdminDateInput,
            "closes_on": AdminDateInput,
            "closes_time": AdminTimeInput,
            "results_due": AdminDateInput,
        }

    def _post_clean(self):
        """Nothing is written onto the record here."""

    @property
    def days(self):
        return {name: self.cleaned_data[name] for name in DAYS if name in self.cleaned_data}

    def clean_threshold(self):
        return int(self.cleaned_data["threshold"])


class AddForm(DaysForm):
    """A new consultation: what it is called, for whom it is asked, and when."""

    title = forms.CharField(max_length=120, help_text="As families will read it.")
    summary = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[short_enough],
        max_length=600,
        help_text="What it is about and whom you ask, in plain words: 60 at most.",
    )
    kind = forms.ChoiceField(choices=ConsultationPage.Kind)
    field_order = ["authority", "title", "summary", "kind", *DAYS]

    class Meta(DaysForm.Meta):
        fields = ["authority", *DAYS]


class NothingForm(forms.Form):
    """For what needs no words: a button."""


class MoveForm(forms.Form):
    """Another last day, and why."""

    closes_on = forms.DateField(label="New last day", widget=AdminDateInput)
    closes_time = forms.TimeField(
        label="Closing time",
        required=False,
        widget=AdminTimeInput,
        help_text="Leave it empty to close at the end of that day.",
    )
    closes_second = forms.TypedChoiceField(
        label="Which of two",
        required=False,
        choices=[("", "It is shown once"), ("no", "The first"), ("yes", "The second")],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    reason = forms.CharField(
        label="Why", max_length=300, help_text="Readers see this beside the old and the new day."
    )


class PromiseForm(forms.Form):
    by_day = forms.DateField(label="Results promised by", widget=AdminDateInput)


class DecideForm(forms.Form):
    on = forms.DateField(label="Day of the decision", widget=AdminDateInput)
    words = forms.CharField(
        label="What was decided, and why",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Say too what could not be done, and why not.",
    )


class ReasonForm(forms.Form):
    note = forms.CharField(
        label="Words above the tables",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What readers should know first, such as who answered and who did not.",
    )
    reason = forms.CharField(
        label="Why the results are made again",
        max_length=300,
        required=False,
        help_text="Only after the first time. Readers see this.",
    )
