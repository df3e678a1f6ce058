from django import forms
from django.urls import reverse_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from localoffer.places import lookup
from localoffer.search import own_words
from localoffer.search.asking import tidy
from localoffer.search.models import OwnWords
from localoffer.search.reporting import PERIODS, SHOWING, Asking, outward_codes
from localoffer.search.scrubbing import LONGEST
from localoffer.taxonomy.models import AgeBand, Concept
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


class LinesField(forms.CharField):
    """A list of texts, written one to a line."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        text = super().to_python(value) or ""
        return [line for line in (tidy(line) for line in text.splitlines()) if line]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class SubjectForm(forms.Form):
    """What the words are for: a concept that comes with the release, or a subject of one's own."""

    OWN = "own"

    concept = forms.ChoiceField(label="What people mean by it")
    words = forms.CharField(label="What people type", required=False, max_length=LONGEST)
    authority = forms.ChoiceField(label="Local Offer", required=False)

    def __init__(self, *args, among, **kwargs):
        super().__init__(*args, **kwargs)
        concepts = Concept.objects.current().order_by("name").values_list("code", "name")
        self.fields["concept"].choices = [
            ("", "Choose"),
            *concepts,
            (self.OWN, "Something else: a subject of our own"),
        ]
        if len(among) > 1:
            self.fields["authority"].choices = [(one.pk, one.name) for one in among]
        else:
            del self.fields["authority"]


class OwnWordsForm(WagtailAdminModelForm):
    """An authority's own words for one subject, which the instance names."""

    words = LinesField(
        label="Words that people type",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One to a line. Capitals and accents do not matter. “short break” finds “short "
        "breaks” too. Write an abbreviation in capitals: AP.",
    )
    hidden = LinesField(
        label="Words that are found and never shown",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dated or hurtful words, and words often spelt wrong. One to a line.",
    )
    off = forms.MultipleChoiceField(
        label="Switch off here",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Words that come with the software and mean something else in your area. Ticked "
        "words no longer find this.",
    )

    class Meta:
        model = OwnWords
        fields = ["name", "plain", "words", "hidden", "ambiguous", "off"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.instance
        if own.concept_id:
            del self.fields["name"], self.fields["plain"]
            # One of those that are the same to the search; and one that has left the release since.
            texts = [*own.off, *own.concept.words.values_list("text", flat=True)]
            once = {own_words.key_of(text): text for text in reversed(texts)}
            self.fields["off"].choices = [(text, text) for text in reversed(once.values())]
        else:
            del self.fields["off"]
            for name, message in [
                ("name", "Give the subject a name."),
                ("plain", "Say in one sentence what it is."),
            ]:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = message

    def _get_validation_exclusions(self):
        """The subject is not in the form, and must still be there only once."""
        return super()._get_validation_exclusions() - {"authority", "concept"}

    def _post_clean(self):
        super()._post_clean()
        for field, messages in own_words.problems(self.instance).items():
            for message in messages:
                self.add_error(field, message)
