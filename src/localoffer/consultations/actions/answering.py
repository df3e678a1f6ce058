"""What happens to one person's answers: begun, kept, put aside, sent, taken back, forgotten."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from localoffer.authority import erasures
from localoffer.consultations import codes, paths, variants
from localoffer.consultations.actions import safety
from localoffer.consultations.answers import chosen
from localoffer.consultations.models import Consultation, Draft, Entry, Response
from localoffer.consultations.models.answering import (
    ANSWERS_KEPT,
    WORDS_KEPT_AFTER_RESULTS,
    WORDS_KEPT_AT_MOST,
    Channel,
)
from localoffer.consultations.questions import WORDS

TAKEN_BACK = "response"


class ClosedError(ValueError):
    """It has not opened, or it is closed for this person."""


class ChangedElsewhereError(ValueError):
    """This answer was changed in another window since the page was made."""

    def __init__(self, answer):
        super().__init__("changed in another window")
        self.answer = answer


class NotCompleteError(ValueError):
    """A question that must be answered is not."""


class CountedError(ValueError):
    """The answers are being counted: none can be taken back."""


@transaction.atomic
def begin(survey, *, now, variant="") -> Draft:
    """Begin a draft of the version that is asked now. Raises ClosedError unless it is open.

    ``variant``: the code of the way in which it is asked; one that is not there is the standard.
    """
    if not survey.current or not survey.consultation.is_open(now=now):
        raise ClosedError("It is not open.")
    return Draft.objects.create(
        version=survey.current,
        variant=_on_screen(survey.current.document, variant),
        started_at=now,
        saved_at=now,
    )


@transaction.atomic
def switch(draft, *, variant, now) -> Draft:
    """Go on in another version. Answers that do not mean exactly the same there are asked again.

    Raises ClosedError.
    """
    draft = _held(draft)
    if not draft.may_go_on(now=now):
        raise ClosedError("It is closed.")
    document = draft.version.document
    code = _on_screen(document, variant)
    if code != draft.variant:
        draft.answers = variants.moved(
            document, draft.asked_in, document.variant(code), draft.answers
        )
        draft.variant, draft.saved_at = code, now
        draft.revision += 1
        draft.save(update_fields=["answers", "variant", "revision", "saved_at"])
    return draft


def _on_screen(document, code):
    return code if code in {each.code for each in variants.on_screen(document)} else ""


@transaction.atomic
def keep(draft, *, code, answer, revision, now):
    """Keep the answer to one question; None for a page that was left empty.

    ``revision``: of the draft from which the page was made. Raises ClosedError, and
    ChangedElsewhereError where the same question has been answered differently since.
    """
    draft = _held(draft)
    if not draft.may_go_on(now=now):
        raise ClosedError("It is closed.")
    stored = draft.answers.get(code)
    changed = revision != draft.revision and code in draft.answers and stored != answer
    if changed and stored not in (None, "", [], {}):
        raise ChangedElsewhereError(stored)
    if code not in draft.answers or stored != answer:
        draft.answers[code] = answer
        draft.revision += 1
    draft.saved_at = now
    draft.save(update_fields=["answers", "revision", "saved_at"])
    return draft


@transaction.atomic
def put_aside(draft, *, now) -> str:
    """Give a new code to come back with. A code given before no longer works.

    Raises ClosedError after the close: what is put aside then could never be sent.
    """
    draft = _held(draft)
    if not draft.consultation.is_open(now=now):
        raise ClosedError("It is closed.")
    code = codes.new()
    draft.code_digest, draft.put_aside_at, draft.saved_at = codes.digest(code), now, now
    draft.save(update_fields=["code_digest", "put_aside_at", "saved_at"])
    return code


@transaction.atomic
def take_up(code, *, authority, now):
    """The draft that somebody comes back to with a code, or None.

    After the close it is given to be read, and not taken up: it stays put aside.
    """
    draft = _whole(Draft.objects.at(authority)).filter(code_digest=codes.digest(code)).first()
    if draft and draft.consultation.is_open(now=now):
        draft.put_aside_at, draft.saved_at = None, now
        draft.save(update_fields=["put_aside_at", "saved_at"])
    return draft


@transaction.atomic
def send(draft_id, *, authority, now) -> str:
    """Send a draft, once, and return its receipt. Sending it again returns the same receipt.

    ``authority``: on whose site it is sent.
    The draft goes and the response comes in one transaction, and nothing joins the two. Raises
    ClosedError, NotCompleteError, and Draft.DoesNotExist for one that was neither begun nor sent.
    """
    receipt = codes.receipt_of(draft_id)
    drafts = Draft.objects.at(authority)
    draft = _whole(drafts).select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None:
        if Response.objects.filter(receipt_digest=codes.digest(receipt)).exists():
            return receipt
        raise Draft.DoesNotExist
    if not draft.may_go_on(now=now):
        raise ClosedError("It is closed.")
    document, audience = draft.version.document, draft.version.instrument.audience_code
    if paths.first_unmet(draft.path(), draft.answers):
        raise NotCompleteError("A question is left.")
    answers = paths.sent(document, draft.answers, audience=audience, variant=draft.asked_in)
    if not answers:
        raise NotCompleteError("Nothing is answered.")
    receive(
        draft.version,
        answers,
        door=authority,
        variant=draft.variant,
        channel=Channel.WEB,
        received_on=timezone.localdate(now),
        late=draft.is_late(now=now),
        receipt=receipt,
    )
    draft.delete()
    return receipt


def receive(
    version, answers, *, channel, received_on, receipt, door=None, variant="", late=False
) -> Response:
    """Take answers in, whichever way they came. ``receipt``: the code that their writer may have.

    ``door``: the authority on whose site they came; without one they came to the one that asks.
    Raises IntegrityError for a receipt that there is already.
    """
    return Response.objects.create(
        authority_id=version.instrument.authority_id,
        door_id=door.pk if door else version.instrument.authority_id,
        version=version,
        variant=variant,
        channel=channel,
        answers=answers,
        submitted_on=received_on,
        late=late,
        receipt_digest=codes.digest(receipt),
        **safety.marks(version, answers),
    )


@transaction.atomic
def withdraw(response, *, now) -> None:
    """Take a person's answers back: nothing of them is kept but that it was done.

    Raises CountedError once counting has begun.
    """
    consultation = response.version.instrument.consultation
    consultation = type(consultation).objects.select_for_update().get(pk=consultation.pk)
    if consultation.analysis_at:
        raise CountedError("Counting has begun.")
    erasures.note(TAKEN_BACK, response.pk)
    Response.objects.filter(pk=response.pk).update(answers={}, withdrawn=True, unread=False)


def withdraw_again() -> int:
    """Take back again the answers that a backup from before has brought back; return how many."""
    answered = Response.objects.filter(withdrawn=False)
    back = list(erasures.noted(TAKEN_BACK, answered.values_list("pk", flat=True)))
    return Response.objects.filter(pk__in=back).update(answers={}, withdrawn=True, unread=False)


def forget(receipt_digest) -> None:
    """Delete a response that staff keyed wrongly, by the hash of its receipt."""
    Response.objects.filter(receipt_digest=receipt_digest).delete()


def purge(*, now) -> dict[str, int]:
    """Delete what its term is over of: drafts, people's own words, whole answers, who keyed which
    sheet. How many of each.

    The tables that were published stay.
    """
    drafts = Draft.objects.past_their_term(now=now)
    gone = {"drafts": drafts.delete()[0], "words": 0, "answers": 0, "entries": 0}
    of = "version__instrument__consultation__"
    told = Q(published_at__lt=now - WORDS_KEPT_AFTER_RESULTS)
    finished = Consultation.objects.filter(told | Q(closes_at__lt=now - WORDS_KEPT_AT_MOST))
    gone["entries"] = Entry.objects.filter(batch__consultation__in=finished).delete()[0]
    with_words = Response.objects.filter(
        version__instrument__consultation__in=finished, words_deleted=False
    )
    for response in with_words.select_related("version").iterator(chunk_size=500):
        words = {each.code for each in response.version.document if each.kind in WORDS}
        response.answers = {
            code: chosen(answer) for code, answer in response.answers.items() if code not in words
        }
        response.words_deleted, response.unread = True, False
        response.save(update_fields=["answers", "words_deleted", "unread"])
        gone["words"] += 1
    over = Response.objects.filter(**{f"{of}closes_at__lt": now - ANSWERS_KEPT})
    gone["answers"] = over.delete()[0]
    return gone


def _held(draft):
    """The draft as it is now, held until the end of the transaction."""
    return _whole(Draft.objects.select_for_update(of=("self",))).get(pk=draft.pk)


def _whole(drafts):
    """With the survey and the consultation that each belongs to, in the same query."""
    return drafts.select_related("version__instrument__consultation__page")
