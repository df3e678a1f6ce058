"""A form for somebody who wants to be contacted, apart from every survey."""

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from localoffer.consultations.actions import safety
from localoffer.consultations.forms.safety import HelpForm


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request):
    """Ask the team to get in touch. Nothing says from which page somebody came."""
    if request.authority is None:
        raise Http404("There is nobody to ask at this address.")
    form = HelpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        safety.ask_for_help(authority=request.authority, now=timezone.now(), **form.cleaned_data)
        return redirect("consultations:help_sent")
    return TemplateResponse(
        request, "consultations/help.html", {"form": form, "title": "Ask us to get in touch"}
    )


@never_cache
@require_safe
def sent(request):
    """What happens next. It shows nothing of what was sent."""
    return TemplateResponse(
        request, "consultations/help_sent.html", {"title": "We will get in touch"}
    )
