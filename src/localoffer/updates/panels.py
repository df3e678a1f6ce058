"""What the first page of the admin says of updates."""

from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone

from localoffer.authority.today import SHOWN, Panel, Row
from localoffer.updates.models import Edition, Format, Subscriber
from localoffer.updates.models.people import ANSWER_WITHIN


def waiting_for_approval(*, authorities, now):
    """Editions that somebody wrote and somebody else must approve."""
    found = Edition.objects.filter(authority__in=authorities).waiting().order_by("day")
    return _panel("Editions waiting for approval", found, now, "for the days up to")


def drafts(*, authorities, now):
    """Editions that were made by themselves and that nobody has taken up yet."""
    found = Edition.objects.filter(authority__in=authorities, state=Edition.State.DRAFT)
    return _panel("Editions to write", found.order_by("day"), now, "for the days up to")


def to_print(*, authorities, now):
    """Editions whose letters nobody has printed yet."""
    found = Edition.objects.filter(authority__in=authorities).to_print().order_by("sent_at")
    return _panel("Letters to print and post", found, now, "sent by email; for the days up to")


def _panel(title, found, now, words):
    total = found.count()
    if not total:
        return None
    rows = [
        Row(
            title=edition.title,
            url=reverse("editions:edit", args=[edition.pk]),
            note=f"{words} {date(edition.day, 'j F Y')}",
        )
        for edition in found[:SHOWN]
    ]
    late = any((timezone.localdate(now) - edition.day).days > 3 for edition in found[:1])
    return Panel(
        title=title, rows=rows, total=total, all_url=reverse("editions:index"), urgent=late
    )


def to_ask_again(*, authorities, now):
    """People whom no mail can ask, or has reached, whether they still want what they get."""
    found = Subscriber.objects.filter(authority__in=authorities).to_ask_by_hand()
    found = found.order_by("asked_at")
    total = found.count()
    if not total:
        return None
    return Panel(
        title="Ask by phone or letter whether they still want updates",
        rows=[
            Row(
                title=str(one),
                url=reverse("subscribers:edit", args=[one.pk]),
                note=(
                    f"ends by itself on {date(one.asked_at + ANSWER_WITHIN, 'j F Y')}"
                    if one.format == Format.POST
                    else "our email that asked did not reach them"
                ),
            )
            for one in found[:SHOWN]
        ],
        total=total,
        all_url=reverse("subscribers:index"),
    )
