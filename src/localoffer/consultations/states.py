"""What state a consultation is in: it follows from the clock and from what was decided.

Nothing opens it and nothing shuts it. A job that ran late could not keep it open a minute longer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices

from localoffer.consultations import closing

# From this long before the day on which results are promised, they are "due".
DUE_SOON = timedelta(days=14)


class State(TextChoices):
    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Opens soon"
    OPEN = "open", "Open"
    CLOSING_SOON = "closing_soon", "Closing soon"
    CLOSED = "closed", "Closed"
    RESULTS_DUE = "results_due", "Results due"
    OVERDUE = "overdue", "Results late"
    PUBLISHED = "published", "Results published"
    DECIDED = "decided", "Decision made"


OPEN_STATES = {State.OPEN, State.CLOSING_SOON}
AWAITED = {State.CLOSED, State.RESULTS_DUE, State.OVERDUE}
OVER = {State.PUBLISHED, State.DECIDED}
COLOURS = {
    State.DRAFT: "grey",
    State.SCHEDULED: "teal",
    State.OPEN: "green",
    State.CLOSING_SOON: "orange",
    State.CLOSED: "grey",
    State.RESULTS_DUE: "yellow",
    State.OVERDUE: "red",
    State.PUBLISHED: "",
    State.DECIDED: "purple",
}


@dataclass(frozen=True)
class Facts:
    """What the state follows from. A consultation that nobody has set going is a draft."""

    opens_at: datetime
    closes_at: datetime
    results_due: date | None
    confirmed: bool
    published: bool
    decided: bool

    def at(self, now: datetime):
        """The state at a moment. Each but the decisions begins at one of ``moments``."""
        if not self.confirmed:
            return State.DRAFT
        if self.decided or self.published:
            return State.DECIDED if self.decided else State.PUBLISHED
        begun = [state for moment, state in self._changes() if moment <= now]
        return begun[-1] if begun else State.SCHEDULED

    def moments(self) -> list[datetime]:
        """The instants at which the state changes by the clock."""
        return [moment for moment, _state in self._changes()]

    def _changes(self) -> Iterator[tuple]:
        """In their order: what was opened for less than a week is closing soon from the start."""
        yield self.opens_at, State.OPEN
        yield max(self.opens_at, self.closes_at - closing.SOON), State.CLOSING_SOON
        yield self.closes_at, State.CLOSED
        if self.results_due:
            due = closing.opens_at(self.results_due - DUE_SOON)
            yield max(self.closes_at, due), State.RESULTS_DUE
            late = closing.closes_at(self.results_due)
            yield max(self.closes_at, late), State.OVERDUE
