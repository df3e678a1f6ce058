"""What is wrong with this installation, in words: ``localoffer check --deploy``."""

import importlib.util
import shutil
import socket

from django.conf import settings
from django.core import checks
from django.core.checks import Tags

from localoffer.mail import webhooks


@checks.register(Tags.security, deploy=True)
def second_factor_is_asked_for(app_configs, **kwargs):
    if settings.DEMO:
        yield checks.Error(
            "LOCALOFFER_DEMO is true: people sign in without a second factor.",
            hint="Unset LOCALOFFER_DEMO.",
            id="localoffer.E001",
        )


@checks.register(Tags.security, deploy=True)
def address_is_secure(app_configs, **kwargs):
    if not settings.SECURE:
        yield checks.Error(
            f"LOCALOFFER_SITE_URL is {settings.SITE_URL}: sign-ins would travel in the open.",
            hint="Set it to the site's https address.",
            id="localoffer.E002",
        )


@checks.register(deploy=True)
def mail_can_be_sent(app_configs, **kwargs):
    if settings.MAIL["way"] == "folder":
        yield checks.Error(
            "LOCALOFFER_MAIL is folder: nobody gets any mail.",
            hint="Name a mail server or notify (docs/operate/email.md).",
            id="localoffer.E004",
        )
    server = settings.MAIL["server"]
    if server.get("host") in {"localhost", "127.0.0.1"}:
        try:
            socket.create_connection((server["host"], server["port"]), timeout=2).close()
        except OSError:
            yield checks.Error(
                f"No mail server answers at {server['host']}:{server['port']}.",
                hint="Set LOCALOFFER_MAIL (docs/operate/email.md).",
                id="localoffer.E003",
            )
    if settings.MAIL["way"] == "notify" and not (
        settings.NOTIFY["key"] and settings.NOTIFY["template"]
    ):
        yield checks.Error(
            "LOCALOFFER_MAIL is notify, but its key or its template is not set.",
            hint="Set LOCALOFFER_NOTIFY_KEY and LOCALOFFER_NOTIFY_TEMPLATE.",
            id="localoffer.E005",
        )
    for what, needed, wanted in [
        ("notify", "notifications_python_client", settings.MAIL["way"] == "notify"),
        ("services", "anymail", settings.MAIL_SERVICE),
    ]:
        if wanted and importlib.util.find_spec(needed) is None:
            yield checks.Error(
                f"Mail needs a package that is not installed: localoffer[{what}].",
                hint=f"pip install 'localoffer[{what}]'",
                id="localoffer.E006",
            )
    if settings.MAIL_SERVICE and not webhooks.secured(settings.MAIL_SERVICE):
        yield checks.Error(
            f"Nobody knows {settings.MAIL_SERVICE} when it calls: its password or key is not set.",
            hint="Set LOCALOFFER_MAIL_SERVICE_PASSWORD or _KEY (docs/operate/email.md).",
            id="localoffer.E007",
        )
    if settings.MAIL["way"] == "smtp" and not (settings.MAIL_INBOX and settings.MAIL_INCOMING):
        yield checks.Warning(
            "Nobody reads reports of mail that could not be delivered.",
            hint="Set LOCALOFFER_MAIL_INBOX and LOCALOFFER_MAIL_INCOMING (docs/operate/email.md).",
            id="localoffer.W002",
        )


@checks.register(deploy=True)
def data_folder_has_room(app_configs, **kwargs):
    free = shutil.disk_usage(settings.DATA).free
    if free < 1_000_000_000:
        yield checks.Warning(
            f"Only {free // 1_000_000} MB are free in {settings.DATA}.",
            id="localoffer.W001",
        )
