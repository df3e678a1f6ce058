"""What is kept of a consultation beside its words: its days and the decisions on it."""

from datetime import timedelta
from functools import cached_property

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from localoffer.authority.models import Authority, Owned, OwnedQuerySet
from localoffer.consultations import closing
from localoffer.consultations.models.pages import ConsultationPage
from localoffer.consultations.states import AWAITED, COLOURS, OPEN_STATES, Facts, State
from localoffer.pages.privacy import readable


class ConsultationQuerySet(OwnedQuerySet):
    def visible_to(self, authorities, *, to="change"):
        """Those that officers of these authorities may open: to ``read`` of them, to see the
        ``results`` before they are published, to read the ``answers``, or to ``change`` anything.

        The lead may do all of it, and nobody else may change anything.
        """
        allowed = {
            "read": Q(),
            "results": Q(can_see_results=True) | Q(consultation__published_at__isnull=False),
            "answers": Q(can_see_raw=True),
        }
        if to not in allowed:
            return self.filter(authority__in=authorities)
        shares = ConsultationOwner.objects.filter(allowed[to], authority__in=authorities)
        return self.filter(Q(authority__in=authorities) | Q(pk__in=shares.values("consultation")))

    def shown_by(self, authority):
        """Those with a page on the site of this authority, live or not."""
        shares = ConsultationOwner.objects.filter(authority=authority, page__isnull=False)
        return self.filter(Q(authority=authority) | Q(pk__in=shares.values("consultation")))

    def at(self, authority, slug):
        """The one that anyone may read of at this address of an authority's site, or None."""
        if authority is None:
            return None
        whole = self.listed().select_related("page", "authority")
        own = whole.filter(authority=authority, page__slug=slug).first()
        if own:
            return own
        pages = readable(ConsultationPage.objects.filter(slug=slug))
        shares = ConsultationOwner.objects.filter(authority=authority, page__in=pages)
        share = shares.select_related("page").first()
        record = share and whole.filter(pk=share.consultation_id).first()
        if record:
            record.shown_on = share.page
        return record

    def listed(self):
        """Those that anyone may read of, with their pages."""
        pages = readable(ConsultationPage.objects.all())
        return self.filter(page__in=pages.values("pk")).exclude(confirmed_at=None)

    def open(self, *, now):
        return self.exclude(confirmed_at=None).filter(opens_at__lte=now, closes_at__gt=now)

    def awaited(self, *, now):
        """Those that have closed and of which no results are published."""
        return self.exclude(confirmed_at=None).filter(closes_at__lte=now, published_at=None)

    def overdue(self, *, now):
        """Those whose results were promised for a day that has passed."""
        return self.awaited(now=now).filter(results_due__lt=timezone.localdate(now))


class Consultation(Owned):
    """The days of one consultation, and what was decided about it.

    ``authority`` leads it and holds its answers. The instants follow from the days (``closing``)
    and are kept for asking; nothing else that follows from the clock is stored.
    """

    page = models.OneToOneField(ConsultationPage, models.PROTECT, related_name="record")
    opens_on = models.DateField("first day", help_text="It opens as this day begins.")
    closes_on = models.DateField("last day", help_text="It stays open to the end of this day.")
    closes_time = models.TimeField(
        "closing time",
        null=True,
        blank=True,
        help_text="Only if it must close before the end of the last day. UK time.",
    )
    closes_second = models.BooleanField(
        "which of two",
        null=True,
        blank=True,
        choices=[(False, "The first"), (True, "The second")],
        help_text="Only for a time that clocks show twice, on the night they go back.",
    )
    zone = models.CharField(max_length=40, default=closing.ZONE, editable=False)
    opens_at = models.DateTimeField("opens", editable=False)
    closes_at = models.DateTimeField("closes", editable=False)
    results_due = models.DateField(
        "results promised by",
        null=True,
        blank=True,
        help_text="Readers see this day, and that the results are late if it passes.",
    )
    threshold = models.PositiveSmallIntegerField(
        "smallest number shown",
        choices=[(10, "10"), (5, "5: only for questions that are not sensitive")],
        default=10,
    )
    confirmed_at = models.DateTimeField("set going", null=True, editable=False)
    analysis_at = models.DateTimeField("counting begun", null=True, editable=False)
    published_at = models.DateTimeField("results published", null=True, editable=False)
    decided_on = models.DateField("day of the decision", null=True, editable=False)
    decision = models.TextField("what was decided, and why", blank=True, editable=False)

    objects = ConsultationQuerySet.as_manager()

    shown_on = None  # its page on another owner's site, where it was found there

    class Meta:
        ordering = ["-closes_at", "-pk"]
        permissions = [("shorten_consultation", "Can close a consultation early")]
        constraints = [
            models.CheckConstraint(
                name="consultations_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))
            ),
            models.CheckConstraint(
                name="consultations_set_going_with_a_day_for_results",
                condition=Q(confirmed_at=None)
                | Q(results_due__isnull=False, results_due__gte=F("closes_on")),
            ),
            models.CheckConstraint(
                name="consultations_counted_before_it_is_published",
                condition=Q(published_at=None) | Q(analysis_at__isnull=False),
            ),
            models.CheckConstraint(
                name="consultations_decided_with_words",
                condition=Q(decided_on=None) | (~Q(decision="") & Q(published_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="consultations_threshold_is_known", condition=Q(threshold__in=[5, 10])
            ),
        ]

    def __str__(self):
        return self.page.title

    @property
    def public_page(self):
        """Its page on the site on which it was found."""
        return self.shown_on or self.page

    def on_site_of(self, authority):
        """The same, as the site of one of its owners shows it."""
        if authority and authority.pk != self.authority_id:
            shares = self.owners.filter(authority=authority).select_related("page")
            self.shown_on = next((share.page for share in shares if share.page), None)
        return self

    def page_keys(self):
        """The keys of its pages on all sites: what is announced when it changes."""
        return [self.page_id, *self.owners.shown().values_list("page_id", flat=True)]

    @cached_property
    def askers(self):
        """The authorities whose consultation it is, the lead first."""
        shares = self.owners.exclude(role=ConsultationOwner.Role.PROCESSOR)
        shares = shares.select_related("authority__site")
        return [self.authority, *(share.authority for share in shares.order_by("pk"))]

    @property
    def askers_words(self):
        """Who asks, as people say it: "A and B"; empty where only one does."""
        *names, last = [each.council for each in self.askers]
        return f"{', '.join(names)} and {last}" if names else ""

    def doors(self):
        """The authorities on whose sites it can be answered, or has been: the lead first."""
        found = {share.authority_id for share in self.owners.shown()}
        sent = self.instruments.values("versions__responses__door").distinct().order_by()
        found |= {row["versions__responses__door"] for row in sent}
        others = Authority.objects.filter(pk__in=found - {None, self.authority_id}).order_by("pk")
        return [self.authority, *others]

    def set_days(self):
        """Work out the instants from the days.

        Raises what ``closing`` raises of a time that clocks do not show, or show twice.
        """
        self.opens_at = closing.opens_at(self.opens_on)
        self.closes_at = closing.closes_at(
            self.closes_on, self.closes_time, second=self.closes_second
        )

    @property
    def facts(self) -> Facts:
        return Facts(
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            results_due=self.results_due,
            confirmed=self.confirmed_at is not None,
            published=self.published_at is not None,
            decided=self.decided_on is not None,
        )

    def state(self, *, now) -> State:
        return self.facts.at(now)

    @property
    def moments(self):
        """When a page about it changes by the clock: by the hour too, on its last day."""
        hours = range(int(closing.LAST_HOURS.total_seconds() // 3600) + 1)
        step = timedelta(hours=1)
        return [*self.facts.moments(), *(self.closes_at - step * n for n in hours)]

    def tag(self, *, now):
        """The words and the colour of its state."""
        state = self.state(now=now)
        return {"text": state.label, "colour": COLOURS[state]}

    def is_open(self, *, now) -> bool:
        return self.state(now=now) in OPEN_STATES

    def is_awaited(self, *, now) -> bool:
        return self.state(now=now) in AWAITED

    def left(self, *, now) -> str:
        return closing.left(self.closes_at, now=now) if self.is_open(now=now) else ""

    @property
    def closing_words(self) -> str:
        """When it closes: "11:59pm on Friday 28 April 2023"."""
        return closing.closing_words(self.closes_on, self.closes_time, second=self.closes_second)

    @property
    def grace_ends(self):
        return self.closes_at + closing.GRACE

    def surveys_to_show(self):
        """Its surveys that have been published, each with the version that is asked now."""
        return [
            survey
            for survey in self.instruments.select_related("audience").prefetch_related("versions")
            if survey.current
        ]

    def published_result(self):
        """The results as they stand, or None."""
        return self.results.exclude(published_at=None).order_by("-number").first()


class ConsultationOwnerQuerySet(OwnedQuerySet):
    def shown(self):
        """Those whose own site shows it."""
        return self.filter(page__isnull=False)


class ConsultationOwner(Owned):
    """Another authority that a consultation belongs to: what it may see, and its page about it.

    The lead is ``Consultation.authority``, and never here. ``page`` follows the lead's page and
    stands on this owner's own site once its officers have agreed. A processor works for the others:
    it asks nobody anything, and so has no page.
    """

    class Role(models.TextChoices):
        CONTROLLER = "controller", "Controller"
        JOINT = "joint_controller", "Joint controller"
        PROCESSOR = "processor", "Processor"

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="owners")
    role = models.CharField("role in data protection", max_length=20, choices=Role)
    can_see_raw = models.BooleanField(
        "may read every answer", default=False, help_text="People's own words too."
    )
    can_see_results = models.BooleanField("may see the results before anybody else", default=False)
    page = models.OneToOneField(
        ConsultationPage, models.PROTECT, null=True, related_name="share", editable=False
    )

    objects = ConsultationOwnerQuerySet.as_manager()

    class Meta:
        verbose_name = "other owner"
        ordering = ["consultation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "authority"], name="consultations_owner_once"
            ),
            models.CheckConstraint(
                name="consultations_processor_has_no_page",
                condition=~Q(role="processor") | Q(page=None),
            ),
        ]

    def __str__(self):
        return f"{self.authority.council}: {self.get_role_display()}"

    @property
    def is_asked_to_join(self):
        """Whether its officers have still to agree that their site shows it."""
        return self.role != self.Role.PROCESSOR and self.page_id is None


class ChangeOfOwners(models.Model):
    """That an owner came or went after it was set going, and why. Readers see every one."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="owner_changes")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    came = models.BooleanField()
    reason = models.CharField(max_length=300)
    made_on = models.DateField()

    class Meta:
        ordering = ["made_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_change_of_owners_has_a_reason", condition=~Q(reason="")
            )
        ]

    def __str__(self):
        return f"{self.authority.council} {'came' if self.came else 'went'}"


class ChangeOfClosing(models.Model):
    """That the last day was moved, by which reason. Readers see every one."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="changes")
    old_day = models.DateField()
    old_time = models.TimeField(null=True)
    new_day = models.DateField()
    new_time = models.TimeField(null=True)
    reason = models.CharField(max_length=300)
    made_on = models.DateField()

    class Meta:
        ordering = ["made_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_change_has_a_reason", condition=~Q(reason="")
            )
        ]

    def __str__(self):
        return f"{self.old_words} to {self.new_words}"

    @property
    def old_words(self):
        return closing.closing_words(self.old_day, self.old_time)

    @property
    def new_words(self):
        return closing.closing_words(self.new_day, self.new_time)

    @property
    def is_longer(self):
        return self.new_day > self.old_day or (
            self.new_day == self.old_day
            and (self.new_time is None or (self.old_time and self.new_time > self.old_time))
        )
