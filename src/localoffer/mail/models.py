"""Every mail as a row before it is sent, what became of it, and who takes no more."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from localoffer.authority.models import Owned, OwnedQuerySet
from localoffer.mail.states import ON_THE_WAY, State


class Priority(models.IntegerChoices):
    """Who goes first: a code that somebody waits for never waits behind an edition."""

    PERSONAL = 0, "One person's own"
    URGENT = 1, "Urgent"
    NEWS = 2, "News"


class MessageQuerySet(OwnedQuerySet):
    def released(self):
        return self.filter(released_at__isnull=False)


class Message(Owned):
    """What is said, to one person or to ten thousand: frozen once it is released.

    ``text`` and ``html`` may hold ``{{ name }}`` for a value of each person's own, and
    ``{{ parts }}`` once, for those of ``parts`` that the person gets. What others wrote goes
    through ``composing.literal`` first.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.SlugField(max_length=30, help_text="edition, urgent, invitation, transactional …")
    stream = models.SlugField(
        max_length=30, blank=True, help_text="Empty: one person's own business, not a mailing."
    )
    key = models.CharField(max_length=200, help_text="The same key is the same message.")
    subject = models.CharField(max_length=255)
    variant = models.CharField(
        max_length=40, blank=True, help_text="Of the same words: large print, plain text …"
    )
    text = models.TextField()
    html = models.TextField(blank=True)
    parts = models.JSONField(default=list, blank=True, help_text="[{key, text, html}] in order.")
    dropped = models.JSONField(default=list, blank=True, help_text="Keys of parts withdrawn.")
    created = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField("released", null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "key"], name="mail_message_once"),
        ]
        indexes = [models.Index(fields=["authority", "-created"], name="mail_message_list")]

    def __str__(self):
        return self.subject

    @property
    def priority(self):
        if not self.stream:
            return Priority.PERSONAL
        return Priority.URGENT if self.kind == "urgent" else Priority.NEWS


class OutboxQuerySet(OwnedQuerySet):
    def due(self, *, now):
        """What may be sent now, as far as the rows themselves say."""
        return self.filter(state=State.QUEUED, not_before__lte=now)

    def unfinished(self):
        return self.filter(state__in=ON_THE_WAY)


class OutboxEmail(Owned):
    """One mail to one person, written in the transaction that caused it.

    ``person`` is a key that the app above gives. ``not_before`` is empty until the message is
    released. ``tried_at`` is set just before the mail is handed over: a worker that dies before
    leaves it empty, and the mail is sent by another; one that dies after leaves it ``unknown``.
    """

    message = models.ForeignKey(
        Message, models.CASCADE, related_name="emails", db_index=False
    )  # the constraints below have an index that begins with it
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=254, blank=True, help_text="Empty once its term is over.")
    address_hash = models.CharField(max_length=64, db_index=True)
    personal = models.JSONField(default=dict, blank=True)
    parts = models.JSONField(default=list, blank=True, help_text="Keys; empty for all.")
    leave_url = models.CharField(max_length=500, blank=True)
    leave_token = models.CharField(max_length=200, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NEWS)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=64, blank=True)
    tried_at = models.DateTimeField("handed over", null=True, blank=True)
    done_at = models.DateTimeField("settled", null=True, blank=True)
    provider_ref = models.CharField(max_length=200, blank=True)
    last_error = models.CharField("why", max_length=500, blank=True)
    uncertain_at = models.DateTimeField(
        "lost sight of", null=True, blank=True, help_text="May have been sent twice, if sent again."
    )
    resent_at = models.DateTimeField("sent again", null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = "email"
        constraints = [
            models.UniqueConstraint(fields=["message", "person"], name="mail_outbox_once"),
            models.CheckConstraint(
                name="mail_outbox_lease_while_sending",
                condition=Q(state="sending", lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_until=None)),
            ),
            models.CheckConstraint(
                name="mail_outbox_unknown_is_recorded",
                condition=~Q(state="unknown") | Q(uncertain_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                "priority",
                "not_before",
                "id",
                name="mail_outbox_due",
                condition=Q(state="queued"),
            ),
            models.Index(fields=["message", "state"], name="mail_outbox_states"),
            models.Index(
                fields=["lease_until"], name="mail_outbox_leases", condition=Q(state="sending")
            ),
            models.Index(
                fields=["authority"], name="mail_outbox_unknown", condition=Q(state="unknown")
            ),
            models.Index(
                fields=["authority", "done_at"],
                name="mail_outbox_failed",
                condition=Q(state="failed_final"),
            ),
            # For what is deleted after its term: every minute, and there are many rows.
            models.Index(
                fields=["priority", "done_at"],
                name="mail_outbox_done",
                condition=Q(done_at__isnull=False),
            ),
            models.Index(
                fields=["done_at"],
                name="mail_outbox_personal",
                condition=Q(done_at__isnull=False) & ~Q(address_hash=""),
            ),
        ]

    def __str__(self):
        return f"{self.message} to {self.address or 'somebody'}"


class DeliveryEvent(models.Model):
    """What a mail service or a mailbox told us of a mail, stored once by its own number."""

    source = models.CharField(max_length=30, help_text="incoming, notify, or the service's name")
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    email = models.ForeignKey(
        OutboxEmail, models.SET_NULL, null=True, blank=True, related_name="events"
    )
    address_hash = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    detail = models.CharField(max_length=500, blank=True)
    raw = models.TextField(blank=True, help_text="As it came; emptied when its term is over.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="mail_event_once")
        ]
        indexes = [
            models.Index(fields=["received_at"], name="mail_event_raw", condition=~Q(raw=""))
        ]

    def __str__(self):
        return f"{self.kind} ({self.source})"


class SuppressionQuerySet(OwnedQuerySet):
    def standing(self):
        return self.filter(lifted_at=None)


class Suppression(Owned):
    """An address to which one authority sends no more, as a keyed hash: nobody can read it here."""

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce", "There is no such mailbox"
        SOFT_BOUNCES = "soft_bounces", "Mail came back again and again"
        COMPLAINT = "complaint", "Marked our mail as unwanted"
        MANUAL = "manual", "Asked us not to write"
        LEGAL = "legal", "For a legal reason"

    address_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=12, choices=Reason)
    since = models.DateTimeField(default=timezone.now)
    evidence = models.CharField(max_length=500, blank=True)
    lifted_at = models.DateTimeField("lifted", null=True, blank=True)
    lifted_reason = models.CharField("why it was lifted", max_length=500, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "address_hash"],
                condition=Q(lifted_at=None),
                name="mail_suppression_once",
            ),
            models.CheckConstraint(
                name="mail_suppression_legal_stands",
                condition=Q(lifted_at=None) | ~Q(reason="legal"),
            ),
            models.CheckConstraint(
                name="mail_suppression_lifted_with_reason",
                condition=Q(lifted_at=None) | ~Q(lifted_reason=""),
            ),
        ]
        indexes = [models.Index(F("since"), name="mail_suppression_since")]

    def __str__(self):
        return self.get_reason_display()


class IncomingMail(models.Model):
    """A mail that came to our mailbox: a report, somebody leaving, or something for a person."""

    class Kind(models.TextChoices):
        REPORT = "report", "A report of mail that could not be delivered"
        COMPLAINT = "complaint", "A report of mail marked as unwanted"
        LEAVING = "leaving", "Somebody leaves"
        AUTOMATIC = "automatic", "An automatic answer"
        OTHER = "other", "Not understood"

    digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    raw = models.BinaryField(help_text="As it came; emptied when its term is over.")

    class Meta:
        verbose_name = "incoming mail"
        verbose_name_plural = "incoming mail"

    def __str__(self):
        return f"{self.get_kind_display() or 'Not read yet'}, {self.received_at:%Y-%m-%d}"
