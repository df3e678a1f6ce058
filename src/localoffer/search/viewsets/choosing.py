"""Which of their authorities somebody is looking at."""

from django.http import Http404


def chosen_authority(request, authorities):
    """The one of these that the address names, or the first; another's is not found."""
    key = request.GET.get("authority", "")
    for authority in authorities:
        if not key or str(authority.pk) == key:
            return authority
    raise Http404
