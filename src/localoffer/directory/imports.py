"""Writes the services of a feed: adds, changes and marks as missing. Never deletes a service.

The source owns what it says: name, words, ages, places, hours, prices, contacts. People here own
the rest (needs and kinds once there are any, duties, topics, level, routes beyond asking yourself,
who decides, how to complain, the team, the picture, the day of the last check): an import fills
those in at most once.

Services are written some fifty at a time, each group with all its rows in one transaction, so a
run that is killed has written whole services only, and the next run completes it.
"""

import time
import uuid
from collections import Counter
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from localoffer.authority.changes import announce
from localoffer.directory.importing import terms
from localoffer.directory.importing.columns import NAMESPACE
from localoffer.directory.importing.report import Refusal, Report
from localoffer.directory.importing.writer import KIND, Waiting, Writer, known_rows, source_of
from localoffer.directory.models import Service
from localoffer.directory.sources.feeds import Feed
from localoffer.directory.sources.records import fingerprint

AT_ONCE = 50
PAUSE = 0.05  # seconds between transactions on SQLite, in which the site can write


def import_services(
    *,
    authority,
    feed: Feed,
    by=None,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    pause: float | None = None,
) -> Report:
    """Bring an authority's services of one feed up to date with it.

    ``by`` is the user to name in each service's history, if a person asked. ``progress`` is
    called with a number of records each time so many are done. ``pause``: seconds between
    transactions, by default what the database needs. A dry run writes nothing.
    """
    report = Report(feed.key, feed.form, feed.complete, dry_run, mended=Counter(feed.notes))
    known = known_rows(Service, authority, source_of(feed.key))
    if pause is None:
        pause = PAUSE if connection.vendor == "sqlite" else 0
    writer = Writer(authority=authority, feed=feed, by=by, report=report)
    seen, waiting = set(), []
    for read in feed.services():
        seen.add(read.source_id)
        if read.service is None:
            report.refused.append(Refusal(read.where, read.source_id, read.refusal))
            progress(1)
            continue
        report.mended.update(read.service.mended)
        digest = _digest(read.service)
        before = known.get(read.source_id)
        if before and (before.digest, before.missing_since) == (digest, None):
            report.unchanged += 1
            progress(1)
            continue
        waiting.append(Waiting(read.where, read.service, digest, before.pk if before else None))
        if len(waiting) == AT_ONCE:
            writer.write(waiting)
            progress(len(waiting))
            waiting = []
            time.sleep(0 if dry_run else pause)
    writer.write(waiting)
    progress(len(waiting))
    # A record without an id may be any of ours: then nothing can be called missing.
    report.complete = feed.complete and "" not in seen
    if report.complete:
        gone = [row.pk for key, row in known.items() if key not in seen and not row.missing_since]
        report.missing = len(gone)
        _mark_missing(gone, dry_run)
    return report


def _digest(record):
    return uuid.uuid5(NAMESPACE, terms.version() + fingerprint(record)).hex


def _mark_missing(pks, dry_run):
    if dry_run:
        return
    for start in range(0, len(pks), AT_ONCE):
        some = pks[start : start + AT_ONCE]
        with transaction.atomic():
            Service.objects.filter(pk__in=some).update(missing_since=timezone.localdate())
            announce(KIND, some)
