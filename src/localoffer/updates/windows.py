"""The times between which things were published that one edition tells of. Pure.

A window is from 08:00 to 08:00 by the clock on a London wall: a day of it lasts 23 hours when the
clocks go forward and 25 when they go back. Windows are half-open and lie end to end, so that each
instant is in exactly one window of each frequency.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
AT = time(8, 0)  # never within the hour that a clock change repeats or leaves out
SATURDAY = 5
DAY = timedelta(days=1)
FREQUENCIES = ("daily", "weekly", "monthly")


@dataclass(frozen=True)
class Window:
    """From ``starts``, which is in it, to ``ends``, which is not. Both know their zone.

    ``day``: the London day on which it ends, by which its edition is known.
    """

    frequency: str
    day: date
    starts: datetime
    ends: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends


def ending_on(frequency: str, day: date) -> Window:
    """The window of a frequency that ends on a London day. Raises ValueError where none does."""
    if not ends_on(frequency, day):
        raise ValueError(f"no {frequency} window ends on {day}")
    return Window(frequency, day, _eight(_day_before(frequency, day)), _eight(day))


def around(frequency: str, moment: datetime) -> Window:
    """The window in which a moment lies."""
    local = moment.astimezone(LONDON)
    day = local.date() if local.time() < AT else local.date() + DAY
    while not ends_on(frequency, day):
        day += DAY
    return ending_on(frequency, day)


def ended(frequency: str, *, after: datetime, by: datetime) -> Iterator[Window]:
    """The windows that ended after one moment and by another, that moment included, in order."""
    day = after.astimezone(LONDON).date()
    last = by.astimezone(LONDON).date()
    while day <= last:
        if ends_on(frequency, day) and after < (window := ending_on(frequency, day)).ends <= by:
            yield window
        day += DAY


def ends_on(frequency: str, day: date) -> bool:
    """Whether a window of a frequency ends on a day. Raises ValueError for an unknown one."""
    if frequency == "daily":
        return True
    if frequency == "weekly":
        return day.weekday() == SATURDAY
    if frequency == "monthly":
        return day.day == 1
    raise ValueError(f"there is no frequency called {frequency!r}")


def _day_before(frequency, day):
    """The day on which the window before it ended."""
    if frequency == "daily":
        return day - DAY
    if frequency == "weekly":
        return day - 7 * DAY
    return (day - DAY).replace(day=1)


def _eight(day):
    return datetime.combine(day, AT, tzinfo=LONDON)
