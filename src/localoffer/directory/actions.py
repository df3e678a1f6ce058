"""What can happen to the directory: every write with a consequence."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from localoffer.authority import changes
from localoffer.directory.models import Service

REVIEW_EVERY = dt.timedelta(days=365)


@transaction.atomic
def publish(*, service, by=None):
    """Publish a service as it now is in memory, with its rows, and make a revision of it.

    ``by``: a user, or None for a program of ours. Raises ValidationError when it is not fit to be
    published: it must say who can have it (SEND Regulations 2014, Schedule 2, paragraph 18) and
    how to complain (paragraph 17). Raises PermissionDenied when the user may not publish for
    this authority.
    """
    if service._state.adding:  # noqa: SLF001  Django's own mark of a row not yet made
        service.live = False
        service.save()
    service.full_clean()
    service.save_revision(user=by, log_action=True, clean=False).publish(user=by)
    service.refresh_from_db()


@transaction.atomic
def withdraw(*, service, by=None):
    """Take a service off the public site. Its address then says that it has gone."""
    service.unpublish(user=by)


@transaction.atomic
def mark_checked(*, service, by, on=None, review_due=None):
    """Note that a person has read the whole of a service's page and found it true.

    ``on``: the day of the check, today unless told. ``review_due``: when to check again, a year
    later unless told. Drafts keep their other changes.
    """
    on = on or timezone.localdate()
    review_due = review_due or on + REVIEW_EVERY
    if review_due <= on:
        raise ValidationError({"review_due": "The next review is after this one."})
    service.checked_on, service.review_due = on, review_due
    Service.objects.filter(pk=service.pk).update(checked_on=on, review_due=review_due)
    log(instance=service, action="localoffer.checked", user=by)
    announce_services([service.pk])


@transaction.atomic
def save_rename(*, service, name, by=None, note=""):
    """Give a public service another name and address. The old address leads to the new one."""
    service.name, service.slug = name, ""
    service.change_note = note or service.change_note
    publish(service=service, by=by)


@transaction.atomic
def announce_services(keys):
    """Tell of services that changed: the one way in which this domain does."""
    changes.announce("service", keys)


def tell_of(sender, instance, **kwargs):
    """Bridge from Wagtail's own signals: published, unpublished and deleted."""
    announce_services([instance.pk])


@transaction.atomic
def announce_place(*, location):
    """Tell of the public services at a place that changed."""
    services = Service.objects.filter(at_locations__location=location, live=True)
    announce_services(list(services.values_list("pk", flat=True).distinct()))


@transaction.atomic
def announce_organisation(*, organisation):
    """Tell of the public services of an organisation that changed."""
    services = Service.objects.filter(organisation=organisation, live=True)
    announce_services(list(services.values_list("pk", flat=True)))
