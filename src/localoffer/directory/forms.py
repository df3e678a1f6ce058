from django import forms
from django.utils import timezone

from localoffer.directory.actions import REVIEW_EVERY


class CheckedForm(forms.Form):
    """An officer says that they read a service's page and that it is true."""

    review_due = forms.DateField(
        label="Next review due",
        help_text="When somebody should read it again.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["review_due"].initial = timezone.localdate() + REVIEW_EVERY

    def clean_review_due(self):
        due = self.cleaned_data["review_due"]
        if due <= timezone.localdate():
            raise forms.ValidationError("Choose a date after today.")
        return due
