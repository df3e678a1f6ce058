import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import RequestFactory

from localoffer.ui.forms import Checkboxes, DateField, GovukForm, Radios, summary_of


class CommentForm(GovukForm, forms.Form):
    name = forms.CharField(label="Your name", required=False)
    email = forms.EmailField(label="Your email address", help_text="Only to answer you.")
    happened = DateField(label="When did it happen?")
    answer = forms.ChoiceField(
        label="How should we answer?",
        choices=[("email", "By email"), ("phone", "By phone")],
        widget=Radios(hints={"phone": "Between 9am and 5pm."}),
    )
    about = forms.MultipleChoiceField(
        label="What is it about?",
        choices=[("school", "School"), ("bus", "Transport"), ("none", "None of these")],
        widget=Checkboxes(exclusive="none"),
    )
    age = forms.ChoiceField(label="Age", choices=[("", "Choose"), ("1", "0 to 4")], required=False)
    text = forms.CharField(label="What happened?", widget=forms.Textarea, max_length=20)
    children = forms.IntegerField(label="How many children?", min_value=1, required=False)
    phone = forms.CharField(label="Phone number", widget=forms.TelInput, required=False)
    picture = forms.FileField(label="A picture", required=False)
    publish = forms.BooleanField(label="You may publish this")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")


GOOD = {
    "name": "Al",
    "email": "al@example.org",
    "happened-day": "31",
    "happened-month": "3",
    "happened-year": "2026",
    "answer": "phone",
    "about": ["school", "bus"],
    "text": "It was good",
    "publish": "on",
    "token": "t",
}


def draw(form):
    return BeautifulSoup(str(form), "html.parser")


def page_of(form, template="ui/form_page.html", **context):
    request = RequestFactory().get("/")
    context = {"form": form, "title": "Tell us", "request": request, **context}
    return BeautifulSoup(render_to_string(template, context), "html.parser")


def test_a_good_form_says_nothing_is_wrong():
    form = CommentForm(GOOD)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["happened"] == dt.date(2026, 3, 31)
    assert form.cleaned_data["about"] == ["school", "bus"]
    assert summary_of(form) == []


def test_each_line_of_the_summary_leads_to_something_that_can_be_filled_in():
    page = page_of(CommentForm({"token": "t"}))

    links = page.select(".govuk-error-summary a")
    targets = [page.find(id=link["href"].removeprefix("#")) for link in links]
    assert [target["name"] for target in targets] == [
        "email", "happened-day", "answer", "about", "text", "publish",
    ]  # fmt: skip


def test_errors_stand_beside_their_field_and_are_read_out_with_it():
    page = draw(CommentForm({**GOOD, "email": "x"}))

    box = page.find(id="id_email")
    hint, error = (page.find(id=id_) for id_ in box["aria-describedby"].split())
    assert hint.get_text() == "Only to answer you."
    assert error.get_text() == (
        "Error: Enter an email address in the correct format, like name@example.com"
    )
    assert "govuk-input--error" in box["class"]


def test_title_begins_with_error_only_when_there_is_one():
    assert page_of(CommentForm({})).title.get_text().startswith("Error: Tell us")
    assert page_of(CommentForm()).title.get_text().startswith("Tell us")


def test_the_summary_is_the_first_thing_in_main():
    first = page_of(CommentForm({})).main.find(class_=["govuk-error-summary", "govuk-heading-l"])

    assert "govuk-error-summary" in first["class"]


def test_what_is_wrong_with_the_whole_leads_to_the_first_field():
    form = CommentForm(GOOD)
    form.add_error(None, "You have sent this already")

    assert summary_of(form) == [{"text": "You have sent this already", "href": "#id_name"}]


def test_a_broken_hidden_field_is_told_without_a_link():
    form = CommentForm({**GOOD, "token": ""})

    assert [error["href"] for error in summary_of(form)] == [""]


def test_what_was_typed_is_kept_when_something_else_is_wrong():
    page = draw(
        CommentForm(
            {**GOOD, "email": "no<b>", "happened-month": "smarch", "age": "1", "children": "two"}
        )
    )

    values = {box["name"]: box.get("value") for box in page.select("input")}
    assert values["name"] == "Al"
    assert values["email"] == "no<b>"
    assert values["happened-month"] == "smarch"
    assert values["children"] == "two"
    assert [box["id"] for box in page.select("[checked]")] == [
        "id_answer-2", "id_about", "id_about-2", "id_publish",
    ]  # fmt: skip
    assert page.select_one("option[selected]")["value"] == "1"
    assert page.textarea.get_text(strip=True) == "It was good"


@pytest.mark.parametrize("name", ["happened", "answer", "about"])
def test_a_question_with_several_boxes_is_a_fieldset_with_a_legend(name):
    page = draw(CommentForm())

    fieldset = page.find(attrs={"name": [name, f"{name}-day"]}).find_parent("fieldset")
    assert fieldset.legend.get_text(strip=True) == CommentForm.base_fields[name].label


def test_every_box_has_a_label_of_its_own():
    page = draw(CommentForm())

    boxes = page.select("input:not([type=hidden]), select, textarea")
    ids = [box["id"] for box in boxes]
    assert len(ids) == len(set(ids)) == 16
    assert [id_ for id_ in ids if not page.find("label", attrs={"for": id_})] == []


def test_optional_fields_say_so_and_filters_can_be_quiet():
    class Filters(CommentForm):
        mark_optional = False

    assert "Your name (optional)" in draw(CommentForm()).get_text()
    assert "(optional)" not in draw(Filters()).get_text()


def test_a_number_is_a_text_box_with_a_numeric_keyboard():
    box = draw(CommentForm()).find(id="id_children")

    assert (box["type"], box["inputmode"]) == ("text", "numeric")
    assert not box.has_attr("min")


def test_browsers_are_told_what_to_fill_in():
    page = draw(CommentForm())

    assert page.find(id="id_email")["autocomplete"] == "email"
    assert page.find(id="id_phone")["autocomplete"] == "tel"


def test_an_authors_own_attributes_win():
    class Form(GovukForm, forms.Form):
        postcode = forms.CharField(
            widget=forms.TextInput({"class": "govuk-input--width-10", "spellcheck": "false"})
        )
        new = forms.CharField(widget=forms.PasswordInput({"autocomplete": "new-password"}))
        text = forms.CharField(widget=forms.Textarea({"rows": 10}))

    page = draw(Form())
    assert page.find(id="id_postcode")["class"] == ["govuk-input", "govuk-input--width-10"]
    assert page.find(id="id_new")["autocomplete"] == "new-password"
    assert page.textarea["rows"] == "10"


def test_a_long_answer_is_counted_by_us_and_never_cut_off_by_the_browser():
    page = draw(CommentForm())

    assert not page.textarea.has_attr("maxlength")
    assert page.select_one("[data-maxlength='20']")
    assert not CommentForm({**GOOD, "text": "x" * 21}).is_valid()


def test_the_exclusive_choice_stands_last_after_or():
    page = draw(CommentForm())

    assert page.select_one(".govuk-checkboxes__divider").get_text() == "or"
    assert page.select_one("[data-behaviour=exclusive]")["value"] == "none"


def test_a_choice_is_explained_where_it_stands():
    page = draw(CommentForm())

    phone = page.find("input", attrs={"value": "phone"})
    assert page.find(id=phone["aria-describedby"]).get_text() == "Between 9am and 5pm."


def test_choices_in_groups_have_ids_of_their_own():
    class Form(GovukForm, forms.Form):
        need = forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple,
            choices=[("Talking", [("a", "A"), ("b", "B")]), ("Moving", [("c", "C")]), ("d", "D")],
        )

    page = draw(Form())
    ids = [box["id"] for box in page.select("input")]
    assert len(set(ids)) == 4
    assert ids[0] == "id_need"


def test_the_question_can_be_the_heading_of_the_page():
    class Form(GovukForm, forms.Form):
        heading_field = "when"
        when = DateField(label="When were you born?")

    assert [heading.get_text(strip=True) for heading in page_of(Form()).select("h1")] == [
        "When were you born?"
    ]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (forms.CharField(label="Your name"), "Enter your name"),
        (forms.CharField(label="GP surgery"), "Enter GP surgery"),
        (forms.CharField(label="What happened?"), "Answer the question: What happened?"),
        (forms.ChoiceField(label="A school", choices=[]), "Choose a school"),
        (forms.FileField(label="A picture"), "Choose a file: a picture"),
        (forms.BooleanField(label="You agree"), "Tick the box to go on: You agree"),
        (forms.CharField(label="X", error_messages={"required": "Our words"}), "Our words"),
        (forms.CharField(), "Enter some thing"),
    ],
)
def test_an_empty_answer_is_met_with_words_that_say_what_to_do(field, words):
    form = type("Form", (GovukForm, forms.Form), {"some_thing": field})({})

    assert form.errors["some_thing"] == [words]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (forms.IntegerField(), "Enter a whole number, like 12"),
        (forms.DecimalField(), "Enter a number, like 4.50"),
        (forms.FloatField(), "Enter a number, like 4.5"),
        (forms.EmailField(), "name@example.com"),
        (forms.URLField(), "https://www.example.com"),
    ],
)
def test_a_wrong_answer_is_met_with_an_example_of_a_right_one(field, words):
    form = type("Form", (GovukForm, forms.Form), {"some_thing": field})({"some_thing": "x y"})

    assert words in form.errors["some_thing"][0]


def test_an_authors_words_for_a_wrong_address_win():
    class Form(GovukForm, forms.Form):
        email = forms.EmailField(error_messages={"invalid": "Check the address"})

    assert Form({"email": "x"}).errors["email"] == ["Check the address"]


def test_words_of_one_form_do_not_leak_into_other_forms():
    class Plain(forms.Form):
        email = forms.EmailField()

    class Ours(GovukForm, forms.Form):
        email = forms.EmailField()

    Ours({"email": "x"}).full_clean()

    assert Plain({"email": "x"}).errors["email"] == ["Enter a valid email address."]


def test_a_form_with_a_file_is_sent_in_parts():
    page = page_of(CommentForm())

    assert page.main.form["enctype"] == "multipart/form-data"
    files = {"picture": SimpleUploadedFile("a.png", b"x")}
    assert CommentForm(GOOD, files).is_valid()


def test_a_form_with_a_prefix_reads_its_own_boxes():
    form = CommentForm({f"a-{name}": value for name, value in GOOD.items()}, prefix="a")

    assert form.is_valid(), form.errors
    assert draw(form).find(id="id_a-happened-day")["name"] == "a-happened-day"


class DateForm(GovukForm, forms.Form):
    day = DateField(required=False)


def date(day, month, year, **more):
    form = DateForm({"day-day": day, "day-month": month, "day-year": year}, **more)
    return form.cleaned_data["day"] if form.is_valid() else form


@pytest.mark.parametrize("month", ["2", "02", "feb", "February", "FEB", " 2 "])
def test_a_month_is_a_number_or_a_name(month):
    assert date("29", month, "2028") == dt.date(2028, 2, 29)


def test_three_empty_boxes_are_no_date():
    assert date("", " ", "") is None


@pytest.mark.parametrize(
    ("parts", "words", "wrong"),
    [
        (("31", "", "2026"), "The date must include a month", ["month"]),
        (("", "", "2026"), "The date must include a day and month", ["day", "month"]),
        (("1", "2", "26"), "The year must have 4 numbers", ["year"]),
        (("31", "2", "2026"), "Enter a real date, like 31 3 2026", ["day", "month", "year"]),
        (("1", "13", "2026"), "Enter a real date, like 31 3 2026", ["day", "month", "year"]),
        (("1", "ma", "2026"), "Enter a real date, like 31 3 2026", ["day", "month", "year"]),
        (("-1", "1", "2026"), "Enter a real date, like 31 3 2026", ["day", "month", "year"]),
        (("1", "1", "0000"), "Enter a real date, like 31 3 2026", ["day", "month", "year"]),
        (("9" * 5000, "1", "2026"), "Enter a real date, like 31 3 2026", ["day", "month", "year"]),
        (("٣", "²", "2026"), "Enter a real date, like 31 3 2026", ["day", "month", "year"]),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_marks_those_boxes(parts, words, wrong):
    form = date(*parts)

    assert form.errors["day"] == [words]
    assert summary_of(form) == [{"text": words, "href": f"#id_day-{wrong[0]}"}]
    red = [box["id"] for box in draw(form).select(".govuk-input--error")]
    assert red == [f"id_day-{name}" for name in wrong]


@pytest.mark.parametrize("initial", [dt.date(2026, 3, 31), "2026-03-31", ("31", "3", "2026")])
def test_a_date_that_is_known_is_shown(initial):
    form = DateForm(initial={"day": initial})

    assert [box["value"] for box in draw(form).select("input")] == ["31", "3", "2026"]


def test_a_date_in_an_address_is_read_too():
    assert DateForm({"day": "2026-03-31"}).is_valid()
    assert not DateForm({"day": "2026-02-31"}).is_valid()


@pytest.mark.parametrize(("day", "changed"), [("31", False), ("30", True), ("32", True)])
def test_a_date_has_changed_when_it_is_another_date(day, changed):
    data = {"day-day": day, "day-month": "March", "day-year": "2026"}
    form = DateForm(data, initial={"day": dt.date(2026, 3, 31)})

    assert form.has_changed() is changed


def test_a_birthday_is_offered_by_the_browser():
    class Form(GovukForm, forms.Form):
        born = DateField(widget=DateField.widget({"autocomplete": "bday"}))

    assert [box["autocomplete"] for box in draw(Form()).select("input")] == [
        "bday-day",
        "bday-month",
        "bday-year",
    ]
