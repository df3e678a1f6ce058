"""People read what others wrote, say what they did, and get in touch with whoever asked for it."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from localoffer.consultations.answers import other_words
from localoffer.consultations.models import (
    HelpRequest,
    ReadOutcome,
    Response,
    WorryingWords,
)
from localoffer.consultations.models.safety import OUTCOMES_KEPT, words_of
from localoffer.consultations.questions import WORDS


class ReadAlreadyError(ValueError):
    """Somebody else has read it, or it was taken back."""


def written(document, answers) -> list[tuple]:
    """What somebody wrote in their own words, beside "other" too: each question and its text."""
    return [
        (question, text)
        for question in document
        if (value := answers.get(question.code))
        and (text := value if question.kind in WORDS else other_words(value))
    ]


def _texts(version, answers):
    return [text for _question, text in written(version.document, answers)]


def marks(version, answers) -> dict:
    """Whether a person must read these answers, and how soon: fields of a response."""
    texts = _texts(version, answers)
    if not texts:
        return {"unread": False, "alarm": 0}
    words = words_of(version.instrument.authority_id)
    return {"unread": True, "alarm": words.level(texts)}


@transaction.atomic
def note_read(response, *, outcome, now, note="", by=None) -> ReadOutcome:
    """Note that a person has read it and what they did.

    One conditional update: of two who note it at once, one raises ReadAlreadyError.
    """
    if not Response.objects.filter(pk=response.pk, unread=True).update(unread=False):
        raise ReadAlreadyError("Somebody else has read it, or it was taken back.")
    return ReadOutcome.objects.create(
        authority_id=response.authority_id,
        consultation_id=response.version.instrument.consultation_id,
        response=response.pk,
        alarm=response.alarm,
        outcome=outcome,
        note=note.strip(),
        sent_on=response.submitted_on,
        read_on=timezone.localdate(now),
        read_by=by,
    )


@transaction.atomic
def order_again(words: WorryingWords) -> int:
    """Put what waits to be read in the order of lists that were changed. Returns how many moved."""
    words_now = words_of(words.authority_id)
    waiting = Response.objects.unread().filter(authority=words.authority_id)
    moved = 0
    for response in waiting.select_related("version").iterator(chunk_size=500):
        alarm = words_now.level(_texts(response.version, response.answers))
        if alarm != response.alarm:
            moved += Response.objects.filter(pk=response.pk, unread=True).update(alarm=alarm)
    return moved


@transaction.atomic
def ask_for_help(*, authority, token, now, **told) -> HelpRequest:
    """Take a request. The same form sent twice is one request."""
    request, _new = HelpRequest.objects.get_or_create(
        pk=token,
        defaults={"authority": authority, "received_on": timezone.localdate(now), **told},
    )
    return request


@transaction.atomic
def handle(request, *, done, now, by=None) -> None:
    """Note what was done for somebody who asked. Raises ReadAlreadyError where it was noted."""
    waiting = HelpRequest.objects.filter(pk=request.pk, handled_on=None)
    changed = {"handled_on": timezone.localdate(now), "handled_by": by, "done": done.strip()}
    if not waiting.update(**changed):
        raise ReadAlreadyError("Somebody else has dealt with it.")
    log(request, "consultations.handle_help", user=by)


def purge(*, now) -> dict[str, int]:
    """Delete contacts and outcomes whose term is over. How many of each."""
    day = timezone.localdate(now)
    return {
        "contacts": HelpRequest.objects.past_their_term(now=now).delete()[0],
        "outcomes": ReadOutcome.objects.filter(read_on__lt=day - OUTCOMES_KEPT).delete()[0],
    }
