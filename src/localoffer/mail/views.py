from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from localoffer.mail import callbacks, webhooks

LONGEST = 100_000  # bytes of one receipt
LONGEST_OF_MANY = 2_000_000  # services send many at a time


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


@csrf_exempt  # a program calls; it signs, or knows a password
@never_cache
@require_POST
def service(request):
    """The mail service that our mail goes through by SMTP tells what became of it."""
    name = settings.MAIL_SERVICE
    if not name:
        raise Http404("Nobody is awaited here.")
    if len(request.body) > LONGEST_OF_MANY:
        return _plain("This is too long.", status=413)
    try:
        told = webhooks.read(name, request)
    except webhooks.NotThemError as error:
        return _plain(str(error), status=401)
    except callbacks.MalformedError as error:
        return _plain(str(error), status=400)
    for one in told:
        webhooks.take(name, one)
    return _plain("Thank you.")


def _plain(words, *, status=200):
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
