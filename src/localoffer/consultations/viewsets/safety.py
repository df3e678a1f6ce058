"""What people wrote, to be read by a person; people who asked for help; the words that worry us."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin.views.generic import CreateView, EditView

from localoffer.authority.viewsets import DayColumn, OwnedViewSet
from localoffer.consultations import reading
from localoffer.consultations.actions import safety
from localoffer.consultations.forms.safety import HandleHelpForm, OutcomeForm, WordsForm
from localoffer.consultations.models import HelpRequest, Response, WorryingWords
from localoffer.consultations.models.safety import words_of
from localoffer.consultations.viewsets.acting import OfConsultation

ON_A_PAGE = 20


class ToReadView(OfConsultation):
    """What nobody has read yet, what worries us first; and the form that says what was done."""

    page_title = "Read what people wrote"
    template_name = "consultations/admin/to_read.html"

    def post(self, request, *args, **kwargs):
        response = self._posted()
        if response is None:
            messages.warning(request, "Somebody else has read it, or it was taken back.")
            return redirect(request.path)
        form = OutcomeForm(request.POST, prefix=response.pk.hex)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(wrong=form))
        try:
            safety.note_read(response, now=timezone.now(), by=request.user, **form.cleaned_data)
        except safety.ReadAlreadyError as error:
            messages.warning(request, str(error))
        return redirect(request.path)

    def _posted(self):
        try:
            key = UUID(self.request.POST.get("response", ""))
        except ValueError:
            return None
        return self._waiting().filter(pk=key).first()

    def _waiting(self):
        waiting = Response.objects.of(self.record).unread()
        return waiting.select_related("version__instrument").order_by(
            "-alarm", "submitted_on", "pk"
        )

    def get_context_data(self, *, wrong=None, **kwargs):
        waiting = self._waiting()
        total, today = waiting.count(), timezone.localdate()
        words = words_of(self.record.authority_id)
        documents: dict = {}
        shown = []
        for response in waiting[:ON_A_PAGE]:
            version = response.version
            document = documents.setdefault(version.pk, version.document)
            form = OutcomeForm(prefix=response.pk.hex)
            if wrong is not None and wrong.prefix == form.prefix:
                form = wrong
            written = safety.written(document, response.answers)
            shown.append(
                {
                    "response": response,
                    "survey": version.instrument,
                    "written": written,
                    "found": list(
                        dict.fromkeys(each for _q, text in written for each in words.found(text))
                    ),
                    "late": reading.is_late(response.submitted_on, today=today, waiting=total),
                    "form": form,
                }
            )
        return super().get_context_data(shown=shown, total=total, **kwargs)


class HelpHandleView(EditView):
    """How to reach somebody who asked, and what was done."""

    page_title = "Request for help"
    success_message = "It is noted."
    submit_button_label = "Save: it is dealt with"

    def get_form_class(self):
        return HandleHelpForm

    def is_valid(self, form):
        if not super().is_valid(form):
            return False
        try:
            safety.handle(
                self.object,
                done=form.cleaned_data["done"],
                now=timezone.now(),
                by=self.request.user,
            )
        except safety.ReadAlreadyError as error:
            form.add_error(None, ValidationError(str(error)))
            self.produced_error_message = self.get_error_message()
        return not form.errors

    def save_instance(self):
        return self.object


class HelpRequestViewSet(OwnedViewSet):
    """People who want to be contacted, those who wait longest first."""

    model = HelpRequest
    name = "help-requests"
    url_prefix = "consultations/help"
    icon = "help"
    menu_label = "Requests for help"
    menu_order = 235
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    edit_view_class = HelpHandleView
    edit_template_name = "consultations/admin/help.html"
    form_fields = ["done"]
    list_display = [
        "__str__",
        DayColumn("received_on", label="Asked on", sort_key="received_on"),
        DayColumn("handled_on", label="Dealt with on", sort_key="handled_on"),
    ]
    list_filter = ["received_on"]
    ordering = ["-received_on", "pk"]


class WordsAddView(CreateView):
    page_title = "Words that worry us"

    def get_form_class(self):
        return WordsForm

    def save_instance(self):
        return ordered(super().save_instance())


class WordsEditView(EditView):
    def get_form_class(self):
        return WordsForm

    def save_instance(self):
        return ordered(super().save_instance())


def ordered(words):
    safety.order_again(words)
    return words


class WorryingWordsViewSet(OwnedViewSet):
    """The lists of each of the officer's authorities. Without one, ours are used."""

    model = WorryingWords
    name = "worrying-words"
    url_prefix = "consultations/worrying-words"
    icon = "warning"
    menu_label = "Words that worry us"
    add_to_admin_menu = False
    copy_view_enabled = False
    inspect_view_enabled = False
    add_view_class = WordsAddView
    edit_view_class = WordsEditView
    form_fields = ["authority", "urgent", "worrying"]
    list_display = ["__str__", "authority"]
