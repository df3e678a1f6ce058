"""Staff key answers that came another way: each sheet counts once, a sample is keyed twice."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from localoffer.consultations import codes, paths, sampling
from localoffer.consultations.actions import answering
from localoffer.consultations.actions.planning import RefusedError
from localoffer.consultations.models import Batch, Consultation, Entry, InstrumentVersion


@transaction.atomic
def begin_batch(survey, *, channel, reference, share, version=None, by=None) -> Batch:
    """A new batch of a survey. ``version``: the number on the sheets; None for what is asked now.

    Raises ValidationError and RefusedError.
    """
    record = _held(survey.consultation_id)
    _uncounted(record)
    if not record.confirmed_at or not survey.current:
        raise RefusedError("It has not been opened: there is nothing to answer yet.")
    found = survey.current
    if version is not None:
        found = InstrumentVersion.objects.filter(instrument=survey, number=version).first()
        if found is None:
            raise ValidationError({"number": f"There is no version {version} of this survey."})
    if Batch.objects.filter(consultation=record, reference=reference).exists():
        raise ValidationError({"reference": "Another batch has this reference."})
    batch = Batch.objects.create(
        authority_id=record.authority_id,
        consultation=record,
        version=found,
        channel=channel,
        reference=reference,
        share=share,
        start=secrets.randbelow(100),
    )
    log(record.page, "consultations.begin_batch", user=by, data={"reference": reference})
    return batch


@transaction.atomic
def key(batch, *, entry, number, received_on, answers, now, by=None, left_out=False) -> Entry:
    """Key one sheet, once: the same ``entry`` again gives the one that there is.

    ``entry``: a key made with the page. ``left_out``: that the person left out what must be
    answered, and cannot be asked. The sheet is counted at once, unless somebody else is to key it
    too. Raises RefusedError, ValidationError and NotCompleteError.
    """
    record = _held(batch.consultation_id)
    if done := Entry.objects.filter(pk=entry).first():
        if done.batch_id != batch.pk:
            raise RefusedError("This page was used for another batch. Begin again.")
        return done
    _uncounted(record)
    _came_in_time(record, received_on, now=now)
    if batch.entries.filter(number=number).exists():
        raise ValidationError({"number": f"Sheet {number} is keyed already."})
    _complete(batch.version, answers, left_out=left_out)
    place = batch.entries.count()
    made = Entry.objects.create(
        pk=entry,
        batch=batch,
        number=number,
        received_on=received_on,
        answers=answers,
        chosen=sampling.is_chosen(place, share=batch.share, start=batch.start),
        keyed_by=by,
    )
    if not made.chosen:
        _count(made, answers)
    return made


@transaction.atomic
def key_again(entry, *, answers, by, left_out=False) -> Entry:
    """What a second person reads on the sheet. Where both read the same, it is counted.

    Raises RefusedError for the person who keyed it first, and where it was keyed again meanwhile.
    """
    entry = _fresh(entry)
    if entry.second_by_id == by.pk:
        return entry
    if entry.keyed_by_id == by.pk:
        raise RefusedError("You keyed this sheet first. Somebody else must key it now.")
    if entry.counted or entry.second is not None:
        raise RefusedError("Somebody else has keyed this sheet meanwhile.")
    _complete(entry.batch.version, answers, left_out=left_out)
    entry.second, entry.second_by = answers, by
    entry.differences = len(differences(entry))
    entry.save(update_fields=["second", "second_by", "differences"])
    if not entry.differences:
        _count(entry, answers)
    return entry


@transaction.atomic
def settle(entry, *, answers, by) -> Entry:
    """Say what the sheet says where two people read it differently. It is then counted.

    ``answers``: of those questions alone. Raises RefusedError.
    """
    entry = _fresh(entry)
    if entry.counted:
        return entry
    if entry.second is None:
        raise RefusedError("A second person has not keyed this sheet yet.")
    settled = entry.answers | {code: answers.get(code) for code in differences(entry)}
    _complete(entry.batch.version, settled, left_out=True)
    entry.settled_by = by
    entry.save(update_fields=["settled_by"])
    _count(entry, settled)
    return entry


@transaction.atomic
def take_out(entry, *, reason, by=None) -> None:
    """Take a sheet out that was keyed wrongly, so that it can be keyed anew. Only until counting.

    Raises RefusedError.
    """
    if not (reason := reason.strip()):
        raise RefusedError("Say why.")
    entry = _fresh(entry)
    if entry.counted:
        answering.forget(codes.digest(receipt_of(entry)))
    told = {"batch": entry.batch.reference, "sheet": entry.number, "reason": reason}
    log(entry.batch.consultation.page, "consultations.take_out", user=by, data=told)
    entry.delete()


def differences(entry) -> list[str]:
    """The codes of the questions that two people read differently."""
    return [
        question.code
        for question in entry.batch.version.document
        if _value(entry.answers, question.code) != _value(entry.second or {}, question.code)
    ]


def receipt_of(entry) -> str:
    """The code with which whoever gave these answers can take them back."""
    return codes.receipt_of(entry.pk)


def _value(answers, code):
    return answers.get(code) or None


def _count(entry, answers):
    """The answers become a response; nothing of them stays here."""
    version = entry.batch.version
    answering.receive(
        version,
        paths.sent(version.document, answers, audience=version.instrument.audience_code),
        channel=entry.batch.channel,
        received_on=entry.received_on,
        receipt=receipt_of(entry),
    )
    entry.answers, entry.second, entry.counted = {}, None, True
    entry.save(update_fields=["answers", "second", "counted"])


def _complete(version, answers, *, left_out):
    """Raise NotCompleteError where nothing is answered, or what must be is not."""
    audience = version.instrument.audience_code
    if not paths.sent(version.document, answers, audience=audience):
        raise answering.NotCompleteError("Nothing is answered, so there is nothing to count.")
    for question in paths.path(version.document, answers, audience=audience):
        if question.required and not _value(answers, question.code) and not left_out:
            raise answering.NotCompleteError(f"“{question.text}” must be answered.")


def _held(consultation_id):
    """The consultation, held so that counting cannot begin and nobody keys meanwhile."""
    records = Consultation.objects.select_for_update(of=("self",)).select_related("page")
    return records.get(pk=consultation_id)


def _uncounted(record):
    if record.analysis_at:
        raise RefusedError("Counting has begun: no answer can come in.")


def _fresh(entry):
    """The entry as it is now, while its consultation is held."""
    _uncounted(_held(entry.batch.consultation_id))
    whole = Entry.objects.select_related("batch__version__instrument", "batch__consultation__page")
    found = whole.filter(pk=entry.pk).first()
    if found is None:
        raise RefusedError("This sheet was taken out.")
    return found


def _came_in_time(record, received_on, *, now):
    if received_on > timezone.localdate(now):
        raise ValidationError({"received_on": "That day has not come yet."})
    if received_on < record.opens_on:
        raise ValidationError({"received_on": "That is before it opened."})
    if received_on > record.closes_on:
        raise ValidationError(
            {"received_on": f"It closed at {record.closing_words}. What came later is not counted."}
        )
