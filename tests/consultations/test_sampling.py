from hypothesis import given
from hypothesis import strategies as st

from localoffer.consultations import sampling


@given(share=st.integers(0, 100), start=st.integers(0, 99), first=st.integers(0, 10_000))
def test_of_any_hundred_sheets_in_a_row_the_share_is_chosen(share, start, first):
    chosen = [
        sampling.is_chosen(place, share=share, start=start) for place in range(first, first + 100)
    ]

    assert sum(chosen) == share


@given(place=st.integers(0, 99))
def test_by_the_start_any_sheet_may_be_the_one(place):
    starts = [start for start in range(100) if sampling.is_chosen(place, share=1, start=start)]

    assert starts
