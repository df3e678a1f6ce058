"""Counts what people look for. It knows no person: only words, a week, and how much was found.

A search is told as a *tally*, a short string that holds no more than the row it will add to. The
page of results carries it in a response header (``HEADER``) to the page cache, which counts pages
made and pages shown again from memory, and hands over what it counted every few seconds. A tally is
data and not a key to anything. ``add`` reads it as it would read what a stranger typed.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qs, urlencode

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from localoffer.authority.models import Authority
from localoffer.places import postcodes
from localoffer.search.answering import Answer
from localoffer.search.asking import Question
from localoffer.search.models import Asked
from localoffer.search.models.asked import FEW, monday
from localoffer.search.scrubbing import scrub
from localoffer.search.understanding import AGE, PLACE
from localoffer.taxonomy.models import AgeBand

HEADER = "X-Localoffer-Tally"
LONGEST_TALLY = 2_000  # 120 letters of any alphabet, percent-encoded
MOST_DIFFERENT = 20_000  # rows of one authority in one week, so that a flood fills no disk
PART = {"nothing": "nothing", "few": "few", "enough": ""}  # the column that a result adds to

logger = logging.getLogger(__name__)


def key_of(*, authority, words: str, outward: str = "", ages=None, found: int, strong: int) -> str:
    """The tally of one search, or an empty string where there is nothing that may be counted.

    ``words``: as they were typed, or what was left of them. ``outward``: of the place that was
    looked near, where it is known. ``ages``: first and last year that were understood, or None.
    ``found``: results of any kind; ``strong``: those that fit well.
    """
    kept = scrub(words)
    if not kept.words:
        return ""
    result = "nothing" if not found else "few" if strong <= FEW else "enough"
    outward = postcodes.parse_outward(outward) or kept.outward
    pairs = {
        "a": authority.pk,
        "q": kept.words,
        "o": outward,
        "b": _band(ages) if ages else "",
        "r": result,
    }
    return urlencode({name: value for name, value in pairs.items() if value})


def of(question: Question, answer: Answer, *, authority) -> str:
    """The tally of a page of results; an empty string for one that is not to be counted.

    Only words are counted, with a postcode or without: who then chooses a filter or another order
    looks for the same again. An age and a postcode are counted as such, and not among the words.
    """
    if question != Question(words=question.words, postcode=question.postcode):
        return ""
    ages, place = answer.understood.ages, answer.place
    outward = place.outward if place else ""
    words, told = question.words, {AGE: bool(ages and _band(ages)), PLACE: bool(outward)}
    for chip in answer.understood.chips:
        if told.get(chip.kind):
            words = words.replace(chip.span_text, " ")
    return key_of(
        authority=authority,
        words=words,
        outward=outward,
        ages=ages,
        found=len(answer.rows),
        strong=sum(row.close for row in answer.rows),
    )


def tell(response, tally: str, *, ahead: bool = False) -> None:
    """Put the tally of a search on its page, which counts it each time that it is shown.

    ``ahead``: whether it passes the page cache on its way, which counts it then. Otherwise it is
    counted now: a failure is logged, and the page is none the worse for it.
    """
    if not tally:
        return
    response.headers[HEADER] = tally
    if ahead:
        return
    try:
        add({tally: 1})
    except Exception:
        logger.exception("A search could not be counted")


def add(tallies: Mapping[str, int], *, on: date | None = None) -> None:
    """Count so many searches of each tally, in the week of ``on`` (today).

    What is no tally is left out. It may be called from any thread and from several processes at
    once; a thread of its own calls ``django.db.close_old_connections`` before, as Django does
    around requests. Raises DatabaseError, having counted nothing: the same may be given again.
    """
    _write(_rows(tallies, monday(on or timezone.localdate())))


def purge(*, now) -> int:
    """Delete the counts whose term is over. Returns how many."""
    return Asked.objects.past_their_term(now=now).delete()[0]


def _rows(tallies, week):
    """What to add to each row: its key, and the counts by column."""
    rows: dict[tuple, Counter] = {}
    for tally, times in tallies.items():
        if times > 0 and (read := _read(tally)):
            (authority, *rest), column = read
            counts = rows.setdefault((authority, week, *rest), Counter())
            counts["searches"] += times
            if column:
                counts[column] += times
    return rows


def _read(tally):
    """The authority, words, outward code and age band of a tally, and its column; or None."""
    if len(tally) > LONGEST_TALLY:
        return None
    try:
        pairs = {name: values[0] for name, values in parse_qs(tally, max_num_fields=5).items()}
    except ValueError:
        return None
    authority, kept = pairs.get("a", ""), scrub(pairs.get("q", ""))
    if not (authority.isascii() and authority.isdecimal() and len(authority) < 19 and kept.words):
        return None
    if pairs.get("r") not in PART:
        return None
    outward = postcodes.parse_outward(pairs.get("o")) or ""
    ages = pairs.get("b", "")
    key = (int(authority), kept.words, outward, ages if ages in _bands() else "")
    return key, PART[pairs["r"]]


COLUMNS = ["authority_id", "week", "words", "outward", "ages"]


def _write(rows):
    """Add to each row, and make it first where it is not there.

    Two writers may do the same at once: each adds by the database's own sum, and of two who make a
    row, one finds it made. All take the rows in the same order, so none waits in a circle.
    """
    if not rows:
        return
    with transaction.atomic():
        for values, counts in sorted(rows.items()):
            key = dict(zip(COLUMNS, values, strict=True))
            row = Asked.objects.filter(**key)
            sums = {column: F(column) + times for column, times in counts.items()}
            if not row.update(**sums) and _may_be_made(key):
                Asked.objects.bulk_create([Asked(**key)], ignore_conflicts=True)
                row.update(**sums)


def _may_be_made(key):
    """Whether there is such an authority, and room for more words of it."""
    if not Authority.objects.filter(pk=key["authority_id"]).exists():
        return False
    rows = Asked.objects.filter(authority=key["authority_id"], week=key["week"]).order_by()
    return not rows.values("pk")[MOST_DIFFERENT - 1 : MOST_DIFFERENT].exists()


_known_bands: dict[str, tuple[int, int]] = {}


def _bands():
    """The first and last year of each age band by its code. A release changes them, no editor."""
    if not _known_bands:
        _known_bands.update(
            {band.code: (band.minimum, band.maximum) for band in AgeBand.objects.all()}
        )
    return _known_bands


def _band(ages):
    """The code of the age band that holds all of these years, or an empty string."""
    first, last = ages
    for code, (youngest, oldest) in _bands().items():
        if youngest <= first and last <= oldest:
            return code
    return ""
