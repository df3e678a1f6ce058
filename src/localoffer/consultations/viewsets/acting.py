"""What is done with one record on a page of its own: a few words, a form, a button."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from localoffer.authority.viewsets import OwnedViewSet
from localoffer.consultations.actions import planning
from localoffer.consultations.forms.consultations import NothingForm
from localoffer.consultations.models import Consultation


class ActingViewSet(OwnedViewSet):
    """Records each with acts of its own. ``ACTS``: the view of each, by the name in its address."""

    inspect_view_enabled = False
    copy_view_enabled = False
    ACTS: dict[str, type] = {}

    def get_urlpatterns(self):
        acts = [
            path(
                f"{name}/<str:pk>/",
                self.construct_view(view, edit_url_name=self.get_url_name("edit")),
                name=name,
            )
            for name, view in self.ACTS.items()
        ]
        return [*super().get_urlpatterns(), *acts]


class ActView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One act. ``OwnedView`` has asked whose record it is."""

    model = None
    edit_url_name = ""
    any_permission_required = None
    permission_required = "change"

    @property
    def back(self):
        return reverse(self.edit_url_name, args=[self.kwargs["pk"]])


class FormActView(ActView):
    """An act with a form: ``act`` does it, or refuses with words that the form then shows."""

    form_class: type = NothingForm
    template_name = "consultations/admin/act.html"
    words = ""
    button = "Save"

    def get_form(self):
        return self.form_class(self.request.POST if self.request.method == "POST" else None)

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if form.is_valid() and attempted(form, lambda: self.act(form.cleaned_data)):
            return redirect(self.back)
        return self.render_to_response(self.get_context_data(form=form))

    def act(self, found):
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        context = {"form": kwargs.pop("form", None) or self.get_form(), "back": self.back}
        context |= {"words": self.words, "button": self.button}
        return super().get_context_data(**context, **kwargs)


class OfConsultation(FormActView):
    """One thing to do with a consultation."""

    header_icon = "group"

    def dispatch(self, request, *args, **kwargs):
        self.record = get_object_or_404(
            Consultation.objects.select_related("page", "authority"), pk=kwargs["pk"]
        )
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.record.page.title

    def get_context_data(self, **kwargs):
        return super().get_context_data(record=self.record, **kwargs)


def attempted(form, act):
    """Whether it could be done. Where it could not the form says why, by the field if any."""
    try:
        act()
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            for name, found in error.error_dict.items():
                form.add_error(name if name in form.fields else None, found)
        else:
            form.add_error(None, error)
    except planning.RefusedError as error:
        form.add_error(None, str(error))
    return not form.errors
