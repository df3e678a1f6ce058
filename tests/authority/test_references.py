import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.authority import references

numbers = st.integers(0, 32**references.LENGTH - 1)


@given(numbers, st.booleans())
def test_parse_reads_what_shown_prints_in_any_case(number, lower):
    reference = references.with_check(number)
    typed = references.shown(reference)

    assert references.parse(typed.lower() if lower else typed) == reference


@given(numbers, st.integers(0, references.LENGTH - 1), st.sampled_from(references.SYMBOLS))
def test_parse_refuses_one_wrong_symbol(number, place, symbol):
    reference = references.with_check(number)
    if reference[place] == symbol:
        return
    slipped = reference[:place] + symbol + reference[place + 1 :]

    with pytest.raises(references.BadReferenceError):
        references.parse(slipped)


@given(numbers, st.integers(0, references.LENGTH - 2))
def test_parse_refuses_two_neighbours_swapped(number, place):
    reference = references.with_check(number)
    first, second = reference[place : place + 2]
    if first == second:
        return
    swapped = reference[:place] + second + first + reference[place + 2 :]

    with pytest.raises(references.BadReferenceError):
        references.parse(swapped)


def test_parse_takes_letters_that_look_like_numbers_for_numbers():
    number = 1 << 5 * 7  # 10000000
    check = references.with_check(number)[-1]

    assert references.parse(f"IOoO-oooo-{check}") == references.with_check(number)


@given(st.text())
def test_parse_refuses_or_returns_a_reference_whatever_is_typed(typed):
    try:
        reference = references.parse(typed)
    except references.BadReferenceError:
        return
    assert references.parse(reference) == reference
