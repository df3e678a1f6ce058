from django import forms
from django.utils import timezone
from wagtail.admin.forms.models import WagtailAdminModelForm

from localoffer.directory.actions import REVIEW_EVERY
from localoffer.places import lookup


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


class LocationForm(WagtailAdminModelForm):
    """A place whose postcode puts it on the map."""

    def clean_postcode(self):
        typed = self.cleaned_data["postcode"]
        if not typed:
            return ""
        try:
            self.located = lookup.locate(typed)
        except lookup.BadPostcodeError as error:
            raise forms.ValidationError(str(error)) from error
        return self.located.postcode

    def save(self, commit=True):
        located = getattr(self, "located", None)
        for field in ["easting", "northing", "latitude", "longitude"]:
            setattr(self.instance, field, getattr(located, field, None))
        return super().save(commit)
