import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.search.analysis import concept_token, words, written
from localoffer.search.ranking import NEEDS
from localoffer.search.thesaurus import Thesaurus, is_abbreviation, singular
from tests.factories.finding import make_concept, make_thesaurus, real_thesaurus

REAL = real_thesaurus()


def codes(thesaurus, text):
    return [found.code for found in thesaurus.found(words(text))]


@pytest.mark.parametrize(
    "text",
    ["not talking", "isn't talking", "won\u2019t talk", "he DOESN'T talk", "refuses to talk to us"],
)
def test_phrase_is_found_however_it_is_said(text):
    assert codes(make_thesaurus(speech="not talking"), text) == ["speech"]


def test_phrase_is_found_whoever_it_is_about():
    thesaurus = make_thesaurus(harm="hurting himself", breaks="look after my son")

    assert codes(thesaurus, "she hurts herself") == ["harm"]
    assert codes(thesaurus, "someone to look after our sons") == ["breaks"]


def test_single_word_is_found_in_the_plural_and_not_by_its_stem():
    thesaurus = make_thesaurus(railway="train", ponies="pony")

    assert codes(thesaurus, "trains and ponies") == ["railway", "ponies"]
    assert codes(thesaurus, "training") == []


def test_longest_phrase_comes_first_and_others_may_lie_inside_it():
    thesaurus = make_thesaurus(autism="autism", pathway="autism assessment", wait="waiting list")

    found = thesaurus.found(words("an autism assessment waiting list"))

    assert [(one.code, one.first, one.last) for one in found] == [
        ("pathway", 1, 2),
        ("wait", 3, 4),
        ("autism", 1, 1),
    ]


def test_phrases_that_share_only_some_words_are_not_both_found():
    thesaurus = make_thesaurus(school="home school", transport="school transport policy")

    assert codes(thesaurus, "home school transport policy") == ["transport"]


def test_phrase_across_the_end_of_another_is_not_found():
    thesaurus = make_thesaurus(one="red kite", two="grey heron", three="kite grey")

    assert codes(thesaurus, "red kite grey heron") == ["one", "two"]


def test_one_word_may_stand_for_several_concepts():
    assert codes(make_thesaurus(plan="AP", provision="AP"), "ap") == ["plan", "provision"]


def test_abbreviation_is_found_in_any_case_in_a_question_and_in_the_plural():
    thesaurus = make_thesaurus(plan="EHCP", lead="SENCo")

    assert codes(thesaurus, "ehcps and a Senco") == ["plan", "lead"]


def test_abbreviation_is_found_in_a_text_only_in_capitals():
    thesaurus = make_thesaurus(adhd="ADD")

    assert thesaurus.found(["add"], capitals={0})
    assert not thesaurus.found(["add"], capitals=frozenset())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("EHCP", True), ("SpLD", True), ("0-19", False), ("Portage", False), ("A level", False)],
)
def test_is_abbreviation(text, expected):
    assert is_abbreviation(text) is expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("pads", "pad"), ("nappies", "nappy"), ("bus", "bus"), ("class", "class"), ("as", "as")],
)
def test_singular(word, expected):
    assert singular(word) == expected


def test_abbreviation_of_several_meanings_is_a_choice():
    thesaurus = Thesaurus(
        [
            make_concept("plan", "AP", name="A plan", plain="Plans."),
            make_concept("provision", "AP", name="Provision", plain="Provides."),
        ]
    )

    (choice,) = thesaurus.choices(words("what is an ap"))

    assert choice.abbreviation == "AP"
    assert choice.options == (("plan", "A plan", "Plans."), ("provision", "Provision", "Provides."))


def test_ambiguous_abbreviation_of_one_meaning_offers_what_begins_with_it():
    thesaurus = Thesaurus(
        [
            make_concept("send", "SEN", ambiguous=True),
            make_concept("support", "SEN support", "help in school"),
            make_concept("other", "herons"),
        ]
    )

    (choice,) = thesaurus.choices(["sen"])

    assert [code for code, _, _ in choice.options] == ["send", "support"]


def test_plain_abbreviation_is_no_choice():
    assert make_thesaurus(plan="EHCP").choices(["ehcp"]) == []


def test_spelling_does_not_learn_words_that_are_never_shown():
    thesaurus = Thesaurus([make_concept("speech", "speech therapy", hidden=("speach therapy",))])

    assert thesaurus.forms() == {"speech": 1, "therapy": 1}
    assert thesaurus.pairs() == {("speech", "therapy")}
    assert codes(thesaurus, "speach therapy") == ["speech"]


def test_version_moves_with_any_word_and_not_with_the_order():
    first = make_thesaurus(one="heron;egret", two="kite")
    same = make_thesaurus(two="kite", one="egret;heron")
    other = make_thesaurus(one="heron", two="kite")

    assert first.version == same.version != other.version


@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=60))
def test_any_words_make_a_thesaurus_that_finds_within_the_text(phrases, text):
    thesaurus = Thesaurus([make_concept("any", *phrases)])
    in_order = words(text)

    for found in thesaurus.found(in_order):
        assert 0 <= found.first <= found.last < len(in_order)


# The concepts that come with the product.


@pytest.mark.parametrize("code", REAL.concepts)
def test_every_word_of_a_concept_finds_it(code):
    missed = [text for text in REAL.concepts[code].words if code not in codes(REAL, text)]

    assert missed == []


def test_every_concept_has_a_token_of_its_own():
    assert len({concept_token(code) for code in REAL.concepts}) == len(REAL.concepts)


def test_needs_that_ranking_knows_are_concepts():
    assert set(REAL.concepts) >= NEEDS


@pytest.mark.parametrize(
    "word", ["AP", "APP", "ISP", "PA", "CIN", "SEN", "SEND", "PD", "CP", "ASC", "CDC"]
)
def test_ambiguous_abbreviation_of_the_field_is_a_choice(word):
    (choice,) = REAL.choices(words(word))

    assert choice.abbreviation == word
    assert len(choice.options) > 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("my son isn't talking", "speech-language-needs"),
        ("she can't hear me", "hearing"),
        ("won't sleep", "sleep"),
        ("refusing to go to school", "ebsa"),
        ("still in nappies", "toileting"),
        ("he keeps hurting himself", "self-harm"),
        ("i need a break", "short-breaks"),
        ("council said no", "ehc-plan-refused"),
        ("fill in the dla form", "dla"),
        ("when he turns 18", "preparing-for-adulthood"),
        ("taxi to school", "school-transport"),
        ("hitting his sister", "behaviour"),
    ],
)
def test_families_words_find_the_concept(text, code):
    assert code in codes(REAL, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Add your name to the list", "adhd"),
        ("Contact us by phone", "contact-charity"),
        ("Hi, we meet every week", "hearing"),
        ("staff training", "community-transport"),
        ("We do laps of the pool", "area-inspection"),
    ],
)
def test_ordinary_words_of_a_text_are_no_concept(text, code):
    assert code not in [found.code for found in REAL.found(*written(text))]
