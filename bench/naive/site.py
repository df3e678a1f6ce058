"""Whose site it is and what stands around every page, asked anew for each request."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from localoffer.pages.menus import FOOTER
from localoffer.pages.models import Alert


def middleware(get_response):
    def find_authority(request):
        request.authority = getattr(Site.find_for_request(request), "authority", None)
        return get_response(request)

    return find_authority


def context(request):
    if request.authority is None or request.path.startswith("/admin/"):
        return {}
    root, now = Site.find_for_request(request).root_page, timezone.now()
    top = root.get_children().live()
    menu = [("Find help", reverse("search:find"))]
    menu += [(page.title, page.get_url(request)) for page in top.in_menu()]
    pages = {page.slug: page for page in top.filter(slug__in=FOOTER)}
    foot = [(pages[slug].title, pages[slug].get_url(request)) for slug in FOOTER if slug in pages]
    foot.append(("Tell us what you think", reverse("feedback:give")))
    return {
        "menu": [
            {
                "title": title,
                "text": title,
                "url": url,
                "href": url,
                "current": request.path == url,
                "active": request.path.startswith(url),
            }
            for title, url in menu
        ],
        "footer_links": [{"title": title, "url": url} for title, url in foot],
        "alerts": Alert.objects.filter(
            authority=request.authority, starts__lte=now, ends__gt=now
        ).order_by("-kind", "starts", "pk"),
        "demonstration": request.authority.is_demonstration,
        "anyone_may_sign_in": settings.DEMO,
    }
