"""The versions of a survey: an officer adds one, writes its words and tries it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from localoffer.consultations import linting, variants
from localoffer.consultations.forms.versions import VersionForm, WordingForm
from localoffer.consultations.questions import Wording
from localoffer.consultations.viewsets.of_survey import OfSurvey, number_of


class OfVersion(OfSurvey):
    """One thing to do with a version: ``?version=`` its code."""

    def dispatch(self, request, *args, **kwargs):
        self.code = request.GET.get("version", "")
        return super().dispatch(request, *args, **kwargs)

    @property
    def variant(self):
        return self.survey.document.variant(self.code)

    def its_page(self, code=None):
        address = reverse("surveys:version", args=[self.survey.pk])
        return f"{address}?version={code or self.code}"

    def sent_number(self):
        return number_of(self.request.POST.get("number"))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            survey=self.survey,
            back=self.back,
            number=self.request.POST.get("number", self.survey.draft_number),
            **kwargs,
        )


class VersionView(OfVersion):
    """A version: which questions it asks, and in which words. Without ``?version=``, a new one."""

    template_name = "consultations/admin/version.html"

    def get_page_title(self):
        return variants.name(self.variant) if self.code else "New version"

    def _checked(self):
        if self.code and self.variant is None:
            raise Http404
        return self.variant

    def get_form(self):
        return VersionForm(
            self.request.POST or None, document=self.survey.document, variant=self._checked()
        )

    def post(self, request, *args, **kwargs):
        variant = self._checked()
        document = self.survey.document
        if variant and request.POST.get("do") == "remove":
            if self.write(document.without_variant(variant.code), self.sent_number()):
                messages.success(request, f"The {variants.name(variant)} is taken out.")
            return redirect(self.back)
        form = self.get_form()
        if form.is_valid():
            made = form.made()
            if self.write(document.with_variant(made), self.sent_number()):
                return redirect(self.its_page(made.code))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        variant = self._checked()
        form = kwargs.pop("form", None) or self.get_form()
        rows, problems = [], []
        if variant:
            document = self.survey.document
            wrong = [
                each
                for each in linting.problems(document, audience=self.survey.audience_code)
                if each.variant == variant.code
            ]
            problems = [each.words for each in wrong if not each.code]
            for question in document:
                wording = variant.wording(question.code)
                rows.append(
                    {
                        "question": question,
                        "asked": variants.as_asked(question, wording),
                        "wording": wording,
                        "same": wording == Wording(question.code),
                        "problems": [each.words for each in wrong if each.code == question.code],
                    }
                )
        return super().get_context_data(
            form=form, variant=variant, rows=rows, problems=problems, **kwargs
        )


class WordingView(OfVersion):
    """How a version asks one question: ``?version=`` and ``?code=``."""

    template_name = "consultations/admin/wording.html"
    page_title = "Words of a version"

    def _question(self):
        question = self.survey.document.question(self.request.GET.get("code", ""))
        if question is None or self.variant is None:
            raise Http404
        return question

    def get_form(self):
        question = self._question()
        return WordingForm(
            self.request.POST or None,
            question=question,
            wording=self.variant.wording(question.code),
            user=self.request.user,
        )

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if form.is_valid():
            changed = self.variant.with_wording(form.made())
            if self.write(self.survey.document.with_variant(changed), self.sent_number()):
                return redirect(self.its_page())
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=self._question(),
            variant=self.variant,
            version_name=variants.name(self.variant),
            its_page=self.its_page(),
            form=kwargs.pop("form", None) or self.get_form(),
            **kwargs,
        )
