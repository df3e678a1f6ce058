from django import forms
from django.urls import reverse_lazy

from localoffer.places import lookup
from localoffer.ui.forms import GovukForm


class FindForm(GovukForm, forms.Form):
    """The box at the top of find help. Filters are links and boxes beside the results."""

    mark_optional = False

    q = forms.CharField(
        label="What do you need help with?",
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "id": "q",
                "data-suggest": reverse_lazy("search:suggest"),
            }
        ),
    )
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-10",
                "autocomplete": "postal-code",
                "spellcheck": "false",
                "id": "postcode",
            }
        ),
    )

    def clean_postcode(self):
        """The place that the postcode stands for, or None when there is none."""
        typed = self.cleaned_data["postcode"]
        if not typed:
            return None
        try:
            return lookup.locate(typed)
        except lookup.BadPostcodeError as error:
            raise forms.ValidationError(str(error)) from error
