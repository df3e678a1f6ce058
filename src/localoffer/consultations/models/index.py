"""The page that lists all that one can have a say in."""

from django.core.paginator import Paginator
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from localoffer.consultations.models import listing
from localoffer.pages import freshness
from localoffer.pages.blocks import BodyBlock
from localoffer.pages.models import BasePage
from localoffer.ui.fields import StreamField

ON_A_PAGE = 10


class ConsultationIndexPage(BasePage):
    """Have your say: what is open, what is coming, whose results are awaited, what came of it."""

    prose = ["body"]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["consultations.ConsultationPage"]
    max_count_per_parent = 1

    body = StreamField(BodyBlock(), blank=True, verbose_name="words below the lists")

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "have your say"

    def get_context(self, request, *args, **kwargs):
        authority = getattr(request, "authority", None)
        now = timezone.now()
        lists = listing.of(authority, now=now)
        freshness.until(request, *lists.moments)
        return {
            **super().get_context(request, *args, **kwargs),
            "lists": lists,
            "over": Paginator(lists.over, ON_A_PAGE).get_page(request.GET.get("page")),
        }
