"""Which sheets of a batch are keyed twice: a set share, evenly spread, from a secret start."""


def is_chosen(place: int, *, share: int, start: int) -> bool:
    """Whether the sheet that is keyed as number ``place`` (from 0) is one of the sample.

    Of any hundred sheets in a row, exactly ``share`` are. ``start``: from 0 to 99.
    """
    return (start + (place + 1) * share) // 100 > (start + place * share) // 100
