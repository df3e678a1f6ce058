"""What cannot wait, in the admin: written, counted, and only then sent."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path
from wagtail.admin.ui.tables import DateColumn

from localoffer.authority.models import PublicItem
from localoffer.authority.viewsets import OwnedChooserViewSet, OwnedViewSet
from localoffer.updates import expanding
from localoffer.updates.actions import editions as actions
from localoffer.updates.forms import UrgentForm
from localoffer.updates.models import UrgentNotice
from localoffer.updates.viewsets.pages import FormPage


class FollowedChooserViewSet(OwnedChooserViewSet):
    """Any page, service or other public thing."""

    model = PublicItem
    icon = "doc-full"
    choose_one_text = "Choose a page or service"
    choose_another_text = "Choose another page or service"
    register_widget = False


followed_chooser = FollowedChooserViewSet("followed_chooser")


class UrgentView(FormPage):
    """First what it says and how many people it would go to; then the button that sends it."""

    template_name = "updates/admin/urgent.html"
    page_title = "Send something urgent"
    header_icon = "warning"
    permission_required = "add"
    form_class = UrgentForm

    def get_form_kwargs(self):
        items = PublicItem.objects.public().filter(authority__in=self.authorities)
        return {
            **super().get_form_kwargs(),
            "items": items,
            "chooser": followed_chooser.widget_class(),
        }

    def form_valid(self, form):
        item = form.cleaned_data["item"]
        thing = expanding.urgent_thing(item)
        if thing is None:
            form.add_error("item", "Nobody can follow this. Choose a page, a guide or a service.")
            return self.form_invalid(form)
        if not self.request.POST.get("send"):
            reach = expanding.reach(item.authority, [thing])
            return self.render_to_response(self.get_context_data(form=form, reach=reach, item=item))
        notice = actions.send_urgently(
            authority=item.authority, by=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"“{notice}” is being sent.")
        return redirect(self.index_url_name)


class UrgentNoticeViewSet(OwnedViewSet):
    """Notices are sent once and kept as they were."""

    model = UrgentNotice
    name = "urgent-notices"
    icon = "warning"
    menu_label = "Urgent notices"
    url_prefix = "updates/urgent"
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["title", "text", "item", "reason", "sent_by", "sent_at", "reached"]
    list_display = [
        "title",
        "item",
        DateColumn("sent_at", label="Sent", sort_key="sent_at"),
        "reached",
    ]
    ordering = ["-made_at"]
    form_fields = ["title"]

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            **{"edit_url_name": None, "delete_url_name": None, **kwargs}
        )

    @property
    def add_view(self):
        return self.construct_view(UrgentView)

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
