"""The officer's forms for a survey: what it is called, and a question with its options and rule."""

import re
from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminModelForm

from localoffer.consultations import doors, questions, rules, variants
from localoffer.consultations.models import Instrument
from localoffer.consultations.questions import WITH_OPTIONS, Kind, Option

BLANK_ROWS = 3
FIRST_ROWS = 5
CONDITIONS = 3
BREAKS_DOWN = {Kind.SINGLE, Kind.POSTCODE}


class SurveyForm(WagtailAdminModelForm):
    """What a survey is called and for whom it is."""

    class Meta:
        model = Instrument
        fields = ["consultation", "title", "slug", "audience", "introduction", "minutes", "order"]
        fields += ["count_assumed"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = "Made from the title if you leave it empty."
        if not self.instance.pk:
            del self.fields["count_assumed"]
        else:
            del self.fields["consultation"]
            document = doors.with_door(self.instance.document, self.instance.consultation.askers)
            by = [each for each in document if each.kind in BREAKS_DOWN]
            if not self.instance.document.variants:
                del self.fields["count_assumed"]
            if by:
                self.fields["break_down_by"] = forms.ChoiceField(
                    label="Break the results down by",
                    choices=[("", "Nothing"), *((each.code, each.text) for each in by)],
                    initial=self.instance.break_down_by,
                    required=False,
                    help_text="Questions of one choice get a second table, where enough people "
                    "answered to make one that is safe.",
                )
            if self.instance.current:
                del self.fields["slug"]

    def clean_slug(self):
        slug = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("title", ""))[:40]
        if not slug:
            raise ValidationError("Write an address, in small letters and dashes.")
        return slug

    def clean_minutes(self):
        if not self.cleaned_data["minutes"]:
            raise ValidationError("Say how many minutes it takes: at least 1.")
        return self.cleaned_data["minutes"]

    def clean_consultation(self):
        consultation = self.cleaned_data["consultation"]
        if consultation.confirmed_at:
            raise ValidationError("That consultation is set going: no survey can be added to it.")
        return consultation

    def save(self, commit=True):
        self.instance.authority_id = self.instance.consultation.authority_id
        if "break_down_by" in self.fields:
            self.instance.break_down_by = self.cleaned_data["break_down_by"]
        return super().save(commit=commit)


class QuestionForm(forms.Form):
    """One question. Options keep their codes whatever becomes of their words."""

    text = forms.CharField(
        label="The question", max_length=300, help_text="Short and plain. One question at a time."
    )
    hint = forms.CharField(label="A line of help below it", max_length=300, required=False)
    required = forms.BooleanField(
        label="It must be answered",
        required=False,
        help_text="Only if the rest makes no sense without. Never for something sensitive.",
    )
    sensitive = forms.BooleanField(
        label="It is sensitive",
        required=False,
        help_text="About health, a disability, a need, ethnicity or belief, for example.",
    )
    publish = forms.BooleanField(label="Its table may be published", required=False, initial=True)
    construct = forms.SlugField(
        label="The same question in other surveys",
        required=False,
        max_length=40,
        help_text="Give it the same short name in each, such as “found-it”: the results then have "
        "one table of all. The options must have the same words.",
    )
    apart = forms.BooleanField(
        label="Versions with broader choices have a table of their own",
        required=False,
        help_text="Otherwise all answers are counted by the broadest choices that were offered.",
    )
    least = forms.IntegerField(label="Smallest number", required=False)
    most = forms.IntegerField(label="Largest number", required=False)

    def __init__(self, *args, kind, document, question=None, **kwargs):
        self.kind, self.document, self.question = Kind(kind), document, question
        initial = {}
        if question:
            names = ["text", "hint", "required", "sensitive", "publish", "least", "most"]
            names += ["construct", "apart"]
            initial = {name: getattr(question, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        if self.kind != Kind.NUMBER:
            del self.fields["least"], self.fields["most"]
        if self.kind in {Kind.TEXT, Kind.LONG, Kind.DATE}:
            del self.fields["publish"]
        if self.kind != Kind.SINGLE:
            del self.fields["construct"]
        if self.kind not in variants.GROUPED or not document.variants:
            del self.fields["apart"]
        self.lists = {}
        if self.kind == Kind.SCALE:
            self._rows("statement", question.statements if question else (), "Statements")
        if self.kind in WITH_OPTIONS:
            self._rows("option", question.options if question else (), "What people choose from")
        if self.kind == Kind.MULTIPLE:
            none = question.label_of(question.none) if question and question.none else ""
            self.fields["none"] = forms.CharField(
                label="The one of them that means “none of the others”",
                required=False,
                initial=none,
                help_text="Write it exactly as above, or leave it empty.",
            )
        if self.kind in {Kind.SINGLE, Kind.MULTIPLE}:
            other = question.label_of(question.other) if question and question.other else ""
            self.fields["other"] = forms.CharField(
                label="The one of them beside which people can say which",
                required=False,
                initial=other,
                help_text="Such as “Something else”. Write it exactly as above, or leave it empty. "
                "What people write is never published as it is.",
            )
        self._conditions()

    def _rows(self, name, known, heading):
        """A line for each option there is, and some for new ones. An empty line takes one away."""
        first = [] if known else (questions.AGREEMENT if self._is_new_scale(name) else [])
        number = len(known) + BLANK_ROWS if known else max(FIRST_ROWS, len(first))
        if self.is_bound:
            sent = [key for key in self.data if re.fullmatch(rf"{name}-\d+", key)]
            number = min(max(number, len(sent)), questions.MOST_OPTIONS)
        self.lists[name] = []
        for place in range(number):
            option = known[place] if place < len(known) else None
            label = option.label if option else (first[place] if place < len(first) else "")
            key = f"{name}-{place}"
            self.fields[key] = forms.CharField(
                label=f"{heading}, {place + 1}", max_length=200, required=False, initial=label
            )
            self.lists[name].append((key, option))

    def _is_new_scale(self, name):
        return self.kind == Kind.SCALE and name == "option"

    def _conditions(self):
        """Whom it is asked of: up to three conditions on the questions before it."""
        earlier = (
            self.document.before(self.question.code)
            if self.question and self.document.question(self.question.code)
            else tuple(self.document)
        )
        choices = [("", "Everyone")]
        for each in self.document.variants:
            words = variants.name(each)
            choices.append((f"{each.kind} variant", f"People who answer the {words}"))
            choices.append((f"{each.kind} not-variant", f"People who do not answer the {words}"))
        for each in earlier:
            choices += [
                (f"{each.code} {test}", f"{each.text[:80]} {words}") for test, words in _tests(each)
            ]
        join, begun = _conditions_of(self.question.only_if if self.question else None)
        self.simple = begun is not None
        self.rule_words = rules.words(self.question.only_if, self.document) if self.question else ""
        if not self.simple or len(choices) == 1:
            return
        self.fields["join"] = forms.ChoiceField(
            label="If there are several conditions",
            choices=[("and", "All must be true"), ("or", "One is enough")],
            initial=join,
        )
        for place in range(CONDITIONS):
            test, value = begun[place] if place < len(begun) else ("", "")
            self.fields[f"when-{place}"] = forms.ChoiceField(
                label=f"Ask it only if, {place + 1}",
                choices=choices,
                required=False,
                initial=test,
            )
            self.fields[f"value-{place}"] = forms.CharField(
                label=f"Number or date, {place + 1}",
                required=False,
                initial=value,
                help_text="Only for a number or a date, such as 16 or 2026-09-01.",
            )

    def clean(self):
        found = super().clean()
        if not self.errors and "when-0" in self.fields:
            self.rule = self._rule(found)
        return found

    def _rule(self, found):
        parts = []
        for place in range(CONDITIONS):
            if not (test := found[f"when-{place}"]):
                continue
            code, name, *rest = test.split(" ")
            node: list = [name.removeprefix("not-"), code, *rest]
            if name in rules.COMPARE:
                try:
                    rules.value_of(found[f"value-{place}"].strip())
                except (rules.BadRuleError, ValueError):
                    self.add_error(
                        f"value-{place}", "Write a number, or a date such as 2026-09-01."
                    )
                    continue
                node.append(found[f"value-{place}"].strip())
            parts.append(["not", node] if name.startswith("not-") else node)
        if len(parts) > 1:
            return [found["join"], *parts]
        return parts[0] if parts else None

    def made(self):
        """The question as it was written. Codes of options stay; new options get new ones."""
        found = self.cleaned_data
        question = self.question or questions.Question(
            code=questions.new_code(), kind=self.kind, text=""
        )
        options = self._options("option")
        return replace(
            question,
            text=found["text"].strip(),
            hint=found["hint"].strip(),
            required=found["required"],
            sensitive=found["sensitive"],
            publish=found.get("publish", True),
            least=found.get("least"),
            most=found.get("most"),
            options=options,
            statements=self._options("statement"),
            none=_named(options, found.get("none")),
            other=_named(options, found.get("other")),
            construct=found.get("construct", ""),
            apart=found.get("apart", False),
            only_if=self.rule if "when-0" in self.fields else question.only_if,
        )

    def _options(self, name):
        found = []
        for key, option in self.lists.get(name, []):
            if label := self.cleaned_data.get(key, "").strip():
                found.append(
                    replace(option, label=label) if option else Option(questions.new_code(), label)
                )
        return tuple(found)


def _named(options, label):
    """The code of the option with these words; where there is none, the lint says so."""
    return next((each.code for each in options if each.label == label), "gone") if label else ""


def _tests(question):
    """What may be asked of an earlier question: the condition, and its words."""
    if question.kind == Kind.SINGLE:
        for option in question.options:
            yield f"eq {option.code}", f"— is “{option.label}”"
            yield f"not-eq {option.code}", f"— is not “{option.label}”"
    elif question.kind == Kind.MULTIPLE:
        for option in question.options:
            yield f"contains {option.code}", f"— includes “{option.label}”"
            yield f"not-contains {option.code}", f"— does not include “{option.label}”"
    elif question.kind in {Kind.NUMBER, Kind.DATE}:
        for name, words in rules.COMPARE_WORDS.items():
            yield name, f"— is {words} …"
    yield "answered", "— is answered"
    yield "not-answered", "— is not answered"


def _conditions_of(rule):
    """How several are joined, and each as a choice of the form with its value.

    The second is None for a rule that the form cannot show.
    """
    if rule is None:
        return "and", []
    join, parts = (rule[0], rule[1:]) if rule[0] in rules.JOINS else ("and", [rule])
    if len(parts) > CONDITIONS:
        return join, None
    found = []
    for part in parts:
        negated = part[0] == "not"
        node = part[1] if negated else part
        if node[0] not in {"eq", "contains", "answered", "variant", *rules.COMPARE}:
            return join, None
        name = f"not-{node[0]}" if negated else node[0]
        if node[0] in rules.COMPARE:
            if negated:
                return join, None
            found.append((f"{node[1]} {name}", str(node[2])))
        else:
            found.append((" ".join([node[1], name, *map(str, node[2:])]), ""))
    return join, found
