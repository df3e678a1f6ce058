"""Editions in the admin: read, write above, choose, try, ask, approve, print."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.log_actions import registry

from localoffer.authority.models import Authority
from localoffer.authority.viewsets import OwnedViewSet
from localoffer.updates import expanding, rendering
from localoffer.updates.actions import editions as actions
from localoffer.updates.forms import EditionForm, ReasonForm
from localoffer.updates.models import Edition, Format, IllegalMoveError, Subscriber, Subscription
from localoffer.updates.viewsets.letters import letters_of
from localoffer.updates.viewsets.pages import FormOfOne, PageOfOne

FORMATS = {Format.HTML: "As most people get it", Format.LARGE: "Large print", Format.PLAIN: "Plain"}


class EditionView(FormOfOne):
    """An edition: what is in it, what stands above it, and what happens next."""

    template_name = "updates/admin/edition.html"
    header_icon = "mail"
    form_class = EditionForm
    any_permission_required = ["change", "view"]
    permission_required = None

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "edition": self.object}

    def form_valid(self, form):
        if not self.user_has_permission("change"):
            raise Http404
        try:
            actions.edit(
                self.object,
                introduction=form.cleaned_data["introduction"],
                send_at=form.cleaned_data["send_at"],
                included=[int(key) for key in form.cleaned_data["items"]],
                by=self.request.user,
            )
        except IllegalMoveError as error:
            messages.error(self.request, f"Nothing was changed: {error}.")
        else:
            messages.success(self.request, "Saved.")
        return redirect(self.request.path)

    def get_context_data(self, **kwargs):
        edition, user = self.object, self.request.user
        wrote = edition.writers.filter(pk=user.pk).exists()
        return super().get_context_data(
            may_change=edition.is_open and self.user_has_permission("change"),
            may_approve=_may_approve(user, edition),
            wrote=wrote,
            formats=FORMATS.items(),
            reach=_followers(edition),
            letters=edition.letters,
            items=[row for row in edition.items.all() if not row.catch_up],
            sent=expanding.sent(edition),
            history=_history(edition),
            reason_form=ReasonForm(),
            **kwargs,
        )


def _may_approve(user, edition):
    theirs = Authority.objects.permitting(user, ["updates.approve_edition"])
    return theirs.filter(pk=edition.authority_id).exists()


def _followers(edition):
    """How many people follow something this often: no more than these get it."""
    living = Subscription.objects.for_authority(edition.authority).living()
    living = living.filter(frequency=edition.frequency, subscriber__state=Subscriber.State.ACTIVE)
    return living.values("subscriber").distinct().count()


def _history(edition):
    entries = registry.get_logs_for_instance(edition).select_related("user").order_by("timestamp")
    return [(entry.timestamp, entry.message, entry.user, entry.comment) for entry in entries]


class ActView(PageOfOne):
    """The next step of an edition: a button, never a link."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        acts = {
            "submit": self._submit,
            "approve": self._approve,
            "take_back": self._take_back,
            "cancel": self._cancel,
            "test": self._test,
            "printed": self._printed,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return HttpResponseBadRequest("There is no such button.")
        try:
            done = act(request.user)
        except IllegalMoveError as error:
            messages.error(request, f"Nothing was done: {error}.")
        else:
            messages.success(request, done)
        return redirect("editions:edit", self.object.pk)

    def _submit(self, user):
        actions.submit(self.object, by=user)
        return "Somebody else can approve it now. It is on their first page."

    def _approve(self, user):
        if not _may_approve(user, self.object):
            raise Http404
        actions.approve(self.object, by=user, read=self.request.POST.get("read", ""))
        return "Approved. It is sent at its time."

    def _take_back(self, user):
        actions.take_back(self.object, by=user, reason=self._reason())
        return "It is a draft again."

    def _cancel(self, user):
        actions.cancel(self.object, by=user, reason=self._reason())
        return "It will not be sent."

    def _test(self, user):
        format_ = self.request.POST.get("format", "")
        if format_ not in FORMATS:
            raise IllegalMoveError("choose how it should look")
        actions.send_test(self.object, by=user, format_=format_)
        return f"A test is on its way to {user.email}."

    def _printed(self, user):
        actions.mark_printed(self.object, by=user)
        return "The letters are noted as printed."

    def _reason(self):
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            raise IllegalMoveError("say why")
        return form.cleaned_data["reason"]


class PreviewView(PageOfOne):
    """An edition as it would come, with everything in it. ``?format=``: html, large or plain."""

    any_permission_required = ["change", "view"]
    permission_required = None

    def get(self, request, *args, **kwargs):
        format_ = request.GET.get("format", Format.HTML)
        if format_ not in FORMATS:
            raise Http404
        items = self.object.items.filter(included=True)
        words = expanding.write(
            self.object, Format(format_), rendering.entries_of(self.object, items)
        )
        text, html = rendering.preview(words, manage="#", leave="#")
        if format_ == Format.PLAIN:
            return HttpResponse(text, content_type="text/plain; charset=utf-8")
        return HttpResponse(html)


class LettersView(PageOfOne):
    """The letters of those who get it by post, a sheet each, to print."""

    template_name = "updates/admin/letters.html"

    def dispatch(self, request, *args, **kwargs):
        theirs = Authority.objects.permitting(request.user, ["updates.change_subscriber"])
        if not theirs.filter(pk__in=Edition.objects.filter(pk=kwargs["pk"]).values("authority")):
            raise Http404  # addresses are for those who may see people
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            letters=letters_of(self.object), today=timezone.localdate(), **kwargs
        )


class EditionViewSet(OwnedViewSet):
    """Nobody adds an edition: the clock does. Nobody deletes one: it is what people were told."""

    model = Edition
    name = "editions"
    icon = "mail"
    menu_label = "Editions"
    url_prefix = "updates/editions"
    copy_view_enabled = False
    list_display = [
        "title",
        Column("state", label="State", accessor="get_state_display", sort_key="state"),
        DateColumn("day", label="Up to", sort_key="day"),
        DateColumn("sent_at", label="Sent", sort_key="sent_at"),
    ]
    list_filter = ["frequency", "state"]
    ordering = ["-day"]
    form_fields = ["introduction", "send_at"]

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(
            **{"add_url_name": None, "delete_url_name": None, **kwargs}
        )

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            **{"add_url_name": None, "delete_url_name": None, **kwargs}
        )

    @property
    def edit_view(self):
        return self.construct_view(EditionView)

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("act/<int:pk>/", self.construct_view(ActView), name="act"),
            path("preview/<int:pk>/", self.construct_view(PreviewView), name="preview"),
            path("letters/<int:pk>/", self.construct_view(LettersView), name="letters"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history-results/<int:pk>/", self.history_results_view, name="history_results"),
            path("usage/<int:pk>/", self.usage_view, name="usage"),
        ]
