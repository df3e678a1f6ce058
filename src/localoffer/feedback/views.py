from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from localoffer.authority import references
from localoffer.authority.models import PublicItem
from localoffer.feedback import actions
from localoffer.feedback.forms import CommentForm
from localoffer.feedback.models import Comment

LONGEST_BEGINNING = 200


@never_cache
@require_http_methods(["GET", "POST"])
def give(request):
    """The one form for anything to say about the site; ``?about=`` names the page or service.

    ``?looked_for=``: words that found nothing, to begin with.
    """
    if request.authority is None:
        raise Http404("There is nobody to write to at this address.")
    about = _about(request)
    form = CommentForm(request.POST or None, initial=_begun(request.GET))
    if request.method == "POST" and form.is_valid():
        comment = actions.receive(authority=request.authority, about=about, **form.cleaned_data)
        return redirect("feedback:thanks", comment.shown_reference)
    context = {"form": form, "about": about, "title": "Tell us what you think"}
    return TemplateResponse(request, "feedback/give.html", context)


def _begun(data):
    """What the form holds at first. The words come from an address: they are cut and made plain."""
    begun = {"kind": data.get("kind", "")}
    if words := " ".join(data.get("looked_for", "").replace("\0", " ").split())[:LONGEST_BEGINNING]:
        begun["text"] = f"I looked for “{words}” and did not find it."
    return begun


def _about(request):
    """The public thing that the address names; a mistyped or withdrawn one is simply left out."""
    try:
        stored = references.parse(request.GET.get("about", ""))
    except references.BadReferenceError:
        return None
    items = PublicItem.objects.for_authority(request.authority).public()
    return items.filter(reference=stored).first()


@never_cache
@require_safe
def thanks(request, reference):
    """A refresh of this page sends nothing again. It shows nothing that was written."""
    try:
        stored = references.parse(reference)
    except references.BadReferenceError as error:
        raise Http404(str(error)) from error
    comments = Comment.objects.for_authority(request.authority)
    comment = comments.filter(reference=stored).only("reference", "kind").first()
    if comment is None:
        raise Http404("There is no comment with this reference.")
    context = {"reference": comment.shown_reference}
    return TemplateResponse(request, "feedback/thanks.html", context)
