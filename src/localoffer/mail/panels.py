"""What the first page of the admin says of mail: only when something is wrong."""

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse

from localoffer.authority.today import SHOWN, Panel, Row
from localoffer.mail import telling
from localoffer.mail.models import Message, OutboxEmail
from localoffer.mail.states import State

LATELY = timedelta(days=7)


def trouble(*, authorities, now):
    """Mail that waits for a decision, that failed of late, or that does not go out."""
    rows = OutboxEmail.objects.filter(authority__in=authorities)
    found = [
        *_by_message(rows.filter(state=State.UNKNOWN), "{}: sent or not? Decide", "maybe"),
        *_by_message(telling.stuck(rows, now=now), "{} waiting for over 30 minutes", "waiting"),
        *_by_message(
            rows.filter(state=State.FAILED_FINAL, done_at__gte=now - LATELY),
            "{} refused by the mail service",
            "not",
        ),
    ]
    if not found:
        return None
    return Panel(
        title="Mail that needs a look",
        rows=found[:SHOWN],
        total=len(found),
        all_url=reverse("mail:index"),
        urgent=True,
    )


def _by_message(rows, words, show):
    numbers = dict(
        rows.order_by().values_list("message").annotate(Count("pk")).order_by("-pk__count")[:SHOWN]
    )
    titles = Message.objects.in_bulk(numbers)
    for pk, number in numbers.items():
        yield Row(
            title=titles[pk].subject,
            url=f"{reverse('mail:message', args=[pk])}?show={show}",
            note=words.format(f"{number} email{'' if number == 1 else 's'}"),
        )
