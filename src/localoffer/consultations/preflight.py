"""What to look at before a consultation opens: what is in the way, and what is only unwise.

The law of consultation asks for enough reasons to answer intelligently, enough time, and an open
mind (the Gunning principles). No law says how long: four weeks is what courts have thought short.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from localoffer.consultations import closing, diary, files, linting, variants
from localoffer.consultations.models import Consultation, ConsultationPage
from localoffer.taxonomy.models import Audience

SHORT = timedelta(days=28)
LONG_SURVEY = 15  # minutes


@dataclass(frozen=True)
class Finding:
    """One thing to put right, or to think about, and where."""

    words: str
    where: str = ""  # page, days, or the slug of a survey


def problems(record, *, by=None) -> list[Finding]:
    """What is in the way of opening it."""
    return list(_problems(record, by))


def _problems(record, by) -> Iterator[Finding]:
    page = record.page.get_latest_revision_as_object()
    surveys = list(record.instruments.all())
    yield from (Finding(words, "page") for _field, words in page.problems())
    for missing, words in [
        (not page.body, "Say on the page why you ask and what people should know first."),
        (not page.audiences.all(), "Choose on the page whom it is for."),
        (not page.decision_maker, "Say on the page who decides."),
        (not surveys and not page.ways, "Add a survey, or say on the page how people answer."),
        (not _may_publish(record.page, by), "Ask somebody who may publish pages to publish it."),
    ]:
        if missing:
            yield Finding(words, "page")
    if record.results_due is None:
        yield Finding("Promise a day for the results.", "days")
    elif record.results_due < record.closes_on:
        yield Finding("Results cannot be promised for a day before it closes.", "days")
    for survey in surveys:
        for words in of_survey(survey):
            yield Finding(f"{survey.title}: {words}", survey.slug)


def _may_publish(page, by):
    """Whether there is nothing to publish, or this officer may. ``by`` is None for code of ours."""
    if by is None or by.is_superuser or (page.live and not page.has_unpublished_changes):
        return True
    return page.permissions_for_user(by).can_publish()


def of_survey(survey) -> list[str]:
    """What is in the way of asking the questions of a survey."""
    document = survey.document
    found = []
    for problem in linting.problems(document, audience=survey.audience_code):
        question = document.question(problem.code)
        found.append(f"“{question.text}”: {problem.words}" if question else problem.words)
    if survey.consultation.threshold < 10 and any(each.sensitive for each in document):
        found.append("A question is sensitive, so the smallest number shown must be 10.")
    if files.missing(survey):
        found.append("A picture or a film of one of its versions is gone. Choose another.")
    return found


def changes_meaning(survey) -> bool:
    """Whether a question that was asked before would mean something else under the same code."""
    before = survey.current.document if survey.current else ()
    for old in before:
        new = survey.document.question(old.code)
        if new is None:
            continue
        if new.kind != old.kind or not old.option_codes <= new.option_codes:
            return True
        if old.construct and new.construct != old.construct:
            return True
    return False


def warnings(record) -> list[Finding]:
    """What is allowed and may be unwise."""
    return list(_warnings(record))


def _warnings(record) -> Iterator[Finding]:
    page = record.page.get_latest_revision_as_object()
    length = record.closes_on - record.opens_on + timedelta(days=1)
    if length < SHORT:
        yield Finding(
            f"It is open for {length.days} days. Fewer than 28 is short for busy families.", "days"
        )
    near = Consultation.objects.shown_by(record.authority).select_related("page__latest_revision")
    near = near.filter(
        opens_on__gt=record.opens_on - diary.APART, opens_on__lt=record.opens_on + diary.APART
    )
    yield from (Finding(words, "days") for words in of_days(record, near, audience_names()))
    if record.closes_on.weekday() >= 5:
        yield Finding("It closes at a weekend, when nobody can be asked for help.", "days")
    if not page.can_change or not page.cannot_change:
        yield Finding("Say on the page what can change and what cannot.", "page")
    if not page.ways:
        yield Finding("Name other ways to answer than this site, such as by phone.", "page")
    if page.kind == ConsultationPage.Kind.PROPOSAL and not page.documents:
        yield Finding("A proposal mostly has a document that people can read.", "page")
    for survey in record.instruments.all():
        for words in variants.cannot_say(survey.document):
            yield Finding(f"{survey.title}: {words}", survey.slug)
        if survey.minutes > LONG_SURVEY:
            yield Finding(
                f"{survey.title} takes {survey.minutes} minutes: many people will stop.",
                survey.slug,
            )


def audience_names() -> dict[str, str]:
    """What those who may be asked are called, by their codes."""
    return dict(Audience.objects.values_list("code", "name"))


def of_days(record, others, names) -> Iterator[str]:
    """What may be unwise in how its days fall, by themselves and beside ``others``.

    ``names``: of audiences (``audience_names``).
    """
    if over := diary.holiday(record.opens_on, record.closes_on):
        yield f"It is open over {over}, when many people are away."
    for other, both in diary.asked_too_often(record, others):
        people = ", ".join(sorted(names.get(code, code) for code in both))
        yield (
            f"“{other}” opens on {closing.shown(other.opens_on)}: less than 14 days apart, and "
            f"it asks some of the same people ({people})."
        )
