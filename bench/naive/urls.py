from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from wagtail import urls as wagtail_urls

from localoffer import urls as ours
from localoffer.directory import showing
from localoffer.directory.models import Service


def service(request, slug):
    """A service's page, each of its lists asked for by itself."""
    found = get_object_or_404(Service, authority=request.authority, slug=slug, live=True)
    return render(request, "directory/service.html", showing.page(found, draft=True))


urlpatterns = [
    path("find-help/service/<slug:slug>/", service),
    *[pattern for pattern in ours.urlpatterns if getattr(pattern, "name", "") != "wagtail_serve"],
    path("", include(wagtail_urls)),
]
