"""Makes what the first searches of a process would otherwise wait for."""

import time
from functools import cache

from localoffer.authority.models import Authority
from localoffer.search import suggesting, vocabulary
from localoffer.search.matching import matcher

SECONDS = 5.0  # after which no other authority is begun: its own first search makes its words


@cache
def warm() -> None:
    """Count the words of the index and read those of each authority, the default site's first.

    Once in each process, beside its work. It takes half a second, and two on PostgreSQL with a
    hundred thousand things.
    """
    until = time.monotonic() + SECONDS
    matcher().document_frequencies()
    for authority in Authority.objects.order_by("-site__is_default_site", "pk"):
        vocabulary.of(authority)
        suggesting.forms_of(authority)
        if time.monotonic() > until:
            break
