from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from localoffer.mail import callbacks

LONGEST = 100_000  # bytes


@csrf_exempt  # a program calls, with a token of its own
@never_cache
@require_POST
def notify(request):
    """GOV.UK Notify tells what became of a mail. 200 for one told before, so that it stops."""
    if not settings.NOTIFY_TOKEN:
        raise Http404("Nobody is awaited here.")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(token, settings.NOTIFY_TOKEN):
        return _plain("The token is not right.", status=401)
    if len(request.body) > LONGEST:
        return _plain("This is too long for a delivery receipt.", status=413)
    try:
        found = callbacks.receipt(request.body)
    except callbacks.MalformedError as error:
        return _plain(str(error), status=400)
    callbacks.take(found, raw=request.body)
    return _plain("Thank you.")


def _plain(words, *, status=200):
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
