"""Which survey an address means, and the address of each page of a survey."""

from django.http import Http404
from django.urls import reverse

from localoffer.consultations.models import Consultation, Instrument
from localoffer.pages.privacy import readable


def survey_at(request, slug, survey):
    """A published survey of this site by its address, shared ones too. Raises Http404."""
    if request.authority is None:
        raise Http404("There is nothing to answer at this address.")
    record = Consultation.objects.at(request.authority, slug)
    surveys = Instrument.objects.filter(consultation=record).select_related("audience")
    found = surveys.filter(slug=survey).first() if record else None
    if found:
        found.consultation = record
    if not found or not found.current or not is_public(found):
        raise Http404("There is no such survey.")
    return found


def is_public(survey) -> bool:
    """Whether its consultation was set going and anybody may read its page on this site."""
    record = survey.consultation
    page = record.public_page
    pages = readable(type(page).objects.filter(pk=page.pk))
    return record.confirmed_at is not None and pages.exists()


def at(name, survey, *more) -> str:
    """The address of a page of a survey, by its name in ``urls``."""
    arguments = [survey.consultation.public_page.slug, survey.slug, *more]
    return reverse(f"consultations:{name}", args=arguments)
