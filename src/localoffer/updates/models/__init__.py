"""Who follows what, what there is to tell, and what was told to whom."""

from localoffer.updates.models.consent import Channel, ConsentRecord, ConsentText
from localoffer.updates.models.content import Content, Told
from localoffer.updates.models.editions import (
    Edition,
    EditionItem,
    IllegalMoveError,
    Progress,
    UrgentNotice,
)
from localoffer.updates.models.page import UpdatesPage
from localoffer.updates.models.people import (
    Act,
    EndedReason,
    Format,
    Frequency,
    HistoryEntry,
    SignUp,
    Subscriber,
    Subscription,
)

__all__ = [
    "Act",
    "Channel",
    "ConsentRecord",
    "ConsentText",
    "Content",
    "Edition",
    "EditionItem",
    "EndedReason",
    "Format",
    "Frequency",
    "HistoryEntry",
    "IllegalMoveError",
    "Progress",
    "SignUp",
    "Subscriber",
    "Subscription",
    "Told",
    "UpdatesPage",
    "UrgentNotice",
]
