"""Pages: prose with a place in the tree, written by a few and read by many."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CharField, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet
from wagtail.search import index

from localoffer.authority import references
from localoffer.authority.models import Owned, OwnedQuerySet, PublicItem
from localoffer.pages import fragments, readiness, tree, words
from localoffer.pages.blocks import BodyBlock, DocumentBlock, StepBlock
from localoffer.pages.privacy import readable
from localoffer.ui import symbols
from localoffer.ui.fields import StreamField


def short_enough(summary):
    """Refuse a summary of more words than a tired reader takes in at once."""
    if (number := words.count(summary)) > words.SUMMARY_LIMIT:
        raise ValidationError(
            f"Use at most {words.SUMMARY_LIMIT} words: there are {number}.", code="too_long"
        )


def symbol_choices():
    return [(name, name.replace("-", " ").capitalize()) for name in symbols.SYMBOLS]


class BasePageQuerySet(PageQuerySet):
    def public(self):
        """Without pages that are restricted, or below one that is."""
        return readable(self)

    def of_authority(self, authority):
        """The pages of an authority's site, its home page among them."""
        return self.descendant_of(authority.site.root_page, inclusive=True)

    def of_authorities(self, authorities):
        """The pages of the sites of several authorities."""
        below = Q(pk__in=[])
        for path in authorities.values_list("site__root_page__path", flat=True):
            below |= Q(path__startswith=path)
        return self.filter(below)

    def to_show(self):
        """With what a page shows of other records, in the same query."""
        row = PublicItem.objects.filter(
            kind=self.model.public_kind, key=Cast(OuterRef("pk"), CharField())
        )
        return self.annotate(stored_reference=Subquery(row.values("reference")[:1]))

    def past_review(self, *, now):
        """Live pages that a person should have checked again by now, the latest first."""
        return self.live().filter(review_due__lt=timezone.localdate(now)).order_by("review_due")

    def never_checked(self):
        return self.live().filter(checked_on=None).order_by("first_published_at")


def _chosen(stream):
    """The keys of the pages in a field of page choosers, without asking for the pages."""
    return [block["value"] for block in stream.get_prep_value() if block["value"]]


class BasePage(Page):
    """What every page has: who it is for, who owns it, and when a person last checked it."""

    public_kind = "page"
    prose: list[str] = []  # the StreamFields that its template shows, made into ``bodies``
    node = None  # its place in the tree, on a live page that ``tree.page_at`` found

    summary = models.TextField(
        max_length=600,
        validators=[short_enough],
        help_text="What this page tells people, in plain words: 60 at most.",
    )
    symbol = models.CharField(
        max_length=30,
        blank=True,
        choices=symbol_choices,
        help_text="Shown on cards that lead here.",
    )
    owner_team = models.CharField(
        "team that owns this page",
        max_length=100,
        default="Local Offer team",
        help_text="A team, not a person's name.",
    )
    audiences = ParentalManyToManyField(
        "taxonomy.Audience", blank=True, related_name="+", verbose_name="who it is for"
    )
    topics = ParentalManyToManyField("taxonomy.Topic", blank=True, related_name="+")
    needs = ParentalManyToManyField("taxonomy.Need", blank=True, related_name="+")
    age_bands = ParentalManyToManyField("taxonomy.AgeBand", blank=True, related_name="+")
    duties = ParentalManyToManyField(
        "taxonomy.Duty",
        blank=True,
        related_name="+",
        verbose_name="what the law asks for that this page gives",
    )
    words = models.TextField(
        "words families use",
        blank=True,
        help_text="Other words people search with, between commas. Not shown.",
    )
    related = StreamField(
        [("page", blocks.PageChooserBlock())], blank=True, verbose_name="related pages"
    )
    checked_on = models.DateField("last checked by a person", null=True, blank=True, editable=False)
    review_due = models.DateField("check again by", null=True, blank=True)
    change_note = models.CharField(
        "what changed, and why",
        max_length=255,
        blank=True,
        help_text="Readers see this beside the date of the change.",
    )

    objects = PageManager.from_queryset(BasePageQuerySet)()

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("audiences"),
                FieldPanel("topics"),
                FieldPanel("needs"),
                FieldPanel("age_bands"),
                FieldPanel("words"),
            ],
            "Who it is for, and how people find it",
        ),
        MultiFieldPanel([FieldPanel("symbol"), FieldPanel("related")], "Ways to this page and on"),
        FieldPanel("duties"),
        *Page.promote_panels,
    ]
    settings_panels = [
        HelpPanel(template="pages/admin/care.html", heading="Checked by a person"),
        MultiFieldPanel(
            [FieldPanel("owner_team"), FieldPanel("change_note"), FieldPanel("review_due")],
            "Care of this page",
        ),
        *Page.settings_panels,
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("words"),
    ]

    class Meta:
        abstract = True

    def get_view_restrictions(self):
        """Wagtail's own. The tree knows of most pages that there are none, without a query."""
        if self.node and not self.node.restricted and not self.node.alias:
            return []
        if self.alias_of_id:
            return super().get_view_restrictions()
        steps = range(self.steplen, len(self.path) + 1, self.steplen)
        return PageViewRestriction.objects.filter(page__path__in=[self.path[:n] for n in steps])

    def get_context(self, request, *args, **kwargs):
        trail = self.trail(request)
        context = {
            **super().get_context(request, *args, **kwargs),
            "reference": self.reference,
            "breadcrumbs": [*trail, {"title": self.title}] if trail else [],
            "related": self.related_pages(request),
        }
        bodies = {field: fragments.prose(self, field, context) for field in self.prose}
        return {**context, "bodies": bodies}

    def trail(self, request):
        """The live pages above this one, the home page first."""
        authority = getattr(request, "authority", None)
        above = tree.of(authority).above(self.path) if authority else []
        return [
            {"title": page.title if number else "Home", "url": page.url}
            for number, page in enumerate(above)
        ]

    def related_pages(self, request):
        """The pages that an editor chose, as far as they are live."""
        authority = getattr(request, "authority", None)
        chosen = fragments.of(self, "related", _chosen, size=lambda keys: 50 * len(keys))
        found = tree.of(authority).pages(chosen) if authority else []
        return [page for page in found if page.live]

    @property
    def href(self):
        """Where it is, as its own site says it: without a look-up where the tree knows."""
        return self.node.url if self.node else self.url

    @property
    def reference(self):
        """The short reference of this page as it is printed; empty before it is published."""
        if "stored_reference" not in self.__dict__:
            rows = PublicItem.objects.filter(kind=self.public_kind, key=str(self.pk))
            self.stored_reference = rows.values_list("reference", flat=True).first()
        return references.shown(self.stored_reference) if self.stored_reference else ""

    @property
    def last_changed(self):
        """When it was last changed, where that was after the day it was first published."""
        first, last = self.first_published_at, self.last_published_at
        if first and last and timezone.localdate(last) > timezone.localdate(first):
            return last
        return None

    def problems(self):
        """What must be put right before this page can be published: (field, words) pairs."""
        return list(readiness.block_problems(self))

    def publish(self, revision, *args, **kwargs):
        """Publish, unless something is in the way. The admin's forms say so before this does.

        Raises ``ValidationError``: for bulk actions, commands and code of our own.
        """
        if found := revision.as_object().problems():
            raise ValidationError([f"{self.title}: {problem}" for _field, problem in found])
        return super().publish(revision, *args, **kwargs)


class ContentPage(BasePage):
    """A page to read."""

    prose = ["body"]

    body = StreamField(BodyBlock(), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "page"


class SectionPage(BasePage):
    """A page that leads on to others: its children are cards."""

    prose = ["body"]

    body = StreamField(BodyBlock(), blank=True, verbose_name="words below the cards")

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "section"

    def get_context(self, request, *args, **kwargs):
        authority = getattr(request, "authority", None)
        children = tree.of(authority).below(self.path) if authority else []
        return {
            **super().get_context(request, *args, **kwargs),
            "children": [child for child in children if not child.restricted],
        }


class GuidePage(BasePage):
    """A guide with steps, all of them on one page: easy to print, nothing to lose one's way in."""

    public_kind = "guide"
    prose = ["introduction", "ending"]

    introduction = StreamField(BodyBlock(), blank=True)
    steps = StreamField([("step", StepBlock())], blank=True)
    ending = StreamField(BodyBlock(), blank=True, verbose_name="after the steps")

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("steps"),
        FieldPanel("ending"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("steps"),
        index.SearchField("ending"),
    ]

    class Meta:
        verbose_name = "guide with steps"

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)

        def steps(stream):
            values = [step.value for step in stream]
            return [
                (value["heading"], value["content"].render_as_block(context)) for value in values
            ]

        size = lambda made: sum(2 * len(words) + 200 for _heading, words in made)  # noqa: E731
        return {**context, "steps": fragments.of(self, "steps", steps, size=size)}


class InitiativeQuerySet(BasePageQuerySet):
    def not_over(self, *, on):
        """Programmes that anyone may read of and that have not ended before a day."""
        return self.public().filter(Q(ends=None) | Q(ends__gte=on)).order_by("title")


class InitiativePage(BasePage):
    """A programme, such as Delivering Better Value: told once, shown elsewhere by reference."""

    prose = ["body", "documents"]

    short_name = models.CharField(max_length=60, blank=True, help_text="For example: DBV")
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    bodies = models.TextField(
        "who takes part", blank=True, help_text="Organisations, one on each line."
    )
    documents = StreamField([("document", DocumentBlock())], blank=True)
    body = StreamField(BodyBlock(), blank=True)

    objects = PageManager.from_queryset(InitiativeQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("short_name"),
        MultiFieldPanel([FieldPanel("starts"), FieldPanel("ends")], "Dates"),
        FieldPanel("bodies"),
        FieldPanel("body"),
        FieldPanel("documents"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("short_name"),
        index.SearchField("bodies"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = "programme"
        constraints = [
            models.CheckConstraint(
                name="pages_initiative_ends_after_it_starts",
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gte=F("starts")),
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def is_running(self, *, on):
        """Whether it is under way on a day."""
        begun = self.starts is None or self.starts <= on
        return begun and (self.ends is None or self.ends >= on)

    @property
    def body_names(self):
        return [line.strip() for line in self.bodies.splitlines() if line.strip()]


link = RegexValidator(
    r"^(/(?!/)|https?://)\S*$",
    "Enter a web address that starts with https://, or / for a page of this site.",
)


class AlertQuerySet(OwnedQuerySet):
    def not_over(self, *, now):
        """Those that show now, and those that will; urgent ones first."""
        return self.filter(ends__gt=now).order_by("-kind", "starts", "pk")


class Alert(Owned):
    """A few words at the top of every page of an authority, between two times.

    Whether it shows follows from the clock: nothing turns it on or off.
    """

    class Kind(models.TextChoices):
        INFORMATION = "information", "Information"
        URGENT = "urgent", "Urgent"

    kind = models.CharField(max_length=11, choices=Kind, default=Kind.INFORMATION)
    title = models.CharField(max_length=100, help_text="For example: Helpline closed on Monday")
    text = models.CharField(max_length=300, blank=True)
    starts = models.DateTimeField("show from", default=timezone.now, help_text="UK time")
    ends = models.DateTimeField("show until", help_text="UK time")
    link_text = models.CharField(max_length=80, blank=True)
    url = models.CharField("link", max_length=500, blank=True, validators=[link])

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-starts", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="pages_alert_ends_after_it_starts",
                condition=Q(ends__gt=F("starts")),
                violation_error_message="It must stop showing after it starts.",
            ),
        ]

    def __str__(self):
        return self.title

    def shows(self, *, now):
        """Whether it is to be seen at a moment."""
        return self.starts <= now < self.ends

    def next_moment(self, *, now):
        """When it will next appear or disappear."""
        return self.starts if self.starts > now else self.ends

    @property
    def state(self):
        """Whether it is coming, showing or over, by the clock."""
        now = timezone.now()
        if self.starts > now:
            return "Coming"
        return "Showing" if self.ends > now else "Over"
