import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.pages import words


@pytest.mark.parametrize(
    ("paragraph", "phrase"),
    [
        ("The bid was announced this morning.", "this morning"),
        ("It was announced today by the Department.", "today"),
        ("Events run this week for everyone.", "this week"),
        ("The team has recently moved.", "recently"),
        ("More news soon.", "soon"),
        ("It closed last Friday.", "last Friday"),
        ("We start next month, we hope.", "next month"),
        ("A few weeks ago we asked you.", "A few weeks ago"),
        ("We shall reply in the coming weeks.", "in the coming weeks"),
        ("Tomorrow is the last day.", "Tomorrow"),
        ("She said: “we open tomorrow”.", "tomorrow"),
    ],
)
def test_relative_dates_are_found(paragraph, phrase):
    assert [found.phrase for found in words.relative_dates([paragraph])] == [phrase]


@pytest.mark.parametrize(
    "paragraph",
    [
        "The bid was announced today, 3 March 2023.",
        "This week is Neurodiversity Celebration Week (13 March 2023 to 17 March 2023).",
        "It closes on Friday 28 April 2023, so answer soon.",
        "Published 2023-03-03: announced this morning.",
        "Ask as soon as you can.",
        "We meet on Mondays.",
        "A week of events for a year group.",
    ],
)
def test_an_explicit_date_beside_it_or_no_date_at_all_is_fine(paragraph):
    assert words.relative_dates([paragraph]) == []


def test_a_date_in_another_paragraph_does_not_help():
    assert words.relative_dates(["On 3 March 2023.", "Announced today."])


def test_the_place_is_told_in_the_words_around_it():
    found = words.relative_dates(
        ["The bid of the council was announced this morning by the Department."]
    )

    assert "announced this morning by" in str(found[0])


@given(st.text())
def test_any_text_can_be_looked_through(text):
    words.relative_dates([text])
    words.paragraphs_of_html(text)
    assert words.count(text) >= 0


def test_paragraphs_are_split_at_blocks_and_not_at_inline_marks():
    html = "<p>One <b>bold</b> word.</p><ul><li>Two</li><li>Three</li></ul>"

    assert words.paragraphs_of_html(html) == ["One bold word.", "Two", "Three"]
