from django import forms
from django.urls import reverse_lazy

from localoffer.places import lookup
from localoffer.search.reporting import PERIODS, SHOWING, Asking, outward_codes
from localoffer.taxonomy.models import AgeBand
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


class AskedForm(forms.Form):
    """Which counts of searches an officer wants to see. Values that mean nothing are left out."""

    weeks = forms.ChoiceField(label="Time", choices=list(PERIODS.items()), required=False)
    show = forms.ChoiceField(label="Words", choices=list(SHOWING.items()), required=False)
    outward = forms.ChoiceField(label="Postcode area", required=False)
    ages = forms.ChoiceField(label="Age", required=False)
    authority = forms.ChoiceField(label="Local Offer", required=False)

    def __init__(self, data, *, authority, among, today):
        super().__init__(data)
        self.of = authority
        self.data = self.data.copy()
        self.data.setdefault("weeks", next(iter(PERIODS)))
        bands = AgeBand.objects.current().values_list("code", "name")
        self.fields["ages"].choices = [("", "Any age"), *bands]
        codes = outward_codes(Asking(authority, self._weeks()), today=today)
        self.fields["outward"].choices = [("", "Anywhere"), *((code, code) for code in codes)]
        if len(among) > 1:
            self.fields["authority"].choices = [(one.pk, one.name) for one in among]
            self.data["authority"] = str(authority.pk)
        else:
            del self.fields["authority"]

    @property
    def asking(self) -> Asking:
        kept = self._kept()
        return Asking(
            self.of,
            self._weeks(),
            outward=kept.get("outward", ""),
            ages=kept.get("ages", ""),
            show=kept.get("show", ""),
        )

    @property
    def said(self) -> str:
        """The choices in words."""
        shown = [
            dict(self.fields[name].choices).get(value, "")
            for name in ["weeks", "show", "outward", "ages"]
            if (value := self._kept().get(name) or (self.data["weeks"] if name == "weeks" else ""))
        ]
        return ", ".join(filter(None, shown))

    def _kept(self):
        self.is_valid()
        return self.cleaned_data

    def _weeks(self):
        weeks = self.data.get("weeks", "")
        return int(weeks if weeks in PERIODS else next(iter(PERIODS)))
