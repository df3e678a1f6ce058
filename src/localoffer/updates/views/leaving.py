"""Two doors for leaving, and one thing that happens behind them.

A mail program posts to the address in the mail's head: without a session, a cookie or a look at who
it is, for it is the mailbox provider that comes, always from the same few places. A person presses
a button on our page, which is an ordinary form. Looking at the address changes nothing: programs
that guard mailboxes look at every link.

The token stands in the head of each mail, where mail services and our own mailbox read it: so it
opens no more than leaving, and never leads on to somebody's own page.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from localoffer.updates import tokens
from localoffer.updates.actions import following
from localoffer.updates.models import Subscriber, Subscription
from localoffer.updates.views import of_token, personal
from localoffer.updates.views.managing import follows

ONE_CLICK = {"List-Unsubscribe": ["One-Click"]}  # RFC 8058, 3.1


@csrf_exempt
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, token):
    """POST: a mail program leaves for its reader, at once (RFC 8058). GET: a page with a button."""
    if request.method == "POST":
        return _one_click(request, token)
    return _page(request, token)


def _one_click(request, token):
    """Leave. The token is the only credential; a second time, or after all, changes nothing.

    No redirect, no cookie, no session.
    """
    try:
        who, scope = tokens.read(tokens.LEAVE, token)
    except tokens.BadTokenError:
        return _said("This address is not whole, or not ours.", status=404)
    if dict(request.POST.lists()) != ONE_CLICK or request.FILES:
        return _said("Send List-Unsubscribe=One-Click and nothing else.", status=400)
    people = Subscriber.objects.for_authority(request.authority)
    if subscriber := people.filter(uuid=who).first():
        following.leave(subscriber, scope=scope or tokens.EVERYTHING)
    return _said("Done.")


def _said(words, status=200):
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)


@of_token(tokens.LEAVE)
def _page(request, subscriber, *, token, scope):
    """It opens nothing but leaving: mail services and filters see this token."""
    living = follows(subscriber)
    scope = scope or tokens.EVERYTHING
    this = [one for one in living if scope in {tokens.EVERYTHING, one.scope}]
    context = {
        "token": token,
        "everything": scope == tokens.EVERYTHING,
        "name": _name(subscriber, scope),
        "this": this,
        "others": [one for one in living if one not in this],
        "left": following.to_undo(subscriber, scope=scope, now=timezone.now()),
        "until": subscriber.undo_until,
    }
    return render(request, "updates/leave.html", context)


def _name(subscriber, scope):
    """What a scope is called, for somebody who follows it or did."""
    for one in Subscription.objects.filter(subscriber=subscriber).to_show():
        if one.scope == scope:
            return str(one)
    return ""


@of_token(tokens.LEAVE)
@require_POST
def stop(request, subscriber, *, token, scope):
    """The button on our page: this, or everything."""
    everything = request.POST.get("what") == tokens.EVERYTHING
    following.leave(subscriber, scope=tokens.EVERYTHING if everything else scope)
    return redirect("updates:leave", token)


@of_token(tokens.LEAVE)
@require_POST
def undo(request, subscriber, *, token, scope):
    following.undo(subscriber, scope=scope or tokens.EVERYTHING)
    return redirect("updates:leave", token)
