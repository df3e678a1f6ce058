"""What is done with the questions of one survey, and how it is written."""

from django.contrib import messages
from django.shortcuts import get_object_or_404

from localoffer.consultations.actions import writing
from localoffer.consultations.models import Instrument
from localoffer.consultations.viewsets.acting import ActView


class OfSurvey(ActView):
    """One thing to do with the questions of a survey."""

    header_icon = "form"

    def dispatch(self, request, *args, **kwargs):
        self.survey = get_object_or_404(
            Instrument.objects.select_related("consultation__page", "audience"), pk=kwargs["pk"]
        )
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return str(self.survey)

    def write(self, document, number):
        """Whether it was written; where it was not, the officer is told."""
        try:
            writing.write(self.survey, document, number=number, by=self.request.user)
        except writing.ChangedMeanwhileError as error:
            messages.error(self.request, f"Nothing was changed. {error}")
            return False
        return True


def number_of(text):
    """The number of a draft, of what a form sent; 0 for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
