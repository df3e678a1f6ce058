"""The two codes a person may be given: one to come back with, one as a receipt.

Twelve symbols: 55 random bits and a check (``authority.references``). The database holds a keyed
hash of each, so that nobody who reads it can come back as somebody else.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

from django.conf import settings

from localoffer.authority import references

SYMBOLS_BEFORE_CHECK = 11
BITS = 5 * SYMBOLS_BEFORE_CHECK


def new() -> str:
    """A code to come back with."""
    return references.with_check(secrets.randbits(BITS), length=SYMBOLS_BEFORE_CHECK)


def receipt_of(draft: UUID) -> str:
    """The receipt for a draft: always the same, so that sending it twice gives one receipt."""
    number = int.from_bytes(_keyed("receipt", draft.hex)[:8]) >> (64 - BITS)
    return references.with_check(number, length=SYMBOLS_BEFORE_CHECK)


def digest(code: str) -> str:
    """What the database holds of a code."""
    return _keyed("code", code).hex()


def parse(typed: str) -> str:
    """The stored form of a code however it was typed. Raises BadReferenceError."""
    return references.parse(typed, length=SYMBOLS_BEFORE_CHECK, name="code")


def shown(code: str) -> str:
    """A code in three groups of four, as it is printed."""
    return "-".join([code[:4], code[4:8], code[8:]])


def _keyed(purpose, text):
    key = hashlib.sha256(f"localoffer.consultations.{purpose}{settings.SECRET_KEY}".encode())
    return hmac.digest(key.digest(), text.encode(), "sha256")
