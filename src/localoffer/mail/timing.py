"""When mail is tried again, and the hours in which news waits. Pure: no database, no clock."""

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
FIRST_WAIT = timedelta(seconds=30)
PERSONAL_CEILING = timedelta(hours=1)
NEWS_CEILING = timedelta(hours=24)
# After these, a mail that is still refused "for now" is given up: nobody waits for it any more.
PERSONAL_PATIENCE = timedelta(days=1)
NEWS_PATIENCE = timedelta(days=4)


def wait(attempts: int, *, ceiling: timedelta, chance: random.Random | None = None) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, never over the ceiling.

    A random part of up to half is taken off, so that mails which failed together do not come
    back together.
    """
    doubled = FIRST_WAIT * 2 ** min(max(attempts, 1) - 1, 20)
    longest = min(doubled, ceiling)
    return longest * (0.5 + 0.5 * (chance or random).random())


def is_quiet(now: datetime, hours: tuple[int, int] | None) -> bool:
    """Whether news must wait. ``hours``: the first and the last, in London; None for never.

    (21, 7) is from nine in the evening until seven in the morning.
    """
    if hours is None:
        return False
    first, last = hours
    hour = now.astimezone(LONDON).hour
    return first <= hour < last if first < last else hour >= first or hour < last


def loud_since(now: datetime, hours: tuple[int, int] | None) -> datetime | None:
    """When the quiet hours last ended, or None while they last or where there are none."""
    if hours is None or is_quiet(now, hours):
        return None
    here = now.astimezone(LONDON)
    end = datetime.combine(here.date(), time(hours[1]), LONDON)
    return (
        end
        if end <= here
        else datetime.combine(here.date() - timedelta(days=1), time(hours[1]), LONDON)
    )
