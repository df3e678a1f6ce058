"""The words that people agree to, in the admin: a new version each time, and the old ones kept."""

from django.db.models import Max
from django.urls import path
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.views import generic

from localoffer.authority.viewsets import OwnedViewSet
from localoffer.updates.models import ConsentText


class NewWordsView(generic.CreateView):
    """A new version, which people see from now on."""

    page_title = "New words"

    def get_success_buttons(self):
        return []  # there is nothing to edit

    def save_instance(self):
        words = self.form.save(commit=False)
        theirs = ConsentText.objects.for_authority(words.authority)
        newest = theirs.aggregate(newest=Max("version"))["newest"] or 0
        words.version, words.written_by = newest + 1, self.request.user
        words.save()
        return words


class ConsentTextViewSet(OwnedViewSet):
    """Nobody changes what somebody has agreed to."""

    model = ConsentText
    name = "consent-words"
    icon = "clipboard-list"
    menu_label = "Words people agree to"
    url_prefix = "updates/words"
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["version", "text", "written_at", "written_by"]
    add_view_class = NewWordsView
    list_display = [
        "__str__",
        "text",
        DateColumn("written_at", label="Written", sort_key="written_at"),
    ]
    ordering = ["-version"]
    panels = [FieldPanel("text"), FieldPanel("authority")]

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            **{"edit_url_name": None, "delete_url_name": None, **kwargs}
        )

    def get_add_view_kwargs(self, **kwargs):
        return {**super().get_add_view_kwargs(**kwargs), "edit_url_name": None}

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
            path("usage/<int:pk>/", self.usage_view, name="usage"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history-results/<int:pk>/", self.history_results_view, name="history_results"),
        ]
