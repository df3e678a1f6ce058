"""Opens a survey, leaves drafts in it that wait to be sent, and tells what was taken in."""

from datetime import timedelta

import django

django.setup()

from django.core import signing
from django.utils import timezone

from localoffer.authority.models import Authority
from localoffer.consultations import codes
from localoffer.consultations.models import Draft, Instrument, Response
from localoffer.consultations.views.answering import COOKIE, SALT
from tests.factories.consultations import around_today, make_listing, make_open, one
from tests.processes.gates import obey


def open_survey():
    """The address of the page that sends."""
    authority = Authority.objects.get()
    _first, last = around_today()
    make_open(
        make_listing(authority.site.root_page.specific),
        authority=authority,
        asked=[one("AGE")],
        days=around_today(),
        results_due=last + timedelta(days=30),
        now=timezone.now(),
    )
    return "/have-your-say/answer/what-about-clubs/parents/check/"


def leave(number):
    """So many drafts: of each the cookie that its browser holds, and the hash of its receipt."""
    now, version = timezone.now(), Instrument.objects.get().current
    drafts = Draft.objects.bulk_create(
        Draft(version=version, answers={"AGE": "AGE1"}, started_at=now, saved_at=now)
        for _ in range(number)
    )
    signer = signing.get_cookie_signer(salt=COOKIE + SALT)
    return [
        [signer.sign(draft.pk.hex), codes.digest(codes.receipt_of(draft.pk))] for draft in drafts
    ]


def taken():
    """The hashes of the receipts of all that was taken in; and how many drafts there are."""
    return [list(Response.objects.values_list("receipt_digest", flat=True)), Draft.objects.count()]


if __name__ == "__main__":
    obey({"open_survey": open_survey, "leave": leave, "taken": taken})
