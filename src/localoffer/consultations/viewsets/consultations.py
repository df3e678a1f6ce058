"""Consultations: what there is to know and do about each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView

from localoffer.authority.models import Authority
from localoffer.authority.viewsets import DayColumn
from localoffer.consultations import preflight, sheets
from localoffer.consultations.actions import planning, results
from localoffer.consultations.forms import consultations as forms
from localoffer.consultations.models import Consultation, ConsultationPage, Response
from localoffer.consultations.questions import WORDS
from localoffer.consultations.states import State
from localoffer.consultations.viewsets.acting import ActingViewSet, OfConsultation, attempted
from localoffer.consultations.viewsets.safety import ToReadView

ON_A_PAGE = 50
SHORTEN = "consultations.shorten_consultation"


class StateColumn(Column):
    """Where it stands now."""

    def get_value(self, instance):
        return instance.state(now=timezone.now()).label


class ListView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("page")


class AddView(CreateView):
    """A new consultation, as a draft with its page."""

    page_title = "New consultation"
    success_message = "“%(object)s” is added as a draft. Do the steps below to open it."

    def get_form_class(self):
        return forms.AddForm

    def get_success_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])

    def is_valid(self, form):
        if not super().is_valid(form):
            return False
        if not attempted(form, lambda: self._add(form)):
            self.produced_error_message = self.get_error_message()
        return not form.errors

    def _add(self, form):
        found = form.cleaned_data
        self.object = planning.add(
            authority=found["authority"],
            title=found["title"],
            summary=found["summary"],
            page=ConsultationPage(kind=found["kind"]),
            by=self.request.user,
            **form.days,
        )

    def save_instance(self):
        return self.object


class WorkView(EditView):
    """All there is to know and do about one consultation."""

    template_name = "consultations/admin/work.html"
    success_message = "The days of “%(object)s” are saved."
    submit_button_label = "Save these days"

    def get_form_class(self):
        return forms.DaysForm

    def is_valid(self, form):
        if not super().is_valid(form):
            return False
        if not attempted(form, lambda: self._change(form)):
            self.produced_error_message = self.get_error_message()
        return not form.errors

    def _change(self, form):
        self.object = planning.change_days(self.object, by=self.request.user, **form.days)

    def save_instance(self):
        return self.object

    def get_success_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])

    def get_context_data(self, **kwargs):
        record, now = self.object, timezone.now()
        state = record.state(now=now)
        surveys = list(record.instruments.select_related("audience").prefetch_related("versions"))
        counts = Response.objects.of(record).counted()
        for survey in surveys:
            survey.received = counts.filter(version__instrument=survey).count()
        return super().get_context_data(
            record=record,
            page=record.page,
            state=state,
            is_draft=state == State.DRAFT,
            is_running=record.confirmed_at and not record.analysis_at,
            has_closed=record.confirmed_at and now >= record.closes_at,
            may_count=record.confirmed_at and now >= record.grace_ends and not record.analysis_at,
            surveys=surveys,
            batches=record.batches.annotate(
                keyed=Count("entries"), waiting=Count("entries", filter=Q(entries__counted=False))
            ),
            late=counts.filter(late=True).count(),
            unread=counts.unread().count(),
            changes=record.changes.all(),
            result=record.published_result(),
            waiting=record.results.filter(published_at=None).first(),
            problems=preflight.problems(record, by=self.request.user)
            if not record.confirmed_at
            else [],
            warnings=preflight.warnings(record) if not record.confirmed_at else [],
            **kwargs,
        )


class OpenView(OfConsultation):
    page_title = "Open it"
    template_name = "consultations/admin/open.html"

    def act(self, found):
        record = planning.set_going(self.record, now=timezone.now(), by=self.request.user)
        state = record.state(now=timezone.now())
        told = (
            "It is open."
            if state != State.SCHEDULED
            else f"It opens on {record.opens_on:%-d %B %Y}."
        )
        messages.success(self.request, told)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            problems=preflight.problems(self.record, by=self.request.user),
            warnings=preflight.warnings(self.record),
            **kwargs,
        )


class MoveView(OfConsultation):
    page_title = "Move the last day"
    form_class = forms.MoveForm
    words = "Readers see the old day, the new day and your reason, for good."
    button = "Move it"

    def act(self, found):
        allowed = Authority.objects.permitting(self.request.user, [SHORTEN])
        planning.move_closing(
            self.record,
            now=timezone.now(),
            by=self.request.user,
            may_shorten=allowed.filter(pk=self.record.authority_id).exists(),
            **found,
        )
        messages.success(self.request, "The last day is moved.")


class PromiseView(OfConsultation):
    page_title = "Promise the results for another day"
    form_class = forms.PromiseForm

    def act(self, found):
        planning.promise_results(self.record, by_day=found["by_day"], by=self.request.user)
        messages.success(self.request, "The day for the results is changed.")


class CountView(OfConsultation):
    page_title = "Count the answers"
    words = (
        "From now on no answer comes in and nobody can take theirs back. Tables are made in which "
        "small numbers are hidden. You read them before anybody else does."
    )
    button = "Count the answers"

    def act(self, found):
        now = timezone.now()
        record = planning.begin_counting(self.record, now=now, by=self.request.user)
        results.make(record, now=now, by=self.request.user)
        messages.success(self.request, "The tables are made. Read them, then publish them.")


class ResultsView(OfConsultation):
    """The tables as they would be published, and the button that publishes them."""

    page_title = "Results"
    template_name = "consultations/admin/results.html"
    form_class = forms.ReasonForm

    @property
    def waiting(self):
        return self.record.results.filter(published_at=None).first()

    def act(self, found):
        if self.waiting is None:
            raise planning.RefusedError("There are no tables to publish.")
        results.publish(self.waiting, now=timezone.now(), by=self.request.user, **found)
        messages.success(self.request, "The results are published.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            result=self.waiting or self.record.published_result(), waiting=self.waiting, **kwargs
        )


class DecideView(OfConsultation):
    page_title = "Record the decision"
    form_class = forms.DecideForm

    def act(self, found):
        planning.decide(self.record, by=self.request.user, **found)
        messages.success(self.request, "The decision is on the page.")


class AnswersView(OfConsultation):
    """People's own words, question by question. In no order that tells who wrote when."""

    page_title = "Answers"
    template_name = "consultations/admin/answers.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs):
        listed = [
            (survey, question)
            for survey in self.record.instruments.prefetch_related("versions")
            if survey.current
            for question in survey.current.document
            if question.kind in WORDS
        ]
        chosen = self.request.GET.get("question", "")
        found = next((each for each in listed if each[1].code == chosen), None)
        found = found or (listed[0] if listed else None)
        texts = []
        if found:
            responses = Response.objects.of(self.record).counted().order_by("pk")
            code = found[1].code
            texts = [
                row[code]
                for row in responses.filter(
                    version__instrument=found[0], **{f"answers__{code}__isnull": False}
                ).values_list("answers", flat=True)
                if row.get(code)
            ]
        page = Paginator(texts, ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(listed=listed, found=found, texts=page, **kwargs)


class ExportView(OfConsultation):
    """Every answer, a row each, for the council's own analysis. In no order that tells when."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        text = sheets.as_csv(
            sheets.ANSWERS_HEAD, sheets.answer_rows(Response.objects.of(self.record).counted())
        )
        response = HttpResponse(f"\ufeff{text}", content_type="text/csv; charset=utf-8")
        name = f"{self.record.page.slug}-answers.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class ConsultationViewSet(ActingViewSet):
    """Consultations of the officer's authorities, the last to close first."""

    model = Consultation
    name = "consultations_admin"
    url_prefix = "consultations"
    icon = "group"
    menu_label = "Consultations"
    menu_order = 230
    add_to_admin_menu = True
    index_view_class = ListView
    add_view_class = AddView
    edit_view_class = WorkView
    edit_template_name = "consultations/admin/work.html"
    form_fields = forms.DAYS
    list_display = [
        "__str__",
        StateColumn("state", label="State"),
        DayColumn("opens_on", label="First day", sort_key="opens_on"),
        DayColumn("closes_on", label="Last day", sort_key="closes_on"),
        DayColumn("results_due", label="Results promised", sort_key="results_due"),
    ]
    list_filter = ["closes_on"]
    search_fields = ["page__title"]
    ordering = ["-closes_at"]
    ACTS = {
        "open": OpenView,
        "move": MoveView,
        "promise": PromiseView,
        "count": CountView,
        "results": ResultsView,
        "decide": DecideView,
        "answers": AnswersView,
        "to_read": ToReadView,
        "export": ExportView,
    }
