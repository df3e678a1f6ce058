"""What happens to the questions of a survey while an officer writes them."""

from django.db import transaction
from wagtail.log_actions import log

from localoffer.consultations import questions
from localoffer.consultations.models import Instrument


class ChangedMeanwhileError(ValueError):
    """Somebody else has changed these questions since the page was made."""


@transaction.atomic
def write(survey, document: questions.Document, *, number: int, by=None) -> Instrument:
    """Put these questions in place of the draft.

    ``number``: of the draft from which they were made. One conditional update: of two officers who
    write at once, one raises ChangedMeanwhileError and nothing of theirs is lost or mixed.
    """
    same = Instrument.objects.filter(pk=survey.pk, draft_number=number)
    if not same.update(draft=document.as_json(), draft_number=number + 1):
        raise ChangedMeanwhileError("Somebody else has changed these questions meanwhile.")
    survey.refresh_from_db()
    log(survey, "consultations.write_questions", user=by)
    return survey
