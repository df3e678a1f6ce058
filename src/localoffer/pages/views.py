"""A page; files for machines and files that pages show; the page when a form has gone stale."""

import mimetypes
from datetime import UTC, timedelta
from xml.sax.saxutils import escape

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseServerError,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from wagtail import views as wagtail_views
from wagtail.documents import get_document_model
from wagtail.models import Page

from localoffer.authority.models import PublicItem
from localoffer.pages import actions, ranges, tree
from localoffer.pages.blocks import VIDEO_TYPES, ending
from localoffer.pages.forms import CheckForm
from localoffer.pages.models import BasePage

MOST_ADDRESSES = 50_000  # in one sitemap file (sitemaps.org)
FILM_TYPES = {**VIDEO_TYPES, ".vtt": "text/vtt; charset=utf-8"}
REVIEW_AGAIN = timedelta(days=182)
PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"}


def page(request, path):
    """Wagtail's own view, told which page it is where the tree knows.

    The rest is left to Wagtail: a page that was taken down, and one that routes for itself.
    """
    found = tree.page_at(request.authority, path) if request.authority else None
    if found:
        request._wagtail_route_for_request = found.route(request, [])  # noqa: SLF001
    return wagtail_views.serve(request, path)


@require_safe
def icon(request):
    """Where browsers look for an icon when what they show (a feed, a file) cannot name one."""
    return redirect(static("ui/favicon.svg"))


@require_safe
def robots(request):
    """What search engines may read. A demonstration asks them to read nothing."""
    if not request.authority or request.authority.is_demonstration:
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        f"Disallow: {reverse('feedback:give')}",
        f"Disallow: {reverse('updates:start')}follow/",
        "Disallow: /have-your-say/answer/",
        f"Sitemap: {request.authority.root_url}{reverse('pages:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def sitemap(request):
    """Every public page and service of this authority, with the day it last changed."""
    items = PublicItem.objects.for_authority(request.authority).public().order_by("pk")
    root = request.authority.root_url if request.authority else ""

    def lines():
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        for url, changed in items.values_list("url", "changed")[:MOST_ADDRESSES]:
            address = escape(root + url if url.startswith("/") else url)
            day = changed.astimezone(UTC).date().isoformat()
            yield f"<url><loc>{address}</loc><lastmod>{day}</lastmod></url>\n"
        yield "</urlset>\n"

    return HttpResponse("".join(lines()), content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=2_592_000)
def picture(request, name):
    """A picture in the size a page shows it. What editors uploaded is not served."""
    kind, _encoding = mimetypes.guess_type(name)
    path = f"images/{name}"
    if kind not in PICTURES or not default_storage.exists(path):
        raise Http404("There is no picture at this address.")
    return _send(request, default_storage.open(path), kind=kind, tag=f'"{name}"')


@require_safe
@cache_control(public=True, max_age=86_400)
def film(request, pk, name):
    """A video of the council's, or its captions, whole or in the part that a browser asks for."""
    document = get_object_or_404(get_document_model().objects.select_related("collection"), pk=pk)
    kind = FILM_TYPES.get(ending(document))
    if not kind or document.filename != name or document.collection.get_view_restrictions():
        raise Http404("There is no video at this address.")
    try:
        file = document.file.storage.open(document.file.name)
    except FileNotFoundError as error:
        raise Http404("The file of this video is gone.") from error
    return _send(request, file, kind=kind, tag=f'"{document.file_hash}"')


def _send(request, file, *, kind, tag):
    size = file.size
    part = None
    asked = request.headers.get("Range", "")
    if asked and request.headers.get("If-Range", tag) == tag:
        try:
            part = ranges.parse(asked, size)
        except ranges.UnsatisfiableRangeError:
            file.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if request.headers.get("If-None-Match") == tag:
        file.close()
        return HttpResponse(status=304, headers={"ETag": tag})
    start, stop = part or (0, size - 1)
    response = StreamingHttpResponse(
        ranges.Part(file, start, stop), status=206 if part else 200, content_type=kind
    )
    response["Content-Length"] = str(stop - start + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    response["X-Content-Type-Options"] = "nosniff"
    if part:
        response["Content-Range"] = f"bytes {start}-{stop}/{size}"
    return response


@require_http_methods(["GET", "POST"])
def check(request, pk):
    """Ask somebody who has read a page whether it is right, and note the day."""
    page = Page.objects.filter(pk=pk).specific().first()
    if not isinstance(page, BasePage) or not page.permissions_for_user(request.user).can_edit():
        raise Http404("There is no such page.")
    today = timezone.localdate()
    form = CheckForm(request.POST or None, initial={"review_due": today + REVIEW_AGAIN})
    if request.method == "POST" and form.is_valid():
        actions.check(page, on=today, by=request.user, review_due=form.cleaned_data["review_due"])
        messages.success(request, f"“{page.title}” is marked as checked today.")
        return redirect("wagtailadmin_pages:edit", page.pk)
    return TemplateResponse(request, "pages/admin/check.html", {"page": page, "form": form})


def form_expired(request, reason=""):
    """Say what to do when a form's token does not match: mostly, cookies are off or it was old."""
    return TemplateResponse(request, "pages/form_expired.html", status=403)


def not_found(request, exception=None):
    """Offer the search and the way back: nobody is to blame for an old link."""
    return TemplateResponse(request, "pages/not_found.html", status=404).render()


def forbidden(request, exception=None):
    return TemplateResponse(request, "pages/forbidden.html", status=403).render()


def bad_request(request, exception=None):
    """Without header and menu, which would be made from the very address that may be wrong."""
    return HttpResponseBadRequest(render_to_string("pages/bad_request.html"))


def server_error(request):
    """Asks nothing of the database, which may be what has failed."""
    return HttpResponseServerError(render_to_string("pages/server_error.html"))
