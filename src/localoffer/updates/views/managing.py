"""The page of somebody who follows: change, pause, stop, undo, read what is kept, be forgotten."""

from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from localoffer.places.models import Area
from localoffer.taxonomy.models import AgeBand, Audience
from localoffer.updates import tokens
from localoffer.updates.actions import following
from localoffer.updates.forms import ChangeForm, PauseForm
from localoffer.updates.models import Format, Subscriber, Subscription
from localoffer.updates.views import of_token

DONE = {
    "confirmed": "You get our updates now",
    "changed": "Your changes are saved",
    "paused": "Your updates are paused",
    "resumed": "You get updates again",
    "stopped": "You have stopped it",
    "undone": "You get it again",
}


def follows(subscriber):
    """What somebody follows now."""
    return list(Subscription.objects.filter(subscriber=subscriber).living().to_show())


@of_token(tokens.MANAGE)
@require_safe
def manage(request, subscriber, *, token, scope):
    """What they get, and every way to change it."""
    now = timezone.now()
    context = {
        "subscriber": subscriber,
        "token": token,
        "follows": follows(subscriber),
        "left": following.to_undo(subscriber, now=now),
        "paused": subscriber.is_paused(on=timezone.localdate(now)),
        "done": DONE.get(request.GET.get("done", "")),
        "facts": _facts(subscriber),
        "by_post": subscriber.format == Format.POST,
    }
    return render(request, "updates/manage.html", context)


def _facts(subscriber):
    def names(model, codes, nothing):
        found = model.objects.filter(pk__in=codes)
        return ", ".join(str(one) for one in found) or nothing

    yes_or_no = "Yes" if subscriber.promotional else "No"
    facts = [
        ("Sent to", subscriber.address or subscriber.postal_address),
        ("How you read it", subscriber.get_format_display()),
        ("Who you are", names(Audience, subscriber.audiences, "Anybody")),
        ("Ages", names(AgeBand, subscriber.ages, "Every age")),
    ]
    if subscriber.authority.districts:
        facts.append(("Areas", names(Area, subscriber.areas, "Everywhere")))
    return [*facts, ("Things that advertise something", yes_or_no)]


@of_token(tokens.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, subscriber, *, token, scope):
    """Other subjects, another rhythm, another form."""
    if subscriber.state == Subscriber.State.ENDED:
        return _back(token)
    living = follows(subscriber)
    form = ChangeForm(request.POST or None, subscriber=subscriber, follows=living)
    if request.method == "POST" and form.is_valid():
        following.change(
            subscriber,
            topics=form.cleaned_data["topics"],
            frequency=form.cleaned_data["frequency"],
            settings=form.settings,
        )
        return _back(token, "changed")
    context = {"form": form, "title": "Change what you get", "token": token, "submit": "Save"}
    return render(request, "updates/change.html", context)


@of_token(tokens.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request, subscriber, *, token, scope):
    """Nothing for a while."""
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        following.pause(subscriber, until=form.until)
        return _back(token, "paused")
    context = {"form": form, "title": "Pause your updates", "token": token, "submit": "Pause"}
    return render(request, "updates/pause.html", context)


@of_token(tokens.MANAGE)
@require_POST
def resume(request, subscriber, *, token, scope):
    following.resume(subscriber)
    return _back(token, "resumed")


@of_token(tokens.MANAGE)
@require_POST
def stop(request, subscriber, *, token, scope):
    """Leave one thing (``what``), or everything."""
    following.leave(subscriber, scope=request.POST.get("what", "")[:60] or tokens.EVERYTHING)
    return _back(token, "stopped")


@of_token(tokens.MANAGE)
@require_POST
def undo(request, subscriber, *, token, scope):
    """Take back leaving one thing (``what``), or everything."""
    following.undo(subscriber, scope=request.POST.get("what", "")[:60] or tokens.EVERYTHING)
    return _back(token, "undone")


@of_token(tokens.MANAGE)
@require_safe
def download(request, subscriber, *, token, scope):
    """All that is kept about them, as a file."""
    response = JsonResponse(following.held(subscriber), json_dumps_params={"indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="what-we-hold.json"'
    return response


@of_token(tokens.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request, subscriber, *, token, scope):
    """Forget them at once. It cannot be taken back, so it asks first."""
    if request.method == "POST":
        following.erase(subscriber)
        return render(request, "updates/erased.html")
    return render(request, "updates/erase.html", {"token": token})


@of_token(tokens.STAY)
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request, subscriber, *, token, scope):
    """The answer to whether they still want it, and what came of it. It opens nothing else."""
    if request.method == "POST":
        if subscriber.asked_at:
            following.stay(subscriber)
        return redirect("updates:stay", token)
    context = {
        "ended": subscriber.state == Subscriber.State.ENDED,
        "answered": subscriber.asked_at is None,
        "follows": follows(subscriber),
    }
    return render(request, "updates/stay.html", context)


def _back(token, done=""):
    response = redirect("updates:manage", token)
    if done:
        response.headers["Location"] += f"?done={done}"
    return response
