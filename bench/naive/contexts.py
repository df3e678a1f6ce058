"""What each page shows, as its model's ``get_context`` would ask for it in a tutorial."""

from types import SimpleNamespace

from django.core.paginator import Paginator
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from wagtail.models import Page

from localoffer.consultations.models import Consultation, listing
from localoffer.home import law
from localoffer.home import models as home
from localoffer.news.models import NEWEST, NewsIndexPage, NewsPage
from localoffer.pages.models import BasePage, GuidePage, InitiativePage, SectionPage
from localoffer.taxonomy.models import Audience, Topic


def put_in_place():
    """Replace each context of ours, and the look-up of who may read a page."""
    BasePage.get_view_restrictions = Page.get_view_restrictions
    BasePage.href = property(lambda page: page.url)
    for model, context in CONTEXTS.items():
        model.get_context = context


def placed(request, pages):
    """The same pages with their addresses, as ``{% pageurl %}`` gives them."""
    pages = list(pages)
    for page in pages:
        page.node = SimpleNamespace(url=page.get_url(request))
    return pages


def of_any_page(self, request, *args, **kwargs):
    home_page = request.authority.site.root_page
    above = self.get_ancestors().live().filter(depth__gte=home_page.depth)
    trail = [
        {"title": page.title if number else "Home", "url": page.get_url(request)}
        for number, page in enumerate(above)
    ]
    related = [block.value for block in self.related if block.value and block.value.live]
    return {
        **Page.get_context(self, request, *args, **kwargs),
        "reference": self.reference,
        "breadcrumbs": [*trail, {"title": self.title}] if trail else [],
        "related": [{"title": page.title, "url": page.get_url(request)} for page in related],
        "bodies": {field: getattr(self, field) for field in self.prose},
    }


def of_a_section(self, request, *args, **kwargs):
    children = [page.specific for page in self.get_children().live().public()]
    return {
        **of_any_page(self, request, *args, **kwargs),
        "children": [
            {
                "title": page.title,
                "url": page.get_url(request),
                "summary": getattr(page, "summary", ""),
                "symbol": getattr(page, "symbol", ""),
            }
            for page in children
        ],
    }


def of_a_guide(self, request, *args, **kwargs):
    context = of_any_page(self, request, *args, **kwargs)
    steps = [
        (step.value["heading"], step.value["content"].render_as_block(context))
        for step in self.steps
    ]
    return {**context, "steps": steps}


def of_a_programme(self, request, *args, **kwargs):
    context = of_any_page(self, request, *args, **kwargs)
    documents = self.documents.render_as_block(context) if self.documents else ""
    return {**context, "bodies": {**context["bodies"], "documents": {"html": documents}}}


def of_a_story(self, request, *args, **kwargs):
    programme = self.initiative and {
        "title": self.initiative.title,
        "url": self.initiative.get_url(request),
        "live": self.initiative.live,
    }
    return {**of_any_page(self, request, *args, **kwargs), "initiative": programme}


def of_the_news(self, request, *args, **kwargs):
    stories = NewsPage.objects.child_of(self).live().public()
    page = Paginator(pinned_first(stories), 10).get_page(request.GET.get("page"))
    page.object_list = placed(request, page.object_list)
    self.node = SimpleNamespace(url=self.get_url(request))
    days = stories.dates("event_date", "year", order="DESC")
    return {
        **of_any_page(self, request, *args, **kwargs),
        "stories": page,
        "wanted": SimpleNamespace(any=False),
        "years": [day.year for day in days],
        "topics": [(topic.code, topic.name) for topic in Topic.objects.current()],
        "audience_choices": [(one.code, one.name) for one in Audience.objects.current()],
        "today": timezone.localdate(),
    }


def of_home(self, request, *args, **kwargs):
    stories = NewsPage.objects.descendant_of(self).live().public()
    return {
        **of_any_page(self, request, *args, **kwargs),
        "stories": placed(request, pinned_first(stories)[: home.STORIES_ON_THE_HOME_PAGE]),
        "tasks": [home._card(task.value, request) for task in self.tasks],
        "advice_below": any(block.block_type == "advice" for block in self.body),
    }


def of_the_hub(self, request, *args, **kwargs):
    root, now = request.authority.site.root_page, timezone.now()
    today = timezone.localdate(now)
    stories = NewsPage.objects.descendant_of(root).live().public()
    later = Q(closes__gt=now) | Q(closes=None, event_date__gt=today)
    ahead = placed(request, stories.filter(later).order_by("event_date", "pk"))
    outcomes = placed(
        request,
        stories.filter(kind__in=NewsPage.OUTCOMES).order_by(*NEWEST)[: home.OUTCOMES_ON_THE_HUB],
    )
    told = [page.pk for page in [*ahead, *outcomes]]
    running = InitiativePage.objects.descendant_of(root).live().public().order_by("title")
    running = running.filter(
        Q(starts=None) | Q(starts__lte=today), Q(ends=None) | Q(ends__gte=today)
    )
    asked = Consultation.objects.for_authority(request.authority).listed().select_related("page")
    placed(request, [record.page for record in asked])
    return {
        **of_any_page(self, request, *args, **kwargs),
        "asked": listing.arranged(asked, now=now),
        "stories": placed(
            request, pinned_first(stories).exclude(pk__in=told)[: home.STORIES_ON_THE_HUB]
        ),
        "open_now": sorted((page for page in ahead if page.is_open), key=lambda page: page.closes)[
            : home.MOST_IN_A_SECTION
        ],
        "coming": [page for page in ahead if not page.is_open][: home.MOST_IN_A_SECTION],
        "outcomes": outcomes,
        "programmes": placed(request, running[: home.MOST_IN_A_SECTION]),
    }


def of_the_law(self, request, *args, **kwargs):
    return {
        **of_any_page(self, request, *args, **kwargs),
        "coverage": law.count(request.authority, on=timezone.localdate()),
    }


def pinned_first(stories):
    pinned = Case(When(pinned_until__gte=timezone.localdate(), then=Value(0)), default=Value(1))
    return stories.alias(rest=pinned).order_by("rest", *NEWEST)


CONTEXTS = {
    BasePage: of_any_page,
    SectionPage: of_a_section,
    GuidePage: of_a_guide,
    InitiativePage: of_a_programme,
    NewsPage: of_a_story,
    NewsIndexPage: of_the_news,
    home.HomePage: of_home,
    home.HubPage: of_the_hub,
    home.LawPage: of_the_law,
}
