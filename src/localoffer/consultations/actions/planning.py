"""What happens to a consultation as a whole: it is added, set going, moved, counted, decided."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from localoffer.authority import changes
from localoffer.consultations import closing, preflight, reviewing
from localoffer.consultations.models import (
    ChangeOfClosing,
    Consultation,
    ConsultationIndexPage,
    ConsultationPage,
    Entry,
    Instrument,
    InstrumentVersion,
)


class RefusedError(ValueError):
    """It cannot be done as things stand. The words are for the officer."""


@transaction.atomic
def add(*, authority, title, summary, by=None, page=None, **days):
    """Add a consultation: its page as a draft below Have your say, and its days.

    ``page``: an unsaved page with more words on it. Returns the consultation. Raises
    RefusedError, ValidationError, and what ``closing`` raises of the days.
    """
    index = ConsultationIndexPage.objects.of_authority(authority).first()
    if index is None:
        raise RefusedError(
            "This site has no page called Have your say. Add it below the home page."
        )
    page = page or ConsultationPage()
    page.title, page.summary, page.live = title, summary, False
    page.owner = page.owner or by
    index.add_child(instance=page)
    record = give_days(page, authority=authority, **days)
    page.save_revision(user=by)
    log(page, "consultations.add", user=by)
    return record


@transaction.atomic
def start_review(*, authority, by=None, **days):
    """Add a review of the Local Offer, as a draft, with the five questions that the law asks.

    Returns the consultation. Raises what ``add`` does.
    """
    record = add(
        authority=authority,
        title=reviewing.TITLE,
        summary=reviewing.SUMMARY,
        page=ConsultationPage(kind=ConsultationPage.Kind.REVIEW),
        by=by,
        **days,
    )
    Instrument.objects.create(
        authority=authority,
        consultation=record,
        title="For everybody",
        slug="everybody",
        draft=reviewing.questions().as_json(),
    )
    return record


@transaction.atomic
def give_days(page, *, authority, **days):
    """Give a page that has none its days. Raises ValidationError."""
    record = Consultation(authority=authority, page=page, **days)
    _set_days(record)
    record.save()
    return record


@transaction.atomic
def change_days(record, *, by=None, **days):
    """Change the days of one that is not set going. Raises RefusedError and what ``add`` does."""
    record = Consultation.objects.select_for_update().get(pk=record.pk)
    if record.confirmed_at:
        raise RefusedError("It is set going: move its last day instead, and say why.")
    for name, value in days.items():
        setattr(record, name, value)
    _set_days(record)
    record.save()
    return record


@transaction.atomic
def set_going(record, *, now, by=None):
    """Freeze the questions, publish the page, and let the clock open it.

    From here on its state follows from its days. Raises RefusedError with all that is in the way.
    """
    record = Consultation.objects.select_for_update().get(pk=record.pk)
    if record.confirmed_at:
        raise RefusedError("It is set going already.")
    if wrong := preflight.problems(record, by=by):
        raise RefusedError(" ".join(each.words for each in wrong))
    for survey in record.instruments.all():
        publish_questions(survey, now=now, by=by)
    page = record.page
    if not page.live or page.has_unpublished_changes:
        (page.get_latest_revision() or page.save_revision(user=by)).publish(user=by)
    record.confirmed_at = now
    record.save(update_fields=["confirmed_at"])
    log(page, "consultations.set_going", user=by)
    _announce(record)
    return record


@transaction.atomic
def publish_questions(survey, *, now, by=None):
    """Freeze the questions of a survey as a new version, unless they are the last one's.

    Whoever has begun on the version before goes on with that one. Returns the version that is
    asked now. Raises RefusedError where the questions cannot be asked.
    """
    survey = type(survey).objects.select_for_update().get(pk=survey.pk)
    if wrong := preflight.of_survey(survey):
        raise RefusedError(" ".join(wrong))
    if not survey.has_changes:
        return survey.current
    if preflight.changes_meaning(survey):
        raise RefusedError(
            "An option or the kind of a question that people have answered is changed. Add a new "
            "question instead: answers to the old one must keep their meaning."
        )
    version = InstrumentVersion(
        instrument=survey,
        number=survey.current.number + 1 if survey.current else 1,
        content=survey.draft,
        published_at=now,
    )
    version.save()
    log(survey, "consultations.publish_questions", user=by, data={"version": version.number})
    return version


@transaction.atomic
def move_closing(record, *, closes_on, reason, now, by=None, may_shorten=False, **time):
    """Move the last day of one that is set going, with a reason that readers see.

    Raises RefusedError for a shorter time, unless ``may_shorten``; for one that is counted; for a
    day that has passed; and for results promised before the close.
    """
    record = Consultation.objects.select_for_update().get(pk=record.pk)
    if not record.confirmed_at or record.analysis_at:
        raise RefusedError("Only one that is set going and not yet counted can be moved.")
    if not (reason := reason.strip()):
        raise RefusedError("Say why, in words for the public.")
    old_day, old_time, old = record.closes_on, record.closes_time, record.closes_at
    record.closes_on = closes_on
    record.closes_time = time.get("closes_time")
    record.closes_second = time.get("closes_second")
    _set_days(record)
    if record.closes_at == old:
        raise RefusedError("That is when it closes now.")
    if record.closes_at <= now:
        raise RefusedError("That has passed. It would shut while people are writing.")
    if record.closes_at < old and not may_shorten:
        raise RefusedError(
            "People were told that they have longer. Only an administrator can close it earlier."
        )
    if record.results_due < record.closes_on:
        raise RefusedError("Results are promised for a day before that. Promise a later day first.")
    record.save()
    ChangeOfClosing.objects.create(
        consultation=record,
        old_day=old_day,
        old_time=old_time,
        new_day=closes_on,
        new_time=record.closes_time,
        reason=reason,
        made_on=timezone.localdate(now),
    )
    log(record.page, "consultations.move_closing", user=by, data={"reason": reason})
    _announce(record)
    return record


@transaction.atomic
def promise_results(record, *, by_day, by=None):
    """Promise the results for another day. Raises RefusedError for one before the close."""
    record = Consultation.objects.select_for_update().get(pk=record.pk)
    if by_day < record.closes_on:
        raise RefusedError("Results cannot be promised for a day before it closes.")
    log(
        record.page,
        "consultations.promise_results",
        user=by,
        data={"from": str(record.results_due), "to": str(by_day)},
    )
    record.results_due = by_day
    record.save(update_fields=["results_due"])
    return record


@transaction.atomic
def begin_counting(record, *, now, by=None):
    """From here on no answer comes in and none is taken back: the numbers stand still.

    Raises RefusedError while somebody may still send theirs, and while sheets wait that two people
    are to key.
    """
    record = Consultation.objects.select_for_update().get(pk=record.pk)
    if not record.confirmed_at or now < record.grace_ends:
        raise RefusedError("People may still be sending answers. Wait for an hour after it closes.")
    if record.analysis_at is None:
        if waiting := Entry.objects.of(record).waiting().count():
            raise RefusedError(
                f"{waiting} keyed answers wait for a second person. Finish them first: they would "
                "not be counted."
            )
        record.analysis_at = now
        record.save(update_fields=["analysis_at"])
        log(record.page, "consultations.begin_counting", user=by)
    return record


@transaction.atomic
def decide(record, *, on, words, by=None):
    """Record what was decided, once the results are published. Raises RefusedError."""
    record = Consultation.objects.select_for_update().get(pk=record.pk)
    if not record.published_at:
        raise RefusedError("Publish the results first: people must see what was said.")
    if not (words := words.strip()):
        raise RefusedError("Say what was decided, and why.")
    record.decided_on, record.decision = on, words
    record.save(update_fields=["decided_on", "decision"])
    log(record.page, "consultations.decide", user=by)
    _announce(record)
    return record


def keep_instants_true(*, now):
    """Work out again the instants that lie ahead: the rules of the clocks may have changed.

    Returns how many moved.
    """
    moved = 0
    for record in Consultation.objects.filter(closes_at__gt=now):
        before = record.opens_at, record.closes_at
        record.set_days()
        if (record.opens_at, record.closes_at) != before:
            record.save(update_fields=["opens_at", "closes_at"])
            moved += 1
    return moved


def _set_days(record):
    try:
        record.set_days()
    except closing.NoSuchTimeError as error:
        raise ValidationError({"closes_time": str(error)}) from error
    except closing.TwiceError as error:
        raise ValidationError({"closes_second": str(error)}) from error
    except closing.MidnightError as error:
        raise ValidationError({"closes_time": str(error)}) from error
    if record.closes_at <= record.opens_at:
        raise ValidationError({"closes_on": "It must close after it opens."})


def _announce(record):
    changes.announce(record.page.public_kind, record.page_keys())
