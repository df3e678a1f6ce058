"""The officer's forms for a version of a survey: which it is, and how it asks one question."""

import re
from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError
from wagtail.documents import get_document_model
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser
from wagtail.permissions import policy_registry

from localoffer.consultations import questions, variants
from localoffer.consultations.questions import (
    WITH_OPTIONS,
    Choice,
    Kind,
    Option,
    Variant,
    VariantKind,
    Wording,
)
from localoffer.pages.blocks import VIDEO_TYPES, ending

BLANK_ROWS = 2
NOTHING_ASSUMED = [("", "Nothing: it is not counted")]


class VersionForm(forms.Form):
    """A new version, or its introduction."""

    kind = forms.ChoiceField(label="Which version", choices=VariantKind.choices)
    language = forms.ChoiceField(
        label="Language",
        required=False,
        choices=[("", "English"), *variants.LANGUAGES.items()],
        help_text="Only for another language.",
    )
    introduction = forms.CharField(
        label="Words before the first question",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In the words of this version. Those of the survey, if you leave it empty.",
    )

    def __init__(self, *args, document, variant=None, **kwargs):
        self.document, self.variant = document, variant
        begun = {"introduction": variant.introduction} if variant else {}
        super().__init__(*args, initial=begun, **kwargs)
        if variant:
            del self.fields["kind"], self.fields["language"]

    def clean(self):
        found = super().clean()
        if self.variant or self.errors:
            return found
        language = found["language"]
        if (found["kind"] == VariantKind.LANGUAGE) != bool(language):
            wrong = "Choose the language." if not language else "Only for another language."
            self.add_error("language", wrong)
        elif any((v.kind, v.language) == (found["kind"], language) for v in self.document.variants):
            self.add_error("kind", "The survey has this version.")
        return found

    def made(self) -> Variant:
        """The version as it was written."""
        found = self.cleaned_data
        words = found["introduction"].strip()
        if self.variant:
            return replace(self.variant, introduction=words)
        kind = VariantKind(found["kind"])
        return Variant(questions.new_code(), kind, found["language"], words)


class WordingForm(forms.Form):
    """How a version asks one question. What is left empty is as in the standard version."""

    left_out = forms.BooleanField(label="Leave this question out", required=False)
    assumed = forms.ChoiceField(label="If it is left out, assume", required=False)
    because = forms.CharField(
        label="Why that may be assumed",
        required=False,
        max_length=200,
        help_text="Readers of the results see this.",
    )
    text = forms.CharField(label="The question, in other words", required=False, max_length=300)
    hint = forms.CharField(label="A line of help below it", required=False, max_length=300)
    kind = forms.ChoiceField(label="How it is asked", required=False)
    picture = forms.ModelChoiceField(queryset=None, label="Picture", required=False)
    alt = forms.CharField(
        label="What the picture shows", required=False, max_length=200,
        help_text="For people who cannot see it.",
    )  # fmt: skip
    video = forms.ModelChoiceField(
        queryset=None,
        label="Film of the question in British Sign Language",
        required=False,
        help_text="An MP4 or WebM file.",
    )

    def __init__(self, *args, question, wording, user, **kwargs):
        self.question, self.wording = question, wording
        names = ["left_out", "assumed", "because", "text", "hint", "kind", "picture", "alt"]
        begun = {name: getattr(wording, name) for name in [*names, "video"]}
        super().__init__(*args, initial=begun, **kwargs)
        self.pictures = _theirs(get_image_model(), user)
        self.fields["picture"].queryset = self.pictures
        self.fields["picture"].widget = AdminImageChooser()
        self.fields["video"].queryset = _theirs(get_document_model(), user)
        self.fields["video"].widget = AdminDocumentChooser()
        assumed = [(option.code, option.label) for option in question.options]
        if question.kind in {Kind.SINGLE, Kind.MULTIPLE}:
            self.fields["assumed"].choices = [*NOTHING_ASSUMED, *assumed]
        else:
            del self.fields["assumed"], self.fields["because"]
        inputs = variants.INPUTS.get(question.kind, {question.kind}) - {question.kind}
        if inputs:
            other = [(str(kind), Kind(kind).label) for kind in sorted(inputs)]
            self.fields["kind"].choices = [("", f"As in the standard version: {question.kind.label}"), *other]  # fmt: skip # noqa: E501
        else:
            del self.fields["kind"]
        self.rows = []
        for statement in question.statements:
            said = {each.code: each.label for each in wording.statements}
            self.fields[f"statement-{statement.code}"] = forms.CharField(
                label=f"In place of “{statement.label}”",
                required=False,
                max_length=200,
                initial=said.get(statement.code, ""),
            )
        if question.kind in WITH_OPTIONS:
            self._choices()

    def _choices(self):
        """A line for each choice: at first those of the standard version, and some for more."""
        known = self.wording.choices or tuple(
            Choice(each.code, "", (each.code,)) for each in self.question.options
        )
        number = len(known) + BLANK_ROWS
        if self.is_bound:
            sent = [key for key in self.data if re.fullmatch(r"choice-\d+", key)]
            number = min(max(number, len(sent)), questions.MOST_OPTIONS)
        options = [(each.code, each.label) for each in self.question.options]
        numbers = Kind.NUMBER in variants.INPUTS.get(self.question.kind, set())
        for place in range(number):
            choice = known[place] if place < len(known) else Choice("", "")
            heading = f"Choice {place + 1}"
            fields = {
                f"choice-{place}": forms.CharField(
                    label=f"{heading}: words", required=False, max_length=200, initial=choice.label
                ),
                f"means-{place}": forms.MultipleChoiceField(
                    label=f"{heading}: stands for",
                    required=False,
                    choices=options,
                    initial=list(choice.stands_for),
                    widget=forms.CheckboxSelectMultiple,
                ),
                f"picture-{place}": forms.ModelChoiceField(
                    queryset=self.pictures,
                    label=f"{heading}: picture",
                    required=False,
                    initial=choice.picture,
                    widget=AdminImageChooser(),
                ),
                f"alt-{place}": forms.CharField(
                    label=f"{heading}: what the picture shows",
                    required=False,
                    max_length=200,
                    initial=choice.alt,
                    help_text="Leave it empty where the words beside it say the same.",
                ),
            }
            if numbers:
                for end, words in [("least", "smallest"), ("most", "largest")]:
                    fields[f"{end}-{place}"] = forms.IntegerField(
                        label=f"{heading}: {words} number",
                        required=False,
                        initial=getattr(choice, end),
                        help_text="Only where people type a number.",
                    )
            self.fields |= fields
            self.rows.append((place, choice))

    def clean_video(self):
        film = self.cleaned_data["video"]
        if film and ending(film) not in VIDEO_TYPES:
            raise ValidationError("Choose an MP4 or WebM file.")
        return film

    def clean(self):
        found = super().clean()
        if not self.errors and found.get("picture") and not found["alt"].strip():
            self.add_error("alt", "Say in words what the picture shows.")
        return found

    def made(self) -> Wording:
        """How the version asks it, as it was written."""
        found = self.cleaned_data
        statements = tuple(
            Option(each.code, words)
            for each in self.question.statements
            if (words := found[f"statement-{each.code}"].strip())
        )
        return Wording(
            code=self.question.code,
            left_out=found["left_out"],
            assumed=found.get("assumed", "") if found["left_out"] else "",
            because=found.get("because", "").strip() if found["left_out"] else "",
            text=found["text"].strip(),
            hint=found["hint"].strip(),
            kind=found.get("kind", ""),
            choices=self._made_choices(),
            statements=statements,
            picture=_key(found["picture"]),
            alt=found["alt"].strip(),
            video=_key(found["video"]),
        )

    def _made_choices(self):
        """The choices, or none where they are those of the standard version.

        A choice that stands for one option takes its code; one for several keeps its own as long
        as it stands for the same, so that a code never changes its meaning.
        """
        found = self.cleaned_data
        made = []
        for place, before in self.rows:
            stands_for = tuple(
                each.code
                for each in self.question.options
                if each.code in found.get(f"means-{place}", [])
            )
            words = found.get(f"choice-{place}", "").strip()
            picture = _key(found.get(f"picture-{place}"))
            if not words and len(stands_for) != 1:
                continue
            if len(stands_for) == 1:
                code = stands_for[0]
                words = words or self.question.label_of(code)
            else:
                same = before.code and set(before.stands_for) == set(stands_for)
                code = before.code if same else questions.new_code()
            made.append(
                Choice(
                    code=code,
                    label=words,
                    stands_for=stands_for,
                    picture=picture,
                    alt=found.get(f"alt-{place}", "").strip(),
                    least=found.get(f"least-{place}"),
                    most=found.get(f"most-{place}"),
                )
            )
        plain = tuple(Choice(e.code, e.label, (e.code,)) for e in self.question.options)
        return () if tuple(made) == plain else tuple(made)


def _key(record):
    return record.pk if record else None


def _theirs(model, user):
    """Those files of the library that are this officer's to choose."""
    policy = policy_registry.get_by_type(model)
    return policy.instances_user_has_any_permission_for(user, ["choose", "add", "change"])
