"""What updates are, and every edition that was sent, for everybody to read."""

from datetime import date
from hashlib import sha256

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import condition, require_safe

from localoffer.authority.models import PublicItem
from localoffer.pages import tree
from localoffer.pages.views import page
from localoffer.updates import rendering
from localoffer.updates.models import Edition
from localoffer.updates.models.page import latest

ON_A_PAGE = 20
PATH = "updates/"
IN_THE_FEED = 20


def _public(request):
    if request.authority is None:
        raise Http404("There is nobody to follow at this address.")
    return Edition.objects.for_authority(request.authority).public()


def _archived(request):
    return _public(request).in_archive()


TRAIL = [{"title": "Home", "url": "/"}]


@require_safe
def start(request):
    """How to hear of what is new: by mail, by post, by feed, here.

    In an editor's words where there is a page of them at this address.
    """
    if request.authority and tree.page_at(request.authority, PATH):
        return page(request, PATH)
    _public(request)
    context = {
        "latest": latest(request.authority),
        "breadcrumbs": [*TRAIL, {"title": "Get updates"}],
    }
    return render(request, "updates/start.html", context)


@require_safe
def editions(request):
    """Every edition, the newest first."""
    found = Paginator(_archived(request), ON_A_PAGE).get_page(request.GET.get("page"))
    trail = [*TRAIL, {"title": "Get updates", "url": reverse("updates:start")}]
    context = {"editions": found, "breadcrumbs": [*trail, {"title": "Past updates"}]}
    return render(request, "updates/editions.html", context)


@require_safe
def edition(request, slug):
    """One edition as it was sent. What is no longer on the site is named, without a link."""
    frequency, _, day = slug.partition("-")
    try:
        day = date.fromisoformat(day)
    except ValueError as error:
        raise Http404("There is no edition at this address.") from error
    found = get_object_or_404(_public(request), frequency=frequency, day=day)
    if found.slug != slug:  # a day can be written in several ways; an edition has one address
        return redirect(found, permanent=True)
    return render(request, "updates/edition.html", _shown(found))


def _shown(edition):
    rows = edition.items.filter(included=True, catch_up=False).select_related("content__item")
    items = list(rows)
    for item in items:
        item.is_there = item.content.item.state == PublicItem.State.PUBLIC
    return {
        "edition": edition,
        "groups": rendering.by_heading(items),
        "breadcrumbs": [
            *TRAIL,
            {"title": "Get updates", "url": reverse("updates:start")},
            {"title": "Past updates", "url": reverse("updates:editions")},
            {"title": edition.title},
        ],
    }


def _etag(request):
    if request.authority is None:
        return None
    newest = _archived(request).values_list("pk", "sent_at")[:IN_THE_FEED]
    return f'"{sha256(f"{request.get_host()}|{list(newest)}".encode()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=_etag)
def atom(request):
    """The editions as a feed. An entry keeps its id for ever."""
    authority = request.authority
    found = _archived(request).prefetch_related("items")[:IN_THE_FEED]
    root, address = authority.root_url, reverse("updates:feed")
    feed = Atom1Feed(
        title=f"Updates from {authority.title}",
        link=f"{root}{reverse('updates:editions')}",
        description="",
        language="en-GB",
        feed_url=f"{root}{address}",
        author_name=authority.council,
        feed_guid=f"{root}{address}",
    )
    for one in found:
        shown = [item.title for item in one.items.all() if item.included and not item.catch_up]
        feed.add_item(
            title=one.title,
            link=f"{root}{one.get_absolute_url()}",
            description=". ".join([*one.paragraphs, *shown]),
            unique_id=f"urn:uuid:{one.uuid}",
            pubdate=one.sent_at,
            updateddate=one.sent_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
