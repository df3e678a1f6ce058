"""What every page of the public site shows around its content: two queries."""

from django.conf import settings
from django.utils import timezone

from localoffer.pages import freshness, menus
from localoffer.pages.models import Alert


def site(request):
    """The menu, the links at the foot, the alerts, and whether this is a demonstration.

    Nothing of the session or the user, so that a page can be kept and shown to anyone.
    """
    authority = getattr(request, "authority", None)
    if authority is None or request.path.startswith("/admin/"):
        return {}
    now = timezone.now()
    alerts = list(Alert.objects.for_authority(authority).not_over(now=now))
    freshness.until(request, *(alert.next_moment(now=now) for alert in alerts))
    return {
        "menu": menus.menu(request),
        "footer_links": menus.footer(request),
        "alerts": [alert for alert in alerts if alert.starts <= now],
        "demonstration": getattr(settings, "DEMONSTRATION", settings.DEMO),
    }
