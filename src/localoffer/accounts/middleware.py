from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse


def second_factor_middleware(get_response):
    """Let nobody into the admin without a second factor.

    Waived only where LOCALOFFER_DEMO is true; the server refuses to start with that on
    anything but a demonstration's own database and a loopback address (``operate.waiver``).
    """

    def middleware(request):
        if request.path.startswith("/admin/"):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("account_login"))
            if not settings.DEMO and not is_mfa_enabled(request.user):
                return redirect("mfa_index")
        return get_response(request)

    return middleware
