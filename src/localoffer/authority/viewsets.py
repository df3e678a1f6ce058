"""Admin views that show an editor only their own authority's records.

Wagtail's generic views ask whether a user may change services, never whether they may change
this service. Every view of a viewset is made by ``construct_view``, so that is where the
question is added, once, for the index and for each view of one record.
"""

from functools import cached_property

from django.http import Http404
from django.template.defaultfilters import date
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from localoffer.authority.models import Authority
from localoffer.authority.narrowing import narrow
from localoffer.authority.walls import step_of, there


class DayColumn(Column):
    """A day, as a date: Wagtail's own column says "just now" of every day to come."""

    def get_value(self, instance):
        return date(super().get_value(instance), "j F Y")


class OwnedView:
    """Mixed in to every view. A record of another authority does not exist here."""

    keeps_its_wall = True

    def setup(self, request, *args, **kwargs):
        self.request = request
        if "pk" in kwargs and not there(self._ours(), kwargs["pk"]):
            raise Http404
        if "task_state_id" in kwargs and not step_of(kwargs["pk"], kwargs["task_state_id"]):
            raise Http404
        super().setup(request, *args, **kwargs)

    @cached_property
    def authorities(self):
        actions = self.any_permission_required or [self.permission_required]
        policy = self.permission_policy
        if not policy or actions == [None]:
            return Authority.objects.editable_by(self.request.user)
        label = self.model._meta.app_label
        names = [f"{label}.{action}_{self.model._meta.model_name}" for action in actions]
        return Authority.objects.permitting(self.request.user, names)

    def get_base_queryset(self):
        return super().get_base_queryset().visible_to(self.authorities, to=self._purpose)

    def _ours(self):
        return self.model.objects.visible_to(self.authorities, to=self._purpose)

    @property
    def _purpose(self):
        """What the view says it is there for, where a record has several owners."""
        return getattr(self, "purpose", "change")


class OwnedFormView(OwnedView):
    """A view with a form: what can be chosen in it is narrowed too."""

    def get_form(self, *args, **kwargs):
        form = super().get_form(*args, **kwargs)
        narrow(form, user=self.request.user, authorities=self.authorities)
        return form


class OwnedIndexView(OwnedView):
    """A list, without the ticks for bulk actions, which are off (``localoffer.urls``)."""

    @cached_property
    def columns(self):
        return [one for one in super().columns if not isinstance(one, BulkActionsCheckboxColumn)]


def owned(view_class):
    """The same view, in which other authorities' records do not exist."""
    if hasattr(view_class, "columns"):
        mixin = OwnedIndexView
    else:
        mixin = OwnedFormView if hasattr(view_class, "get_form") else OwnedView
    return type(view_class.__name__, (mixin, view_class), {})


class OwnedViewSet(ModelViewSet):
    """The admin of a model whose records belong to an authority."""

    def construct_view(self, view_class, **kwargs):
        return super().construct_view(owned(view_class), **kwargs)


class OwnedSnippetViewSet(SnippetViewSet):
    """The same for a model with drafts, approval and preview."""

    def construct_view(self, view_class, **kwargs):
        return super().construct_view(owned(view_class), **kwargs)


class OwnedChooserView:
    """Mixed in to every view of a chooser: only records of the user's own authorities."""

    keeps_its_wall = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        keys = [kwargs["pk"]] if "pk" in kwargs else request.GET.getlist("id")
        if not all(there(self._theirs(self.model_class.objects.all()), key) for key in keys):
            raise Http404

    def get_object_list(self):
        return self._theirs(super().get_object_list())

    def _theirs(self, queryset):
        return queryset.filter(authority__in=Authority.objects.editable_by(self.request.user))


class OwnedChooserViewSet(ChooserViewSet):
    """Chooses among the records of the authorities in which the user has a role."""

    def construct_view(self, view_class, **kwargs):
        view = type(view_class.__name__, (OwnedChooserView, view_class), {})
        return super().construct_view(view, **kwargs)
