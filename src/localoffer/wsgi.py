"""The WSGI application. It serves with the second factor waived only for a demonstration."""

import ipaddress
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")


def _refuse_a_demonstration_in_public():
    from localoffer.demo.models import Demonstration  # noqa: PLC0415  needs Django set up

    bound = os.environ.get("LOCALOFFER_SERVING_ON", "")
    try:
        loopback = ipaddress.ip_address(bound).is_loopback
    except ValueError:
        loopback = bound == "localhost"
    if not loopback or not Demonstration.objects.exists():
        raise ImproperlyConfigured(
            "LOCALOFFER_DEMO is true: people could sign in without a second factor. That is only "
            "for the demonstration's own database, served on a loopback address. Unset it."
        )


application = get_wsgi_application()
if settings.DEMO:
    _refuse_a_demonstration_in_public()
