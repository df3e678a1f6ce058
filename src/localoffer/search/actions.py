"""What officers do about what people look for. The admin and the demonstration call these."""

from django.db import transaction
from wagtail.log_actions import log

from localoffer.search.models import Gap


@transaction.atomic
def note_gap(*, authority, words, note="", by=None):
    """Note that something may be missing. Raises ValidationError if it is noted already."""
    gap = Gap(authority=authority, words=words, note=note)
    gap.full_clean()
    gap.save()
    log(gap, "wagtail.create", user=by)
    return gap
