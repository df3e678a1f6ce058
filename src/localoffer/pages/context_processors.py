"""What every page of the public site shows around its content: two queries."""

from django.conf import settings
from django.utils import timezone

from localoffer.pages import menus
from localoffer.pages.models import Alert


def site(request):
    """The menu, the links at the foot, the alerts, and whether this is a demonstration.

    Nothing of the session or the user, so that a page can be kept and shown to anyone.
    """
    authority = getattr(request, "authority", None)
    if authority is None or request.path.startswith("/admin/"):
        return {}
    return {
        "menu": menus.menu(request),
        "footer_links": menus.footer(request),
        "alerts": Alert.objects.for_authority(authority).showing(now=timezone.now()),
        "demonstration": getattr(settings, "DEMONSTRATION", settings.DEMO),
    }
