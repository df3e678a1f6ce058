"""Batches: answers that came on paper, by phone and the like, keyed by staff."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.views.generic import CreateView, EditView, IndexView

from localoffer.consultations import codes
from localoffer.consultations.actions import answering, entering, planning
from localoffer.consultations.forms import entering as forms
from localoffer.consultations.models import Batch, Entry
from localoffer.consultations.viewsets.acting import (
    ActingViewSet,
    ActView,
    FormActView,
    attempted,
)


class BatchListView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("consultation__page")


class BatchAddView(CreateView):
    page_title = "New batch of answers"
    success_message = "The batch “%(object)s” is made. Key its first sheet."

    def get_form_class(self):
        return forms.BatchForm

    def get_initial(self):
        return {"survey": self.request.GET.get("survey")}

    def get_success_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])

    def is_valid(self, form):
        if not super().is_valid(form):
            return False
        if not attempted(form, lambda: self._begin(form.cleaned_data)):
            self.produced_error_message = self.get_error_message()
        return not form.errors

    def _begin(self, found):
        self.object = entering.begin_batch(
            found["survey"],
            channel=found["channel"],
            reference=found["reference"],
            share=found["share"],
            version=found["number"],
            by=self.request.user,
        )

    def save_instance(self):
        return self.object


class BatchWorkView(EditView):
    """What is keyed of a batch, and what waits for a second person."""

    def get_form_class(self):
        return forms.RenameForm

    def get_success_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])

    def get_context_data(self, **kwargs):
        batch = self.object
        entries = batch.entries.all()
        tally = entries.aggregate(
            keyed=Count("pk"),
            counted=Count("pk", filter=Q(counted=True)),
            twice=Count("pk", filter=Q(differences__isnull=False)),
            apart=Count("pk", filter=Q(differences__gt=0)),
        )
        return super().get_context_data(
            batch=batch,
            record=batch.consultation,
            version=batch.version,
            tally=tally,
            to_key_again=entries.to_key_again().select_related("keyed_by"),
            to_settle=entries.to_settle(),
            is_counted=batch.consultation.analysis_at is not None,
            **kwargs,
        )


class OfBatch(ActView):
    """One thing to do with a batch."""

    header_icon = "form"

    def dispatch(self, request, *args, **kwargs):
        self.batch = get_object_or_404(
            Batch.objects.select_related("consultation__page", "version__instrument"),
            pk=kwargs["pk"],
        )
        return super().dispatch(request, *args, **kwargs)

    def entry(self):
        """The sheet that ``?entry=`` names. Raises Http404."""
        try:
            key = UUID(self.request.GET.get("entry", ""))
        except ValueError as error:
            raise Http404("There is no such sheet.") from error
        entry = get_object_or_404(Entry, pk=key, batch=self.batch)
        entry.batch = self.batch
        return entry

    def show(self, form, **context):
        """The page with the questions, which looks as the public's does."""
        return TemplateResponse(
            self.request,
            "consultations/admin/key.html",
            {
                "form": form,
                "batch": self.batch,
                "consultation": self.batch.consultation,
                "back": self.back,
                **context,
            },
        )

    def done(self, entry):
        """Tell what became of a sheet that was just keyed."""
        if entry.counted:
            receipt = codes.shown(entering.receipt_of(entry))
            told = f"Sheet {entry.number} is counted. Its receipt code is {receipt}: with it the "
            messages.success(self.request, f"{told}person can take the answers back.")
        elif entry.second is None:
            messages.success(
                self.request, f"Sheet {entry.number} is keyed. Somebody else is to key it too."
            )
        else:
            messages.warning(
                self.request, f"Sheet {entry.number} was read differently. Settle it below."
            )


def tried(form, act):
    """What ``act`` gives; None where it was refused, with the reason in the form."""
    found = []

    def do():
        try:
            found.append(act())
        except answering.NotCompleteError as error:
            form.add_error(None, str(error))

    attempted(form.about, do)
    return found[0] if found and not form.errors else None


class KeyView(OfBatch):
    """Key the next sheet."""

    def get(self, request, *args, **kwargs):
        begun = forms.SheetForm.begun(self.batch, today=timezone.localdate())
        return self._page(self._form(forms.SheetForm(initial=begun)))

    def post(self, request, *args, **kwargs):
        form = self._form(forms.SheetForm(request.POST))
        if form.is_valid():
            sheet = form.about.cleaned_data
            entry = tried(
                form,
                lambda: entering.key(
                    self.batch,
                    **sheet,
                    answers=form.answers,
                    left_out=form.left_out,
                    now=timezone.now(),
                    by=request.user,
                ),
            )
            if entry:
                self.done(entry)
                again = "another" in request.POST
                return redirect(request.path if again else self.back)
        return self._page(form)

    def _form(self, about):
        data = self.request.POST if self.request.method == "POST" else None
        return forms.AnswersForm(data, version=self.batch.version, about=about)

    def _page(self, form):
        return self.show(form, title="Key a sheet", another=True)


class AgainView(OfBatch):
    """Key a sheet a second time. What was keyed first is not here."""

    def get(self, request, *args, **kwargs):
        return self._run(self.entry(), None)

    def post(self, request, *args, **kwargs):
        return self._run(self.entry(), request.POST)

    def _run(self, entry, data):
        form = forms.AnswersForm(data, version=self.batch.version, about=forms.NoForm(data))
        if data is not None and form.is_valid():
            keyed = tried(
                form,
                lambda: entering.key_again(
                    entry, answers=form.answers, left_out=form.left_out, by=self.request.user
                ),
            )
            if keyed:
                self.done(keyed)
                return redirect(self.back)
        return self.show(form, title=f"Key sheet {entry.number} a second time", entry=entry)


class SettleView(OfBatch):
    """Say what a sheet says where two people read it differently."""

    def get(self, request, *args, **kwargs):
        return self._run(self.entry(), None)

    def post(self, request, *args, **kwargs):
        return self._run(self.entry(), request.POST)

    def _run(self, entry, data):
        if entry.counted or entry.second is None:
            messages.info(self.request, f"There is nothing to settle of sheet {entry.number}.")
            return redirect(self.back)
        differing = entering.differences(entry)
        form = forms.AnswersForm(
            data, version=self.batch.version, about=forms.NoForm(data), only=differing
        )
        read = forms.read_differently(entry, differing)
        for step in form.steps:
            step.read = read[step.whole.code]
        if data is not None and form.is_valid():
            settled = tried(
                form,
                lambda: entering.settle(entry, answers=form.answers, by=self.request.user),
            )
            if settled:
                self.done(settled)
                return redirect(self.back)
        return self.show(form, title=f"Settle sheet {entry.number}", entry=entry, settling=True)


class TakeOutView(OfBatch, FormActView):
    """Take a sheet out that was keyed wrongly: ``?sheet=`` its number."""

    page_title = "Take a sheet out"
    form_class = forms.TakeOutForm
    words = (
        "Its answers are deleted. You can key the sheet anew. The reason is kept in the history."
    )
    button = "Take it out"

    def act(self, found):
        number = self.request.GET.get("sheet", "")
        entries = self.batch.entries.select_related("batch")
        entry = entries.filter(number=number).first() if number.isdecimal() else None
        if entry is None:
            raise planning.RefusedError("There is no such sheet in this batch.")
        entering.take_out(entry, reason=found["reason"], by=self.request.user)
        messages.success(self.request, f"Sheet {number} is taken out.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(record=self.batch, **kwargs)


class BatchViewSet(ActingViewSet):
    """Batches of answers, reached from their consultation."""

    model = Batch
    name = "batches"
    url_prefix = "consultations/batches"
    icon = "form"
    menu_label = "Batches of answers"
    add_to_admin_menu = False
    index_view_class = BatchListView
    add_view_class = BatchAddView
    edit_view_class = BatchWorkView
    edit_template_name = "consultations/admin/batch.html"
    form_fields = ["channel", "reference", "share"]
    list_display = ["reference", "consultation", "channel"]
    list_filter = ["channel"]
    search_fields = ["reference"]
    ordering = ["consultation", "pk"]
    ACTS = {
        "key": KeyView,
        "again": AgainView,
        "settle": SettleView,
        "take_out": TakeOutView,
    }
