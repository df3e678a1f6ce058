"""What the first page of the admin says of comments."""

from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone

from localoffer.authority.today import SHOWN, Panel, Row
from localoffer.feedback.models import ANSWER_DUE, Comment


def waiting(*, authorities, now):
    """Comments nobody has dealt with, the oldest first; urgent when one is late."""
    comments = Comment.objects.filter(authority__in=authorities).waiting().order_by("received_at")
    total = comments.count()
    if not total:
        return None
    late = comments.overdue(now=now).count()
    return Panel(
        title=f"Comments waiting, {late} late" if late else "Comments waiting",
        rows=[_row(comment, now) for comment in comments.select_related("about")[:SHOWN]],
        total=total,
        all_url=reverse("comments:index"),
        urgent=bool(late),
    )


def _row(comment, now):
    due = timezone.localdate(comment.received_at + ANSWER_DUE)
    late = comment.received_at < now - ANSWER_DUE
    about = f", about {comment.about.title}" if comment.about else ""
    return Row(
        title=f"{comment.get_kind_display()}{about}",
        url=reverse("comments:edit", args=[comment.pk]),
        note=f"{'Late: was due' if late else 'Answer by'} {date(due, 'j F Y')}",
    )
