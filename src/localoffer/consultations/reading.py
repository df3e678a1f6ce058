"""By when a person reads what people wrote: what the public page promises, as a day.

A working day is Monday to Friday. Bank holidays are counted too, so that after one the admin says
"late" a day before the promise is broken, and never after.
"""

from datetime import date, timedelta

MANY = 100  # when more wait than this, it takes a day longer
PROMISE = "We read what you write within 1 working day, or 2 when many people write."


def due(sent: date, *, waiting: int = 0) -> date:
    """The last day on which what was sent on a day should be read."""
    day = sent
    for _ in range(1 if waiting <= MANY else 2):
        day += timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
    return day


def is_late(sent: date, *, today: date, waiting: int = 0) -> bool:
    return today > due(sent, waiting=waiting)
