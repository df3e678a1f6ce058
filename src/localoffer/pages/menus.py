"""The main menu and the links at the foot of every page, from the tree."""

from django.urls import reverse

from localoffer.pages import tree

# In this order at the foot of every page, where the authority has them.
FOOTER = [
    "updates",
    "accessibility",
    "privacy",
    "other-ways",
    "how-this-site-meets-the-law",
    "contact",
]


def menu(request):
    """The main menu: find help, then the top pages that editors put in it."""
    links = [("Find help", reverse("search:find"))]
    links += [(page.title, page.url) for page in tree.of(request.authority).top if page.in_menu]
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
    pages = {page.slug: page for page in tree.of(request.authority).top}
    links = [
        {"title": pages[slug].title, "url": pages[slug].url} for slug in FOOTER if slug in pages
    ]
    return [*links, {"title": "Tell us what you think", "url": reverse("feedback:give")}]
