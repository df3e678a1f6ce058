"""What people answer, with nothing in it of who they are.

A response holds no account, no network address, no browser, no time of day and no number that
counts up: there is no column to put them in. A draft holds times, because a survey closes by the
clock; it goes in the transaction in which its response comes.
"""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q

from localoffer.authority.models import Authority, Owned
from localoffer.consultations import paths
from localoffer.consultations.models.instruments import InstrumentVersion
from localoffer.consultations.models.records import Consultation

# Unsent answers are kept so long after the close, so that their writer can still copy them.
DRAFT_KEPT_AFTER_CLOSE = timedelta(days=7)
# Of somebody who pressed Start and wrote nothing.
EMPTY_DRAFT_KEPT = timedelta(days=2)
# People's own words, after the results were published; or after the close, if they never were.
WORDS_KEPT_AFTER_RESULTS = timedelta(days=365)
WORDS_KEPT_AT_MOST = timedelta(days=730)
# Answers without those words, after the close.
ANSWERS_KEPT = timedelta(days=6 * 365)


class DraftQuerySet(models.QuerySet):
    def at(self, authority):
        """Those that can be gone on with on the site of an authority."""
        shown = Consultation.objects.shown_by(authority)
        return self.filter(version__instrument__consultation__in=shown)

    def past_their_term(self, *, now):
        """Those that must be deleted by now."""
        closed = Q(version__instrument__consultation__closes_at__lt=now - DRAFT_KEPT_AFTER_CLOSE)
        return self.filter(closed | Q(answers={}, saved_at__lt=now - EMPTY_DRAFT_KEPT))


class Draft(models.Model):
    """Answers that have not been sent. Known by a cookie, or by a code that only its writer has."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="drafts")
    variant = models.CharField(max_length=6, blank=True)
    answers = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64, null=True, unique=True)
    put_aside_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "answers not sent"
        verbose_name_plural = verbose_name

    def __str__(self):
        return "Answers not sent"

    @property
    def consultation(self):
        return self.version.instrument.consultation

    @property
    def asked_in(self):
        """The version of the survey in which it is being answered; None for the standard one."""
        return self.version.document.variant(self.variant)

    def path(self):
        """The questions that its writer is asked, as they are asked."""
        version = self.version
        return paths.path(
            version.document,
            self.answers,
            audience=version.instrument.audience_code,
            variant=self.asked_in,
        )

    def may_go_on(self, *, now) -> bool:
        """Whether it can still be written and sent.

        Until the close; and for those who were part-way then, and had not put it aside, until the
        grace is over.
        """
        consultation = self.consultation
        if consultation.is_open(now=now):
            return True
        part_way = self.started_at < consultation.closes_at and self.put_aside_at is None
        closed = consultation.closes_at <= now < consultation.grace_ends
        return consultation.confirmed_at is not None and closed and part_way

    def is_late(self, *, now) -> bool:
        """Whether it is written in the grace after the close."""
        return now >= self.consultation.closes_at

    @property
    def kept_until(self):
        return self.consultation.closes_at + DRAFT_KEPT_AFTER_CLOSE


class ResponseQuerySet(models.QuerySet):
    def of(self, consultation):
        return self.filter(version__instrument__consultation=consultation)

    def at(self, authority):
        """Those that an authority's site tells of, to whoever has the receipt: of its own
        consultations, and those that came through this site."""
        return self.filter(Q(authority=authority) | Q(door=authority))

    def counted(self):
        return self.filter(withdrawn=False)

    def unread(self):
        """Those with words that nobody has read yet."""
        return self.filter(unread=True)


class Channel(models.TextChoices):
    """How somebody answered."""

    WEB = "web", "On this site"
    PAPER = "paper", "On paper"
    PHONE = "phone", "By phone"
    EMAIL = "email", "By email"
    EVENT = "event", "At an event"
    SUPPORTED = "supported", "With somebody's help"


class Response(Owned):
    """One person's answers, as they were sent. ``id`` is random; the day is all that is known.

    ``authority`` holds them, and ``door`` is the one through whose site they came.
    ``answers`` holds each answer under the code of its question (``answers``). ``variant`` is the
    version of the survey in which they were given; empty for the standard one. ``unread``: that a
    person must read what was written; ``alarm``: how soon (``worries``). ``mixed``: that it was
    written again so that its place tells nothing (``actions.mixing``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="responses")
    door = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    variant = models.CharField(max_length=6, blank=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB)
    answers = models.JSONField()
    submitted_on = models.DateField()
    late = models.BooleanField(default=False)
    receipt_digest = models.CharField(max_length=64, unique=True)
    withdrawn = models.BooleanField(default=False)
    words_deleted = models.BooleanField(default=False)
    unread = models.BooleanField(default=False)
    alarm = models.PositiveSmallIntegerField(default=0)
    mixed = models.BooleanField(default=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["version", "withdrawn"]),
            models.Index(
                fields=["authority", "version"],
                name="consultations_unread",
                condition=Q(unread=True),
            ),
            models.Index(
                fields=["submitted_on"],
                name="consultations_to_mix",
                condition=Q(mixed=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="consultations_withdrawn_is_empty",
                condition=Q(withdrawn=False) | Q(answers={}, unread=False),
            )
        ]

    def __str__(self):
        return "Response"
