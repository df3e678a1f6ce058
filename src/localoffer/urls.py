"""Every root address. The public names are those of docs/architecture.md."""

from django.conf import settings
from django.conf.urls.static import static
from django.http import Http404
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls


def not_here(request, *args, **kwargs):
    """Reports that list every authority's records to anyone who may see one."""
    raise Http404


urlpatterns = [
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    re_path(r"^admin/reports/(?!locked|ageing|workflow)", not_here),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include("allauth.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("localoffer.authority.urls")),
    path("", include("localoffer.pages.urls")),
    path("", include("localoffer.news.urls")),
    path("feedback/", include("localoffer.feedback.urls")),
    path("find-help/", include("localoffer.search.urls")),
    path("find-help/", include("localoffer.directory.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include(wagtail_urls)),
]
