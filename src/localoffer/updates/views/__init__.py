"""The public pages: without an account, and without JavaScript."""

from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from localoffer.updates import tokens
from localoffer.updates.models import Subscriber


def personal(view):
    """One person's page: kept nowhere, listed nowhere, and only where there is an authority."""

    @never_cache
    @wraps(view)
    def seen(request, *args, **kwargs):
        if request.authority is None:
            raise Http404("There is nobody to follow at this address.")
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return seen


def of_token(purpose):
    """A view of the person that a token names, given as ``subscriber``, with the token's scope.

    A token that names nobody here gets a page that says what to do.
    """

    def decorate(view):
        @personal
        @wraps(view)
        def seen(request, token, *args, **kwargs):
            subscriber, scope = find(request.authority, purpose, token)
            if subscriber is None:
                return stale(request)
            return view(request, subscriber, *args, token=token, scope=scope, **kwargs)

        return seen

    return decorate


def find(authority, purpose, token):
    """The person whom a token names in this authority, or None; and the token's scope."""
    try:
        who, scope = tokens.read(purpose, token)
    except tokens.BadTokenError:
        return None, ""
    people = Subscriber.objects.for_authority(authority).select_related("authority__site")
    return people.filter(uuid=who).first(), scope


def stale(request):
    """What to do about an address that was cut, altered, used up or is another council's."""
    return render(request, "updates/stale.html", status=404)
