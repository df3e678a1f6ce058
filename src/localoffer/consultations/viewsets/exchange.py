"""A survey as a form that other survey tools read, and back: looked at first, then accepted."""

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect

from localoffer.consultations import questions, xlsform
from localoffer.consultations.viewsets.of_survey import OfSurvey, number_of

SALT = "localoffer.consultations.form"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FormFile(forms.Form):
    form_file = forms.FileField(
        label="A form", help_text="An XLSForm workbook (.xlsx) of at most 5 MB."
    )

    def clean_form_file(self):
        sent = self.cleaned_data["form_file"]
        if sent.size > xlsform.LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 5 MB.")
        return sent


class ExchangeView(OfSurvey):
    """What cannot be expressed, the workbook (``?download``), and the way in for another."""

    page_title = "Exchange with other software"
    template_name = "consultations/admin/exchange.html"

    def get(self, request, *args, **kwargs):
        if "download" not in request.GET:
            return super().get(request, *args, **kwargs)
        content, _told = xlsform.write(self.survey.document, title=self.survey.title)
        response = HttpResponse(content, content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{self.survey.slug}.xlsx"'
        return response

    def post(self, request, *args, **kwargs):
        if "accept" in request.POST:
            return self._accept(request)
        form = FormFile(request.POST, request.FILES)
        found = None
        if form.is_valid():
            try:
                content = form.cleaned_data["form_file"].read()
                found = xlsform.read(content, self.survey.document)
            except xlsform.BadFormError as error:
                form.add_error("form_file", str(error))
        return self.render_to_response(self.get_context_data(form=form, found=found))

    def _accept(self, request):
        """Take in what was looked at, if nobody has changed the questions since."""
        try:
            held = signing.loads(request.POST["accept"], salt=f"{SALT}.{self.survey.pk}")
            document = questions.read(held["document"])
        except (signing.BadSignature, questions.BadDocumentError):
            messages.error(request, "Nothing was changed. Choose the file again.")
            return redirect(request.path)
        if self.write(document, number_of(str(held["number"]))):
            messages.success(request, "The questions of the form are in the survey.")
        return redirect(self.back)

    def get_context_data(self, **kwargs):
        found = kwargs.get("found")
        held = ""
        if found and (found.added or found.changed):
            held = signing.dumps(
                {"document": found.document.as_json(), "number": self.survey.draft_number},
                salt=f"{SALT}.{self.survey.pk}",
                compress=True,
            )
        kwargs.setdefault("form", FormFile())
        _content, told = xlsform.write(self.survey.document, title=self.survey.title)
        return super().get_context_data(
            survey=self.survey, back=self.back, unexpressed=told, held=held, **kwargs
        )
