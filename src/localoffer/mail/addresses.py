"""Addresses: when two are one person's, and the keyed hash that stands for one we must not keep."""

import hmac
import re
from email.utils import parseaddr
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_ANY = re.compile(r"<?[^\s<>@:;,()]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+>?")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")


def same(address: str) -> str:
    """The form in which the same address typed in other capitals is the same."""
    return address.strip().casefold()


def hashed(address: str) -> str:
    """A hash that only this installation can make: what remains when an address must go."""
    key = f"localoffer.mail.{settings.SECRET_KEY}".encode()
    return hmac.new(key, same(address).encode(), sha256).hexdigest()


def fault(address: str) -> str:
    """What is wrong with an address, in words; empty if a mail can be sent to it."""
    if len(address) > LONGEST or _UNPRINTABLE.search(address):
        return "This is not an email address."
    try:
        validate_email(address)
    except ValidationError:
        return "This is not an email address."
    if not address.isascii():
        return "This address has letters that our mail service cannot use."
    return ""


def left_out(words: str) -> str:
    """The same words without the addresses in them: what a server says often repeats one."""
    return _ANY.sub("(address)", words.replace("\0", ""))


def bare(value: str) -> str:
    """The address in ``Name <address>``, or in a header of that kind."""
    return parseaddr(value)[1] or value.strip()
