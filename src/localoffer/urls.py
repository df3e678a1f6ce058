"""Every root address. The public names are those of docs/architecture.md."""

from django.http import Http404
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from localoffer.authority.views import set_privacy
from localoffer.pages.views import page


def not_here(request, *args, **kwargs):
    """Parts of Wagtail's admin that ask nobody whose record it is, or fail by intention."""
    raise Http404


urlpatterns = [
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    # Bulk actions ask for a permission, never whose record it is: only those that do ask are on.
    re_path(r"^admin/bulk/(?!wagtailcore/page/|wagtailimages/|wagtaildocs/)", not_here),
    re_path(r"^admin/(failwhale|api/main/\w+/find)/", not_here),
    path("admin/pages/<int:page_id>/privacy/", set_privacy),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include("allauth.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("localoffer.authority.urls")),
    path("", include("localoffer.pages.urls")),
    path("", include("localoffer.news.urls")),
    path("mail/", include("localoffer.mail.urls")),
    path("updates/", include("localoffer.updates.urls")),
    path("have-your-say/", include("localoffer.consultations.urls")),
    path("feedback/", include("localoffer.feedback.urls")),
    path("find-help/", include("localoffer.search.urls")),
    path("find-help/", include("localoffer.directory.urls")),
    re_path(wagtail_urls.serve_pattern, page, name="wagtail_serve"),
    path("", include(wagtail_urls)),
]

handler400 = "localoffer.pages.views.bad_request"
handler403 = "localoffer.pages.views.forbidden"
handler404 = "localoffer.pages.views.not_found"
handler500 = "localoffer.pages.views.server_error"
