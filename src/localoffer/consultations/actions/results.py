"""Results are made from what was answered, and published by a person."""

from django.db import transaction
from wagtail.log_actions import log

from localoffer.authority import changes
from localoffer.consultations import doors, results
from localoffer.consultations.actions.planning import RefusedError
from localoffer.consultations.models import Consultation, Response, Result


@transaction.atomic
def make(record, *, now, by=None) -> Result:
    """Count the answers and store tables that are safe to publish, for an officer to read first.

    Tables made before and not published are put away. Raises RefusedError before counting began.
    """
    record = Consultation.objects.select_for_update().get(pk=record.pk)
    if record.analysis_at is None:
        raise RefusedError("Begin counting first: answers may still come in or be taken back.")
    tables = results.tables_of(_answers(record), threshold=record.threshold)
    record.results.filter(published_at=None).delete()
    last = record.results.order_by("-number").first()
    made = Result.objects.create(
        consultation=record,
        number=last.number + 1 if last else 1,
        made_at=now,
        threshold=record.threshold,
        tables=tables,
        digest=results.digest(tables),
    )
    log(record.page, "consultations.make_results", user=by, data={"number": made.number})
    return made


@transaction.atomic
def publish(result, *, now, by=None, note="", reason="") -> Result:
    """Publish tables as they were made. Those after the first say why they were made again.

    ``note``: what readers should know before the numbers.

    Raises RefusedError.
    """
    record = Consultation.objects.select_for_update().get(pk=result.consultation_id)
    if result.number > 1 and not reason.strip():
        raise RefusedError("Say why the results were made again, in words for the public.")
    waiting = Result.objects.filter(pk=result.pk, published_at=None)
    if not waiting.update(published_at=now, note=note.strip(), reason=reason.strip()):
        raise RefusedError("These results are published already, or were made again.")
    if record.published_at is None:
        record.published_at = now
        record.save(update_fields=["published_at"])
    log(record.page, "consultations.publish_results", user=by, data={"number": result.number})
    changes.announce(record.page.public_kind, record.page_keys())
    result.refresh_from_db()
    return result


def _answers(record):
    """Each survey with the questions of its newest version and all that was answered to any.

    A question keeps its code from version to version, and so its meaning (``preflight``).
    """
    found = []
    through = record.doors()
    for survey in record.instruments.prefetch_related("versions"):
        if not survey.current:
            continue
        asked_in = {
            (version.pk, variant.code): variant
            for version in survey.versions.all()
            for variant in version.document.variants
        }
        counted = Response.objects.counted().filter(version__instrument=survey)
        rows = counted.values_list("version_id", "variant", "answers", "door")
        answered = [
            (asked_in.get((version, code)), doors.with_its(answers, door))
            for version, code, answers, door in rows.iterator(chunk_size=2_000)
        ]
        found.append((survey, doors.with_door(survey.current.document, through), answered))
    return found
