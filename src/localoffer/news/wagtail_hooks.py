from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks

from localoffer.news.models import NewsPage


@hooks.register("before_delete_page")
def keep_news(request, page):
    """News is kept: neither a story nor a page above one can be deleted."""
    if NewsPage.objects.descendant_of(page, inclusive=True).exists():
        messages.error(request, "News is kept. Unpublish it instead: its address will say so.")
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_bulk_action")
def keep_news_together(request, action_type, objects, action):
    """The same, for several pages at once."""
    if action_type != "delete":
        return None
    for page in objects:
        if hasattr(page, "url_path") and (response := keep_news(request, page)):
            return response
    return None
