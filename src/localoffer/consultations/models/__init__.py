"""Consultations and surveys: what is asked, of whom, until when, and what came of it."""

from localoffer.consultations.models.answering import Draft, Response
from localoffer.consultations.models.entering import Batch, Entry
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
from localoffer.consultations.models.safety import HelpRequest, ReadOutcome, WorryingWords

__all__ = [
    "Batch",
    "ChangeOfClosing",
    "ChangeOfOwners",
    "Consultation",
    "ConsultationIndexPage",
    "ConsultationOwner",
    "ConsultationPage",
    "Draft",
    "Entry",
    "HelpRequest",
    "Instrument",
    "InstrumentVersion",
    "ReadOutcome",
    "Response",
    "Result",
    "WorryingWords",
]
