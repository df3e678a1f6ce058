"""Until when a page is true by the clock: what it shows may open, close, appear or go by itself."""

import math
from datetime import datetime

from localoffer.pagecache import BEGAN, UNTIL


def until(request, *instants: datetime | None) -> None:
    """Say that the page being made may show something else from each of these instants on.

    Those that passed before the page was begun, and None, say nothing. What changes at midnight
    in London need not be told: no page is kept longer than that.
    """
    environ = request.META
    for instant in instants:
        if instant is not None and instant.timestamp() > environ.get(BEGAN, 0):
            environ[UNTIL] = min(environ.get(UNTIL, math.inf), instant.timestamp())
