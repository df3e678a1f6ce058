from localoffer.directory.models.details import (
    Contact,
    CostOption,
    Schedule,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
)
from localoffer.directory.models.locations import Location
from localoffer.directory.models.organisations import Organisation
from localoffer.directory.models.services import FormerAddress, Service

__all__ = [
    "Contact",
    "CostOption",
    "FormerAddress",
    "Location",
    "Organisation",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceLanguage",
]
