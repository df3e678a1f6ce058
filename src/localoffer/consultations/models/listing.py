"""What there is to have a say in: all of an authority's consultations, by where they stand."""

from dataclasses import dataclass, field
from datetime import datetime

from localoffer.authority import kept
from localoffer.consultations import closing
from localoffer.consultations.models.pages import ConsultationPage
from localoffer.consultations.models.records import Consultation, ConsultationOwner
from localoffer.consultations.states import AWAITED, OPEN_STATES, OVER, State
from localoffer.pages import tree
from localoffer.pages.privacy import readable

BYTES_EACH = 6_000


@dataclass(frozen=True)
class Lists:
    """Each list in the order in which people ask: what closes first, opens first, is newest."""

    open: list = field(default_factory=list)
    coming: list = field(default_factory=list)
    awaited: list = field(default_factory=list)
    over: list = field(default_factory=list)

    @property
    def all(self):
        return [*self.open, *self.coming, *self.awaited, *self.over]

    @property
    def moments(self) -> list[datetime]:
        """When any of them may stand in another list, or be spoken of in other words."""
        return [moment for each in self.all for moment in each.moments]


def of(authority, *, now) -> Lists:
    """The consultations of an authority that anyone may read of. Empty for None."""
    return arranged(_records(authority), now=now) if authority else Lists()


def arranged(records, *, now) -> Lists:
    """These consultations, each in the list where it stands at this moment."""
    found = [Entry(record, now) for record in records]

    def those(states, by, *, newest=False):
        chosen = [each for each in found if each.state in states]
        return sorted(chosen, key=lambda each: getattr(each.record, by), reverse=newest)

    return Lists(
        open=those(OPEN_STATES, "closes_at"),
        coming=those({State.SCHEDULED}, "opens_at"),
        awaited=those(AWAITED, "closes_at", newest=True),
        over=those(OVER, "published_at", newest=True),
    )


class Entry:
    """One consultation in a list, as it stands at a moment."""

    def __init__(self, record: Consultation, now: datetime):
        self.record, self.page, self.now = record, record.public_page, now
        self.state = record.state(now=now)
        self.tag = record.tag(now=now)
        self.left = record.left(now=now)
        self.is_open = self.state in OPEN_STATES
        self.is_late = self.state == State.OVERDUE

    @property
    def title(self):
        return self.page.title

    @property
    def href(self):
        return self.page.href

    @property
    def summary(self):
        return self.page.summary

    @property
    def led_by(self):
        """The council that leads it, where that is another than the one whose list this is."""
        return self.record.authority.council if self.record.shown_on else ""

    @property
    def moments(self):
        return self.record.moments

    @property
    def when(self):
        """The one date that matters now, in words."""
        record = self.record
        if self.is_open:
            return f"Closes at {record.closing_words}"
        if self.state == State.SCHEDULED:
            return f"Opens on {closing.shown(record.opens_on)}"
        if self.state in OVER:
            return f"Closed on {closing.shown(record.closes_on)}"
        promised = f"Results promised by {closing.shown(record.results_due)}"
        return f"{promised}: they are late" if self.is_late else promised


def _records(authority):
    def read():
        listed = Consultation.objects.listed()
        found = list(listed.for_authority(authority).select_related("page", "authority"))
        shares = ConsultationOwner.objects.for_authority(authority).filter(
            consultation__in=listed, page__in=readable(ConsultationPage.objects.all())
        )
        for share in shares.select_related("page", "consultation__authority", "consultation__page"):
            share.consultation.shown_on = share.page
            found.append(share.consultation)
        tree.of(authority).place([each.public_page for each in found])
        return found

    return kept.get(
        ("consultations", authority.pk), read, size=lambda found: BYTES_EACH * len(found)
    )
