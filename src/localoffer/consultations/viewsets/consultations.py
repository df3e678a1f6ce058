"""Consultations: what there is to know and do about each."""

from functools import cached_property
from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.widgets import Button

from localoffer.authority.models import Authority
from localoffer.authority.viewsets import DayColumn
from localoffer.consultations import diary, preflight, sheets
from localoffer.consultations.actions import planning, results, sharing
from localoffer.consultations.answers import other_words
from localoffer.consultations.forms import consultations as forms
from localoffer.consultations.models import (
    Consultation,
    ConsultationOwner,
    ConsultationPage,
    Response,
    coverage,
)
from localoffer.consultations.questions import WORDS
from localoffer.consultations.states import State
from localoffer.consultations.viewsets.acting import (
    ActingViewSet,
    ActView,
    OfConsultation,
    attempted,
)
from localoffer.consultations.viewsets.safety import ToReadView

ON_A_PAGE = 50
SHORTEN = "consultations.shorten_consultation"


class StateColumn(Column):
    """Where it stands now."""

    def get_value(self, instance):
        return instance.state(now=timezone.now()).label


class LeadColumn(Column):
    """Who leads it: others may read of it in their list, and change nothing."""

    def get_value(self, instance):
        return instance.authority.name


class ListView(IndexView):
    purpose = "read"

    @cached_property
    def header_more_buttons(self):
        return [
            *super().header_more_buttons,
            Button(
                "Review the Local Offer",
                url=reverse("consultations_admin:review"),
                icon_name="plus",
                priority=30,
            ),
            Button(
                "Calendar",
                url=reverse("consultations_admin:calendar"),
                icon_name="calendar",
                priority=40,
            ),
            Button(
                "Whom the law says to ask",
                url=reverse("consultations_admin:coverage"),
                icon_name="group",
                priority=50,
            ),
        ]

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("page", "authority")


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


class ReviewView(AddView):
    """A new review of the Local Offer, with the five questions that the law asks."""

    page_title = "New review of the Local Offer"

    def get_form_class(self):
        return forms.ReviewForm

    def get_add_url(self):
        return reverse("consultations_admin:review")

    def _add(self, form):
        self.object = planning.start_review(
            authority=form.cleaned_data["authority"], by=self.request.user, **form.days
        )


class WorkView(EditView):
    """All there is to know and do about one consultation. Other owners see what they may."""

    template_name = "consultations/admin/work.html"
    success_message = "The days of “%(object)s” are saved."
    submit_button_label = "Save these days"

    @property
    def purpose(self):
        return "change" if self.request.method == "POST" else "read"

    @property
    def leads(self):
        return self._may("change")

    def _may(self, purpose):
        allowed = Consultation.objects.visible_to(self.authorities, to=purpose)
        return allowed.filter(pk=self.object.pk).exists()

    def get_template_names(self):
        return [self.template_name if self.leads else "consultations/admin/shared.html"]

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
        owners = list(record.owners.select_related("authority", "page"))
        if not self.leads:
            ours = [each for each in owners if each.authority in self.authorities]
            return super().get_context_data(
                record=record,
                page=record.page,
                state=state,
                owners=owners,
                ours=ours,
                asked_to_join=[each for each in ours if each.is_asked_to_join],
                may_read_answers=self._may("answers") and record.confirmed_at,
                may_see_results=self._may("results") and record.results.exists(),
                **kwargs,
            )
        surveys = list(record.instruments.select_related("audience").prefetch_related("versions"))
        counts = Response.objects.of(record).counted()
        for survey in surveys:
            survey.received = counts.filter(version__instrument=survey).count()
        return super().get_context_data(
            record=record,
            page=record.page,
            state=state,
            is_draft=state == State.DRAFT,
            owners=owners,
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


class OwnersView(OfConsultation):
    """Share it with another authority, or change what that one may see."""

    page_title = "Share it with another authority"
    template_name = "consultations/admin/owners.html"
    button = "Share it"

    def get_form(self):
        return forms.OwnerForm(self.request.POST or None, record=self.record)

    def act(self, found):
        sharing.set_owner(self.record, now=timezone.now(), by=self.request.user, **found)
        messages.success(self.request, "It is shared. Their officers see it in their list.")

    def get_context_data(self, **kwargs):
        owners = self.record.owners.select_related("authority", "page")
        return super().get_context_data(owners=owners, **kwargs)


class UnshareView(OfConsultation):
    """Take an owner away: ``?owner=``."""

    page_title = "Share it no more"
    form_class = forms.UnshareForm
    button = "Share it no more"

    @property
    def owner(self):
        asked = self.request.GET.get("owner", "")
        if not asked.isdecimal() or len(asked) > 18:
            raise Http404
        return get_object_or_404(self.record.owners.select_related("authority"), pk=asked)

    @property
    def words(self):
        return (
            f"{self.owner.authority.council} then sees nothing of it here, and its site shows it "
            "no more. Answers that came through its site stay."
        )

    def act(self, found):
        sharing.take_away(self.owner, now=timezone.now(), by=self.request.user, **found)
        messages.success(self.request, "It is shared no more.")


class JoinView(OfConsultation):
    """Agree that one's own site shows what another authority leads."""

    page_title = "Show it on our site"
    purpose = "read"
    words = (
        "Your site then has a page about it with your brand, in your lists and in your search. "
        "Its words and days follow the page of the council that leads it."
    )
    button = "Show it on our site"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        owners = ConsultationOwner.objects.visible_to(self.authorities)
        found = owners.filter(consultation=kwargs["pk"]).exclude(
            role=ConsultationOwner.Role.PROCESSOR
        )
        self.owners = list(found.select_related("authority"))
        if not self.owners:
            raise Http404

    def act(self, found):
        for owner in self.owners:
            sharing.join(owner, by=self.request.user)
        messages.success(self.request, "It is on your site.")


class ResultsView(OfConsultation):
    """The tables as they would be published, and the button that publishes them."""

    @property
    def purpose(self):
        return "change" if self.request.method == "POST" else "results"

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
            result=self.waiting or self.record.published_result(),
            waiting=self.waiting,
            leads=Consultation.objects.visible_to(self.authorities)
            .filter(pk=self.record.pk)
            .exists(),
            **kwargs,
        )


class DecideView(OfConsultation):
    page_title = "Record the decision"
    form_class = forms.DecideForm

    def act(self, found):
        planning.decide(self.record, by=self.request.user, **found)
        messages.success(self.request, "The decision is on the page.")


class AnswersView(OfConsultation):
    """People's own words, question by question. In no order that tells who wrote when."""

    purpose = "answers"

    page_title = "Answers"
    template_name = "consultations/admin/answers.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs):
        listed = [
            (survey, question)
            for survey in self.record.instruments.prefetch_related("versions")
            if survey.current
            for question in survey.current.document
            if question.kind in WORDS or question.other
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
            if found[1].kind not in WORDS:
                texts = [words for each in texts if (words := other_words(each))]
        page = Paginator(texts, ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(listed=listed, found=found, texts=page, **kwargs)


class ExportView(OfConsultation):
    """Every answer, a row each, for the council's own analysis. In no order that tells when."""

    purpose = "answers"

    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        text = sheets.as_csv(
            sheets.ANSWERS_HEAD, sheets.answer_rows(Response.objects.of(self.record).counted())
        )
        response = HttpResponse(f"\ufeff{text}", content_type="text/csv; charset=utf-8")
        name = f"{self.record.page.slug}-answers.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class Planned(NamedTuple):
    """A consultation in the officer's calendar: a draft too."""

    record: Consultation


class CalendarView(ActView):
    """What opens and closes in a year, drafts too, and where people are asked too much."""

    page_title = "Calendar"
    template_name = "consultations/admin/calendar.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs):
        now = timezone.now()
        year = coverage.year_of(self.request.GET.get("year", "")) or timezone.localdate(now).year
        records = Consultation.objects.visible_to(self.authorities, to="read")
        records = list(records.select_related("page__latest_revision", "authority"))
        entries, names = [Planned(record) for record in records], preflight.audience_names()
        return super().get_context_data(
            year=year,
            years=diary.years(entries),
            months=diary.months(entries, year=year),
            warnings=[
                (record, words)
                for record in records
                if record.opens_on.year == year and record.closes_at > now
                for words in preflight.of_days(record, records, names)
            ],
            **kwargs,
        )


class CoverageView(ActView):
    """The groups that the law names, beside whom each of the officer's authorities asked."""

    page_title = "Whom the law says to ask"
    template_name = "consultations/admin/coverage.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs):
        now, year = timezone.now(), coverage.year_of(self.request.GET.get("year", ""))
        found = [
            (authority, coverage.coverage(authority, now=now, year=year))
            for authority in self.authorities.select_related("site__root_page")
        ]
        return super().get_context_data(all=found, **kwargs)


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
        LeadColumn("authority", label="Led by"),
        StateColumn("state", label="State"),
        DayColumn("opens_on", label="First day", sort_key="opens_on"),
        DayColumn("closes_on", label="Last day", sort_key="closes_on"),
        DayColumn("results_due", label="Results promised", sort_key="results_due"),
    ]
    list_filter = ["closes_on"]
    search_fields = ["page__title"]
    ordering = ["-closes_at"]

    def get_urlpatterns(self):
        pages = [
            path(f"{name}/", self.construct_view(view), name=name)
            for name, view in [("coverage", CoverageView), ("calendar", CalendarView)]
        ]
        review = self.construct_view(ReviewView, **self.get_add_view_kwargs())
        return [*pages, path("review/", review, name="review"), *super().get_urlpatterns()]

    ACTS = {
        "open": OpenView,
        "move": MoveView,
        "promise": PromiseView,
        "count": CountView,
        "results": ResultsView,
        "decide": DecideView,
        "owners": OwnersView,
        "unshare": UnshareView,
        "join": JoinView,
        "answers": AnswersView,
        "to_read": ToReadView,
        "export": ExportView,
    }
