"""Where a mail may be on its way, and which news of it outweighs which.

Pure: no database. Reports come late, twice and in any order; one of a lower rank never overwrites
one of a higher, so that the end is the same whichever came first.
"""

from django.db import models


class State(models.TextChoices):
    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    UNKNOWN = "unknown", "Not known whether it was sent"
    ACCEPTED = "accepted", "Sent"
    SOFT_BOUNCED = "soft_bounced", "Came back: could not be delivered for now"
    DELIVERED = "delivered", "Delivered"
    HARD_BOUNCED = "hard_bounced", "Came back: there is no such mailbox"
    COMPLAINED = "complained", "Marked as unwanted"
    FAILED_FINAL = "failed_final", "Refused by the mail service"
    SUPPRESSED = "suppressed", "Not sent: this address takes no mail"
    CANCELLED = "cancelled", "Not sent: no longer wanted"


# What a report about a mail says of it; the rank of what is known already decides.
RANK = {
    State.QUEUED: 0,
    State.SENDING: 1,
    State.UNKNOWN: 2,
    State.ACCEPTED: 3,
    State.SOFT_BOUNCED: 4,
    State.DELIVERED: 5,
    State.FAILED_FINAL: 6,
    State.HARD_BOUNCED: 7,
    State.COMPLAINED: 8,
}
REPORTED = (
    State.ACCEPTED,
    State.SOFT_BOUNCED,
    State.DELIVERED,
    State.FAILED_FINAL,
    State.HARD_BOUNCED,
    State.COMPLAINED,
)
# Somebody at the other end has it, for all we know; or had, before they complained.
REACHED = (State.ACCEPTED, State.DELIVERED, State.COMPLAINED)
NOT_REACHED = (
    State.SOFT_BOUNCED,
    State.HARD_BOUNCED,
    State.FAILED_FINAL,
    State.SUPPRESSED,
    State.CANCELLED,
)
ON_THE_WAY = (State.QUEUED, State.SENDING, State.UNKNOWN)


def weaker_than(state: str) -> list:
    """The states that a report of ``state`` overwrites. A mail never handed over takes none."""
    return [one for one, rank in RANK.items() if one != State.QUEUED and rank < RANK[State(state)]]


def after(known: str, reported: str) -> str:
    """What is known of a mail once a report has come."""
    return reported if known in weaker_than(reported) else known
