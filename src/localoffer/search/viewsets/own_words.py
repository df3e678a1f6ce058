"""An authority's own words in the admin, with a preview of what they would change."""

from urllib.parse import urlencode

from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from localoffer.authority.viewsets import OwnedViewSet
from localoffer.search import actions, previewing
from localoffer.search.asking import tidy
from localoffer.search.forms import OwnWordsForm, SubjectForm
from localoffer.search.models import OwnWords
from localoffer.search.scrubbing import LONGEST
from localoffer.search.viewsets.choosing import chosen_authority
from localoffer.taxonomy.models import Concept


class OwnWordsView:
    """Mixed in to the views with the form: a preview beside the button that saves."""

    template_name = "search/admin/own_words.html"
    preview = None

    def is_valid(self, form):
        if not super().is_valid(form):
            return False
        if "preview" not in self.request.POST:
            return True
        self.preview = previewing.preview(form.instance)
        self.produced_error_message = None  # nothing is wrong: it is only not saved yet
        return False

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except IntegrityError:  # a colleague, or the same form, came first
            form.add_error(None, "Somebody has just added words for this. Open the list again.")
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def save_instance(self):
        actions.save_words(self.form.instance, by=self.request.user)
        return self.form.instance

    def get_context_data(self, **kwargs):
        return super().get_context_data(preview=self.preview, most=actions.MOST_AT_ONCE, **kwargs)

    def _asked_words(self):
        """What the report asked to add, as one more line."""
        return tidy(self.request.GET.get("words", ""))[:LONGEST]


class OwnWordsAddView(OwnWordsView, generic.CreateView):
    """First what the words are for (``?concept=``), then the words."""

    page_title = "New words"

    def get(self, request, *args, **kwargs):
        if "concept" not in request.GET:
            return self._ask_for_subject()
        if already := self._already():
            edit = reverse(self.edit_url_name, args=[already.pk])
            return redirect(f"{edit}?{urlencode({'words': self._asked_words()})}")
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if "concept" not in request.GET:
            return self._ask_for_subject()
        return super().post(request, *args, **kwargs)

    def _ask_for_subject(self):
        initial = {"words": self._asked_words(), "authority": self._authority().pk}
        context = {
            "form": SubjectForm(initial=initial, among=list(self.authorities)),
            "header_title": self.page_title,
            "header_icon": self.header_icon,
            "breadcrumbs_items": self.get_breadcrumbs_items(),
        }
        return TemplateResponse(self.request, "search/admin/subject.html", context)

    def _authority(self):
        return chosen_authority(self.request, self.authorities)

    def _concept(self):
        """The concept that the address names; None for a subject of one's own."""
        code = tidy(self.request.GET["concept"])
        if code == SubjectForm.OWN:
            return None
        return get_object_or_404(Concept.objects.current(), pk=code)

    def _already(self):
        concept = self._concept()
        if concept is None:
            return None
        return OwnWords.objects.for_authority(self._authority()).filter(concept=concept).first()

    def get_page_subtitle(self):
        concept = self._concept() if "concept" in self.request.GET else None
        return concept.name if concept else super().get_page_subtitle()

    def get_initial_form_instance(self):
        return OwnWords(authority=self._authority(), concept=self._concept())

    def get_initial(self):
        words = self._asked_words()
        return super().get_initial() | ({"words": [words]} if words else {})

    def get_add_url(self):
        kept = {
            name: self.request.GET[name]
            for name in ["authority", "concept"]
            if name in self.request.GET
        }
        return f"{super().get_add_url()}?{urlencode(kept)}" if kept else super().get_add_url()


class OwnWordsEditView(OwnWordsView, generic.EditView):
    def get_initial(self):
        words = self._asked_words()
        known = self.object.words
        return super().get_initial() | ({"words": [*known, words]} if words else {})


class OwnWordsDeleteView(generic.DeleteView):
    def delete_action(self):
        actions.delete_words(self.object, by=self.request.user)


class OwnWordsViewSet(OwnedViewSet):
    """The words that an authority adds to a subject, or switches off."""

    model = OwnWords
    name = "own-words"
    icon = "comment"
    menu_label = "Our words"
    url_prefix = "search/own-words"
    add_view_class = OwnWordsAddView
    edit_view_class = OwnWordsEditView
    delete_view_class = OwnWordsDeleteView
    create_template_name = edit_template_name = "search/admin/own_words.html"
    copy_view_enabled = False
    list_display = [
        Column("subject", label="Subject"),
        Column("said", label="Our words"),
        Column("said_off", label="Switched off"),
    ]
    search_fields = ["concept__name", "name", "words", "hidden"]

    def get_queryset(self, request):
        return OwnWords.objects.select_related("concept")

    def get_form_class(self, for_update=False):
        return OwnWordsForm
