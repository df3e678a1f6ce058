"""People who follow, what there is to tell them, and editions of it."""

import uuid
from datetime import date, timedelta

from django.utils import timezone
from django.utils.text import slugify

from localoffer.authority.models import PublicItem
from localoffer.taxonomy.models import AgeBand, Audience, Topic
from localoffer.updates import windows
from localoffer.updates.actions import editions as edition_actions
from localoffer.updates.actions import joining
from localoffer.updates.actions.joining import Choices, Settings
from localoffer.updates.models import Channel, ConsentText, Content, Edition, UrgentNotice
from tests.factories.news import make_story
from tests.factories.taxonomy import make_topic

BELLS = "bell-ringing"
# A week of the past: whatever a test publishes now is not in it.
SATURDAY = windows.ending_on("weekly", date(2026, 2, 28))


def make_person(authority, address="parent@example.org", *, topics=(BELLS,), by=None, **fields):
    """Somebody who said yes; by default they follow bell ringing every week."""
    names = ["format", "areas", "ages", "audiences", "promotional"]
    settings = {"format": "html"} | {name: fields.pop(name) for name in names if name in fields}
    choices = Choices(
        topics=list(topics),
        item=fields.pop("item", None),
        frequency=fields.pop("frequency", "weekly"),
        settings=Settings(**settings),
    )
    return joining.add_by_staff(
        authority=authority,
        address=address,
        address_key=address.casefold(),
        choices=choices,
        channel=Channel.PHONE,
        by=by,
        **fields,
    )


def make_people(authority, number, **fields):
    return [make_person(authority, f"parent-{at}@example.org", **fields) for at in range(number)]


def make_bells():
    """The topic that they follow."""
    return make_topic()


def make_news(index, title="A new bell", *, at=None, topics=(BELLS,), **fields):
    """A story about bell ringing, published in the week that ends on Saturday 28 February 2026."""
    at = at or SATURDAY.starts + timedelta(hours=1)
    slug = slugify(title)
    return make_story(
        index, title=title, slug=slug, published_at=at, **terms(topics=topics, **fields)
    )


TERMS = {"topics": Topic, "audiences": Audience, "age_bands": AgeBand}


def terms(**fields):
    """Fields of a page, with the records that codes stand for."""
    return {
        name: list(TERMS[name].objects.filter(pk__in=value)) if name in TERMS else value
        for name, value in fields.items()
    }


def item_of(page):
    return PublicItem.objects.get(kind=page.public_kind, key=str(page.pk))


def content_of(page):
    return Content.objects.get(item=item_of(page), change=Content.Change.PUBLISHED)


def make_edition(authority, window=SATURDAY):
    """The edition of a window, made as ``tick`` makes it."""
    return edition_actions.make(authority, window)


def make_approved(authority, *, by, then_by, window=SATURDAY):
    """An edition that one person wrote and another approved. Not sent yet."""
    edition = make_edition(authority, window)
    edition_actions.submit(edition, by=by)
    Edition.objects.filter(pk=edition.pk).update(
        state=Edition.State.APPROVED, approved_by=then_by, approved_at=timezone.now()
    )
    edition.refresh_from_db()
    return edition


def form_number():
    return uuid.uuid4()


def make_bare_edition(authority, window=SATURDAY, **fields):
    """An edition with nothing in it yet."""
    return Edition.objects.create(
        authority=authority,
        frequency=window.frequency,
        day=window.day,
        starts=window.starts,
        ends=window.ends,
        **fields,
    )


def make_notice(authority, item, **fields):
    """A notice that was sent."""
    defaults = {
        "title": "The bell is off",
        "text": "Do not come today.",
        "reason": "It is tonight.",
        "sent_at": timezone.now(),
    }
    return UrgentNotice.objects.create(authority=authority, item=item, **{**defaults, **fields})


def make_words(authority, text="We will send you updates.", version=1):
    """A version of the words that people say yes to."""
    return ConsentText.objects.create(authority=authority, text=text, version=version)
