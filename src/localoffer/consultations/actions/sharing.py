"""Councils that ask together: who else a consultation belongs to, and on whose sites it is."""

from django.db import transaction
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log

from localoffer.authority import changes
from localoffer.consultations.actions.planning import RefusedError
from localoffer.consultations.models import (
    ChangeOfOwners,
    Consultation,
    ConsultationIndexPage,
    ConsultationOwner,
)

ROLE = ConsultationOwner.Role


@transaction.atomic
def set_owner(record, *, authority, role, now, reason="", by=None, **rights) -> ConsultationOwner:
    """Share a consultation with another authority, or change what that one may see.

    Its site shows it once its own officers have agreed (``join``). ``rights``: ``can_see_raw`` and
    ``can_see_results``. Raises RefusedError; after it is set going a new owner needs a reason that
    readers see.
    """
    record = Consultation.objects.select_for_update().get(pk=record.pk)
    if authority.pk == record.authority_id:
        raise RefusedError("That authority leads it.")
    owner = record.owners.filter(authority=authority).first()
    if owner is None:
        _tell(record, authority, came=True, reason=reason, now=now)
        owner = ConsultationOwner(consultation=record, authority=authority)
    if owner.page_id and role == ROLE.PROCESSOR:
        raise RefusedError("Their site shows it, so they ask people too: they are a controller.")
    owner.role = role
    for name, value in rights.items():
        setattr(owner, name, value)
    owner.save()
    log(record.page, "consultations.share", user=by, data={"authority": authority.name, **rights})
    changes.announce(record.page.public_kind, record.page_keys())
    return owner


@transaction.atomic
def join(owner, *, by=None) -> ConsultationOwner:
    """Show it on the owner's own site, as its officers have agreed. A second time changes nothing.

    The page there follows the lead's and is public when that one is. Raises RefusedError.
    """
    owner = ConsultationOwner.objects.select_for_update().get(pk=owner.pk)
    if owner.page_id:
        return owner
    if owner.role == ROLE.PROCESSOR:
        raise RefusedError("A processor works for the others and asks nobody.")
    index = ConsultationIndexPage.objects.of_authority(owner.authority).first()
    if index is None:
        raise RefusedError(
            "Your site has no page called Have your say. Add it below the home page."
        )
    if by and not index.permissions_for_user(by).can_publish():
        raise RefusedError("Ask somebody who may publish pages on your site.")
    record = owner.consultation
    if index.get_children().filter(slug=record.page.slug).exists():
        raise RefusedError(f"Your site has another page at {index.href}{record.page.slug}/.")
    alias = CreatePageAliasAction(record.page, parent=index, user=by)
    owner.page = alias.execute(skip_permission_checks=True)
    owner.save(update_fields=["page"])
    log(record.page, "consultations.join", user=by, data={"authority": owner.authority.name})
    changes.announce(record.page.public_kind, record.page_keys())
    return owner


@transaction.atomic
def take_away(owner, *, now, reason="", by=None) -> None:
    """Share a consultation with this authority no more. What came through its site stays.

    After it is set going readers see the reason. Raises RefusedError while people are answering
    on that site: their words would be lost.
    """
    record = Consultation.objects.select_for_update().get(pk=owner.consultation_id)
    owner = ConsultationOwner.objects.select_for_update().get(pk=owner.pk)
    if owner.page_id and record.confirmed_at and record.opens_at <= now < record.grace_ends:
        raise RefusedError("People are answering on their site. Wait until it has closed.")
    _tell(record, owner.authority, came=False, reason=reason, now=now)
    page = owner.page
    owner.delete()
    if page:
        _lead_on(page, site=owner.authority.site, to=record.page)
        page.delete()
    log(record.page, "consultations.unshare", user=by, data={"authority": owner.authority.name})
    changes.announce(record.page.public_kind, record.page_keys())


def _lead_on(page, *, site, to):
    """From the address of a page that goes, to the one that it followed."""
    if page.live and to.live:
        Redirect.objects.update_or_create(
            site=site,
            old_path=Redirect.normalise_path(page.get_url_parts()[2]),
            defaults={"is_permanent": False, "redirect_link": to.full_url},
        )


def _tell(record, authority, *, came, reason, now):
    if not record.confirmed_at:
        return
    if not (reason := reason.strip()):
        raise RefusedError("It is set going: say why, in words for the public.")
    ChangeOfOwners.objects.create(
        consultation=record,
        authority=authority,
        came=came,
        reason=reason,
        made_on=timezone.localdate(now),
    )
