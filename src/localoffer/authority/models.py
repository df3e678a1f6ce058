"""A local authority, what it owns, and the one row for every public thing."""

import hashlib
import secrets
import uuid

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q, Sum
from wagtail.models import Page, Site, Task, TaskState

from localoffer.authority import references
from localoffer.ui import contrast

MOST_CHANGES = 1_000  # rows of ContentChange

colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", "Enter a colour such as #1d5c63.")


class AuthorityQuerySet(models.QuerySet):
    def default(self):
        """The authority of the default site: the one asked for by an address that names none."""
        return self.filter(site__is_default_site=True).select_related("site", "logo").first()

    def editable_by(self, user):
        """The authorities in which this user has any role."""
        if user.is_superuser:
            return self.all()
        return self.filter(role__group__in=user.groups.all()).distinct()

    def permitting(self, user, permissions):
        """The authorities in which one of this user's roles gives one of these permissions.

        A user may be participation officer of one authority and editor of another: what a
        role allows, it allows in its own authority only. ``permissions``: full names such
        as ``directory.change_service``.
        """
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        wanted = Q()
        for permission in permissions:
            app, _, codename = permission.partition(".")
            wanted |= Q(
                role__group__permissions__content_type__app_label=app,
                role__group__permissions__codename=codename,
            )
        if not wanted:
            return self.none()
        return self.filter(wanted, role__group__in=user.groups.all()).distinct()


class Authority(models.Model):
    """One local authority: its name, brand and ways to reach it, and the Wagtail site it owns."""

    site = models.OneToOneField(Site, models.PROTECT, related_name="authority")
    name = models.CharField(max_length=100, help_text="For example: Worcestershire")
    council = models.CharField(
        max_length=100, help_text="For example: Worcestershire County Council"
    )
    gss_code = models.CharField(
        "ONS code",
        max_length=9,
        unique=True,
        validators=[RegexValidator(r"^E\d{8}$", "Enter an ONS code such as E10000034.")],
    )
    districts = models.JSONField(
        "ONS codes of its districts",
        default=list,
        blank=True,
        help_text="A county council's postcodes carry the codes of its districts.",
    )
    team = models.CharField("team in charge", max_length=100, default="Local Offer team")
    email = models.EmailField("team's email address", blank=True)
    phone = models.CharField("team's phone number", max_length=30, blank=True)
    post = models.TextField("team's postal address", blank=True)
    is_demonstration = models.BooleanField(
        default=False, editable=False, help_text="Made up to show the site: every page says so."
    )
    advice_name = models.CharField("SENDIASS: name", max_length=100, blank=True)
    advice_phone = models.CharField("SENDIASS: phone", max_length=30, blank=True)
    advice_email = models.EmailField("SENDIASS: email", blank=True)
    advice_url = models.URLField("SENDIASS: website", blank=True)
    safety_name = models.CharField(
        "children's safety: who answers",
        max_length=100,
        blank=True,
        help_text="For example: Family Front Door",
    )
    safety_phone = models.CharField(
        "children's safety: phone",
        max_length=30,
        blank=True,
        help_text="For a worry that a child is not safe. Find help shows it beside 999.",
    )
    safety_phone_at_night = models.CharField(
        "children's safety: phone at night and weekends", max_length=30, blank=True
    )
    logo = models.ForeignKey(
        "wagtailimages.Image", models.PROTECT, null=True, blank=True, related_name="+"
    )
    brand_colour = models.CharField(max_length=7, default="#1d5c63", validators=[colour])
    link_colour = models.CharField(max_length=7, default="#1a5a96", validators=[colour])
    button_colour = models.CharField(max_length=7, default="#0f6b4f", validators=[colour])
    background_colour = models.CharField(max_length=7, default="#fbfaf7", validators=[colour])

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "authorities"
        ordering = ["name"]

    def __str__(self):
        return self.title

    @property
    def title(self):
        return f"{self.name} SEND Local Offer"

    @property
    def root_url(self):
        return self.site.root_url

    def clean(self):
        """Refuse colours that cannot be read against each other (WCAG 2.2, 1.4.3)."""
        problems = {}
        for field, against, what in [
            ("link_colour", self.background_colour, "the page background"),
            ("brand_colour", "#ffffff", "the white words of the header"),
            ("button_colour", "#ffffff", "the white words of a button"),
            ("background_colour", "#0b0c0c", "black text"),
        ]:
            try:
                ratio = contrast.ratio(getattr(self, field), against)
            except ValueError:
                continue  # the field's own validator speaks
            if ratio < contrast.AA_TEXT:
                problems[field] = (
                    f"This is too close to {what}: contrast is {ratio:.1f}, "
                    f"and must be at least {contrast.AA_TEXT}."
                )
        if problems:
            raise ValidationError(problems)

    @property
    def theme_css(self):
        return (
            ":root{"
            f"--lo-brand:{self.brand_colour};"
            f"--govuk-brand-colour:{self.brand_colour};"
            f"--govuk-link-colour:{self.link_colour};"
            f"--lo-button:{self.button_colour};"
            f"--lo-background:{self.background_colour};"
            f"--govuk-body-background-colour:{self.background_colour};"
            "}\n"
        )

    @property
    def theme_url(self):
        version = hashlib.sha256(self.theme_css.encode()).hexdigest()[:12]
        return f"/theme.css?v={version}"


class Role(models.Model):
    """What some people may do in one authority: a group that belongs to it (product roles)."""

    authority = models.ForeignKey(Authority, models.PROTECT)
    code = models.CharField(max_length=30)
    group = models.OneToOneField(Group, models.PROTECT, related_name="role")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="authority_role_once")
        ]

    def __str__(self):
        return self.group.name


class OwnedQuerySet(models.QuerySet):
    def for_authority(self, authority):
        return self.filter(authority=authority)

    def visible_to(self, authorities, *, to="change"):
        """Those that officers of these authorities may open in the admin.

        ``to``: what for. Here the owner may do all and nobody else anything; a record that several
        own says more.
        """
        return self.filter(authority__in=authorities)


class Owned(models.Model):
    """A record that belongs to one authority. Every domain model that is not a page."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True


class ApprovalTask(Task):
    """Approval of a draft by anyone who may publish it: in its own authority, by their role."""

    class Meta:
        verbose_name = "approval by those who may publish"
        verbose_name_plural = verbose_name

    def user_can_access_editor(self, obj, user):
        return self._may_publish(obj, user)

    def locked_for_user(self, obj, user):
        return not self._may_publish(obj, user)

    def user_can_lock(self, obj, user):
        return self._may_publish(obj, user)

    def get_actions(self, obj, user):
        if not self._may_publish(obj, user):
            return []
        return [
            ("reject", "Ask for changes", True),
            ("approve", "Approve and publish", False),
            ("approve", "Approve with a comment", True),
        ]

    def get_task_states_user_can_moderate(self, user, **kwargs):
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        theirs = [
            state.pk
            for state in waiting.select_related("revision")
            if self._may_publish(state.revision.content_object, user)
        ]
        return waiting.filter(pk__in=theirs)

    @classmethod
    def get_description(cls):
        return "Anyone who may publish a draft may approve it"

    def _may_publish(self, obj, user):
        if isinstance(obj, Page):
            return obj.permissions_for_user(user).can_publish()
        permission = f"{obj._meta.app_label}.publish_{obj._meta.model_name}"
        theirs = Authority.objects.permitting(user, [permission])
        return theirs.filter(pk=obj.authority_id).exists()


class PublicItemQuerySet(OwnedQuerySet):
    def public(self):
        return self.filter(state=PublicItem.State.PUBLIC)


class PublicItem(Owned):
    """One row for every public thing: a page, a service, later an event or a consultation.

    It carries the permanent short address (``/r/REFERENCE``) and is what people follow and
    comment on. Written by ``changes.announce`` in the transaction of the change, never by hand.
    The reference outlives titles, addresses and the thing itself.
    """

    class State(models.TextChoices):
        PUBLIC = "public", "Public"
        WITHDRAWN = "withdrawn", "Withdrawn"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=9, default=references.new, unique=True, editable=False)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=255)
    url = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State)
    published = models.DateTimeField(null=True, blank=True)
    changed = models.DateTimeField()

    objects = PublicItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="authority_publicitem_once")
        ]
        indexes = [models.Index(fields=["authority", "kind", "state"])]

    def __str__(self):
        return self.title

    @property
    def short_address(self):
        return f"{self.authority.root_url}/r/{references.shown(self.reference)}"

    @property
    def shown_reference(self):
        return references.shown(self.reference)


def some_number():
    """At least 1, and small enough that billions of them can be added up."""
    return secrets.randbelow(2**31) + 1


class ContentChangeQuerySet(models.QuerySet):
    def state(self):
        """A number that every change raises, in whatever order transactions commit."""
        return self.aggregate(state=Sum("number", default=0))["state"]

    @transaction.atomic
    def compact(self):
        """Make one row of many. Their state stays as it is."""
        rows = list(self.order_by("pk").values_list("pk", "number"))
        if len(rows) > MOST_CHANGES:
            self.filter(pk__in=[pk for pk, _ in rows]).delete()
            self.create(number=sum(number for _, number in rows))


class ContentChange(models.Model):
    """That something which the public sees was changed: written in the transaction of the change.

    The state of all rows stands for the version of the content (``contentversion``). Rows, and
    not one number that is raised: two people who publish at once never wait for each other. Random,
    because after a backup is restored the same state must not come back with other content.
    """

    number = models.BigIntegerField(default=some_number)

    objects = ContentChangeQuerySet.as_manager()

    def __str__(self):
        return str(self.number)


class Erasure(models.Model):
    """That somebody had something deleted: kept for as long as a backup may bring it back.

    ``digest``: a keyed hash of its key (``erasures``), so that nobody can be found by it.
    """

    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "digest"], name="authority_erasure_once")
        ]

    def __str__(self):
        return f"{self.kind} {self.digest[:8]}"
