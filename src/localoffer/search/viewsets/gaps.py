"""Gaps in the admin."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.views import generic

from localoffer.authority.models import PublicItem
from localoffer.authority.viewsets import DayColumn, OwnedChooserViewSet, OwnedViewSet
from localoffer.search.models import Gap
from localoffer.search.scrubbing import LONGEST


class PublicItemChooserViewSet(OwnedChooserViewSet):
    """Any page, service or other thing that is public now."""

    model = PublicItem
    icon = "doc-full"
    choose_one_text = "Choose a page or service"
    choose_another_text = "Choose another page or service"
    register_widget = False


public_item_chooser = PublicItemChooserViewSet("public_item_chooser")


class GapAddView(generic.CreateView):
    """A new gap; ``?words=`` is what people typed."""

    def get_initial(self):
        asked = self.request.GET
        initial = {"words": asked.get("words", "")[:LONGEST]}
        if asked.get("authority", "").isdecimal():
            initial["authority"] = asked["authority"]
        return super().get_initial() | initial


class GapViewSet(OwnedViewSet):
    """What may be missing from the Local Offer."""

    model = Gap
    name = "gaps"
    icon = "clipboard-list"
    menu_label = "Gaps"
    url_prefix = "search/gaps"
    add_view_class = GapAddView
    copy_view_enabled = False
    list_display = [
        "words",
        "state",
        "covered_by",
        DayColumn("noted", label="Noted", sort_key="noted"),
        DayColumn("decided", label="Decided", sort_key="decided"),
    ]
    list_filter = ["state", "noted"]
    list_export = ["words", "state", "note", "covered_by", "noted", "decided"]
    search_fields = ["words", "note"]
    ordering = ["-noted"]
    panels = [
        FieldPanel("words"),
        FieldPanel("note"),
        FieldPanel("state"),
        FieldPanel("covered_by", widget=public_item_chooser.widget_class),
        FieldPanel("authority"),
    ]

    def get_queryset(self, request):
        return Gap.objects.select_related("covered_by")
