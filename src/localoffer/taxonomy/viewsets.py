"""The lists in the admin, to read. They come with releases: nobody edits them here."""

from django.http import Http404
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permission_policies import ModelPermissionPolicy

from localoffer.accounts.models import User
from localoffer.authority.walls import there
from localoffer.taxonomy.models import (
    AgeBand,
    Audience,
    Concept,
    Consultee,
    Duty,
    Need,
    ServiceType,
    Topic,
)


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Whoever may view may view; nobody, a superuser neither, may add, change or delete."""

    def user_has_permission(self, user, action):
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions):
        allowed = set(actions) & {"view"}
        return super().users_with_any_permission(allowed) if allowed else User.objects.none()


class ListViewSet(ModelViewSet):
    """One list of the reference data."""

    inspect_view_enabled = True
    copy_view_enabled = False
    exclude_form_fields = ["order"]
    search_backend_name = None
    list_per_page = 100

    def construct_view(self, view_class, **kwargs):
        return super().construct_view(of_everybody(view_class), **kwargs)


def of_everybody(view_class):
    """The same view, of a list that is every authority's."""

    class EverybodysView(view_class):
        keeps_its_wall = True

        def setup(self, request, *args, **kwargs):
            if "pk" in kwargs and not there(self.model.objects.all(), kwargs["pk"]):
                raise Http404
            super().setup(request, *args, **kwargs)

    return EverybodysView


class NeedViewSet(ListViewSet):
    model = Need
    icon = "tag"
    list_display = ["name", "code", "area"]
    list_filter = ["area"]
    search_fields = ["name", "code", "plain"]
    inspect_view_fields = ["code", "name", "plain", "area", "retired"]


class AgeBandViewSet(ListViewSet):
    model = AgeBand
    icon = "date"
    list_display = ["name", "code", "minimum", "maximum"]
    inspect_view_fields = ["code", "name", "minimum", "maximum", "retired"]


class AudienceViewSet(ListViewSet):
    model = Audience
    icon = "group"
    list_display = ["name", "code"]
    inspect_view_fields = ["code", "name", "retired"]


class TopicViewSet(ListViewSet):
    model = Topic
    icon = "folder-open-inverse"
    list_display = ["name", "code"]
    search_fields = ["name", "code", "plain"]
    inspect_view_fields = ["code", "name", "plain", "retired"]


class ServiceTypeViewSet(ListViewSet):
    model = ServiceType
    icon = "list-ul"
    menu_label = "Kinds of service"
    list_display = ["name", "code", "category"]
    list_filter = ["category"]
    search_fields = ["name", "code", "plain"]
    inspect_view_fields = ["code", "name", "plain", "category", "duties", "retired"]


class ConsulteeViewSet(ListViewSet):
    model = Consultee
    icon = "group"
    menu_label = "Whom to consult"
    list_display = ["reference", "name"]
    search_fields = ["name", "reference"]
    inspect_view_fields = ["code", "reference", "name", "retired"]


class DutyViewSet(ListViewSet):
    model = Duty
    icon = "doc-full"
    list_display = ["code", "reference", "source", "kind"]
    list_filter = ["source", "status"]
    search_fields = ["code", "reference", "text"]
    inspect_view_fields = [
        "code",
        "source",
        "reference",
        "text",
        "kind",
        "in_force_from",
        "in_force_to",
        "status",
        "source_url",
        "retired",
    ]


class ConceptViewSet(ListViewSet):
    model = Concept
    icon = "comment"
    menu_label = "Words people use"
    list_display = ["name", BooleanColumn("ambiguous")]
    search_fields = ["name", "plain"]
    inspect_view_fields = ["code", "name", "plain", "ambiguous", "all_words", "retired"]


class ListsViewSetGroup(ModelViewSetGroup):
    menu_label = "Words and lists"
    menu_icon = "list-ul"
    menu_order = 850
    items = (
        NeedViewSet("needs"),
        AgeBandViewSet("age-bands"),
        AudienceViewSet("audiences"),
        TopicViewSet("topics"),
        ServiceTypeViewSet("service-types"),
        DutyViewSet("duties"),
        ConsulteeViewSet("consultees"),
        ConceptViewSet("concepts"),
    )
