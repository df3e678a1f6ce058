"""An officer adds an Easy Read version of a survey, writes its words and tries it."""

import pytest
from django.urls import reverse
from wagtail.models import Collection

from localoffer.consultations import linting
from localoffer.consultations.models import Instrument
from localoffer.consultations.questions import Choice, Kind, VariantKind
from tests.consultations.test_viewsets import filled
from tests.factories.consultations import make_consultation
from tests.factories.pages import make_image

# Wagtail leaves the file of a picture it has made smaller to be closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def survey(authority, index):
    return make_consultation(index, authority=authority).instruments.get()


@pytest.fixture
def easy(admin, survey):
    """An Easy Read version that an officer has just added."""
    url = reverse("surveys:version", args=[survey.pk])
    admin.post(url, filled(admin, url, kind="easy_read", introduction="These are easy words."))
    survey.refresh_from_db()
    return survey.document.variants[0]


def wording_page(survey, variant, code):
    return f"{reverse('surveys:wording', args=[survey.pk])}?version={variant.code}&code={code}"


def test_a_version_is_added_once(admin, survey, easy):
    assert (easy.kind, easy.introduction) == (VariantKind.EASY_READ, "These are easy words.")
    url = reverse("surveys:version", args=[survey.pk])

    html = admin.post(url, filled(admin, url, kind="easy_read")).content.decode()

    assert "The survey has this version." in html
    assert len(Instrument.objects.get().document.variants) == 1


def test_another_language_must_be_named(admin, survey):
    url = reverse("surveys:version", args=[survey.pk])

    assert "Choose the language." in admin.post(url, filled(admin, url, kind="language")).content.decode()  # fmt: skip # noqa: E501
    assert admin.post(url, filled(admin, url, kind="language", language="cy")).status_code == 302


def test_choices_that_stand_for_several_get_codes_that_stay(admin, survey, easy):
    url = wording_page(survey, easy, "AGE")
    data = filled(admin, url, text="How old?") | {
        "choice-0": "Young", "means-0": ["AGE2", "AGE3"], "choice-1": "Old", "means-1": ["AGE1"],
        "choice-2": "", "means-2": [],
    }  # fmt: skip
    assert admin.post(url, data).status_code == 302
    first = Instrument.objects.get().document.variants[0].wording("AGE")
    assert first.text == "How old?"
    assert [each.stands_for for each in first.choices] == [("AGE2", "AGE3"), ("AGE1",)]
    assert first.choices[1] == Choice("AGE1", "Old", ("AGE1",))
    assert first.choices[0].code not in {"AGE2", "AGE3"}
    assert linting.problems(Instrument.objects.get().document) == []

    admin.post(url, filled(admin, url, **{"choice-0": "Younger", "means-0": ["AGE2", "AGE3"],
                                          "means-1": ["AGE1"]}))  # fmt: skip

    again = Instrument.objects.get().document.variants[0].wording("AGE").choices
    assert (again[0].code, again[0].label) == (first.choices[0].code, "Younger")


def test_what_is_saved_without_a_change_is_as_in_the_standard_version(admin, survey, easy):
    url = wording_page(survey, easy, "AGE")
    means = {f"means-{n - 1}": [f"AGE{n}"] for n in (1, 2, 3)}

    admin.post(url, filled(admin, url, **means))

    assert Instrument.objects.get().document.variants[0].wordings == ()


def test_a_picture_has_words_and_is_shown_in_the_test_run(admin, survey, easy):
    image = make_image()
    image.collection = Collection.objects.get(name=survey.authority.name)
    image.save()
    url = wording_page(survey, easy, "AGE")
    means = {f"means-{n - 1}": [f"AGE{n}"] for n in (1, 2, 3)}
    data = filled(admin, url, picture=image.pk, **{**means, "picture-0": image.pk})
    assert "Say in words what the picture shows." in admin.post(url, data).content.decode()

    admin.post(url, {**data, "alt": "A cake with candles"})

    run = f"{reverse('surveys:test', args=[survey.pk])}?version={easy.code}"
    html = admin.get(run).content.decode()
    assert 'alt="A cake with candles"' in html
    assert html.count("lo-choice__picture") == 1
    assert "original_images" not in html  # only ever a picture that was made anew


def test_a_question_is_left_out_with_what_is_assumed_and_why(admin, survey, easy):
    url = wording_page(survey, easy, "AGE")
    means = {f"means-{n - 1}": [f"AGE{n}"] for n in (1, 2, 3)}
    data = filled(admin, url, left_out="on", assumed="AGE1", because="It is for one age.", **means)

    admin.post(url, data)

    wording = Instrument.objects.get().document.variants[0].wording("AGE")
    assert (wording.left_out, wording.assumed) == (True, "AGE1")
    page = admin.get(f"{reverse('surveys:version', args=[survey.pk])}?version={easy.code}")
    assert "Left out, an answer is assumed" in page.content.decode()
    run = f"{reverse('surveys:test', args=[survey.pk])}?version={easy.code}"
    assert "What about AGE?" not in admin.get(run).content.decode()


def test_a_picture_of_another_authority_cannot_be_chosen(admin, survey, easy, neighbour):
    image = make_image()
    image.collection = Collection.objects.get(name=neighbour.name)
    image.save()
    url = wording_page(survey, easy, "WORDS")

    assert admin.post(url, filled(admin, url, picture=image.pk, alt="A cake")).status_code == 200
    assert Instrument.objects.get().document.variants[0].wordings == ()


def test_a_version_is_taken_out(admin, survey, easy):
    url = f"{reverse('surveys:version', args=[survey.pk])}?version={easy.code}"

    admin.post(url, {"do": "remove", "number": survey.draft_number})

    assert Instrument.objects.get().document.variants == ()


@pytest.mark.parametrize("query", ["?version=GONE", "?version=GONE&code=AGE"])
def test_there_is_no_page_of_a_version_that_is_not_there(admin, survey, query):
    for name in ["version", "wording"]:
        assert admin.get(reverse(f"surveys:{name}", args=[survey.pk]) + query).status_code == 404


def test_an_option_is_named_beside_which_people_say_which(admin, survey):
    url = f"{reverse('surveys:question', args=[survey.pk])}?code=AGE"

    admin.post(url, filled(admin, url, other="AGE 3"))

    question = Instrument.objects.get().document.question("AGE")
    assert (question.kind, question.other) == (Kind.SINGLE, "AGE3")
