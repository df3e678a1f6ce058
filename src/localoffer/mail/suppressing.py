"""Who takes no more mail, and why."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from localoffer.mail import addresses
from localoffer.mail.models import OutboxEmail, Suppression

Reason = Suppression.Reason
# What a later reason replaces: a complaint says more than a full mailbox did.
WEIGHT = {
    Reason.SOFT_BOUNCES: 0,
    Reason.HARD_BOUNCE: 1,
    Reason.MANUAL: 2,
    Reason.COMPLAINT: 3,
    Reason.LEGAL: 4,
}


class StandsError(ValueError):
    """This reason is not lifted in the admin."""


def among(rows: list[OutboxEmail]) -> dict[int, str]:
    """Those of these rows whose address takes no mail from their authority: {pk: why}."""
    standing = Suppression.objects.standing().filter(
        address_hash__in={row.address_hash for row in rows},
        authority__in={row.authority_id for row in rows},
    )
    why = {(one.authority_id, one.address_hash): one.get_reason_display() for one in standing}
    return {
        row.pk: f"{why[row.authority_id, row.address_hash]}."
        for row in rows
        if (row.authority_id, row.address_hash) in why
    }


def find(authority, address: str) -> Suppression | None:
    """Why an address takes no mail, if it does not."""
    standing = Suppression.objects.for_authority(authority).standing()
    return standing.filter(address_hash=addresses.hashed(address)).first()


@transaction.atomic
def suppress(authority_id: int, address_hash: str, reason: str, *, evidence: str = "") -> None:
    """Send this address no more. Told twice, or at once, it is one; the weightier reason stays."""
    Suppression.objects.bulk_create(
        [
            Suppression(
                authority_id=authority_id,
                address_hash=address_hash,
                reason=reason,
                evidence=evidence[:500],
            )
        ],
        ignore_conflicts=True,
    )
    lighter = [one for one, weight in WEIGHT.items() if weight < WEIGHT[Reason(reason)]]
    Suppression.objects.standing().filter(
        authority=authority_id, address_hash=address_hash, reason__in=lighter
    ).update(reason=reason, evidence=evidence[:500])


@transaction.atomic
def lift(suppression: Suppression, *, reason: str, by) -> bool:
    """Write to this address again, because the person says that it works. Logged.

    Returns whether it was still standing. Raises StandsError for a legal reason.
    """
    if suppression.reason == Reason.LEGAL:
        raise StandsError("A legal reason is not lifted here.")
    lifted = Suppression.objects.standing().filter(pk=suppression.pk)
    if not lifted.update(lifted_at=timezone.now(), lifted_reason=reason[:500]):
        return False
    log(suppression, "mail.lift", user=by)  # the reason has a term, and a log has none
    return True
