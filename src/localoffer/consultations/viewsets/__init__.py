"""The officer's workbench."""

from localoffer.consultations.viewsets.consultations import ConsultationViewSet
from localoffer.consultations.viewsets.surveys import SurveyViewSet

__all__ = ["ConsultationViewSet", "SurveyViewSet"]
