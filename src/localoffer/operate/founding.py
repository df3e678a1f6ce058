"""A new authority with the pages that every Local Offer begins with."""

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from localoffer.authority import actions
from localoffer.authority.models import Authority
from localoffer.home.models import HomePage, HubPage, LawPage
from localoffer.news.models import NewsIndexPage


@transaction.atomic
def found(*, name, council, code, host, port=443, districts=(), is_default=False) -> Authority:
    """Add an authority with its home page, hub, news and law page, published and empty of words.

    ``code``: its ONS code. ``districts``: those of its districts, for a county. Raises
    ``ValidationError`` if anything is wrong, and nothing is added.
    """
    actions.clear_the_welcome()
    home = Page.get_first_root_node().add_child(
        instance=HomePage(
            title=name,
            slug=code.lower(),
            summary="Help, services and news for children and young people from birth to 25 with "
            f"special educational needs or a disability, and their families, in {name}.",
            live=False,
        )
    )
    authority = actions.add_authority(
        name=name,
        council=council,
        gss_code=code,
        hostname=host,
        port=port,
        root_page=home,
        districts=list(districts),
        is_default=is_default,
    )
    pages = [
        HubPage(
            title="News, updates and feedback",
            slug="news-updates-and-feedback",
            summary="What is new, what you can have a say in, and what came of it.",
            show_in_menus=True,
        ),
        NewsIndexPage(title="News", slug="news", summary="What has changed and what was decided."),
        LawPage(
            title="How this site meets the law",
            slug="how-this-site-meets-the-law",
            summary="What the law asks a Local Offer to tell, and what this one tells.",
        ),
    ]
    for page in pages:
        page.live = False
        home.add_child(instance=page)
    for page in [home, *pages]:
        page.checked_on = timezone.localdate()
        page.save_revision().publish()
    return authority
