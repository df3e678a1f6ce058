"""Reads a postcode as people type it. Knows the shape of postcodes, not which ones exist."""

import re
import unicodedata
from functools import lru_cache

# The letters a postcode can begin with (Royal Mail's postcode areas, and BF for the forces).
AREA_LETTERS = """
AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT
DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE
LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM
SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
AREAS = frozenset(AREA_LETTERS.split())
NORTHERN_IRELAND = frozenset({"BT"})
ISLANDS = frozenset({"GY", "IM", "JE"})

# A: a letter, 9: a digit.
SHAPES = {2: ["A9"], 3: ["A99", "AA9", "A9A"], 4: ["AA99", "AA9A"]}
# Only the middle of London has a letter last; those of old postcodes (W1V, W1X) are among them.
LAST_LETTERS = {
    "A9A": ({"E", "N", "W"}, "ABCDEFGHJKMNPRSTUVWXY"),
    "AA9A": ({"EC", "NW", "SE", "SW", "WC"}, "ABEHMNPRVWXY"),
}
ODD = frozenset({"GIR", "NPT"})  # Girobank, and Newport before 1984: they fit no shape
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
TO_DIGIT = str.maketrans("OI", "01")
TO_LETTER = str.maketrans("01", "OI")
LONGEST = 30  # characters worth looking at: a postcode and any amount of punctuation
NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]+")


def parse(text: str | None) -> str | None:
    """A full postcode with one space, ``WR14 1AA``, or None where there is none.

    Any case, spacing and punctuation will do. The letters O and I typed for 0 and 1, and the
    other way about, are put right where the shape leaves no doubt.
    """
    squeezed = _squeeze(text)
    if not 5 <= len(squeezed) <= 7:
        return None
    first, last = _mend_outward(squeezed[:-3]), _mend_inward(squeezed[-3:])
    return f"{first} {last}" if first and last else None


def parse_outward(text: str | None) -> str | None:
    """The first half of a postcode alone, ``WR14``, or None where it is not one."""
    return _mend_outward(_squeeze(text))


def outward(postcode: str) -> str:
    """The first half of a postcode as ``parse`` returns it: ``WR14`` of ``WR14 1AA``."""
    return postcode.partition(" ")[0]


def area(postcode: str) -> str:
    """The letters that a postcode begins with: ``WR`` of ``WR14 1AA``."""
    return postcode[: 1 + (len(postcode) > 1 and postcode[1].isalpha())]


def _squeeze(text):
    if not text or len(text) > LONGEST:
        return ""
    return NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", text).upper())


def _mend_inward(text):
    digit, letters = text[0].translate(TO_DIGIT), text[1:]
    if digit in "0123456789" and all(letter in INWARD_LETTERS for letter in letters):
        return digit + letters
    return None


@lru_cache(maxsize=4096)  # there are about three thousand
def _mend_outward(text):
    """The outward code that this is with the fewest slips; None where two are as likely."""
    if text in ODD:
        return text
    mended = {_fit(text, shape) for shape in SHAPES.get(len(text), [])} - {None}
    nearest = sorted((sum(a != b for a, b in zip(one, text, strict=True)), one) for one in mended)
    if not nearest or (len(nearest) > 1 and nearest[0][0] == nearest[1][0]):
        return None
    return nearest[0][1]


def _fit(text, shape):
    """The text made to fit a shape, or None."""
    one = "".join(
        letter.translate(TO_DIGIT if kind == "9" else TO_LETTER)
        for letter, kind in zip(text, shape, strict=True)
    )
    if any(a.isdigit() != (kind == "9") for a, kind in zip(one, shape, strict=True)):
        return None
    start = area(one)
    district = one[len(start) :]
    if start not in AREAS or (len(district) == 2 and district[0] == "0"):
        return None
    if shape in LAST_LETTERS:
        areas, letters = LAST_LETTERS[shape]
        return one if start in areas and one[-1] in letters else None
    return one
