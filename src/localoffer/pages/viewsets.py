from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from localoffer.authority.viewsets import OwnedViewSet
from localoffer.pages.models import Alert


class AlertViewSet(OwnedViewSet):
    """A few words at the top of every page, between two times."""

    model = Alert
    name = "alerts"
    icon = "warning"
    menu_label = "Alerts"
    menu_order = 250
    add_to_admin_menu = True
    inspect_view_enabled = True
    list_display = ["title", "kind", "state", "starts", "ends"]
    list_filter = ["kind"]
    search_fields = ["title", "text"]
    copy_view_enabled = False
    panels = [
        FieldPanel("authority"),
        MultiFieldPanel([FieldPanel("kind"), FieldPanel("title"), FieldPanel("text")], "Words"),
        MultiFieldPanel([FieldPanel("starts"), FieldPanel("ends")], "When it shows"),
        MultiFieldPanel([FieldPanel("link_text"), FieldPanel("url")], "Where it leads"),
    ]
