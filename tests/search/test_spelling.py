import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.search.analysis import stem, words
from localoffer.search.spelling import Correction, Dictionary, Speller

COUNTS = {
    "assessment": 20,
    "autism": 30,
    "care": 50,
    "carer": 10,
    "gang": 2,
    "hang": 9,
    "nursery": 5,
    "bus": 8,
    "pass": 8,
    "heron": 3,
    "the": 1,
    "malvern": 4,
}
PAIRS = {("young", "carer"), ("gang", "violence"), ("bus", "pass")}
SPELLER = Speller(
    [Dictionary(COUNTS)], pairs=PAIRS, known=lambda word: word in {"trampolining", "polo"}
)


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("assesment", "assessment"),
        ("asessement", "assessment"),
        ("autisim", "autism"),
        ("uatism", "autism"),
        ("nurserry", "nursery"),
        ("heorn", "heron"),
    ],
)
def test_misspelt_word_is_put_right(typed, used):
    assert SPELLER.correct(typed) == used


@pytest.mark.parametrize(
    "word",
    [
        "autism",
        "trampolining",
        "polo",
        "the",
        "xyz",
        "hero1",
        "wr14",
        "zzzzzzzz",
        "a" * 60,
        "",
        "bu",
    ],
)
def test_word_that_is_right_or_like_nothing_is_left(word):
    assert SPELLER.correct(word) is None


def test_short_word_is_put_right_only_beside_its_neighbour():
    assert SPELLER.correct("pss") is None
    assert SPELLER.correct("pss", before="bus") == "pass"
    assert SPELLER.correct("bux", after="pass") == "bus"


def test_neighbour_decides_between_words_as_near():
    assert SPELLER.correct("carre") == "care"
    assert SPELLER.correct("carre", before="young") == "carer"
    assert SPELLER.correct("zang") == "hang"
    assert SPELLER.correct("zang", after="violence") == "gang"


def test_text_keeps_everything_else_as_it_was_typed():
    fixed, corrections = SPELLER.fix("Autisim  ASSESMENT, near WR14 -- for the heron's Autisim!")

    assert fixed == "autism  assessment, near WR14 -- for the heron's autism!"
    assert corrections == (Correction("Autisim", "autism"), Correction("ASSESMENT", "assessment"))


def test_nothing_wrong_is_no_correction():
    assert SPELLER.fix("autism care") == ("autism care", ())


def test_speller_of_no_words_corrects_nothing():
    assert Speller([Dictionary({})]).fix("autisim") == ("autisim", ())


def test_nearest_word_of_all_dictionaries_is_taken():
    speller = Speller([Dictionary({"herons": 9}), Dictionary({"heroine": 1})])

    assert speller.correct("heroins") == "herons"
    assert speller.correct("heroime") == "heroine"
    assert speller.correct("heroine") is None


def test_word_that_some_text_has_is_left():
    assert SPELLER.fix("autisim", used=lambda word: word == "autisim") == ("autisim", ())


# What is typed has the stem of the second word, and the third is meant.
SHARED = [
    ("refereal", "refer", "referral"),
    ("medition", "meditation", "mediation"),
    ("devisions", "devised", "decisions"),
    ("auditional", "audit", "additional"),
    ("difficultes", "difficult", "difficulties"),
    ("tutory", "tutorial", "tutor"),
    ("respit", "respite", "respite"),
    ("diagnosys", "diagnosis", "diagnosis"),
]


@pytest.mark.parametrize(("typed", "other", "meant"), SHARED)
def test_slip_that_has_the_stem_of_another_word_is_put_right(typed, other, meant):
    speller = Speller([Dictionary({meant: 3, other: 9})])
    assert stem(typed) == stem(other)

    assert speller.fix(typed, used=lambda _: True) == (meant, (Correction(typed, meant),))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("homed", "it is a word, if a rare one"),
        ("larkhall", "nothing has its stem: some text has the word itself"),
        ("karting", "what is near is two slips away"),
        ("kurling", "both"),
    ],
)
def test_form_of_a_word_that_may_well_be_right_is_left(typed, why):
    speller = Speller(
        [Dictionary({"home": 9, "karts": 1, "waiting": 9, "larkhill": 2, "killing": 1})],
        rare=lambda word: word == "homed",
    )

    assert speller.fix(typed, used=lambda _: True) == (typed, ())


def test_of_words_as_near_the_one_with_the_same_stem_is_taken_first():
    speller = Speller([Dictionary({"camp": 90, "camhs": 3, "servics": 1})])

    assert speller.correct("camh") == "camp"
    assert speller.fix("camh", used=lambda _: True)[0] == "camhs"


@given(st.text(max_size=120))
def test_any_text_is_fixed_word_for_word(text):
    fixed, corrections = SPELLER.fix(text)

    for correction in corrections:
        assert correction.typed in text
        assert correction.used in fixed
    if not corrections:
        assert fixed == text
    assert len(words(fixed)) == len(words(text))


def test_one_slip_in_a_long_word_is_nearly_always_put_right():
    slips = random.Random(7)  # noqa: S311
    right = 0
    for _ in range(200):
        word = slips.choice(["assessment", "autism", "nursery", "malvern"])
        at = slips.randrange(len(word))
        typed = word[:at] + slips.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]
        right += (SPELLER.correct(typed) or typed) == word

    assert right >= 190
