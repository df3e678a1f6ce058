import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.search.words import ABSENT, BEGINS, WHOLE, fold, standing, typed


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë's CAFÉ", "zoes cafe"),
        ("child\u2019s", "childs"),
        ("STRASSE straße", "strasse strasse"),
        ("ﬁne", "fine"),
    ],
)
def test_fold_takes_off_case_accents_and_apostrophes(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_fold_makes_nothing_of_how_accents_are_stored(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(max_size=300))
def test_typed_words_stand_whole_in_what_was_typed(text):
    folded = fold(text)
    for word in typed(text, most=20):
        assert standing(word, folded) == WHOLE


def test_typed_keeps_each_word_once_and_no_more_than_asked():
    assert typed("Speech, SPEECH & therapy: speech!", most=20) == ["speech", "therapy"]
    assert typed("a b c d", most=2) == ["a", "b"]
    assert typed("😀 ' \" %", most=20) == []


@pytest.mark.parametrize(
    ("word", "text", "how"),
    [
        ("speech", "speech and language", WHOLE),
        ("spee", "speech and language", BEGINS),
        ("language", "sign-language", WHOLE),
        ("guage", "language", ABSENT),
        ("art", "cart artist art", WHOLE),
        ("art", "cart party", ABSENT),
        ("ab", "xab abab", BEGINS),
    ],
)
def test_standing_sees_whole_words_and_beginnings_only(word, text, how):
    assert standing(word, text) == how
