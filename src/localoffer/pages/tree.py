"""The live pages of a site as one picture in memory, read in one query and kept until any changes.

What is asked of the tree costs no query: which page is at an address, the menu, the trail, what a
card or a link says of a page, and whether a page is for some people only. It holds no draft.
"""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from wagtail.fields import StreamField
from wagtail.models import Page, get_page_models

from localoffer.authority import hosts, kept
from localoffer.pages.cards import with_summaries
from localoffer.pages.privacy import with_restricted

BYTES_EACH = 2_000  # about what a node and its place in three dictionaries take
BYTES_OF_A_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Node:
    """What is known of one live page without asking the database."""

    pk: int
    path: str
    slug: str
    title: str
    url: str
    model: type[Page]
    in_menu: bool
    alias: bool
    restricted: bool  # it, or a page above it
    summary: str
    symbol: str
    live = True


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A page that is not in the tree: of another site, or not live."""

    pk: int
    title: str
    url: str
    live: bool


class Tree:
    """The live pages of one site, in their order. Threads share it: nobody may change one."""

    def __init__(self, site, nodes: Iterable[Node]):
        self.site_pk, self.root_path = site.pk, site.root_page.path
        self.by_path = {node.path: node for node in nodes}
        self.by_url = {node.url: node for node in self.by_path.values()}
        self.by_pk = {node.pk: node for node in self.by_path.values()}
        self._below = defaultdict(list)
        for path, node in self.by_path.items():
            self._below[path[: -Page.steplen]].append(node)
        self._elsewhere: dict[int, Elsewhere | None] = {}

    @property
    def top(self) -> list[Node]:
        """The pages just below the home page."""
        return self.below(self.root_path)

    def at(self, url: str) -> Node | None:
        """The page at an address such as ``/guides/transport/``."""
        return self.by_url.get(url)

    def below(self, path: str) -> list[Node]:
        """The pages just below a page."""
        return self._below.get(path, [])

    def above(self, path: str) -> list[Node]:
        """The pages above a page, live or not, the home page first."""
        steps = range(len(self.root_path), len(path), Page.steplen)
        return [self.by_path[path[:n]] for n in steps if path[:n] in self.by_path]

    def place(self, pages: Iterable[Page]) -> list[Page]:
        """The same pages, each with its ``node``: of those that are here."""
        pages = list(pages)
        for page in pages:
            page.node = self.by_pk.get(page.pk)
        return pages

    def pages(self, pks: Iterable[int]) -> list[Node | Elsewhere]:
        """Those of these pages that exist, in their order. One query for all that are not here."""
        pks = list(pks)
        unknown = {pk for pk in pks if pk not in self.by_pk and pk not in self._elsewhere}
        if unknown:
            self._elsewhere |= {**dict.fromkeys(unknown), **_elsewhere(unknown, self.site_pk)}
        found = (self.by_pk.get(pk) or self._elsewhere.get(pk) for pk in pks)
        return [page for page in found if page is not None]


def of(authority) -> Tree:
    """The tree of an authority's site, as it is now."""
    return kept.get(
        ("tree", authority.site_id),
        lambda: _read(authority.site),
        size=lambda tree: BYTES_EACH * len(tree.by_pk),
    )


def page_at(authority, path: str) -> Page | None:
    """The page that is live at an address such as ``guides/transport/``: the caller's own copy."""
    node = of(authority).at(f"/{path}")
    if node is None:
        return None
    whole = None

    def without_bodies():
        nonlocal whole
        whole = _page(node)
        return whole and _without_bodies(whole)

    bare = kept.get(("page", node.pk), without_bodies, size=lambda _: BYTES_OF_A_PAGE)
    return whole or copy(bare)


def _page(node):
    pages = node.model.objects
    page = (pages.to_show() if hasattr(pages, "to_show") else pages).filter(pk=node.pk).first()
    if page is not None:
        page.node = node
    return page


def _without_bodies(page):
    """The same without its StreamFields, which are large and of which ``fragments`` are kept."""
    page = copy(page)
    for field in page._meta.fields:
        if isinstance(field, StreamField):
            del page.__dict__[field.attname]  # as if deferred: it is read again when asked for
    return page


def _read(site):
    root = site.root_page
    models = {
        content_type.pk: model
        for model, content_type in ContentType.objects.get_for_models(*get_page_models()).items()
    }
    pages = Page.objects.filter(live=True, path__startswith=root.path).order_by("path")
    rows = with_summaries(with_restricted(pages)).values_list(
        "pk",
        "path",
        "slug",
        "title",
        "url_path",
        "content_type_id",
        "show_in_menus",
        "alias_of_id",
        "restricted",
        "card_text",
        "card_symbol",
    )
    return Tree(
        site,
        (
            Node(
                pk=pk,
                path=path,
                slug=slug,
                title=title,
                url="/" + url_path.removeprefix(root.url_path),
                model=models.get(kind, Page),
                in_menu=in_menu,
                alias=alias_of is not None,
                restricted=restricted,
                summary=summary,
                symbol=symbol,
            )
            for (
                pk,
                path,
                slug,
                title,
                url_path,
                kind,
                in_menu,
                alias_of,
                restricted,
                summary,
                symbol,
            ) in rows
        ),
    )


def _elsewhere(pks, site_pk):
    rows = Page.objects.filter(pk__in=pks).values_list("pk", "title", "url_path", "live")
    return {
        pk: Elsewhere(pk=pk, title=title, url=url, live=live)
        for pk, title, url_path, live in rows
        if (url := _url(url_path, site_pk))
    }


def _url(url_path, site_pk):
    for root in hosts.now().root_paths:
        if url_path.startswith(root.root_path):
            host = "" if root.site_id == site_pk else root.root_url
            return f"{host}/{url_path.removeprefix(root.root_path)}"
    return ""
