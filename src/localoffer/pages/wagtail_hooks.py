from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button

from localoffer.pages import views
from localoffer.pages.links import TreeLinkHandler
from localoffer.pages.models import BasePage
from localoffer.pages.viewsets import AlertViewSet


@hooks.register("register_admin_viewset")
def register_alerts():
    return AlertViewSet()


@hooks.register("register_admin_urls")
def register_check():
    return [path("checks/<int:pk>/", views.check, name="pages_check")]


@hooks.register("register_page_header_buttons")
def offer_to_check(page, user, view_name, next_url=None):
    ours = page.live and isinstance(page.specific_deferred, BasePage)
    if ours and page.permissions_for_user(user).can_edit():
        yield Button(
            "I have checked this page",
            reverse("pages_check", args=[page.pk]),
            icon_name="check",
            priority=15,
        )


@hooks.register("register_rich_text_features", order=10)  # after Wagtail's own handler
def link_from_the_tree(features):
    features.register_link_type(TreeLinkHandler)


@hooks.register("before_bulk_action")
def publish_only_what_is_ready(request, action_type, objects, action):
    """Publishing many drafts at once asks of each what publishing one asks."""
    if action_type != "publish":
        return None
    unready = False
    for page in objects:
        draft = page.get_latest_revision_as_object()
        for _field, problem in draft.problems() if isinstance(draft, BasePage) else []:
            messages.error(request, f"{draft.title}: {problem}")
            unready = True
    return redirect("wagtailadmin_explore", objects[0].get_parent().pk) if unready else None


@hooks.register("register_log_actions")
def name_our_actions(actions):
    actions.register_action("pages.check", "Check", "Checked by a person")
