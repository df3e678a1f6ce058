"""The officer's workbench."""

from localoffer.consultations.viewsets.batches import BatchViewSet
from localoffer.consultations.viewsets.consultations import ConsultationViewSet
from localoffer.consultations.viewsets.safety import HelpRequestViewSet, WorryingWordsViewSet
from localoffer.consultations.viewsets.surveys import SurveyViewSet

__all__ = [
    "BatchViewSet",
    "ConsultationViewSet",
    "HelpRequestViewSet",
    "SurveyViewSet",
    "WorryingWordsViewSet",
]
