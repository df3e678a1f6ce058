"""What can happen to a page beyond Wagtail's own: added by code, checked by a person."""

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from localoffer.authority import changes


@transaction.atomic
def add(*, parent, page, by=None, published_at=None):
    """Add a page below another and publish it, by the rules that the admin's forms keep.

    ``published_at``: when it was first published, for pages older than this site. Returns the
    page. Raises ``ValidationError`` naming what is wrong, and adds nothing.
    """
    page.live = False
    page.owner = page.owner or by
    parent.add_child(instance=page)
    publish(page, by=by)
    if published_at:
        Page.objects.filter(pk=page.pk).update(
            first_published_at=published_at, last_published_at=published_at
        )
        page.refresh_from_db(fields=["first_published_at", "last_published_at"])
        with changes.of_the_past():
            changes.announce(page.public_kind, [page.pk])
    return page


@transaction.atomic
def publish(page, *, by=None):
    """Publish a page as it stands. Raises ``ValidationError`` if something is in the way."""
    page.full_clean()
    if problems := page.problems():
        raise ValidationError([f"{page.title}: {problem}" for _field, problem in problems])
    page.save_revision(user=by).publish(user=by)
    page.refresh_from_db()


@transaction.atomic
def check(page, *, on, by=None, review_due=None):
    """Record that a person has read the live page and found it right.

    ``on``: the day. ``review_due``: when to look again. A draft in hand is told too, so that
    publishing it does not bring back the older day.
    """
    facts = {"checked_on": on}
    if review_due:
        facts["review_due"] = review_due
    type(page).objects.filter(pk=page.pk).update(**facts)
    for name, value in facts.items():
        setattr(page, name, value)
    revision = page.get_latest_revision()
    if revision is not None:
        revision.content.update({name: value.isoformat() for name, value in facts.items()})
        revision.save(update_fields=["content"])
    log(page, "pages.check", user=by, data={"on": on.isoformat()})
