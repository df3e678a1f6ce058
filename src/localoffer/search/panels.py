"""What searching puts on the admin's Today: words that find nothing, and gaps to decide on."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from localoffer.authority.today import SHOWN, Panel, Row
from localoffer.search.models import Gap
from localoffer.search.reporting import NOTHING, failing
from localoffer.search.wording import number

WEEKS = 4


def words_that_find_nothing(*, authorities, now):
    """Words that many people typed of late in vain, and nobody has done anything about."""
    found = failing(authorities, today=timezone.localdate(now), weeks=WEEKS)
    if not found:
        return None
    return Panel(
        title="Words that find nothing",
        rows=[
            Row(
                title=line.words,
                url=_report(authority),
                note=(
                    f"{number(line.empty, 'search', 'searches')} of {line.times} found nothing "
                    f"in {WEEKS} weeks"
                ),
            )
            for authority, line in found[:SHOWN]
        ],
        total=len(found),
        all_url=_report(found[0][0]),
    )


def gaps_open(*, authorities, now):
    """What may be missing, the longest known first."""
    gaps = Gap.objects.filter(authority__in=authorities).open()
    total = gaps.count()
    if not total:
        return None
    return Panel(
        title="Gaps open",
        rows=[
            Row(
                title=gap.words,
                url=reverse("gaps:edit", args=[gap.pk]),
                note=f"Noted {date_format(gap.noted)}",
            )
            for gap in gaps.order_by("noted", "pk")[:SHOWN]
        ],
        total=total,
        all_url=f"{reverse('gaps:index')}?state={Gap.State.OPEN}",
    )


def _report(authority):
    return f"{reverse('asked:index')}?{urlencode({'authority': authority, 'show': NOTHING})}"
