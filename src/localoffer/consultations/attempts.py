"""How often somebody may try a code: few enough that none can be guessed."""

import hashlib
import secrets

from django.conf import settings
from django.core.cache import cache

WITHIN = 15 * 60  # seconds
MOST = 20  # from one address, which a whole school may share
_SALT = secrets.token_bytes(16)  # in memory only: what is counted under cannot be traced


def too_many(request) -> bool:
    """Count one more attempt from where this came, and say whether there were too many."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:  # the last one is what our own proxy has seen
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    name = hashlib.blake2b(address.encode(), key=_SALT, digest_size=16).hexdigest()
    key = f"consultations.attempts.{name}"
    cache.add(key, 0, timeout=WITHIN)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # it ended between the two lines
        return False
