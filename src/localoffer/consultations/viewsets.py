"""The officer's workbench: a consultation with all that can be done about it, and its surveys."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from localoffer.authority.models import Authority
from localoffer.authority.viewsets import DayColumn, OwnedViewSet
from localoffer.consultations import answers, linting, paths, preflight, rules, sheets
from localoffer.consultations.actions import planning, results, writing
from localoffer.consultations.forms import admin as forms
from localoffer.consultations.forms.steps import StepForm
from localoffer.consultations.models import Consultation, Instrument, Response
from localoffer.consultations.questions import WORDS, Kind
from localoffer.consultations.states import State

ON_A_PAGE = 50
SHORTEN = "consultations.shorten_consultation"


class StateColumn(Column):
    """Where it stands now."""

    def get_value(self, instance):
        return instance.state(now=timezone.now()).label


class ListView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("page")


class SurveyListView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("consultation__page", "audience")


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
        found = form.cleaned_data
        page = forms.ConsultationPage(kind=found["kind"])
        try:
            self.object = planning.add(
                authority=found["authority"],
                title=found["title"],
                summary=found["summary"],
                page=page,
                by=self.request.user,
                **form.days,
            )
        except ValidationError as error:
            _put_errors(form, error)
        except planning.RefusedError as error:
            form.add_error(None, str(error))
        if form.errors:
            self.produced_error_message = self.get_error_message()
            return False
        return True

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
        try:
            self.object = planning.change_days(self.object, by=self.request.user, **form.days)
        except ValidationError as error:
            _put_errors(form, error)
        except planning.RefusedError as error:
            form.add_error(None, str(error))
        if form.errors:
            self.produced_error_message = self.get_error_message()
            return False
        return True

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
            late=counts.filter(late=True).count(),
            changes=record.changes.all(),
            result=record.published_result(),
            waiting=record.results.filter(published_at=None).first(),
            problems=preflight.problems(record, by=self.request.user)
            if not record.confirmed_at
            else [],
            warnings=preflight.warnings(record) if not record.confirmed_at else [],
            **kwargs,
        )


class OfConsultation(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One thing to do with a consultation. ``OwnedView`` has asked whose it is."""

    model = None
    edit_url_name = ""
    any_permission_required = None
    permission_required = "change"
    header_icon = "group"
    form_class: type = forms.NothingForm
    template_name = "consultations/admin/act.html"
    words = ""
    button = "Save"

    def dispatch(self, request, *args, **kwargs):
        self.record = get_object_or_404(
            Consultation.objects.select_related("page", "authority"), pk=kwargs["pk"]
        )
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.record.page.title

    def get_form(self):
        return self.form_class(self.request.POST if self.request.method == "POST" else None)

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if form.is_valid():
            try:
                self.act(form.cleaned_data)
            except ValidationError as error:
                _put_errors(form, error)
            except planning.RefusedError as error:
                form.add_error(None, str(error))
            else:
                return redirect(self.back)
        return self.render_to_response(self.get_context_data(form=form))

    @property
    def back(self):
        return reverse(self.edit_url_name, args=[self.record.pk])

    def act(self, found):
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        context = {"form": kwargs.pop("form", None) or self.get_form(), "record": self.record}
        context |= {"back": self.back, "words": self.words, "button": self.button}
        return super().get_context_data(**context, **kwargs)


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
        text = sheets.as_csv(sheets.ANSWERS_HEAD, _answer_rows(self.record))
        response = HttpResponse(f"\ufeff{text}", content_type="text/csv; charset=utf-8")
        name = f"{self.record.page.slug}-answers.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _answer_rows(record):
    responses = Response.objects.of(record).counted().order_by("pk")
    documents = {}
    for number, response in enumerate(
        responses.select_related("version__instrument").iterator(chunk_size=500), start=1
    ):
        version = response.version
        document = documents.setdefault(version.pk, version.document)
        for question in document:
            for line in answers.lines(question, response.answers.get(question.code)):
                yield [number, version.instrument.title, version.number, question.code,
                       question.text, line]  # fmt: skip


class ConsultationViewSet(OwnedViewSet):
    """Consultations of the officer's authorities, the last to close first."""

    model = Consultation
    name = "consultations_admin"
    url_prefix = "consultations"
    icon = "group"
    menu_label = "Consultations"
    menu_order = 230
    add_to_admin_menu = True
    inspect_view_enabled = False
    copy_view_enabled = False
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
        "export": ExportView,
    }

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


# Surveys


class SurveyAddView(CreateView):
    page_title = "New survey"

    def get_form_class(self):
        return forms.SurveyForm

    def get_initial(self):
        return {"consultation": self.request.GET.get("consultation")}

    def get_success_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])


class SurveyWorkView(EditView):
    """The questions of a survey in their order, and what may be done with each."""

    template_name = "consultations/admin/survey.html"

    def get_form_class(self):
        return forms.SurveyForm

    def get_success_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])

    def get_context_data(self, **kwargs):
        survey = self.object
        document = survey.document
        wrong = linting.problems(document, audience=survey.audience_code)
        return super().get_context_data(
            survey=survey,
            record=survey.consultation,
            questions=[
                {
                    "question": question,
                    "rule": _rule_words(question, document),
                    "problems": [each.words for each in wrong if each.code == question.code],
                }
                for question in document
            ],
            problems=[each.words for each in wrong if not each.code],
            kinds=Kind.choices,
            **kwargs,
        )


def _rule_words(question, document):
    try:
        return rules.words(question.only_if, document) if question.only_if else ""
    except (rules.BadRuleError, IndexError, TypeError):
        return "a rule that cannot be read"


class OfSurvey(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One thing to do with the questions of a survey."""

    model = None
    edit_url_name = ""
    any_permission_required = None
    permission_required = "change"
    header_icon = "form"

    def dispatch(self, request, *args, **kwargs):
        self.survey = get_object_or_404(
            Instrument.objects.select_related("consultation__page", "audience"), pk=kwargs["pk"]
        )
        return super().dispatch(request, *args, **kwargs)

    @property
    def back(self):
        return reverse(self.edit_url_name, args=[self.survey.pk])

    def get_page_subtitle(self):
        return str(self.survey)

    def write(self, document, number):
        """Whether it was written; where it was not, the officer is told."""
        try:
            writing.write(self.survey, document, number=number, by=self.request.user)
        except writing.ChangedMeanwhileError as error:
            messages.error(self.request, f"Nothing was changed. {error}")
            return False
        return True


class QuestionView(OfSurvey):
    """Write one question: ``?code=`` for one that is there, ``?kind=`` for a new one."""

    template_name = "consultations/admin/question.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.code, self.kind = request.GET.get("code", ""), request.GET.get("kind", "")

    def dispatch(self, request, *args, **kwargs):
        survey = get_object_or_404(Instrument, pk=kwargs["pk"])
        self.question = survey.document.question(self.code) if self.code else None
        if self.question is None and (self.code or self.kind not in Kind.values):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self):
        return "Question" if self.question else "New question"

    def get_form(self):
        return forms.QuestionForm(
            self.request.POST or None,
            kind=self.question.kind if self.question else self.kind,
            document=self.survey.document,
            question=self.question,
        )

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        number = _number(request.POST.get("number"))
        if form.is_valid() and self.write(self.survey.document.with_question(form.made()), number):
            made = form.made() if self.question else self.survey.document.questions[-1]
            if "more" in request.POST:
                address = reverse(self.request.resolver_match.view_name, args=[self.survey.pk])
                return redirect(f"{address}?code={made.code}")
            return redirect(self.back)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or self.get_form()
        kind = Kind(form.kind)
        return super().get_context_data(
            form=form,
            kind=kind,
            survey=self.survey,
            number=self.request.POST.get("number", self.survey.draft_number),
            back=self.back,
            **kwargs,
        )


class ArrangeView(OfSurvey):
    """Move a question up or down, take it out, or publish the questions anew."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        what, code = request.POST.get("do"), request.POST.get("code", "")
        document = self.survey.document
        if what == "publish":
            self._publish()
            return redirect(self.back)
        if document.question(code) is None:
            messages.error(request, "That question is gone.")
            return redirect(self.back)
        changed = {
            "up": lambda: document.moved(code, -1),
            "down": lambda: document.moved(code, 1),
            "remove": lambda: document.without(code),
        }
        if what in changed:
            self.write(changed[what](), _number(request.POST.get("number")))
        return redirect(self.back)

    def _publish(self):
        """New words for a survey that is open: whoever has begun goes on with the old ones."""
        if not self.survey.consultation.confirmed_at:
            messages.error(self.request, "They are published when the consultation is opened.")
            return
        try:
            version = planning.publish_questions(
                self.survey, now=timezone.now(), by=self.request.user
            )
        except planning.RefusedError as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, f"Version {version.number} is asked from now on.")


class TestRunView(OfSurvey):
    """The survey as people will meet it. What is typed stays in this sign-in and is never counted.

    ``?at=`` a question, or ``end``.
    """

    def _answers(self):
        tests = self.request.session.get("survey_test_runs", {})
        return dict(tests.get(str(self.survey.pk), {}))

    def _keep(self, found):
        tests = self.request.session.get("survey_test_runs", {})
        self.request.session["survey_test_runs"] = {**tests, str(self.survey.pk): found}

    def get(self, request, *args, **kwargs):
        if "again" in request.GET:
            self._keep({})
            return redirect(request.path)
        return self._run(request)

    def post(self, request, *args, **kwargs):
        return self._run(request)

    def _run(self, request):
        survey, found = self.survey, self._answers()
        document, audience = survey.document, survey.audience_code
        try:
            asked = paths.path(document, found, audience=audience)
        except rules.BadRuleError as error:
            messages.error(request, f"A rule cannot be read: {error}")
            return redirect(self.back)
        unmet = paths.first_unmet(asked, found)
        at = request.GET.get("at", "")
        if not paths.reachable(asked, found, at):
            if not unmet:
                return self._end(request, asked, found)
            at = unmet.code
        question = document.question(at)
        begun = StepForm.begun(question, found.get(at))
        form = StepForm(request.POST or None, question=question, initial=begun)
        if request.method == "POST" and form.is_valid():
            found[at] = form.cleaned_data["answer"] or None
            self._keep(found)
            codes = [each.code for each in paths.path(document, found, audience=audience)]
            following = codes[codes.index(at) + 1] if at in codes[:-1] else "end"
            return redirect(f"{request.path}?at={following}")
        place = [each.code for each in asked].index(at)
        back = f"?at={asked[place - 1].code}" if place else self.back
        context = {"form": form, "question": question, "title": question.text, "back": back}
        return self._show(request, "step", number=place + 1, **context)

    def _end(self, request, asked, found):
        rows = [
            {
                "key": question.text,
                "lines": answers.lines(question, found.get(question.code)),
                "href": f"?at={question.code}",
            }
            for question in asked
        ]
        return self._show(request, "test_end", rows=rows, back=self.back)

    def _show(self, request, name, **context):
        return TemplateResponse(
            request,
            f"consultations/{name}.html",
            {
                "testing": True,
                "survey": self.survey,
                "consultation": self.survey.consultation,
                "page": self.survey.consultation.page,
                "action": request.get_full_path(),
                **context,
            },
        )


class SurveyViewSet(OwnedViewSet):
    """Surveys are reached from their consultation: they have no place in the menu."""

    model = Instrument
    name = "surveys"
    url_prefix = "consultations/surveys"
    icon = "form"
    menu_label = "Surveys"
    add_to_admin_menu = False
    inspect_view_enabled = False
    copy_view_enabled = False
    index_view_class = SurveyListView
    add_view_class = SurveyAddView
    edit_view_class = SurveyWorkView
    edit_template_name = "consultations/admin/survey.html"
    form_fields = ["title", "slug", "audience", "introduction", "minutes", "order"]
    list_display = ["title", "consultation", "audience"]
    search_fields = ["title"]
    ordering = ["consultation", "order"]
    ACTS = {
        "question": QuestionView,
        "arrange": ArrangeView,
        "test": TestRunView,
    }

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


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _put_errors(form, error):
    if hasattr(error, "error_dict"):
        for name, found in error.error_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        form.add_error(None, error)
