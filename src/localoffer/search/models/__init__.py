from localoffer.search.models.asked import Asked
from localoffer.search.models.gaps import Gap
from localoffer.search.models.index import (
    LONGEST_START,
    MOST_CHANGES,
    IndexCheck,
    IndexState,
    Outgoing,
    SearchDocument,
    TitleStart,
    impact_key,
)
from localoffer.search.models.own_words import OwnWords

__all__ = [
    "LONGEST_START",
    "MOST_CHANGES",
    "Asked",
    "Gap",
    "IndexCheck",
    "IndexState",
    "Outgoing",
    "OwnWords",
    "SearchDocument",
    "TitleStart",
    "impact_key",
]
