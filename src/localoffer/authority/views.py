from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.page_privacy import SetPrivacyView

from localoffer.authority import references
from localoffer.authority.models import Authority, PublicItem
from localoffer.authority.narrowing import narrow


@require_safe
@cache_control(public=True, max_age=31536000, immutable=True)
def theme(request):
    """The council's colours as a style sheet; its address changes when they do."""
    css = request.authority.theme_css if request.authority else ""
    return HttpResponse(css, content_type="text/css")


@require_safe
def short_address(request, reference):
    """Send a permanent short address to where the thing lives now.

    A thing that was withdrawn is sent on too: its own page says what became of it, or is not
    found. References of another authority's things are not found here.
    """
    try:
        stored = references.parse(reference)
    except references.BadReferenceError as error:
        raise Http404(str(error)) from error
    item = PublicItem.objects.for_authority(request.authority).filter(reference=stored).first()
    if item is None or not item.url:
        raise Http404("No page has this reference.")
    return redirect(item.url)


class PrivacyView(SetPrivacyView):
    """Who may read a page: of the groups there are, only those of one's own authorities."""

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        narrow(
            form,
            user=self.request.user,
            authorities=Authority.objects.editable_by(self.request.user),
        )
        return form


set_privacy = require_admin_access(PrivacyView.as_view())
