"""Consultations and surveys: what is asked, of whom, until when, and what came of it."""

from localoffer.consultations.models.answering import Draft, Response
from localoffer.consultations.models.index import ConsultationIndexPage
from localoffer.consultations.models.instruments import Instrument, InstrumentVersion
from localoffer.consultations.models.pages import ConsultationPage
from localoffer.consultations.models.records import (
    ChangeOfClosing,
    ChangeOfOwners,
    Consultation,
    ConsultationOwner,
)
from localoffer.consultations.models.results import Result

__all__ = [
    "ChangeOfClosing",
    "ChangeOfOwners",
    "Consultation",
    "ConsultationIndexPage",
    "ConsultationOwner",
    "ConsultationPage",
    "Draft",
    "Instrument",
    "InstrumentVersion",
    "Response",
    "Result",
]
