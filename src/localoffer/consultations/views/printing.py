"""A survey as a form to print: the questions and codes of the version that is asked now."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from localoffer.consultations import rules
from localoffer.consultations.questions import Kind
from localoffer.consultations.views.addresses import at, survey_at

LINES = {Kind.LONG: 8, Kind.TEXT: 1, Kind.NUMBER: 1, Kind.DATE: 1, Kind.POSTCODE: 1}


@require_safe
def paper(request, slug, survey):
    """The form. ``?large``: for people who read large print."""
    survey = survey_at(request, slug, survey)
    document = survey.current.document
    numbers = {question.code: number for number, question in enumerate(document, start=1)}
    context = {
        "title": survey.consultation.page.title,
        "survey": survey,
        "consultation": survey.consultation,
        "page": survey.consultation.page,
        "version": survey.current,
        "large": "large" in request.GET,
        "start_url": at("start", survey),
        "questions": [
            {
                "question": question,
                "number": numbers[question.code],
                "rule": rules.words(question.only_if, document) if question.only_if else "",
                "lines": range(LINES.get(question.kind, 0)),
            }
            for question in document
        ],
    }
    return TemplateResponse(request, "consultations/paper.html", context)
