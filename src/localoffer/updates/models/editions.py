"""Editions: what was new in a window of time, from the draft to the page that stays."""

import json
import uuid
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import dateformat, timezone

from localoffer.authority.models import Owned, OwnedQuerySet, PublicItem
from localoffer.updates.models.content import Content


class IllegalMoveError(ValueError):
    """It is not in a state from which it can make this move, or not for this person."""


class EditionQuerySet(OwnedQuerySet):
    def public(self):
        """Those that anybody may read, the newest first."""
        return self.filter(state__in=[Edition.State.SENDING, Edition.State.SENT]).order_by(
            "-sent_at", "-pk"
        )

    def in_archive(self):
        """Those of weeks and months: what a day told of, its week tells of too."""
        return self.public().exclude(frequency=Edition.Frequency.DAILY)

    def waiting(self):
        return self.filter(state=Edition.State.WAITING)

    def unsent(self):
        """Those of which somebody has not been told yet, and may be."""
        return self.filter(state__in=[*Edition.OPEN, Edition.State.SENDING])

    def to_send(self, *, now):
        """Approved and due, or begun and not finished."""
        due = Q(state=Edition.State.APPROVED) & (Q(send_at=None) | Q(send_at__lte=now))
        return self.filter(due | Q(state=Edition.State.SENDING)).order_by("pk")

    def to_print(self):
        """Sent, with letters that nobody has printed yet."""
        return self.filter(state=Edition.State.SENT, progress__letters__gt=0, printed_at=None)


class Edition(Owned):
    """What was new in one window of time, for those who follow that often.

    Made by ``tick`` when its window ends, approved by somebody other than those who wrote it, and
    then sent; from then on it is a public page.
    """

    class Frequency(models.TextChoices):
        DAILY = "daily", "Daily"
        WEEKLY = "weekly", "Weekly"
        MONTHLY = "monthly", "Monthly"

    class State(models.TextChoices):
        EMPTY = "empty", "Nothing to tell"
        DRAFT = "draft", "Draft"
        WAITING = "waiting", "Waiting for approval"
        APPROVED = "approved", "Approved"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        CANCELLED = "cancelled", "Not sent"

    MOVES = {
        State.EMPTY: set(),
        State.DRAFT: {State.WAITING, State.APPROVED, State.CANCELLED},
        State.WAITING: {State.DRAFT, State.APPROVED, State.CANCELLED},
        State.APPROVED: {State.DRAFT, State.SENDING, State.CANCELLED, State.EMPTY},
        State.SENDING: {State.SENT},
        State.SENT: set(),
        State.CANCELLED: set(),
    }
    OPEN = [State.DRAFT, State.WAITING, State.APPROVED]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    frequency = models.CharField("how often", max_length=10, choices=Frequency)
    day = models.DateField(help_text="The London day on which its window ended.")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    introduction = models.TextField(
        max_length=1_500,
        blank=True,
        help_text="A few words above the list. Plain text; an empty line begins a paragraph.",
    )
    send_at = models.DateTimeField(
        "send at", null=True, blank=True, help_text="UK time. Empty: as soon as it is approved."
    )
    made_at = models.DateTimeField(default=timezone.now)
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="+",
        editable=False,
        help_text="Whoever changed it or asked for approval, ever: none of them approves it.",
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    printed_at = models.DateTimeField("printed", null=True, blank=True)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "frequency"]
        permissions = [("approve_edition", "Can approve an edition that somebody else wrote")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "frequency", "day"], name="updates_edition_once"
            ),
            models.CheckConstraint(
                name="updates_edition_ends_after_it_starts", condition=Q(ends__gt=F("starts"))
            ),
            models.CheckConstraint(
                name="updates_edition_approved_by_another",
                condition=Q(approved_by=None)
                | (
                    (Q(submitted_by=None) | ~Q(approved_by=F("submitted_by")))
                    & (Q(edited_by=None) | ~Q(approved_by=F("edited_by")))
                ),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self):
        """What it is called, in the list and as the subject of its mails."""
        day = dateformat.format(self.day, "l j F Y")
        if self.frequency == self.Frequency.MONTHLY:
            return f"Monthly update: {dateformat.format(self.starts_on, 'F Y')}"
        return f"{self.get_frequency_display()} update: {day}"

    @property
    def starts_on(self):
        return timezone.localdate(self.starts)

    @property
    def slug(self):
        return f"{self.frequency}-{self.day.isoformat()}"

    def get_absolute_url(self):
        return reverse("updates:edition", args=[self.slug])

    @property
    def letters(self):
        """How many people it went to by post."""
        return self.progress.letters if hasattr(self, "progress") else 0

    @property
    def is_open(self):
        """Whether it can still be changed."""
        return self.state in self.OPEN

    @property
    def paragraphs(self):
        """The introduction, a paragraph each."""
        parts = self.introduction.replace("\r\n", "\n").split("\n\n")
        return [" ".join(part.split()) for part in parts if part.strip()]

    @property
    def fingerprint(self):
        """Of all that whoever approves it has read: the words, what it tells of, and when."""
        names = ["content_id", "heading", "title", "summary", "url", "note", "is_change"]
        rows = self.items.filter(included=True, catch_up=False).values_list(*names)
        read = [self.introduction, self.send_at and self.send_at.isoformat(), list(rows)]
        return sha256(json.dumps(read).encode()).hexdigest()

    def move_to(self, state, **changes):
        """Change state, and the fields that go with it, or raise IllegalMoveError.

        One conditional update: of two people who press at once, one is refused.
        """
        if state not in self.MOVES[self.State(self.state)]:
            raise IllegalMoveError(f"{self.get_state_display()} cannot become {state.label}")
        still_here = Edition.objects.filter(pk=self.pk, state=self.state)
        if not still_here.update(state=state, **changes):
            raise IllegalMoveError("somebody else has just changed this edition")
        self.refresh_from_db()


class Progress(models.Model):
    """How far an edition has been written out. Not part of it: pages in memory stand meanwhile."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="progress")
    cursor = models.BigIntegerField(default=0, help_text="The last follower who was addressed.")
    letters = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.edition}: up to {self.cursor}"


class EditionItem(models.Model):
    """One thing that an edition tells of, and its words as they were when it was sent."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="items")
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(default=0)
    included = models.BooleanField(default=True)
    catch_up = models.BooleanField(
        default=False,
        editable=False,
        help_text="From before its window, for those who changed how often. Not on its page.",
    )
    heading = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=255, blank=True)
    summary = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=255, blank=True)
    is_change = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "content"], name="updates_editionitem_once")
        ]

    def __str__(self):
        return self.title or str(self.content_id)


class UrgentNotice(Owned):
    """Something that could not wait for an edition, why, and how many people it was sent to."""

    uuid = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        help_text="Of the form it came from, so that it is sent once.",
    )
    item = models.ForeignKey(
        PublicItem, models.PROTECT, related_name="+", verbose_name="page or service"
    )
    title = models.CharField(max_length=120, help_text="For example: The Malvern drop-in is off")
    text = models.TextField("words", max_length=1_000, help_text="What happened, and what to do.")
    reason = models.TextField(
        "why it cannot wait", max_length=500, help_text="Kept with the notice. Not sent."
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField("made", default=timezone.now)
    cursor = models.BigIntegerField(default=0, editable=False)
    reached = models.PositiveIntegerField("people it was sent to", default=0)
    sent_at = models.DateTimeField("sent", null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return self.title
