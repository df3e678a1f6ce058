"""Builds the demonstration: one function for each app, each calling that app's own actions."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection, Page

from localoffer.authority import actions as authority_actions
from localoffer.authority import changes
from localoffer.authority.models import PublicItem
from localoffer.demo.building import consultations, pages, people, searching, services, updates
from localoffer.demo.building.reading import data
from localoffer.demo.building.taxonomy import Taxonomy
from localoffer.demo.models import Demonstration
from localoffer.directory.imports import import_services
from localoffer.directory.sources import feeds
from localoffer.feedback import actions as feedback_actions
from localoffer.feedback.models import Comment
from localoffer.pages.models import Alert
from localoffer.taxonomy.actions import load_reference_data

AUTHORITIES = {"worcestershire": "localhost", "herefordshire": "herefordshire.localhost"}
FED = ("severnshire", "severnshire.localhost")

Say = Callable[[str], None]


def build(*, today: date, port: int, say: Say, feed: Path | None = None) -> None:
    """Build the whole demonstration into an empty database, in one transaction.

    ``port``: where its sites will answer. ``feed``: a file of services for a third, invented
    authority. A build that is stopped leaves nothing behind. Raises BadContentError.
    """
    with transaction.atomic():
        load_reference_data()
        authority_actions.clear_the_welcome()
        taxonomy = Taxonomy()
        made, shared = {}, []
        for folder, hostname in AUTHORITIES.items():
            authority, later = _authority(folder, hostname, port, today, taxonomy, say)
            made[folder] = authority
            shared += later
            if folder == "worcestershire":
                people.build(authority)
            updates.build(authority=authority, about=data(f"{folder}.yaml", today))
        for each in shared:
            _ask(each, made, today, say)
        if feed:
            authority, _later = _authority(*FED, port, today, taxonomy, say)
        Demonstration.objects.create(made_on=today)
    if feed:  # an import writes in short transactions of its own
        _feed(authority, feed, say)
    Demonstration.objects.update(complete=True)


def _authority(folder, hostname, port, today, taxonomy, say):
    about = data(f"{folder}.yaml", today)
    name = about["authority"]["name"]
    home = pages.new_home(about)
    authority = authority_actions.add_authority(
        hostname=hostname,
        port=port,
        root_page=home,
        is_default=hostname == "localhost",
        is_demonstration=True,
        **about["authority"],
    )
    with changes.of_the_past(), changes.together():
        made, asked = pages.build(
            authority=authority,
            folder=folder,
            home=home,
            collection=Collection.objects.get(name=name),
            today=today,
            taxonomy=taxonomy,
        )
        say(f"{name}: {made} pages")
        if "services" in about:
            listed = services.build(
                authority=authority, file=about["services"], today=today, taxonomy=taxonomy
            )
            say(f"{name}: {listed} example services")
    shared = [each for each in asked if each.source.get("with")]
    for each in asked:
        if each not in shared:
            _ask(each, {}, today, say)
    _comments(authority, about["comments"])
    searching.build(authority=authority, about=about, today=today)
    _alert(authority, about.get("alert"))
    return authority, shared


def _ask(asked, others, today, say):
    """Build a consultation. ``others``: the authorities with which it may be shared."""
    received = consultations.build(asked, others=others, today=today)
    record = asked.record
    say(f"{record.authority.name}: {record.page.title}, {received} example answers")


def _comments(authority, comments):
    items = {item.title: item for item in PublicItem.objects.for_authority(authority)}
    guides = {
        page.slug: page.title for page in Page.objects.descendant_of(authority.site.root_page)
    }
    for comment in comments:
        slug = comment.get("page", "").partition(":")[2]
        received = feedback_actions.receive(
            authority=authority,
            about=items.get(guides.get(slug)),
            kind=comment["kind"],
            text=comment["text"],
            token=uuid4(),
        )
        # An action takes a comment now; the demonstration's came on the days before.
        Comment.objects.filter(pk=received.pk).update(
            received_at=timezone.now() - timedelta(days=comment["days"])
        )


def _alert(authority, alert):
    if alert:
        Alert.objects.create(
            authority=authority,
            title=alert["title"],
            text=alert["text"],
            ends=timezone.now() + timedelta(days=alert["days"]),
        )


def _feed(authority, feed, say):
    report = import_services(authority=authority, feed=feeds.open_feed(str(feed)))
    say(
        f"{authority.name}: {report.added} services from {feed.name}, {len(report.refused)} refused"
    )
