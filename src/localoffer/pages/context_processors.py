"""What every page of the public site shows around its content, without a query."""

from django.conf import settings
from django.utils import timezone

from localoffer.authority import kept
from localoffer.pages import freshness, menus
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
        "alerts": _alerts(request, authority),
        "demonstration": authority.is_demonstration,
        "anyone_may_sign_in": settings.DEMO,
    }


def _alerts(request, authority):
    now = timezone.now()
    listed = kept.get(
        ("alerts", authority.pk),
        lambda: list(Alert.objects.for_authority(authority).not_over(now=now)),
        size=lambda alerts: 2_000 * len(alerts),
    )
    freshness.until(request, *(alert.next_moment(now=now) for alert in listed if alert.ends > now))
    return [alert for alert in listed if alert.shows(now=now)]
