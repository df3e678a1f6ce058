"""The officer's forms for a consultation: what it is called, its days, and what is done with it."""

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from localoffer.authority.models import Authority
from localoffer.consultations.models import Consultation, ConsultationOwner, ConsultationPage
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


class ReviewForm(DaysForm):
    """A new review of the Local Offer: whose, and when."""

    field_order = ["authority", *DAYS]

    class Meta(DaysForm.Meta):
        fields = ["authority", *DAYS]


class NothingForm(forms.Form):
    """For what needs no words: a button."""


class OwnerForm(forms.Form):
    """Another authority, what it is in the law of data protection, and what it may see.

    The choice is of every authority: sharing is the one thing that reaches across.
    """

    authority = forms.ChoiceField()
    role = forms.ChoiceField(
        choices=ConsultationOwner.Role,
        label="Their role in data protection",
        help_text="Joint controllers decide together with you why and how people are asked. A "
        "processor only works for you: their site does not show it.",
    )
    can_see_results = forms.BooleanField(
        label="They may see the tables before they are published", required=False
    )
    can_see_raw = forms.BooleanField(
        label="They may read and download every answer",
        required=False,
        help_text="Small numbers and people's own words. Readers are told.",
    )
    reason = forms.CharField(
        label="Why now",
        max_length=300,
        required=False,
        help_text="Only for a new owner after it was set going. Readers see this.",
    )

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = {
            each.gss_code: each for each in Authority.objects.exclude(pk=record.authority_id)
        }
        self.fields["authority"].choices = [
            (code, each.council) for code, each in self.others.items()
        ]

    def clean_authority(self):
        return self.others[self.cleaned_data["authority"]]


class UnshareForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=300,
        required=False,
        help_text="Needed once it was set going. Readers see this.",
    )


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
