"""What is done where an answer tells that somebody may be harmed, apart from the answers.

None of it goes with the answers when these are deleted, and none of it is counted.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from localoffer.authority import kept
from localoffer.authority.models import Owned, OwnedQuerySet
from localoffer.consultations import worries
from localoffer.consultations.models.records import Consultation

# That a person read it and what they did: for as long as somebody may ask.
OUTCOMES_KEPT = timedelta(days=7 * 365)
# How to reach somebody who asked for help: after they were helped; and at most.
CONTACT_KEPT_AFTER_HELP = timedelta(days=30)
CONTACT_KEPT_AT_MOST = timedelta(days=365)


class WorryingWords(Owned):
    """An authority's own lists, in place of ours. They order what is read, and block nothing."""

    urgent = models.TextField(
        "read these first",
        max_length=20_000,
        blank=True,
        help_text="A word or a few words on each line. A star is any end: “suicid*”.",
    )
    worrying = models.TextField(
        "read these next", max_length=20_000, blank=True, help_text="As above."
    )

    class Meta:
        verbose_name = "words that worry us"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(
                fields=["authority"],
                name="consultations_worrying_words_once",
                violation_error_message="There are lists already: change those.",
            )
        ]

    def __str__(self):
        return "Words that worry us"


def words_of(authority_id) -> worries.WordList:
    """The lists of an authority, kept in memory; ours where it has none."""

    def read():
        own = WorryingWords.objects.filter(authority=authority_id).first()
        return worries.read(own.urgent, own.worrying) if own else worries.BY_DEFAULT

    return kept.get(("worrying words", authority_id), read, size=lambda found: 50_000)


class ReadOutcome(Owned):
    """That a person read what somebody wrote, and what they did. Kept longer than the answer.

    ``response``: its key, and no foreign key: it stays when the answer has gone.
    """

    class Outcome(models.TextChoices):
        NOTHING = "nothing", "Nothing to pass on"
        TEAM = "team", "Passed to another team"
        SAFETY = "safety", "Passed to children's safety"
        EMERGENCY = "emergency", "999 was called"

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="read_outcomes")
    response = models.UUIDField(unique=True)
    alarm = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    note = models.CharField(max_length=1_000, blank=True)
    sent_on = models.DateField()
    read_on = models.DateField()
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-read_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_passed_on_with_a_note",
                condition=Q(outcome="nothing") | ~Q(note=""),
            )
        ]

    def __str__(self):
        return self.get_outcome_display()


class HelpRequestQuerySet(OwnedQuerySet):
    def waiting(self):
        return self.filter(handled_on=None)

    def past_their_term(self, *, now):
        day = now.date()
        return self.filter(
            Q(handled_on__lt=day - CONTACT_KEPT_AFTER_HELP)
            | Q(received_on__lt=day - CONTACT_KEPT_AT_MOST)
        )


class HelpRequest(Owned):
    """Somebody asks to be contacted, on a form of its own. It is of no consultation and no answer.

    ``id`` comes with the form: sent twice it is one. The day is all that is kept of when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.CharField("how to reach them", max_length=254)
    name = models.CharField("what to call them", max_length=100, blank=True)
    safely = models.CharField("when and how it is safe", max_length=300, blank=True)
    words = models.TextField("what they want help with", max_length=2_000, blank=True)
    received_on = models.DateField("asked on")
    handled_on = models.DateField("dealt with on", null=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    done = models.CharField("what was done", max_length=1_000, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "request for help"
        verbose_name_plural = "requests for help"
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_help_is_told_when_done",
                condition=Q(handled_on=None) | ~Q(done=""),
            )
        ]

    def __str__(self):
        return f"Asked on {self.received_on:%-d %B %Y}"
