import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.consultations import worries


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("My son wants to swim", worries.NONE),
        ("I want to die.", worries.URGENT),
        ("I WANT\nto DIE", worries.URGENT),
        ("She\N{RIGHT SINGLE QUOTATION MARK}s suicidal", worries.URGENT),
        ("self-harming again", worries.URGENT),
        ("He hits me", worries.URGENT),
        ("She was scared on the bus", worries.WORRY),
        ("I can\N{RIGHT SINGLE QUOTATION MARK}t cope", worries.WORRY),
        ("I can't cope and want to die", worries.URGENT),
        ("White hit melon", worries.NONE),
        ("", worries.NONE),
        ("*** !!! \U0001f468", worries.NONE),
    ],
)
def test_a_text_is_as_urgent_as_its_worst_words(text, level):
    assert worries.BY_DEFAULT.level(["Fine", text]) == level


def test_what_was_found_is_told_in_the_order_of_the_text():
    assert worries.BY_DEFAULT.found("Scared of him, he hits me") == ["scared", "hits me"]


@pytest.mark.parametrize("lines", ["", "\n\n", "***", "!\n?"])
def test_a_list_without_words_finds_nothing(lines):
    assert worries.read(lines, lines).level(["I want to die"]) == worries.NONE


def test_a_star_is_any_end_of_a_word_and_nothing_else_is_a_pattern():
    words = worries.read("taxi* late\n(a+)+$", "")

    assert words.found("The taxis late") == ["taxi* late"]
    assert words.found("the late taxi") == []
    assert words.level(["a" * 5_000]) == worries.NONE


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_list_can_be_asked_of_any_text(lines, text):
    assert worries.read(lines, "").level([text]) in {worries.NONE, worries.URGENT}


def test_long_lists_and_long_texts_are_read_in_no_time():
    words = worries.read("\n".join(f"a{n}* b c" for n in range(1_000)), "")
    began = time.process_time()
    words.level(["a999 b " * 700])

    assert time.process_time() - began < 2
