"""The directory in the admin."""

import django_filters
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import BooleanColumn, LiveStatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import (
    CollectWorkflowActionDataView,
    ConfirmWorkflowCancellationView,
    EditView,
    WorkflowActionView,
    WorkflowPreviewView,
)

from localoffer.authority.viewsets import (
    DayColumn,
    OwnedChooserView,
    OwnedChooserViewSet,
    OwnedSnippetViewSet,
    OwnedViewSet,
)
from localoffer.directory import actions
from localoffer.directory.forms import CheckedForm, LocationForm
from localoffer.directory.models import Location, Organisation, Service
from localoffer.taxonomy.models import Need, ServiceType

EXPLAIN_CHECKED = (
    "When you have read the whole page and it is true, press “Checked today” at the top. "
    "Families see that date."
)


class OrganisationChooserViewSet(OwnedChooserViewSet):
    model = Organisation
    icon = "group"
    choose_one_text = "Choose an organisation"
    choose_another_text = "Choose another organisation"
    edit_item_text = "Edit this organisation"
    search_fields = ["name"]


class LocationChooserViewSet(OwnedChooserViewSet):
    model = Location
    icon = "site"
    choose_one_text = "Choose a place"
    choose_another_text = "Choose another place"
    edit_item_text = "Edit this place"


organisation_chooser = OrganisationChooserViewSet("organisation_chooser")
location_chooser = LocationChooserViewSet("location_chooser")


class TellingEditView(generic.EditView):
    """Saves a record, and tells of the public services that show it."""

    tell = None

    def save_instance(self):
        with transaction.atomic():
            instance = super().save_instance()
            self.tell(instance)
            return instance


class OrganisationEditView(TellingEditView):
    def tell(self, instance):
        actions.announce_organisation(organisation=instance)


class LocationEditView(TellingEditView):
    def tell(self, instance):
        actions.announce_place(location=instance)


class OrganisationViewSet(OwnedViewSet):
    model = Organisation
    icon = "group"
    menu_label = "Organisations"
    url_prefix = "directory/organisations"
    edit_view_class = OrganisationEditView
    list_display = ["name", "kind", "phone"]
    list_filter = ["kind"]
    search_fields = ["name"]
    ordering = ["name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("kind"),
        FieldPanel("description"),
        FieldPanel("url"),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
        FieldPanel("identifiers"),
        FieldPanel("authority"),
    ]


class LocationViewSet(OwnedViewSet):
    model = Location
    icon = "site"
    menu_label = "Places"
    url_prefix = "directory/locations"
    edit_view_class = LocationEditView
    list_display = ["__str__", "kind", "postcode"]
    list_filter = ["kind"]
    search_fields = ["name", "address_1", "town", "postcode"]
    ordering = ["name"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("kind"),
            MultiFieldPanel(
                [
                    FieldPanel("address_1"),
                    FieldPanel("address_2"),
                    FieldRowPanel([FieldPanel("town"), FieldPanel("county")]),
                    FieldPanel("postcode"),
                ],
                heading="Address",
            ),
            MultiFieldPanel(
                [FieldPanel("access"), FieldPanel("access_note")], heading="Getting in and around"
            ),
            FieldPanel("uprn"),
            FieldPanel("authority"),
        ],
        base_form_class=LocationForm,
    )


class ServiceFilters(WagtailFilterSet):
    """What an officer looks for: above all, what needs doing."""

    STATES = {
        "stale": ("Overdue for review", lambda found: found.stale(on=timezone.localdate())),
        "never_checked": ("Never checked", lambda found: found.never_checked()),
        "without_eligibility": (
            "Does not say who can have it",
            lambda found: found.without_eligibility(),
        ),
        "missing": ("Missing from the last import", lambda found: found.missing()),
        "draft": (
            "Has changes not yet public",
            lambda found: found.filter(has_unpublished_changes=True),
        ),
        "live": ("Public", lambda found: found.filter(live=True)),
        "example": ("Made up as an example", lambda found: found.filter(is_example=True)),
    }

    state = django_filters.ChoiceFilter(
        label="What needs doing",
        choices=[(code, label) for code, (label, _) in STATES.items()],
        method="in_state",
    )
    type = django_filters.ModelChoiceFilter(
        label="Type", queryset=ServiceType.objects.all(), method="of_type"
    )
    need = django_filters.ModelChoiceFilter(
        label="Need", queryset=Need.objects.all(), method="for_need"
    )

    class Meta:
        model = Service
        fields = ["status", "reach"]

    def in_state(self, queryset, name, value):
        return self.STATES[value][1](queryset)

    def of_type(self, queryset, name, value):
        return queryset.of_types([value.pk])

    def for_need(self, queryset, name, value):
        return queryset.for_needs([value.pk])


class CheckView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """An officer has read the page: when should somebody read it again?"""

    model = None
    edit_url_name = ""
    any_permission_required = None
    permission_required = "publish"  # families see the date at once
    form_class = CheckedForm
    template_name = "directory/admin/check.html"
    page_title = "Checked today"
    header_icon = "check"

    def dispatch(self, request, *args, **kwargs):
        self.object = get_object_or_404(Service, pk=kwargs["pk"], live=True)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return str(self.object)

    def get_success_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])

    def form_valid(self, form):
        actions.mark_checked(
            service=self.object, by=self.request.user, review_due=form.cleaned_data["review_due"]
        )
        messages.success(self.request, f"{self.object} was checked today.")
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(object=self.object, **kwargs)


class ServiceEditView(EditView):
    check_url_name = ""

    @property
    def header_buttons(self):
        buttons = super().header_buttons
        if not self.object.live or not self.user_has_permission("publish"):
            return buttons
        check = HeaderButton(
            "Checked today",
            url=reverse(self.check_url_name, args=[self.object.pk]),
            icon_name="check",
        )
        return [*buttons, check]


class OfThoseWhoMayChange:
    """Wagtail's views of a workflow name no permission, so nothing says whose records they show."""

    any_permission_required = None
    permission_required = "change"
    permission_policy = None


class ServiceWorkflowActionView(OfThoseWhoMayChange, WorkflowActionView):
    pass


class ServiceWorkflowDataView(OfThoseWhoMayChange, CollectWorkflowActionDataView):
    pass


class ServiceWorkflowCancellationView(OfThoseWhoMayChange, ConfirmWorkflowCancellationView):
    pass


class ServiceWorkflowPreviewView(OfThoseWhoMayChange, WorkflowPreviewView):
    pass


class ServiceChooserViewSet(SnippetChooserViewSet):
    def construct_view(self, view_class, **kwargs):
        view = type(view_class.__name__, (OwnedChooserView, view_class), {})
        return super().construct_view(view, **kwargs)


class ServiceViewSet(OwnedSnippetViewSet):
    model = Service
    icon = "help"
    menu_label = "Services"
    base_url_path = "directory/services"
    chooser_base_url_path = "directory/services/choose"
    chooser_viewset_class = ServiceChooserViewSet
    edit_view_class = ServiceEditView
    workflow_action_view_class = ServiceWorkflowActionView
    collect_workflow_action_data_view_class = ServiceWorkflowDataView
    confirm_workflow_cancellation_view_class = ServiceWorkflowCancellationView
    workflow_preview_view_class = ServiceWorkflowPreviewView
    filterset_class = ServiceFilters
    search_fields = ["name", "alternate_name", "organisation__name"]
    ordering = ["name"]
    list_per_page = 50
    copy_view_enabled = True
    inspect_view_enabled = False
    list_display = [
        "name",
        "organisation",
        "status",
        LiveStatusTagColumn(label="On the site"),
        DayColumn("checked_on", label="Last checked", sort_key="checked_on"),
        DayColumn("review_due", label="Review due", sort_key="review_due"),
        BooleanColumn("is_example", label="Example"),
    ]

    def get_queryset(self, request):
        return Service.objects.select_related("organisation").defer("source_raw")

    def get_edit_view_kwargs(self, **kwargs):
        return super().get_edit_view_kwargs(check_url_name=self.get_url_name("check"), **kwargs)

    @property
    def check_view(self):
        return self.construct_view(
            CheckView,
            edit_url_name=self.get_url_name("edit"),
        )

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("check/<str:pk>/", self.check_view, name="check")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("alternate_name"),
                    FieldPanel("organisation", widget=organisation_chooser.widget_class),
                    FieldPanel("summary"),
                    FieldPanel("description"),
                    MultiFieldPanel(
                        [FieldPanel("status"), FieldPanel("status_note")], heading="Now"
                    ),
                    FieldPanel("image"),
                ],
                heading="What it is",
            ),
            ObjectList(
                [
                    FieldPanel("eligibility"),
                    FieldRowPanel([FieldPanel("minimum_age"), FieldPanel("maximum_age")]),
                    FieldPanel("needs"),
                    FieldPanel("level"),
                    FieldPanel("routes"),
                    FieldPanel("how_to_get_it"),
                    FieldPanel("booking"),
                    FieldPanel("decision_maker"),
                    FieldPanel("how_decided"),
                    MultiFieldPanel(
                        [
                            HelpPanel(
                                "A waiting time always has the date on which it was true, and who "
                                "says so."
                            ),
                            FieldRowPanel(
                                [FieldPanel("waiting_value"), FieldPanel("waiting_unit")]
                            ),
                            FieldPanel("waiting_note"),
                            FieldRowPanel(
                                [FieldPanel("waiting_as_of"), FieldPanel("waiting_source")]
                            ),
                            FieldPanel("while_you_wait"),
                            FieldPanel("capacity_note"),
                        ],
                        heading="Waiting",
                    ),
                ],
                heading="Who can have it",
            ),
            ObjectList(
                [
                    InlinePanel(
                        "at_locations",
                        [
                            FieldPanel(
                                "location", heading="Place", widget=location_chooser.widget_class
                            ),
                            FieldPanel("description"),
                        ],
                        heading="Places",
                        label="Place",
                    ),
                    InlinePanel(
                        "schedules",
                        [
                            FieldRowPanel([FieldPanel("freq"), FieldPanel("byday")]),
                            FieldRowPanel([FieldPanel("opens"), FieldPanel("closes")]),
                            FieldPanel("when"),
                            FieldRowPanel([FieldPanel("interval"), FieldPanel("dtstart")]),
                            FieldPanel("bymonthday"),
                            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
                            FieldPanel(
                                "location", heading="Place", widget=location_chooser.widget_class
                            ),
                            FieldPanel("attending"),
                            FieldPanel("description"),
                        ],
                        heading="Hours",
                        label="Hours",
                    ),
                    FieldPanel("reach"),
                    FieldPanel("area_served"),
                    InlinePanel(
                        "service_areas",
                        [FieldPanel("area"), FieldPanel("name")],
                        heading="Areas served",
                        label="Area",
                    ),
                    InlinePanel(
                        "languages",
                        [FieldRowPanel([FieldPanel("name"), FieldPanel("code")])],
                        heading="Languages besides English",
                        label="Language",
                    ),
                ],
                heading="When and where",
            ),
            ObjectList(
                [
                    FieldPanel("cost_kind"),
                    FieldPanel("cost_note"),
                    InlinePanel(
                        "cost_options",
                        [
                            FieldPanel("option"),
                            FieldRowPanel([FieldPanel("amount"), FieldPanel("amount_description")]),
                        ],
                        heading="Prices",
                        label="Price",
                    ),
                    InlinePanel(
                        "contacts",
                        [
                            FieldRowPanel([FieldPanel("name"), FieldPanel("title")]),
                            FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                            FieldPanel("note"),
                        ],
                        heading="Contacts",
                        label="Contact",
                        help_text="A role or a team, never the name of a private person.",
                    ),
                    FieldRowPanel([FieldPanel("email"), FieldPanel("url")]),
                    FieldPanel("complaints_route"),
                ],
                heading="Cost and contact",
            ),
            ObjectList(
                [FieldPanel("types"), FieldPanel("topics"), FieldPanel("duties")],
                heading="Where people find it",
            ),
            ObjectList(
                [
                    HelpPanel(EXPLAIN_CHECKED),
                    FieldPanel("owner_team"),
                    FieldPanel("change_note"),
                    FieldPanel("slug"),
                    FieldPanel("is_example"),
                    FieldPanel("authority"),
                ],
                heading="Keeping it true",
            ),
        ]
    )


class DirectoryGroup(ViewSetGroup):
    """The menu of those who keep the directory."""

    menu_label = "Directory"
    menu_icon = "folder-open-inverse"
    menu_order = 200
    items = (ServiceViewSet, OrganisationViewSet, LocationViewSet)
