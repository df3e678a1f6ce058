"""The way by which this installation sends mail, as the settings say."""

from django.conf import settings

from localoffer.mail.backends.base import Backend
from localoffer.mail.backends.folder import Folder
from localoffer.mail.backends.notify import Notify
from localoffer.mail.backends.smtp import Smtp


def chosen() -> Backend:
    """The backend of ``LOCALOFFER_MAIL``."""
    way = settings.MAIL
    if way["way"] == "folder":
        return Folder(settings.DATA / "mail")
    if way["way"] == "notify":
        return Notify(**settings.NOTIFY)
    return Smtp(**way["server"])
