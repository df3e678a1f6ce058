"""Short references that people read out on the phone.

Crockford's base 32 (no I, L, O or U), eight symbols and a check symbol: 40 random bits and a
remainder modulo 37, so a slip of one symbol or a swap of two neighbours is noticed.
"""

import re
import secrets

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKS = SYMBOLS + "*~$=U"
LENGTH = 8
_MISREAD = str.maketrans("OIL", "011")


class BadReferenceError(ValueError):
    """What was typed is not a reference, or has a slip in it."""


def new() -> str:
    """A random reference, nine symbols as it is stored."""
    return with_check(secrets.randbelow(32**LENGTH))


def with_check(number: int, *, length: int = LENGTH) -> str:
    """The reference of a number from 0 to 32**length - 1: ``length`` symbols and a check."""
    digits = "".join(SYMBOLS[number >> 5 * place & 31] for place in reversed(range(length)))
    return digits + CHECKS[number % 37]


def parse(typed: str, *, length: int = LENGTH, name: str = "reference") -> str:
    """The stored form of a reference however it was typed. Raises BadReferenceError.

    ``length``: its symbols before the check. ``name``: what people are told that it is.
    """
    text = re.sub(r"[\s-]", "", typed).upper()
    body, check = text[:length].translate(_MISREAD), text[length:]
    if len(text) != length + 1 or any(symbol not in SYMBOLS for symbol in body):
        example = ", such as 7K3M-9Q2X-4" if length == LENGTH else ""
        raise BadReferenceError(f"A {name} has {length + 1} letters and numbers{example}.")
    number = 0
    for symbol in body:
        number = number * 32 + SYMBOLS.index(symbol)
    if CHECKS[number % 37] != (check if check in CHECKS else check.translate(_MISREAD)):
        raise BadReferenceError(f"Check the {name}: one letter or number is not right.")
    return with_check(number, length=length)


def shown(reference: str) -> str:
    """The reference in groups, as it is printed."""
    return "-".join([reference[:4], reference[4:8], reference[8:]])
