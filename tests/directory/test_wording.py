from decimal import Decimal

import pytest

from localoffer.directory import wording


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ((None, None), "All ages"),
        ((0, None), "All ages"),
        ((0, 25), "Up to 25"),
        ((None, 5), "Up to 5"),
        ((16, None), "16 and over"),
        ((5, 11), "5 to 11"),
        ((2, 2), "2 only"),
    ],
)
def test_ages_in_words(ages, words):
    assert wording.ages(*ages) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "", ""),
        (0, "weeks", "No wait"),
        (1, "weeks", "About 1 week"),
        (18, "months", "About 18 months"),
    ],
)
def test_wait_in_words(value, unit, words):
    assert wording.wait(value, unit) == words


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (None, "GBP", ""),
        (Decimal("0.00"), "GBP", "Free"),
        (Decimal("2.50"), "GBP", "£2.50"),
        (Decimal("1200.00"), "GBP", "£1,200"),
        (Decimal("3.00"), "CHF", "3 CHF"),
    ],
)
def test_price_in_words(amount, currency, words):
    assert wording.price(amount, currency) == words


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("01905 822 666", "01905822666"),
        ("+44 (0)1905 822666", "+441905822666"),
        ("(01905) 822-666", "01905822666"),
        ("Ring 01905 822666, then press 2", "01905822666"),
        ("01905 822666 or 01905 822667", "01905822666"),
        ("ask at the school", ""),
        ("", ""),
        ("Call 111, option 2", "111"),
        ("24 hours: 116 123", "116123"),
    ],
)
def test_phone_dials_the_number_in_what_was_written(written, dialled):
    assert wording.dialled(written) == dialled


def test_paragraphs_are_parted_by_empty_lines():
    assert wording.paragraphs("One\nline.\n \nTwo.\n\n\n") == ["One\nline.", "Two."]
