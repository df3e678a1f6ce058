"""When a consultation opens and closes: the days that people choose, as instants.

A person chooses days, and perhaps a time, as clocks in the United Kingdom show them. They are
stored as chosen; instants come from them through the zone database and never by adding hours. A
closing instant is exclusive: at it, the consultation is closed. "Midnight" is never asked for and
never printed, because nobody can say of which day it is.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import dateformat

ZONE = "Europe/London"
LONDON = ZoneInfo(ZONE)
# For those who are part-way when it closes, and for nobody who has not begun.
GRACE = timedelta(minutes=60)
SOON = timedelta(days=7)
LAST_HOURS = timedelta(hours=24)


class NoSuchTimeError(ValueError):
    """The clocks skip this time on this day."""


class TwiceError(ValueError):
    """The clocks show this time twice on this day, and nobody has said which is meant."""


class MidnightError(ValueError):
    """Midnight was chosen, which some read as the start of the day and some as its end."""


def instant(day: date, at: time, *, second: bool | None = None) -> datetime:
    """The instant, in UTC, at which clocks show a time on a day.

    ``second``: which of two, where the clocks go back over it. Raises NoSuchTimeError, TwiceError.
    """
    first, last = (datetime.combine(day, at, LONDON).replace(fold=fold) for fold in (0, 1))
    if first.utcoffset() == last.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != datetime.combine(day, at):
        raise NoSuchTimeError(
            f"There is no {clock(at)} on {shown(day)}: the clocks go forward over it. "
            "Choose another time."
        )
    if second is None:
        raise TwiceError(
            f"There are two times of {clock(at)} on {shown(day)}, because the clocks go back. "
            "Say whether you mean the first or the second."
        )
    return (last if second else first).astimezone(UTC)


def opens_at(day: date) -> datetime:
    """The first instant of a day."""
    return instant(day, time())


def closes_at(day: date, at: time | None = None, *, second: bool | None = None) -> datetime:
    """The first instant at which it is closed, where ``day`` is the last day open.

    ``at``: a time on that day, instead of its end. Raises NoSuchTimeError, TwiceError, and
    MidnightError for 00:00, which would close it a day before people think.
    """
    if at is None:
        return opens_at(day + timedelta(days=1))
    if at == time():
        raise MidnightError(
            "Leave the time empty to close at the end of the day, or choose the day before."
        )
    return instant(day, at, second=second)


def closing_words(day: date, at: time | None = None, *, second: bool | None = None) -> str:
    """When it closes, so that nobody can be a day out: "11:59pm on Friday 28 April 2023"."""
    words = f"{clock(at or time(23, 59))} on {shown(day)}"
    if at is not None and second is not None:
        words += ", the second time that clocks show it" if second else ", before clocks go back"
    return words


def left(closes: datetime, *, now: datetime) -> str:
    """How long it is open still, in the last 24 hours; else empty. Text, not a ticking clock."""
    rest = closes - now
    if not timedelta() < rest <= LAST_HOURS:
        return ""
    hours = rest // timedelta(hours=1)
    if hours == 0:
        return "less than an hour left"
    return "about 1 hour left" if hours == 1 else f"about {hours} hours left"


def clock(at: time) -> str:
    """A time as people say it: "5pm", "11:59pm", "midday"."""
    if at == time(12):
        return "midday"
    half = "am" if at.hour < 12 else "pm"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{half}"


def shown(day: date) -> str:
    """A day with the weekday that belongs to it: "Friday 28 April 2023"."""
    return dateformat.format(day, "l j F Y")
