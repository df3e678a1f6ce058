"""Signing up, following, confirming."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from localoffer.authority import references
from localoffer.authority.models import PublicItem
from localoffer.updates import links, slowing, sources, tokens
from localoffer.updates.actions import joining
from localoffer.updates.forms import FollowForm, LinkForm, SignUpForm
from localoffer.updates.models import ConsentText, SignUp
from localoffer.updates.views import personal, stale

TRAP = "extra"  # a field that no person sees: what fills it in is a program
BUSY = 429


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request):
    """Choose what to hear of. Nothing starts before the mail that this sends is answered."""
    form = SignUpForm(
        request.POST or None, authority=request.authority, initial=_begun(request.GET)
    )
    title = "Sign up for updates"
    context = {"wording": ConsentText.objects.shown(request.authority), "trap": TRAP}
    return _guarded(
        request,
        form,
        lambda: joining.ask(authority=request.authority, choices=form.choices, **form.sent),
        template="updates/sign_up.html",
        context={**context, "title": title, "submit": "Sign up"},
    )


def _begun(data):
    """Topics that an address names, such as a link from a page about one."""
    return {"topics": data.getlist("topic")} if "topic" in data else {}


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request, reference):
    """Follow one public thing."""
    item = _item_or_404(request, reference)
    form = FollowForm(request.POST or None)
    return _guarded(
        request,
        form,
        lambda: joining.ask(authority=request.authority, choices=form.choices(item), **form.sent),
        template="updates/follow.html",
        context={
            "item": item,
            "wording": ConsentText.objects.shown(request.authority),
            "trap": TRAP,
            "title": f"Follow: {item.title}",
            "submit": "Follow",
        },
    )


def _item_or_404(request, reference):
    try:
        stored = references.parse(reference)
    except references.BadReferenceError as error:
        raise Http404(str(error)) from error
    items = PublicItem.objects.for_authority(request.authority).public()
    item = items.filter(reference=stored).first()
    if item is None or sources.of(item.kind) is None:
        raise Http404("Nothing that can be followed has this reference.")
    return item


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def send_link(request):
    """Mail somebody the address of their own page, because they have no mail of ours at hand."""
    form = LinkForm(request.POST or None)
    return _guarded(
        request,
        form,
        lambda: joining.ask_for_link(authority=request.authority, **form.sent),
        template="updates/send_link.html",
        context={"title": "Change or stop your updates", "trap": TRAP, "submit": "Send me a link"},
        then="updates:check_for_link",
    )


def _guarded(request, form, do, *, template, context, then="updates:check_your_email"):
    """Do what a form asks, or show it. Whoever asks sees the same whatever came of it."""
    status = 200
    if request.method == "POST" and form.is_valid():
        if request.POST.get(TRAP):
            return redirect(then)
        try:
            slowing.check(
                authority=request.authority, form=form.cleaned_data["form"], now=timezone.now()
            )
        except slowing.SlowDownError as error:
            form.add_error(
                None,
                f"Very many forms are being sent just now. Wait {error.seconds} seconds, then "
                "send it again. Nothing you chose is lost.",
            )
            status = BUSY
        else:
            do()
            return redirect(then)
    if form.is_bound:
        form.renew()
    return render(request, template, {"form": form, **context}, status=status)


@personal
@require_safe
def check_your_email(request):
    """The same for everybody, whether or not an address is known and a mail was sent."""
    return render(request, "updates/check_your_email.html")


@personal
@require_safe
def check_for_link(request):
    """The same for everybody who asked for a link, whether or not they follow."""
    return render(request, "updates/check_your_email.html", {"link": True})


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    """A button: programs that look at every link in a mail press none."""
    sign_ups = SignUp.objects.for_authority(request.authority).select_related(
        "authority__site", "wording"
    )
    try:
        who, _scope = tokens.read(tokens.CONFIRM, token)
    except tokens.BadTokenError:
        return stale(request)
    found = sign_ups.filter(uuid=who, kind=SignUp.Kind.JOIN).first()
    if found is None or (found.confirmed_at is None and not _in_time(found)):
        return stale(request)
    if request.method == "POST" or found.confirmed_at:  # the second only leads on
        subscriber = joining.confirm(found)
        if subscriber is None:
            return stale(request)
        return redirect(f"{links.manage_path(subscriber)}?done=confirmed")
    return render(request, "updates/confirm.html", {"wording": found.wording})


def _in_time(sign_up):
    return SignUp.objects.waiting(now=timezone.now()).filter(pk=sign_up.pk).exists()
