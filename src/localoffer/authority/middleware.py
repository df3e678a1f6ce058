from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse, HttpResponseBadRequest
from django.http.request import split_domain_port
from wagtail.models import Site

from localoffer.authority import contentversion, hosts

# Asked for by load balancers under any name they like; it shows nothing of anyone.
HEALTH = "/healthz"


def authority_middleware(get_response):
    """Put the authority of this hostname on the request, and answer for no other hostname.

    The hostnames we answer to are those of the authorities' sites and LOCALOFFER_HOSTS (which
    get the default authority), so a new authority needs no change of settings.
    """
    known = None

    def middleware(request):
        nonlocal known
        if known != (version := contentversion.current()):
            # Wagtail forgets where sites begin only in the process that moved one.
            Site.clear_site_root_paths_cache()
            known = version
        if request.path == HEALTH:
            return HttpResponse("ok\n", content_type="text/plain")
        try:
            hostname = split_domain_port(request.get_host())[0]
        except DisallowedHost:
            return HttpResponseBadRequest("This address is not valid.\n", content_type="text/plain")
        sites = hosts.now()
        authority = sites.find(hostname)
        if authority is None and hostname in settings.EXTRA_HOSTS:
            authority = sites.default
        elif authority is None:
            return HttpResponseBadRequest(
                "No Local Offer is published at this address.\n", content_type="text/plain"
            )
        request.authority = authority
        if authority:  # saves Wagtail its own look-ups
            request._wagtail_site = authority.site  # noqa: SLF001
            request._wagtail_cached_site_root_paths = sites.root_paths  # noqa: SLF001
        token = hosts.answering.set(authority)
        try:
            return get_response(request)
        finally:
            hosts.answering.reset(token)

    return middleware


def csp_middleware(get_response):
    """Give Wagtail's own pages their own policy; every other page keeps the strict one."""

    def middleware(request):
        response = get_response(request)
        if request.path.startswith("/admin/") and not hasattr(response, "_csp_config"):
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY  # noqa: SLF001
        return response

    return middleware
