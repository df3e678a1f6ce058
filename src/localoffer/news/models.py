"""News: stories with the day that things happened, kept for ever."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, ProtectedError, Q, Value, When
from django.template.response import TemplateResponse
from django.utils import dateformat, timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from localoffer.authority import kept
from localoffer.news import archive
from localoffer.pages import freshness, readiness, tree, words
from localoffer.pages.blocks import BodyBlock
from localoffer.pages.models import BasePage, BasePageQuerySet
from localoffer.taxonomy.models import Audience, Topic
from localoffer.ui.fields import StreamField

STORIES_ON_A_PAGE = 10
NEWEST = ["-event_date", "-first_published_at", "-pk"]
# After this a story says that it is old: what it tells may no longer be so.
OLD_AFTER = timedelta(days=365)


class KeptForEverError(ProtectedError):
    """News is never deleted."""

    def __init__(self, message):
        super().__init__(message, set())


class NewsQuerySet(BasePageQuerySet):
    def to_show(self):
        return super().to_show().select_related("area")

    def to_list(self):
        """With no more than a list of stories shows."""
        return self.only(
            "title",
            "url_path",
            "summary",
            "event_date",
            "kind",
            "opens",
            "closes",
            "pinned_until",
            "promotional",
            "initiative",
        )

    def in_brief(self):
        """Stories that anyone may read, newest first, with no more than a list shows."""
        return self.newest_first().to_list()

    def newest_first(self):
        """Stories that anyone may read, the last thing to happen first."""
        return self.public().order_by(*NEWEST)

    def pinned_first(self, *, now):
        """The same, beginning with those that are pinned still."""
        pinned = Case(
            When(pinned_until__gte=timezone.localdate(now), then=Value(0)), default=Value(1)
        )
        return self.newest_first().alias(rest=pinned).order_by("rest", *NEWEST)

    def published_since(self, moment):
        """Stories first published after a moment, for digests."""
        return self.public().filter(first_published_at__gt=moment)

    def front(self, number, *, now):
        """What a front page may show from now on, until anything is published: newest first.

        Whatever people can take part in, what has not happened yet and what is pinned; and of the
        rest the newest ``number``, and the newest of what came of something.
        """
        today = timezone.localdate(now)
        ahead = Q(closes__gt=now) | Q(closes=None, event_date__gt=today)
        newest = self.newest_first().exclude(ahead)
        return self.newest_first().filter(
            ahead
            | Q(pinned_until__gte=today)
            | Q(pk__in=newest.values("pk")[:number])
            | Q(pk__in=newest.filter(kind__in=NewsPage.OUTCOMES).values("pk")[:number])
        )


class NewsPage(BasePage):
    """One news story."""

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", "Announcement"
        SERVICE_CHANGE = "service_change", "Change to a service"
        RESULT = "result", "What came of it"
        REVIEW_OUTCOME = "review_outcome", "Outcome of a review"
        OPPORTUNITY = "opportunity", "Have your say or take part"
        CLOSURE = "closure", "Closure"

    public_kind = "news"
    prose = ["body"]
    OUTCOMES = [Kind.RESULT, Kind.REVIEW_OUTCOME]
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types = []

    event_date = models.DateField(
        "day it happened, or will happen",
        default=timezone.localdate,
        help_text="Not the day you publish. The archive goes by this date.",
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ANNOUNCEMENT)
    opens = models.DateTimeField(
        "people can take part from", null=True, blank=True, help_text="UK time"
    )
    closes = models.DateTimeField(
        "people can take part until",
        null=True,
        blank=True,
        help_text="UK time. For “the end of Friday” choose 23:59 on Friday.",
    )
    pinned_until = models.DateField(
        "keep at the top until", null=True, blank=True, help_text="The last day at the top."
    )
    area = models.ForeignKey(
        "places.Area",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where it matters, if not everywhere.",
    )
    place = models.CharField(
        "place in words", max_length=100, blank=True, help_text="For example: Malvern"
    )
    initiative = models.ForeignKey(
        "pages.InitiativePage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name="programme it belongs to",
    )
    source = models.CharField(
        "organisation it comes from", max_length=120, blank=True, help_text="If not the council."
    )
    promotional = models.BooleanField(
        "promotes something", default=False, help_text="Shown as such to readers."
    )
    body = StreamField(BodyBlock(), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("event_date"), FieldPanel("kind")], "What and when"),
        MultiFieldPanel([FieldPanel("opens"), FieldPanel("closes")], "When people can take part"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("place"),
                FieldPanel("area"),
                FieldPanel("initiative"),
                FieldPanel("source"),
                FieldPanel("promotional"),
                FieldPanel("pinned_until"),
            ],
            "About the story",
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.FilterField("event_date"),
        index.FilterField("kind"),
    ]

    objects = PageManager.from_queryset(NewsQuerySet)()

    class Meta:
        verbose_name = "news story"
        verbose_name_plural = "news stories"
        constraints = [
            models.CheckConstraint(
                name="news_story_closes_after_it_opens",
                condition=Q(opens=None) | Q(closes=None) | Q(closes__gt=F("opens")),
                violation_error_message="It must close after it opens.",
            ),
        ]

    def route(self, request, path_components):
        """A story that was taken down keeps its address, where it says so."""
        if not path_components and not self.live and self.first_published_at:
            return RouteResult(self, kwargs={"withdrawn": True})
        return super().route(request, path_components)

    def serve(self, request, *args, withdrawn=False, **kwargs):
        if withdrawn:
            return TemplateResponse(request, "news/withdrawn.html", {"page": self}, status=410)
        return super().serve(request, *args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        authority = getattr(request, "authority", None)
        freshness.until(request, *self.moments)
        wanted = [self.initiative_id] if authority and self.initiative_id else []
        return {
            **super().get_context(request, *args, **kwargs),
            "initiative": next(iter(tree.of(authority).pages(wanted)), None) if wanted else None,
        }

    def delete(self, *args, **kwargs):
        """Refused: news is the record of what was said. Taking it down keeps its address."""
        raise KeptForEverError(f"“{self.title}” is news, which is kept. Unpublish it instead.")

    def lies_ahead(self, *, now):
        """Whether people can still take part, or it has not happened yet."""
        return self.closes > now if self.closes else self.event_date > timezone.localdate(now)

    def is_pinned(self, *, on):
        """Whether it stays at the top on a day."""
        return self.pinned_until is not None and self.pinned_until >= on

    @property
    def is_outcome(self):
        """Whether it tells what came of something."""
        return self.kind in self.OUTCOMES

    @property
    def moments(self):
        """When the words about taking part change: all else about it changes by the day."""
        return [self.opens, self.closes]

    @property
    def is_open(self):
        """Whether people can take part now, by the clock."""
        now = timezone.now()
        return bool(self.closes) and (self.opens is None or self.opens <= now) and now < self.closes

    @property
    def is_coming(self):
        """Whether it has not begun yet."""
        if self.closes or self.opens:
            return bool(self.opens) and self.opens > timezone.now()
        return self.event_date > timezone.localdate()

    @property
    def is_closed(self):
        return bool(self.closes) and self.closes <= timezone.now()

    @property
    def closing_words(self):
        """When it closes, so that nobody can be a day out: "the end of Friday 28 April 2023"."""
        if not self.closes:
            return ""
        local = timezone.localtime(self.closes)
        day = dateformat.format(local, "l j F Y")
        if (local.hour, local.minute) == (23, 59):
            return f"the end of {day}"
        return f"{dateformat.format(local, 'g:i a')} on {day}"

    @property
    def until(self):
        return f"Until {self.closing_words}" if self.closes else ""

    @property
    def from_when(self):
        """The day it begins, in words."""
        first = timezone.localtime(self.opens) if self.opens else self.event_date
        return dateformat.format(first, "l j F Y")

    @property
    def is_old(self):
        return self.event_date < timezone.localdate() - OLD_AFTER

    @property
    def status(self):
        """A word or two for a tag, and its colour; empty where nothing needs saying."""
        if self.is_open:
            return {"text": "Open", "colour": "green"}
        if self.is_coming:
            return {"text": "Coming", "colour": "teal"}
        return {"text": "Closed", "colour": "grey"} if self.is_closed else {}

    def problems(self):
        """As for any page, and no relative date without an explicit one beside it."""
        stale = [
            (
                name,
                f"Write the date in the same paragraph as {found}: people read news years later.",
            )
            for name, paragraph in readiness.paragraphs(self)
            for found in words.relative_dates([paragraph])
        ]
        return [*super().problems(), *stale]


class NewsIndexPage(BasePage):
    """The news of one authority: pinned stories, then the latest; a year at a time for the past."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.NewsPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = "news index"

    def get_context(self, request, *args, **kwargs):
        wanted = archive.Wanted.from_query(request.GET)
        today = timezone.localdate()
        choices = kept.get(("archive", self.pk), self._choices, size=lambda _: 20_000)
        found = self._stories(wanted) if wanted.any else range(choices["total"])
        page = Paginator(found, STORIES_ON_A_PAGE).get_page(request.GET.get("page"))
        number, authority = page.number, getattr(request, "authority", None)

        def stories():
            first = (number - 1) * STORIES_ON_A_PAGE
            some = list(self._stories(wanted)[first : first + STORIES_ON_A_PAGE])
            return tree.of(authority).place(some) if authority else some

        # Kept for today's pins. What somebody chose may be anything, and is not.
        key, size = ("stories", self.pk, today, number), 3_000 * STORIES_ON_A_PAGE
        page.object_list = stories() if wanted.any else kept.get(key, stories, size=lambda _: size)
        freshness.until(request, *(moment for story in page for moment in story.moments))
        return {
            **super().get_context(request, *args, **kwargs),
            **choices,
            "stories": page,
            "wanted": wanted,
            "today": today,
        }

    def _stories(self, wanted):
        ours = NewsPage.objects.child_of(self)
        found = ours.newest_first() if wanted.any else ours.pinned_first(now=timezone.now())
        if wanted.year:
            found = found.filter(event_date__year=wanted.year)
        if wanted.topic:
            found = found.filter(Exists(_naming("topics", topic=wanted.topic)))
        if wanted.audience:
            found = found.filter(Exists(_naming("audiences", audience=wanted.audience)))
        return found.to_list()

    def _choices(self):
        """What the archive may be narrowed to, and how many stories it has."""
        stories = NewsPage.objects.child_of(self).public().order_by()
        years = dict(stories.values_list("event_date__year").annotate(number=Count("pk")))
        named = _terms("topic", Topic).union(_terms("audience", Audience), all=True)
        terms = sorted(named.values_list("list", "order", "code", "name"))
        return {
            "years": sorted(years, reverse=True),
            "total": sum(years.values()),
            "topics": [(code, name) for kind, _, code, name in terms if kind == "topic"],
            "audience_choices": [(code, name) for kind, _, code, name in terms if kind != "topic"],
        }


def _terms(kind, model):
    return model.objects.current().order_by().annotate(list=Value(kind))


def _naming(field, **terms):
    """Whether a story names a term, without a story that names it twice being listed twice."""
    return getattr(NewsPage, field).through.objects.filter(newspage=OuterRef("pk"), **terms)
