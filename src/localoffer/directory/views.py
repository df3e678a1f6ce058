from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from localoffer.authority import kept, references
from localoffer.authority.models import PublicItem
from localoffer.directory import shortlist, showing, wording
from localoffer.directory.models import FormerAddress, Service

BYTES_OF_A_SERVICE = 15_000


@require_safe
def service(request, slug):
    """A service's page; an old address leads to it; a withdrawn one says so (410)."""
    context = kept.get(
        ("service", request.authority and request.authority.pk, slug),
        lambda: _live(request.authority, slug),
        size=lambda shown: BYTES_OF_A_SERVICE + 4 * len(shown["json_ld"]),
    )
    if context:
        return render(request, "directory/service.html", context)
    found = Service.objects.for_authority(request.authority).filter(slug=slug).first()
    if found is None:
        former = FormerAddress.objects.for_authority(request.authority).filter(slug=slug)
        return redirect(get_object_or_404(former.select_related("service")).service, permanent=True)
    if found.first_published_at is None:
        raise Http404("This service has not been published.")
    return render(request, "directory/withdrawn.html", {"service": found}, status=410)


def _live(authority, slug):
    """What the page of a live service shows."""
    services = Service.objects.for_authority(authority).filter(slug=slug, live=True)
    services = services.select_related("organisation", "image").defer("source_raw")
    found = services.prefetch_related("image__renditions").first()
    if found is None:
        return None
    found.authority = authority
    return showing.page(found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shortlist_page(request):
    """The services that this browser keeps; POST forgets them all."""
    if request.method == "POST":
        response = redirect("directory:shortlist")
        shortlist.write(response, [])
        return response
    kept, unreadable = _kept(request)
    listed = list(_services(request, kept))
    context = {
        "services": listed,
        "unreadable": unreadable,
        "gone": len(kept) - len(listed),
        "days": shortlist.KEPT_FOR // (24 * 60 * 60),
    }
    response = render(request, "directory/shortlist.html", context)
    if unreadable:
        shortlist.write(response, [])
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def save(request, reference):
    """A small page with a form: put a service on the list of this browser, or take it off."""
    item = _item_or_404(request, reference)
    kept, _ = _kept(request)
    context = {
        "item": item,
        "saved": item.reference in kept,
        "most": shortlist.MOST,
        "days": shortlist.KEPT_FOR // (24 * 60 * 60),
    }
    if request.method != "POST":
        return render(request, "directory/save.html", context)
    if request.POST.get("remove"):
        kept = [one for one in kept if one != item.reference]
    else:
        try:
            kept = shortlist.with_added(kept, item.reference)
        except shortlist.FullListError:
            return render(request, "directory/save.html", {**context, "full": True}, status=400)
    response = HttpResponseRedirect(reverse("directory:shortlist"))
    shortlist.write(response, kept)
    return response


def _item_or_404(request, reference):
    try:
        stored = references.parse(reference)
    except references.BadReferenceError as error:
        raise Http404(str(error)) from error
    items = PublicItem.objects.for_authority(request.authority).public()
    return get_object_or_404(items, kind="service", reference=stored)


def _kept(request):
    """The references on the list, and whether there was a list that could not be read."""
    try:
        return shortlist.read(request), False
    except shortlist.UnreadableListError:
        return [], True


def _services(request, kept):
    """The services on a list that are still public, in its order."""
    items = PublicItem.objects.for_authority(request.authority).public()
    items = items.filter(kind="service", reference__in=kept)
    by_key = {item.key: item for item in items}
    found = Service.objects.for_authority(request.authority).filter(live=True, pk__in=by_key)
    found = found.select_related("organisation").prefetch_related("contacts")
    services = {by_key[str(one.pk)].reference: one for one in found.defer("source_raw")}
    for reference in kept:
        if one := services.get(reference):
            one.reference = references.shown(reference)
            one.phones = [
                {"name": row.name, "number": row.phone, "dialled": wording.dialled(row.phone)}
                for row in one.contacts.all()
                if row.phone
            ]
            yield one
