"""What people were told when they said yes, word for word, and how they said it."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from localoffer.authority.models import Owned, OwnedQuerySet

FIRST_WORDING = (
    "{council} will send you updates about the things you chose. We use your address for nothing "
    "else and give it to nobody else. We do not see whether you open an email. You can change "
    "what you get, or stop, at any time: there is a link in every email, and the team can do it "
    "for you. If you stop, we delete your address after 30 days."
)


class Channel(models.TextChoices):
    WEB = "web", "On the website"
    PHONE = "phone", "By phone"
    PAPER = "paper", "On paper"
    EVENT = "event", "At an event"


class ConsentTextQuerySet(OwnedQuerySet):
    def shown(self, authority):
        """The wording that an authority uses now. Its first one is not kept before a yes to it."""
        newest = self.for_authority(authority).order_by("-version").first()
        text = FIRST_WORDING.format(council=authority.council)
        return newest or ConsentText(authority=authority, version=1, text=text)

    def current(self, authority):
        """The wording that an authority uses now, kept, for somebody who says yes to it."""
        wording = self.shown(authority)
        if wording.pk:
            return wording
        with transaction.atomic():
            return self.get_or_create(
                authority=authority, version=1, defaults={"text": wording.text}
            )[0]


class ConsentText(Owned):
    """One version of the words that people agree to. Never changed: new words are a new version."""

    version = models.PositiveIntegerField()
    text = models.TextField("words", max_length=2_000)
    written_at = models.DateTimeField("written", default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name = "words people agree to"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "version"], name="updates_consenttext_once"
            )
        ]

    def __str__(self):
        return f"Version {self.version}"


class ConsentRecord(Owned):
    """That somebody said yes (UK GDPR, article 7(1)). Kept as long as the person is."""

    subscriber = models.ForeignKey(
        "updates.Subscriber", models.CASCADE, related_name="consent_records"
    )
    wording = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    channel = models.CharField("how they said it", max_length=10, choices=Channel)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_channel_display()}, {self.confirmed_at:%Y-%m-%d}"
