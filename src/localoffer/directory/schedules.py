"""Hours in words: "Every Monday, 10am to noon, in term time".

Pure: a schedule is anything with the attributes of ``models.Schedule``.
"""

import datetime as dt
import re
from itertools import groupby

from localoffer.directory.days import NAMES, WEEKS

ALL_DAYS = list(NAMES)
NOON, MIDNIGHT, LAST_MINUTE = dt.time(12), dt.time(0), dt.time(23, 59)


def in_words(schedule) -> str:
    """One line that begins with a capital letter, without a full stop; empty for no hours at all.

    The words that the schedule's author wrote (``description``) are not in it.
    """
    parts = [
        days_in_words(schedule),
        hours_in_words(schedule.opens, schedule.closes),
        {"term": "in term time", "holidays": "in school holidays"}.get(schedule.when, ""),
        _season(schedule.valid_from, schedule.valid_to),
        schedule.attending.strip(),
    ]
    line = ", ".join(part for part in parts if part)
    return line[:1].upper() + line[1:]


def days_in_words(schedule) -> str:
    """Which days, and how often."""
    every = _every(schedule.interval)
    if schedule.freq == "MONTHLY":
        words = _days_of_months(schedule, every)
    elif not schedule.byday:
        words = f"every{every} week" if schedule.freq else ""
    else:
        words = _days_of_weeks(schedule.byday, every)
    if words and schedule.interval > 1 and schedule.dtstart:
        words += f", starting {date_in_words(schedule.dtstart)}"
    return words


def hours_in_words(opens, closes) -> str:
    """From when until when, or nothing when neither is known."""
    if opens and closes:
        if opens == closes and opens != MIDNIGHT:
            return f"at {time_in_words(opens)}"
        if opens == MIDNIGHT and closes in (MIDNIGHT, LAST_MINUTE):
            return "all day and night"
        return f"{time_in_words(opens)} to {time_in_words(closes)}"
    if opens is not None:
        return f"from {time_in_words(opens)}"
    return f"until {time_in_words(closes)}" if closes is not None else ""


def time_in_words(time: dt.time) -> str:
    """A time as GOV.UK writes it: 10am, 5:30pm, noon, midnight."""
    if time == NOON:
        return "noon"
    if time == MIDNIGHT:
        return "midnight"
    minutes = f":{time:%M}" if time.minute else ""
    return f"{(time.hour - 1) % 12 + 1}{minutes}{'am' if time < NOON else 'pm'}"


def date_in_words(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def listed(words: list[str], last: str = "and") -> str:
    """Words as a list is read out: "a, b and c"."""
    *others, final = words
    return f"{', '.join(others)} {last} {final}" if others else final


def _every(interval):
    return {1: "", 2: " other"}.get(interval, f" {interval}")


def _days_of_weeks(codes, every):
    named = {code[-2:] for code in codes}
    days = [day for day in ALL_DAYS if day in named]
    if len(days) == 7:
        words = "day"
    elif len(days) > 2 and "".join(days) in "".join(ALL_DAYS):
        span = f"{NAMES[days[0]]} to {NAMES[days[-1]]}"
        if not every:
            return span
        words = span
    else:
        words = listed([NAMES[day] for day in days])
    if every.strip().isdigit():
        return f"every{every} weeks, {'every day' if words == 'day' else f'on {words}'}"
    if every and words == "day":
        return "every day of every other week"
    if every and len(days) > 1:
        return f"{words} of every other week"
    return f"every{every} {words}"


def _days_of_months(schedule, every):
    months = f"every{every} months" if every.strip().isdigit() else f"every{every} month"
    if schedule.byday:
        counted = [_counted(code) for code in schedule.byday]
        if not any(week for week, _ in counted):
            words = _days_of_weeks(schedule.byday, "")
            return f"{words} of {months}" if every else words
        by_weeks = [
            (days, [week for week, _ in group])
            for days, group in groupby(
                sorted(counted, key=lambda pair: ALL_DAYS.index(pair[1])), key=lambda pair: pair[1]
            )
        ]
        said = listed([f"{listed(weeks)} {NAMES[day]}" for day, weeks in by_weeks])
        return f"the {said} of {months}"
    numbers = [int(number) for number in re.findall(r"-?\d+", schedule.bymonthday)]
    if numbers:
        return f"on the {listed([_ordinal(number) for number in numbers])} of {months}"
    return months


def _counted(code):
    number, day = code[:-2], code[-2:]
    return (WEEKS.get(number, "") if number else "", day)


def _ordinal(number):
    if number < 0:
        return "last day" if number == -1 else f"{_ordinal(-number)} day from the end"
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{ending or 'th'}"


def _season(first, last):
    if first and first == last:
        return f"on {first:%A} {date_in_words(first)} only"
    if first and last:
        return f"from {date_in_words(first)} until {date_in_words(last)}"
    if first:
        return f"from {date_in_words(first)}"
    return f"until {date_in_words(last)}" if last else ""
