import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.search.analysis import (
    CONCEPT,
    LONGEST_WORD,
    STOP_WORDS,
    concept_token,
    impacts,
    stem,
    terms,
    words,
    written,
)
from tests.factories.finding import make_document, make_thesaurus

THESAURUS = make_thesaurus(
    autism="autism;autistic;ASD", adhd="ADHD;ADD", short_breaks="short breaks;respite"
)


def weights(**parts):
    return impacts(make_document(**{"title": "", **parts}), THESAURUS)


def test_words_are_folded_and_in_order():
    assert words("Zoë's MIND-set, 1:1") == ["zoes", "mind", "set", "1", "1"]


def test_terms_are_stems_without_stop_words():
    assert terms("The children are swimming with their carers") == ["children", "swim", "carer"]


def test_stop_words_are_folded():
    assert all(words(word) == [word] for word in STOP_WORDS)


def test_stem_of_what_is_no_word_is_its_beginning():
    assert stem("a" * 500) == "a" * LONGEST_WORD


def test_token_of_a_concept_is_letters_and_digits():
    assert concept_token("short-breaks") == "zcshortbreaks"


def test_written_tells_which_words_are_in_capitals():
    assert written("Add an EHCP for the SENCo, A to Z") == (
        ["add", "an", "ehcp", "for", "the", "senco", "a", "to", "z"],
        frozenset({2, 5}),
    )


def test_written_all_in_capitals_tells_nothing_by_them():
    assert written("ADD A NOTE")[1] == frozenset({0, 1, 2})


def test_word_in_the_title_weighs_most_and_in_how_to_get_it_least():
    found = [
        weights(**{part: "heron"})["heron"]
        for part in ["title", "needs", "category", "text", "extra"]
    ]

    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 5


def test_word_said_again_adds_less_each_time():
    once, twice, often = (weights(text="heron " * times)["heron"] for times in [1, 2, 40])

    assert twice - once < once
    assert often < 2.2


def test_summary_that_the_text_begins_with_counts_once():
    text = "Herons are fed here every day of the week."

    assert weights(text=text, summary=text) == weights(text=text)
    assert weights(text=text, summary="Herons are fed here…") == weights(text=text)
    assert weights(text="Other words.", summary=text)["heron"] > 0


def test_concept_weighs_more_in_the_title_and_in_the_needs():
    assert weights(title="Respite")["zcshortbreaks"] == 1.6
    assert weights(needs="Autism")["zcautism"] == 1.2
    assert weights(text="A short break.")["zcshortbreaks"] == 1
    assert weights(extra="Respite")["zcshortbreaks"] == 0.5
    assert weights(text="Respite", title="Respite")["zcshortbreaks"] == 1.6


def test_abbreviation_is_one_only_in_capitals():
    assert "zcadhd" in weights(text="Help with ADD and ADHD")
    assert "zcadhd" not in weights(text="Add it to the list")
    assert "zcadhd" in weights(title="HELP WITH ADD")


def test_very_long_text_is_not_punished_for_ever():
    long, longer = (weights(text="heron " + "filler words " * n)["heron"] for n in [300, 3000])

    assert long == longer > 0


@pytest.mark.parametrize(
    "text", ["\x00", "مرحبا بالعالم", "🦩", "ﷺ", "\ud800", "1", "É" * 99, "--"]
)
def test_odd_text_is_analysed(text):
    found = weights(title=text, text=text, extra=text)

    assert all(0 < weight <= 2.2 for weight in found.values())


@given(st.text(max_size=300), st.text(max_size=300))
def test_every_weight_of_any_text_is_in_range(title, text):
    for token, weight in weights(title=title, text=text).items():
        assert 0 < weight <= (1.6 if token.startswith(CONCEPT) else 2.2)
        assert len(token) <= LONGEST_WORD * 2


@given(st.text(max_size=300))
def test_words_are_those_written(text):
    assert written(text)[0] == words(text)
