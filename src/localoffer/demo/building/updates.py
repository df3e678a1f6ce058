"""People who follow the demonstration, all invented, and the editions that they were sent."""

from datetime import timedelta

from django.utils import timezone
from wagtail.models import Page

from localoffer.accounts.models import User
from localoffer.authority.models import PublicItem
from localoffer.demo.building.reading import BadContentError
from localoffer.updates import addresses, expanding, windows
from localoffer.updates.actions import editions, joining
from localoffer.updates.actions.joining import Choices, Settings
from localoffer.updates.models import Channel, Edition, Frequency

MOST = 12  # things in an edition of the demonstration, whose pages were all new at once


def build(*, authority, about: dict) -> None:
    """Add who follows an authority, and make its editions of the last weeks.

    Raises BadContentError for somebody who could not have signed up.
    """
    told = about.get("updates", {})
    for person in told.get("people", []):
        _follow(authority, person)
    for row in sorted(told.get("editions", []), key=lambda row: -row["weeks"]):
        _edition(authority, row)


def _follow(authority, person):
    reach = {"postal_name": person.get("name", ""), "postal_address": person.get("post", "")}
    if email := person.get("email"):
        try:
            reach["address"], reach["address_key"] = addresses.normalised(email)
        except addresses.BadAddressError as error:
            raise BadContentError(f"{email}: {error}") from error
    settings = Settings(
        format=person.get("format", "html" if email else "post"),
        ages=person.get("ages", []),
        audiences=person.get("audiences", []),
    )
    items = [_item(authority, key) for key in person.get("pages", [])]
    often = person.get("often", Frequency.WEEKLY)
    for item in items or [None]:
        joining.add_by_staff(
            authority=authority,
            **reach,
            choices=Choices(
                topics=person.get("topics", []), item=item, frequency=often, settings=settings
            ),
            channel=Channel.WEB if email else Channel.PHONE,
            by=None,
        )


def _item(authority, key):
    slug = key.partition(":")[2]
    pages = Page.objects.descendant_of(authority.site.root_page).filter(slug=slug)
    items = PublicItem.objects.for_authority(authority)
    keys = [str(pk) for pk in pages.values_list("pk", flat=True)]
    found = items.filter(key__in=keys).exclude(kind="service").first()
    if found is None:
        raise BadContentError(f"nobody can follow {key}")
    return found.pk


def _edition(authority, row):
    running = windows.around("weekly", timezone.now())
    day = timezone.localdate(running.starts) - timedelta(weeks=row["weeks"])
    edition = editions.make(authority, windows.ending_on("weekly", day))
    if edition is None or edition.state != Edition.State.DRAFT:
        raise BadContentError(f"there is nothing for the edition of {day}")
    officer = User.objects.get(email="officer@example.org")
    chosen = edition.items.order_by("order").values_list("pk", flat=True)[:MOST]
    editions.edit(
        edition,
        introduction=row["introduction"],
        send_at=None,
        included=list(chosen),
        by=officer,
    )
    editions.submit(edition, by=officer)
    if row["state"] == "sent":
        approver = User.objects.get(email="administrator@example.org")
        sent_at = edition.ends + timedelta(hours=2)
        editions.approve(edition, by=approver, read=edition.fingerprint, now=sent_at)
        expanding.send_edition(edition.pk, now=sent_at)
