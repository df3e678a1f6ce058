"""The page that says how to hear of what is new: its words are an editor's, the rest is ours."""

from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from localoffer.pages.blocks import BodyBlock
from localoffer.pages.models import BasePage
from localoffer.ui.fields import StreamField
from localoffer.updates.models.editions import Edition

LATEST = 3


class UpdatesPage(BasePage):
    """How to get updates. Its address must be ``updates``, at the top of the site."""

    prose = ["body"]

    body = StreamField(BodyBlock(), blank=True, verbose_name="words below the ways to follow")

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    max_count_per_parent = 1
    template = "updates/start.html"

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "how to get updates"

    def get_context(self, request, *args, **kwargs):
        return {
            **super().get_context(request, *args, **kwargs),
            "latest": latest(getattr(request, "authority", None)),
        }


def latest(authority):
    """The newest editions of weeks and months."""
    if authority is None:
        return []
    return list(Edition.objects.for_authority(authority).in_archive()[:LATEST])
