"""People who follow, what they follow, and what they asked for and have not confirmed."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from localoffer.authority.models import Owned, OwnedQuerySet, PublicItem
from localoffer.taxonomy.models import Topic

# Terms, each of which ``tick`` carries out (docs/operate/what-updates-keep.md).
UNCONFIRMED_KEPT = timedelta(days=7)
UNDO_WITHIN = timedelta(days=30)  # of leaving; then the person is erased
ASK_AGAIN_AFTER = timedelta(days=730)  # since they last said yes
ANSWER_WITHIN = timedelta(days=30)  # of being asked again: silence ends it
ARRIVES_WITHIN = timedelta(days=7)  # the mail that asks; after that somebody must ask by hand
LONGEST_ADDRESS = 254  # characters (RFC 5321, 4.5.3.1.3)
MAILS_A_DAY = 3  # to one address, before anybody has confirmed it


class Frequency(models.TextChoices):
    URGENT = "urgent", "Only urgent news, as it happens"
    DAILY = "daily", "Every day there is something new"
    WEEKLY = "weekly", "Once a week, on Saturday"
    MONTHLY = "monthly", "Once a month"


class Format(models.TextChoices):
    HTML = "html", "Email with headings and links"
    LARGE = "large", "Email in large print"
    PLAIN = "plain", "Plain text email"
    POST = "post", "Printed, by post"


class EndedReason(models.TextChoices):
    LEFT = "left", "They left it"
    LEFT_ALL = "left_all", "They left everything"
    STAFF = "staff", "They asked staff to end it"
    BOUNCED = "bounced", "Their address does not work"
    COMPLAINT = "complaint", "They marked our mail as spam"
    SILENCE = "silence", "They did not say that they still want it"


class Act(models.TextChoices):
    """What can happen to somebody who follows."""

    JOINED = "joined", "Said yes"
    ADDED = "added", "Added by staff"
    FOLLOWED = "followed", "Followed"
    CHANGED = "changed", "Changed what they get"
    PAUSED = "paused", "Paused"
    RESUMED = "resumed", "Started again after a pause"
    LEFT = "left", "Ended"
    UNDONE = "undone", "Took back leaving"
    ASKED = "asked", "Asked whether they still want it"
    STAYED = "stayed", "Said that they still want it"


class SubscriberQuerySet(OwnedQuerySet):
    def active(self):
        return self.filter(state=Subscriber.State.ACTIVE)

    def to_erase(self, *, now):
        """Those who left so long ago that they cannot take it back any more."""
        return self.filter(state=Subscriber.State.ENDED, ended_at__lt=now - UNDO_WITHIN)

    def to_ask_again(self, *, now):
        """Those who said yes two years ago and have not been asked since."""
        return self.active().filter(agreed_at__lt=now - ASK_AGAIN_AFTER, asked_at=None)

    def to_look_after(self, *, now):
        """Those whose mail that asks again has had its time, and nobody has looked for it yet."""
        asked = self.active().filter(asked_at__lt=now - ARRIVES_WITHIN, ask_arrived=None)
        return asked.exclude(format=Format.POST)

    def to_ask_by_hand(self):
        """Those whom no mail can ask again, and those whom it did not reach."""
        asked = self.active().exclude(asked_at=None)
        return asked.filter(Q(format=Format.POST) | Q(ask_arrived=False))

    def silent(self, *, now):
        """Those who were asked again and have not answered in time.

        Somebody whom no mail has asked is not silent.
        """
        late = self.active().filter(asked_at__lt=now - ANSWER_WITHIN)
        return late.filter(Q(format=Format.POST) | Q(ask_arrived=True))


class Subscriber(Owned):
    """Somebody who follows something: an address, and no more than choosing what to send asks for.

    Never a child's name, date of birth or diagnosis. The whole row is deleted when its term is
    over (``UNDO_WITHIN``), and all that belongs to it.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Follows"
        ENDED = "ended", "Has left"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.EmailField("email address", max_length=LONGEST_ADDRESS, blank=True)
    address_key = models.CharField(
        max_length=LONGEST_ADDRESS,
        blank=True,
        editable=False,
        help_text="The address as it is compared: capitals make no other person.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    ended_at = models.DateTimeField("left", null=True, blank=True)
    paused_until = models.DateField("paused until", null=True, blank=True)
    format = models.CharField(max_length=10, choices=Format, default=Format.HTML)
    areas = models.JSONField(default=list, blank=True, help_text="ONS codes. None: everywhere.")
    ages = models.JSONField(default=list, blank=True, help_text="Age bands. None: every age.")
    audiences = models.JSONField(default=list, blank=True, help_text="Codes. None: everybody.")
    promotional = models.BooleanField(
        "may be told of things that are promoted",
        default=False,
        help_text="Asked for on its own (PECR 2003, regulation 22).",
    )
    postal_name = models.CharField("name for the envelope", max_length=120, blank=True)
    postal_address = models.TextField("postal address", max_length=500, blank=True)
    agreed_at = models.DateTimeField("last said yes", default=timezone.now)
    asked_at = models.DateTimeField("asked again", null=True, blank=True)
    ask_arrived = models.BooleanField(
        null=True, editable=False, help_text="The mail that asked last. Empty: not looked for yet."
    )

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "address_key"],
                condition=~Q(address_key=""),
                name="updates_subscriber_once",
            ),
            models.CheckConstraint(
                name="updates_subscriber_can_be_reached",
                condition=(Q(format="post") & ~Q(postal_address=""))
                | (~Q(format="post") & ~Q(address_key="") & ~Q(address="")),
                violation_error_message="Give an email address, or a postal one for post.",
            ),
            models.CheckConstraint(
                name="updates_subscriber_ended_with_date",
                condition=Q(state="active", ended_at=None)
                | Q(state="ended", ended_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["authority", "state", "id"])]

    def __str__(self):
        return self.address or self.postal_name or "By post"

    def is_paused(self, *, on):
        """Whether nothing is to be sent on a day."""
        return self.paused_until is not None and on < self.paused_until

    @property
    def undo_until(self):
        """The last day on which leaving can be taken back; None while they follow."""
        return timezone.localdate(self.ended_at + UNDO_WITHIN) if self.ended_at else None


class SubscriptionQuerySet(OwnedQuerySet):
    def living(self):
        return self.filter(ended=None)

    def to_show(self):
        return self.select_related("topic", "item").order_by("pk")


class Subscription(Owned):
    """That somebody follows a topic or one public thing. Never deleted while they are kept."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(PublicItem, models.PROTECT, null=True, blank=True, related_name="+")
    frequency = models.CharField("how often", max_length=10, choices=Frequency)
    owed_from = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when nothing was sent, where how often was changed.",
    )
    started = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=10, choices=EndedReason, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="updates_subscription_of_one_thing",
                condition=Q(topic__isnull=False, item=None) | Q(topic=None, item__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["subscriber", "topic"],
                condition=Q(ended=None),
                name="updates_subscription_topic_once",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "item"],
                condition=Q(ended=None),
                name="updates_subscription_item_once",
            ),
            models.CheckConstraint(
                name="updates_subscription_ended_with_reason",
                condition=Q(ended=None, ended_reason="")
                | (Q(ended__isnull=False) & ~Q(ended_reason="")),
            ),
        ]
        indexes = [models.Index(fields=["subscriber", "ended", "frequency"])]

    def __str__(self):
        return self.topic.name if self.topic_id else self.item.title

    @property
    def scope(self):
        """What an address for leaving names: it outlives this row."""
        return f"t-{self.topic_id}" if self.topic_id else f"i-{self.item.uuid.hex}"


class HistoryEntry(Owned):
    """One thing that happened to somebody who follows. Written once, and deleted with them."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="history")
    at = models.DateTimeField(default=timezone.now)
    act = models.CharField("what happened", max_length=10, choices=Act)
    about = models.TextField("to what", blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "history entries"

    def __str__(self):
        return self.get_act_display()


class SignUpQuerySet(OwnedQuerySet):
    def waiting(self, *, now):
        """Those that can still be confirmed."""
        return self.filter(confirmed_at=None, created_at__gte=now - UNCONFIRMED_KEPT)

    def past_their_term(self, *, now):
        return self.filter(created_at__lt=now - UNCONFIRMED_KEPT)


class SignUp(Owned):
    """What somebody asked for at an address that may not be theirs: nothing is done before a yes.

    One row for each confirmation that is mailed, so that the database itself allows an address no
    more than ``MAILS_A_DAY`` of them: ``slot`` counts them.
    """

    class Kind(models.TextChoices):
        JOIN = "join", "Sign up"
        LINK = "link", "Send me my link"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.JOIN)
    form = models.UUIDField(help_text="Of the form it came from, so that it comes once.")
    address = models.EmailField(max_length=LONGEST_ADDRESS)
    address_key = models.CharField(max_length=LONGEST_ADDRESS)
    day = models.DateField()
    slot = models.PositiveSmallIntegerField()
    choices = models.JSONField(default=dict)
    wording = models.ForeignKey(
        "updates.ConsentText", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    mail_from = models.DateTimeField(null=True, blank=True, help_text="Empty: at once.")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "address_key", "day", "slot"], name="updates_signup_slot_once"
            ),
            models.UniqueConstraint(
                fields=["authority", "form", "address_key"], name="updates_signup_form_once"
            ),
            models.CheckConstraint(
                name="updates_signup_few_a_day",
                condition=Q(slot__gte=1, slot__lte=MAILS_A_DAY),
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "created_at"]),
            models.Index(fields=["form", "created_at"]),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d}"
