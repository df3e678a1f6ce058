"""People who follow, in the admin: those who rang are added, and changed or ended as they ask."""

from django.contrib import messages
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column, DateColumn

from localoffer.authority.viewsets import OwnedViewSet
from localoffer.mail import suppressing
from localoffer.updates import tokens
from localoffer.updates.actions import following, joining
from localoffer.updates.forms import PersonChangeForm, PersonForm, ReasonForm
from localoffer.updates.models import Channel, ConsentText, Format, Subscriber, Subscription
from localoffer.updates.viewsets.pages import FormOfOne, FormPage, PageOfOne


def stopped(person):
    """Why somebody who follows by email takes no mail from us, if they do not."""
    if person.format == Format.POST or not person.address:
        return None
    return suppressing.find(person.authority, person.address)


class AddPersonView(FormPage):
    """Add somebody who rang, with the words that they said yes to."""

    template_name = "updates/admin/add_person.html"
    page_title = "Add somebody"
    header_icon = "user"
    permission_required = "add"
    form_class = PersonForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "among": self.authorities}

    def get_context_data(self, **kwargs):
        words = [
            (authority, ConsentText.objects.shown(authority)) for authority in self.authorities
        ]
        return super().get_context_data(words=words, **kwargs)

    def form_valid(self, form):
        person = joining.add_by_staff(by=self.request.user, **form.person)
        if stopped(person):
            messages.warning(self.request, f"{person} is added, but gets no mail yet: see below.")
        else:
            messages.success(self.request, f"{person} gets updates from now on.")
        return redirect("subscribers:edit", person.pk)


class PersonView(FormOfOne):
    """What somebody gets, what happened to them, and what they may ask of us."""

    template_name = "updates/admin/person.html"
    header_icon = "user"
    form_class = PersonChangeForm

    @cached_property
    def follows(self):
        return list(Subscription.objects.filter(subscriber=self.object).living().to_show())

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "subscriber": self.object,
            "follows": self.follows,
        }

    def form_valid(self, form):
        if self.object.state == Subscriber.State.ENDED:
            return HttpResponseBadRequest("They have left.")
        following.change(
            self.object,
            topics=form.cleaned_data["topics"],
            frequency=form.cleaned_data["frequency"],
            settings=form.settings,
            by=self.request.user,
        )
        messages.success(self.request, "Saved.")
        return redirect(self.request.path)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            follows=self.follows,
            left=following.to_undo(self.object, now=timezone.now()),
            history=self.object.history.select_related("by"),
            records=self.object.consent_records.select_related("wording", "taken_by"),
            reason_form=ReasonForm(),
            channels=[choice for choice in Channel.choices if choice[0] != Channel.WEB],
            stopped=stopped(self.object),
            may_change=self.object.state == Subscriber.State.ACTIVE,
            **kwargs,
        )


class PersonActView(PageOfOne):
    """What somebody asked us to do for them."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        act = request.POST.get("act")
        person, user = self.object, request.user
        if act == "end":
            reason = ReasonForm(request.POST)
            if not reason.is_valid():
                messages.error(request, "Nothing was done: say why.")
            else:
                following.leave(
                    person,
                    scope=request.POST.get("what", "")[:60] or tokens.EVERYTHING,
                    reason="staff",
                    why=reason.cleaned_data["reason"],
                    by=user,
                )
                messages.success(request, "It is ended.")
        elif act == "undo":
            following.undo(person, by=user)
            messages.success(request, "They get it again.")
        elif act == "stay" and request.POST.get("channel") in Channel.values:
            if following.stay(person, channel=Channel(request.POST["channel"]), by=user):
                messages.success(request, "Noted: they still want it.")
            else:
                messages.error(request, "Nothing was done: they have left.")
        elif act == "erase":
            following.erase(person)
            messages.success(request, "All that was held about them is deleted.")
            return redirect("subscribers:index")
        else:
            return HttpResponseBadRequest("There is no such button.")
        return redirect("subscribers:edit", person.pk)


class SubscriberViewSet(OwnedViewSet):
    """Seen only by those who may see people: what somebody follows can say a lot about a child."""

    model = Subscriber
    name = "subscribers"
    icon = "group"
    menu_label = "People who follow"
    url_prefix = "updates/people"
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("state", label="State", accessor="get_state_display", sort_key="state"),
        Column("format", label="How", accessor="get_format_display", sort_key="format"),
        DateColumn("agreed_at", label="Last said yes", sort_key="agreed_at"),
    ]
    list_filter = ["state", "format"]
    search_fields = ["address", "postal_name"]
    ordering = ["-pk"]
    form_fields = ["postal_name"]

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            **{"delete_url_name": None, "history_url_name": None, "usage_url_name": None, **kwargs}
        )

    @property
    def add_view(self):
        return self.construct_view(AddPersonView)

    @property
    def edit_view(self):
        return self.construct_view(PersonView)

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("act/<int:pk>/", self.construct_view(PersonActView), name="act"),
        ]
