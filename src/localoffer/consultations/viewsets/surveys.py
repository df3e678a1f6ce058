"""Surveys: their questions, and trying them. They are reached from their consultation."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.views.generic import CreateView, EditView, IndexView

from localoffer.consultations import answers, files, linting, paths, rules, variants
from localoffer.consultations.actions import planning
from localoffer.consultations.forms.steps import StepForm
from localoffer.consultations.forms.surveys import QuestionForm, SurveyForm
from localoffer.consultations.models import Instrument
from localoffer.consultations.questions import Kind
from localoffer.consultations.viewsets.acting import ActingViewSet
from localoffer.consultations.viewsets.exchange import ExchangeView
from localoffer.consultations.viewsets.of_survey import OfSurvey, number_of
from localoffer.consultations.viewsets.versions import VersionView, WordingView


class SurveyListView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("consultation__page", "audience")


class SurveyAddView(CreateView):
    page_title = "New survey"

    def get_form_class(self):
        return SurveyForm

    def get_initial(self):
        return {"consultation": self.request.GET.get("consultation")}

    def get_success_url(self):
        return reverse(self.edit_url_name, args=[self.object.pk])


class SurveyWorkView(EditView):
    """The questions of a survey in their order, and what may be done with each."""

    template_name = "consultations/admin/survey.html"

    def get_form_class(self):
        return SurveyForm

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
            versions=[(each.code, variants.name(each)) for each in document.variants],
            kinds=Kind.choices,
            **kwargs,
        )


def _rule_words(question, document):
    try:
        return rules.words(question.only_if, document) if question.only_if else ""
    except (rules.BadRuleError, IndexError, TypeError):
        return "a rule that cannot be read"


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
        return QuestionForm(
            self.request.POST or None,
            kind=self.question.kind if self.question else self.kind,
            document=self.survey.document,
            question=self.question,
        )

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        number = number_of(request.POST.get("number"))
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
            self.write(changed[what](), number_of(request.POST.get("number")))
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

    ``?at=`` a question, or ``end``; ``?version=`` another version than the standard one.
    """

    @property
    def variant(self):
        return self.survey.document.variant(self.request.GET.get("version", ""))

    @property
    def _run_of(self):
        return f"{self.survey.pk} {self.variant.code if self.variant else ''}"

    def _at(self, code):
        version = f"&version={self.variant.code}" if self.variant else ""
        return f"?at={code}{version}"

    def _answers(self):
        tests = self.request.session.get("survey_test_runs", {})
        return dict(tests.get(self._run_of, {}))

    def _keep(self, found):
        tests = self.request.session.get("survey_test_runs", {})
        self.request.session["survey_test_runs"] = {**tests, self._run_of: found}

    def get(self, request, *args, **kwargs):
        if "again" in request.GET:
            self._keep({})
            return redirect(f"{request.path}{self._at('')}")
        return self._run(request)

    def post(self, request, *args, **kwargs):
        return self._run(request)

    def _run(self, request):
        survey, found = self.survey, self._answers()
        document, variant = survey.document, self.variant
        whom = {"audience": survey.audience_code, "variant": variant}
        try:
            asked = paths.path(document, found, **whom)
        except rules.BadRuleError as error:
            messages.error(request, f"A rule cannot be read: {error}")
            return redirect(self.back)
        unmet = paths.first_unmet(asked, found)
        at = request.GET.get("at", "")
        if not paths.reachable(asked, found, at):
            if not unmet:
                return self._end(request, asked, found)
            at = unmet.code
        question = next(each for each in asked if each.code == at)
        begun = StepForm.begun(question, found.get(at))
        beside = variant and files.beside(variant.wording(at))
        form = StepForm(request.POST or None, question=question, beside=beside, initial=begun)
        if request.method == "POST" and form.is_valid():
            found[at] = form.cleaned_data["answer"] or None
            self._keep(found)
            codes = [each.code for each in paths.path(document, found, **whom)]
            following = codes[codes.index(at) + 1] if at in codes[:-1] else "end"
            return redirect(f"{request.path}{self._at(following)}")
        place = [each.code for each in asked].index(at)
        back = self._at(asked[place - 1].code) if place else self.back
        context = {"form": form, "question": question, "title": question.text, "back": back}
        return self._show(request, "step", number=place + 1, **context)

    def _end(self, request, asked, found):
        rows = [
            {
                "key": question.text,
                "lines": answers.lines(question, found.get(question.code)),
                "href": self._at(question.code),
            }
            for question in asked
        ]
        again = f"{self._at('')}&again"
        return self._show(request, "test_end", rows=rows, back=self.back, again=again)

    def _show(self, request, name, **context):
        return TemplateResponse(
            request,
            f"consultations/{name}.html",
            {
                "testing": True,
                "variant": self.variant,
                "survey": self.survey,
                "consultation": self.survey.consultation,
                "page": self.survey.consultation.page,
                "action": request.get_full_path(),
                **context,
            },
        )


class SurveyViewSet(ActingViewSet):
    """Surveys are reached from their consultation: they have no place in the menu."""

    model = Instrument
    name = "surveys"
    url_prefix = "consultations/surveys"
    icon = "form"
    menu_label = "Surveys"
    add_to_admin_menu = False
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
        "version": VersionView,
        "wording": WordingView,
        "exchange": ExchangeView,
    }
