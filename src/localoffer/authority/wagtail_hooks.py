from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.model import ModelViewSet

from localoffer.authority import today, walls
from localoffer.authority.models import Authority
from localoffer.authority.narrowing import narrow


class TodayPanel(Component):
    """The whole of the admin's first page, above what Wagtail says of one.s own work."""

    order = 50

    def __init__(self, request):
        self.request = request

    def render_html(self, parent_context=None):
        user, now = self.request.user, timezone.now()
        theirs = Authority.objects.editable_by(user).select_related("site")
        panels = list(today.panels_for(user, permitting=Authority.objects.permitting, now=now))
        return render_to_string(
            "authority/admin/today.html", {"panels": panels, "authorities": theirs, "now": now}
        )


@hooks.register("construct_homepage_panels")
def show_today(request, panels):
    panels[:] = [TodayPanel(request), *panels]


@hooks.register("construct_homepage_summary_items")
def leave_out_counts(request, items):
    items.clear()


@hooks.register("insert_global_admin_css")
def add_style():
    return format_html('<link rel="stylesheet" href="{}">', static("authority/admin.css"))


@hooks.register("before_delete_page")
def keep_pages_with_a_site(request, page):
    """The home page of an authority, or a page above one, cannot be deleted."""
    below = page.get_descendants(inclusive=True)
    if Authority.objects.filter(site__root_page__in=below).exists():
        messages.error(request, "This page belongs to a Local Offer and cannot be deleted.")
        return redirect("wagtailadmin_explore", page.pk)
    return None


@hooks.register("construct_page_chooser_queryset")
def choose_among_own_pages(pages, request):
    return walls.pages_of(request.user, pages)


@hooks.register("construct_main_menu")
def leave_out_reports(request, items):
    """Wagtail's reports show every authority's: what waits and what is stale stands in Today."""
    if not request.user.is_superuser:
        items[:] = [item for item in items if item.name != "reports"]


class AuthorityViewSet(ModelViewSet):
    """An authority's name, brand and ways to reach it. Adding one is a command."""

    model = Authority
    name = "authorities"
    menu_label = "Authority"
    icon = "home"
    add_to_settings_menu = True
    list_display = ["name", "council", "gss_code"]
    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("council")], "Name"),
        MultiFieldPanel(
            [FieldPanel("team"), FieldPanel("email"), FieldPanel("phone"), FieldPanel("post")],
            "How to reach the team",
        ),
        MultiFieldPanel(
            [
                FieldPanel("advice_name"),
                FieldPanel("advice_phone"),
                FieldPanel("advice_email"),
                FieldPanel("advice_url"),
            ],
            "Information, advice and support service (SENDIASS)",
        ),
        MultiFieldPanel(
            [
                FieldPanel("safety_name"),
                FieldPanel("safety_phone"),
                FieldPanel("safety_phone_at_night"),
            ],
            "When a child may not be safe",
        ),
        MultiFieldPanel(
            [
                FieldPanel("logo"),
                FieldPanel("brand_colour"),
                FieldPanel("link_colour"),
                FieldPanel("button_colour"),
                FieldPanel("background_colour"),
            ],
            "Looks",
        ),
        FieldPanel("districts"),
    ]

    def construct_view(self, view_class, **kwargs):
        return super().construct_view(of_own_authority(view_class), **kwargs)


def of_own_authority(view_class):
    """The same view, in which only the authorities the user may change exist."""

    class OwnAuthorityView(view_class):
        keeps_its_wall = True

        def setup(self, request, *args, **kwargs):
            self.theirs = Authority.objects.permitting(request.user, ["authority.change_authority"])
            if "pk" in kwargs and not walls.there(self.theirs, kwargs["pk"]):
                raise Http404
            super().setup(request, *args, **kwargs)

        def get_base_queryset(self):
            return super().get_base_queryset().filter(pk__in=self.theirs)

    class OwnAuthorityFormView(OwnAuthorityView):
        def get_form(self, *args, **kwargs):
            form = super().get_form(*args, **kwargs)
            narrow(form, user=self.request.user, authorities=self.theirs)
            return form

    return OwnAuthorityFormView if hasattr(view_class, "get_form") else OwnAuthorityView


@hooks.register("register_admin_viewset")
def register_authorities():
    return AuthorityViewSet()
