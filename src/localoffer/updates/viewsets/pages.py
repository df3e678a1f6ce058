"""Admin pages of ours that are not Wagtail's lists and forms."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin


class AdminPage(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A page below the list of its viewset."""

    model = None
    permission_required: str | None = "change"
    any_permission_required: list[str] | None = None
    index_url_name = ""

    def get_breadcrumbs_items(self):
        label = str(self.model._meta.verbose_name_plural).capitalize()
        above = [{"url": reverse(self.index_url_name), "label": label}]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]


class OfOne(AdminPage):
    """A page of one record; the viewset's wall says whose it is (``authority.viewsets``)."""

    def dispatch(self, request, *args, **kwargs):
        self.object = get_object_or_404(
            self.model.objects.select_related("authority__site"), pk=kwargs["pk"]
        )
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self):
        return str(self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(object=self.object, **kwargs)


class FormPage(AdminPage, FormView):
    pass


class FormOfOne(OfOne, FormView):
    pass


class PageOfOne(OfOne, TemplateView):
    pass
