"""What the first page of the admin says of pages: waiting, stale, about to change."""

from datetime import timedelta

from django.db.models import BigIntegerField, F
from django.db.models.functions import Cast
from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision, WorkflowState

from localoffer.authority.today import SHOWN, Panel, Row
from localoffer.pages.cards import page_models

SOON = timedelta(days=14)
PERMISSION = "pages.change_contentpage"


def waiting_for_approval(*, authorities, now):
    """Drafts that somebody has asked to have approved."""
    states = _of_pages(
        WorkflowState.objects.filter(
            status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]
        ),
        authorities,
    ).order_by("created_at")
    titles = _titles(states, authorities)
    rows = [
        Row(
            title=titles[state.page_key],
            url=reverse("wagtailadmin_pages:edit", args=[state.page_key]),
            note=f"{state.get_status_display().lower()} since {_day(state.created_at)}",
        )
        for state in states[:SHOWN]
    ]
    return _panel("Pages waiting for approval", rows, states.count())


def past_review(*, authorities, now):
    """Live pages whose day to be checked again has passed."""
    return _stale(
        "Pages past their review date",
        lambda pages: pages.past_review(now=now),
        authorities,
        note=lambda page: f"{page.owner_team}; due {_day(page.review_due)}",
        by=lambda page: page.review_due,
        urgent=True,
    )


def never_checked(*, authorities, now):
    """Live pages that no person has said are right."""
    return _stale(
        "Pages that nobody has checked",
        lambda pages: pages.never_checked(),
        authorities,
        note=lambda page: page.owner_team,
        by=lambda page: page.first_published_at or now,
    )


def changing_soon(*, authorities, now):
    """Pages that will appear or disappear by themselves within two weeks."""
    scheduled = _of_pages(
        Revision.objects.filter(approved_go_live_at__isnull=False), authorities
    ).order_by("approved_go_live_at")
    titles = _titles(scheduled, authorities)
    coming = [
        Row(
            titles[revision.page_key],
            reverse("wagtailadmin_pages:edit", args=[revision.page_key]),
            f"will be published on {_moment(revision.approved_go_live_at)}",
        )
        for revision in scheduled
        if revision.page_key in titles
    ]
    expiring = _pages(authorities).filter(live=True, expire_at__range=(now, now + SOON))
    going = [
        Row(
            page.title,
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            f"will be taken down on {_moment(page.expire_at)}",
        )
        for page in expiring.order_by("expire_at")
    ]
    rows = [*coming, *going]
    return _panel("Pages about to change", rows[:SHOWN], len(rows))


def _stale(title, choose, authorities, *, note, by, urgent=False):
    found = [
        page
        for model in page_models()
        for page in choose(model.objects.of_authorities(authorities)).defer_streamfields()
    ]
    found.sort(key=by)
    rows = [
        Row(page.title, reverse("pages_check", args=[page.pk]), note(page))
        for page in found[:SHOWN]
    ]
    return _panel(title, rows, len(found), urgent=urgent)


def _panel(title, rows, total, *, urgent=False):
    return Panel(title=title, rows=rows, total=total, urgent=urgent) if total else None


def _pages(authorities):
    pages = Page.objects.none()
    for path in authorities.values_list("site__root_page__path", flat=True):
        pages = pages | Page.objects.filter(path__startswith=path)
    return pages


def _of_pages(records, authorities):
    """Records of Wagtail's that hold a page's key as text, each with it as a number."""
    return (
        records.filter(base_content_type__app_label="wagtailcore", base_content_type__model="page")
        .annotate(page_key=Cast(F("object_id"), BigIntegerField()))
        .filter(page_key__in=_pages(authorities).values("pk"))
    )


def _titles(records, authorities):
    keys = [record.page_key for record in records]
    return dict(Page.objects.filter(pk__in=keys).values_list("pk", "draft_title"))


def _day(moment):
    moment = timezone.localdate(moment) if hasattr(moment, "hour") else moment
    return date(moment, "j F Y")


def _moment(moment):
    return date(timezone.localtime(moment), "l j F, g:i a")
