"""Whether two colours can be told apart by people with poor sight (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

AA_TEXT = 4.5  # text smaller than 24 pixels (1.4.3)
AA_LARGE_TEXT = 3.0  # larger text (1.4.3), and borders and symbols that carry meaning (1.4.11)

HEX = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG 2 defines it: 0 for black, 1 for white.

    Raises ValueError for anything else, short forms such as ``#fff`` included.
    """
    if not (match := HEX.fullmatch(colour)):
        raise ValueError(f"{colour!r} is not a colour such as #1d5c63")
    red, green, blue = (_linear(int(part, 16) / 255) for part in match.groups())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast of two colours, from 1 (the same) to 21 (black and white), in either order.

    Raises ValueError if either is not ``#rrggbb``.
    """
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
