"""What is wrong with this installation, in words: ``localoffer check --deploy``."""

import shutil
import socket

from django.conf import settings
from django.core import checks
from django.core.checks import Tags


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
    if settings.MAIL["way"] == "smtp" and settings.EMAIL_HOST in {"localhost", "127.0.0.1"}:
        try:
            socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=2).close()
        except OSError:
            yield checks.Error(
                f"No mail server answers at {settings.EMAIL_HOST}:{settings.EMAIL_PORT}.",
                hint="Set LOCALOFFER_MAIL (docs/operate/settings.md).",
                id="localoffer.E003",
            )


@checks.register(deploy=True)
def data_folder_has_room(app_configs, **kwargs):
    free = shutil.disk_usage(settings.DATA).free
    if free < 1_000_000_000:
        yield checks.Warning(
            f"Only {free // 1_000_000} MB are free in {settings.DATA}.",
            id="localoffer.W001",
        )
