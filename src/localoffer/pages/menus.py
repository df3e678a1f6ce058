"""The pages just below an authority's home page, asked for once in a request."""

from dataclasses import dataclass

from django.urls import reverse
from wagtail.models import Page

# In this order at the foot of every page, where the authority has them.
FOOTER = ["accessibility", "privacy", "other-ways", "how-this-site-meets-the-law", "contact"]


@dataclass(frozen=True)
class TopPage:
    title: str
    slug: str
    path: str
    in_menu: bool

    @property
    def url(self):
        return f"/{self.slug}/"


def top_pages(request):
    """The live pages just below the home page, in their order in the tree: one query."""
    if not hasattr(request, "_top_pages"):
        root = request.authority.site.root_page
        pages = Page.objects.filter(
            live=True, depth=root.depth + 1, path__startswith=root.path
        ).order_by("path")
        request._top_pages = [  # noqa: SLF001  kept for this request only
            TopPage(*row) for row in pages.values_list("title", "slug", "path", "show_in_menus")
        ]
    return request._top_pages  # noqa: SLF001


def menu(request):
    """The main menu: find help, then the top pages that editors put in it."""
    links = [("Find help", reverse("search:find"))]
    links += [(page.title, page.url) for page in top_pages(request) if page.in_menu]
    return [
        {
            "title": title,
            "text": title,
            "url": url,
            "href": url,
            "current": request.path == url,
            "active": request.path.startswith(url),
        }
        for title, url in links
    ]


def footer(request):
    """The links at the foot: those pages of ``FOOTER`` that exist, and the comments form."""
    pages = {page.slug: page for page in top_pages(request)}
    links = [
        {"title": pages[slug].title, "url": pages[slug].url} for slug in FOOTER if slug in pages
    ]
    return [*links, {"title": "Tell us what you think", "url": reverse("feedback:give")}]
