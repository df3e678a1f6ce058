from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks

from localoffer.consultations.models import ConsultationPage
from localoffer.consultations.viewsets import (
    BatchViewSet,
    ConsultationViewSet,
    HelpRequestViewSet,
    SurveyViewSet,
    WorryingWordsViewSet,
)

# What the history of a page or a survey says: what was done, and that it was.
DONE = {
    "add": ("Add", "Consultation added"),
    "set_going": ("Open", "Consultation opened"),
    "publish_questions": ("Publish questions", "Questions published"),
    "write_questions": ("Write questions", "Questions written"),
    "move_closing": ("Move the last day", "Last day moved"),
    "promise_results": ("Promise results", "Results promised for another day"),
    "begin_counting": ("Count", "Counting begun"),
    "make_results": ("Make results", "Tables made"),
    "publish_results": ("Publish results", "Results published"),
    "decide": ("Decide", "Decision recorded"),
    "share": ("Share", "Shared with another authority"),
    "join": ("Join", "Shown on another authority's site"),
    "unshare": ("Share no more", "Shared no more"),
    "begin_batch": ("Begin a batch", "Batch of answers begun"),
    "handle_help": ("Help", "Somebody who asked for help was answered"),
    "take_out": ("Take a sheet out", "Sheet taken out of a batch"),
}


@hooks.register("register_admin_viewset")
def register_consultations():
    return ConsultationViewSet()


@hooks.register("register_admin_viewset")
def register_surveys():
    return SurveyViewSet()


@hooks.register("register_admin_viewset")
def register_batches():
    return BatchViewSet()


@hooks.register("register_admin_viewset")
def register_requests_for_help():
    return HelpRequestViewSet()


@hooks.register("register_admin_viewset")
def register_worrying_words():
    return WorryingWordsViewSet()


@hooks.register("register_log_actions")
def name_our_actions(actions):
    for name, (label, message) in DONE.items():
        actions.register_action(f"consultations.{name}", label, message)


@hooks.register("before_delete_page")
def keep_consultations(request, page):
    """A consultation is the record of what was asked: it is kept, and so is the page above it."""
    if ConsultationPage.objects.descendant_of(page, inclusive=True).exists():
        messages.error(request, "Consultations are kept. Unpublish the page instead.")
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_convert_alias_page")
def keep_following_the_lead(request, page):
    """A page of its own would have no days, and say what the lead no longer says."""
    if ConsultationPage.objects.filter(pk=page.pk).exists():
        messages.error(request, "This page follows the one of the council that leads it.")
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_copy_page")
def copy_no_consultation(request, page):
    """A copy would have no days of its own."""
    if ConsultationPage.objects.descendant_of(page, inclusive=True).exists():
        messages.error(request, "Add a new consultation under Consultations instead of a copy.")
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
