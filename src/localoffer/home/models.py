"""The pages that show something of every domain: home, the hub, and how the site meets the law."""

from django.db import models
from django.utils import timezone
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from localoffer.authority import kept
from localoffer.consultations.models import listing
from localoffer.home import law
from localoffer.news import front
from localoffer.pages import fragments, freshness, tree
from localoffer.pages.blocks import BodyBlock
from localoffer.pages.models import BasePage, InitiativePage, link, symbol_choices
from localoffer.ui.fields import StreamField

STORIES_ON_THE_HOME_PAGE = 3
STORIES_ON_THE_HUB = 6
OUTCOMES_ON_THE_HUB = 4
MOST_IN_A_SECTION = 9


class TaskBlock(blocks.StructBlock):
    """A card for one thing that many people come to do."""

    title = blocks.CharBlock(max_length=60)
    text = blocks.CharBlock(max_length=140, required=False)
    symbol = blocks.ChoiceBlock(choices=symbol_choices, required=False)
    page = blocks.PageChooserBlock(required=False)
    address = blocks.CharBlock(
        required=False,
        max_length=300,
        validators=[link],
        help_text="Instead of a page, an address such as /find-help/?topic=transport",
    )

    class Meta:
        icon = "list-ul"


class HomePage(BasePage):
    """The front door: one box to search, what most people come for, the news, and who to ask."""

    prose = ["body"]

    hero_title = models.CharField(
        "words at the top", max_length=100, default="Help for children and young people with SEND"
    )
    hero_text = models.CharField("line below them", max_length=250, blank=True)
    search_hint = models.CharField(
        "line above the search box",
        max_length=120,
        blank=True,
        default="For example: speech therapy, school transport, autism",
    )
    tasks = StreamField([("task", TaskBlock())], blank=True, verbose_name="what people come to do")
    body = StreamField(BodyBlock(), blank=True, verbose_name="words below the news")

    max_count_per_parent = 1

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("hero_title"), FieldPanel("hero_text"), FieldPanel("search_hint")], "Top"
        ),
        FieldPanel("tasks"),
        FieldPanel("body"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "home page"

    def get_context(self, request, *args, **kwargs):
        authority = getattr(request, "authority", None)
        now = timezone.now()
        number = STORIES_ON_THE_HOME_PAGE
        stories = front.of(authority).latest(number, now=now) if authority else []
        freshness.until(request, *(moment for story in stories for moment in story.moments))
        return {
            **super().get_context(request, *args, **kwargs),
            "stories": stories,
            "tasks": fragments.of(
                self, "tasks", lambda tasks: [_card(task.value, request) for task in tasks]
            ),
            "advice_below": fragments.of(self, "body", _has_advice, name="advice"),
        }


def _card(task, request):
    """What the card of a task says. It leads nowhere when its page is gone or was taken down."""
    page = task["page"]
    url = task["address"] or (page.get_url(request) if page and page.live else "") or ""
    return {name: task[name] for name in ["title", "text", "symbol"]} | {"url": url}


def _has_advice(body):
    return any(block.block_type == "advice" for block in body)


class HubPage(BasePage):
    """News, updates and feedback: what happened, what is open, and what came of it."""

    prose = ["body"]

    body = StreamField(BodyBlock(), blank=True, verbose_name="how to follow what happens")

    parent_page_types = ["home.HomePage"]
    max_count_per_parent = 1

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "news, updates and feedback"

    def get_context(self, request, *args, **kwargs):
        now = timezone.now()
        today = timezone.localdate(now)
        asked = listing.of(request.authority, now=now)
        news = front.of(request.authority)
        current = news.open_or_coming(now=now)
        open_now = sorted((story for story in current if story.is_open), key=lambda s: s.closes)
        outcomes = news.outcomes(OUTCOMES_ON_THE_HUB)
        others = news.latest(STORIES_ON_THE_HUB, now=now, told=[*current, *outcomes])
        listed = [*current, *outcomes, *others]
        freshness.until(request, *(moment for story in listed for moment in story.moments))
        freshness.until(request, *asked.moments)
        return {
            **super().get_context(request, *args, **kwargs),
            "asked": asked,
            "stories": others,
            "open_now": open_now[:MOST_IN_A_SECTION],
            "coming": [story for story in current if not story.is_open][:MOST_IN_A_SECTION],
            "outcomes": outcomes,
            "programmes": [
                programme
                for programme in _programmes(request.authority, today)
                if programme.is_running(on=today)
            ][:MOST_IN_A_SECTION],
        }


def _programmes(authority, today):
    """Programmes of an authority that were not over when this was last read."""

    def read():
        found = InitiativePage.objects.of_authority(authority).not_over(on=today)
        return tree.of(authority).place(found.only("title", "url_path", "starts", "ends"))

    return kept.get(("programmes", authority.pk), read, size=lambda found: 3_000 * len(found))


class LawPage(BasePage):
    """What the law asks a Local Offer to contain, beside what this one has."""

    prose = ["body"]

    body = StreamField(BodyBlock(), blank=True, verbose_name="words above the table")

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "how this site meets the law"

    def get_context(self, request, *args, **kwargs):
        authority = getattr(request, "authority", None)
        return {
            **super().get_context(request, *args, **kwargs),
            "coverage": law.coverage(authority, on=timezone.localdate()) if authority else None,
        }
