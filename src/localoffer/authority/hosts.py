"""Which authority answers at which hostname, kept in memory: no query for most requests."""

from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from wagtail.models import Site
from wagtail.models.sites import SiteRootPath

from localoffer.authority import kept
from localoffer.authority.models import Authority

BYTES_EACH = 8_000

# The authority for which this thread is answering a request, for code that is not handed it.
answering: ContextVar[Authority | None] = ContextVar("answering", default=None)


@dataclass(frozen=True)
class Hosts:
    """Every authority by its hostname. Threads share them: nobody may change one."""

    by_name: dict[str, Authority]
    default: Authority | None
    root_paths: list[SiteRootPath]

    def find(self, hostname: str) -> Authority | None:
        return self.by_name.get(hostname.lower())


def now() -> Hosts:
    """The hosts as they are now."""
    return kept.get("hosts", _read, size=lambda hosts: BYTES_EACH * len(hosts.root_paths))


def _read():
    sites = list(
        Site.objects.select_related("root_page__locale", "authority__logo").order_by(
            "-root_page__url_path", "-is_default_site", "hostname", "port"
        )
    )
    by_name, default, root_paths = {}, None, []
    for site in sites:
        # In Wagtail's own order: it takes the first that a page is below.
        root = site.root_page
        root_paths.append(
            SiteRootPath(site.pk, root.url_path, site.root_url, root.locale.language_code)
        )
        authority = getattr(site, "authority", None)
        if authority is not None:
            by_name.setdefault(site.hostname, authority)
            default = authority if site.is_default_site else default
    logos = [authority.logo for authority in by_name.values() if authority.logo]
    prefetch_related_objects(logos, "renditions")
    return Hosts(by_name, default, root_paths)
