"""Which survey an address means, and the address of each page of a survey."""

from django.http import Http404
from django.urls import reverse

from localoffer.consultations.models import Instrument
from localoffer.pages.privacy import readable


def survey_at(request, slug, survey):
    """A published survey of this site by its address. Raises Http404."""
    if request.authority is None:
        raise Http404("There is nothing to answer at this address.")
    surveys = Instrument.objects.for_authority(request.authority).select_related(
        "consultation__page", "audience"
    )
    found = surveys.filter(slug=survey, consultation__page__slug=slug).first()
    if not found or not found.current or not is_public(found):
        raise Http404("There is no such survey.")
    return found


def is_public(survey) -> bool:
    record = survey.consultation
    pages = readable(type(record.page).objects.filter(pk=record.page_id))
    return record.confirmed_at is not None and pages.exists()


def at(name, survey, *more) -> str:
    """The address of a page of a survey, by its name in ``urls``."""
    arguments = [survey.consultation.page.slug, survey.slug, *more]
    return reverse(f"consultations:{name}", args=arguments)
