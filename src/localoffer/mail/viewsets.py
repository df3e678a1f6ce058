"""Mail in the admin: what became of each message, and who takes no mail."""

from functools import cached_property

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from localoffer.authority.models import Authority
from localoffer.mail import addresses, showing, suppressing, sweeping, telling
from localoffer.mail.forms import AddressForm, LiftForm
from localoffer.mail.models import Message, OutboxEmail, Suppression

ON_A_PAGE = 50
MAY_SEE = "mail.view_message"
MAY_DECIDE = "mail.change_message"
MAY_SEE_STOPPED = "mail.view_suppression"
MAY_LIFT = "mail.change_suppression"


class MailView(WagtailAdminTemplateMixin, TemplateView):
    """A page about mail of the authorities in which the user may see it; nobody else's is there."""

    keeps_its_wall = True
    header_icon = "mail"
    permission = MAY_SEE

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.authorities = Authority.objects.permitting(request.user, [self.permission])
        self.find(**kwargs)

    def find(self, **kwargs):
        """Look up what the address names. Raises Http404."""

    def dispatch(self, request, *args, **kwargs):
        if not self.authorities.exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def theirs(self, rows, **wanted):
        found = rows.filter(authority__in=self.authorities, **wanted).first()
        if found is None:
            raise Http404
        return found

    def may(self, permission, record):
        allowed = Authority.objects.permitting(self.request.user, [permission])
        return allowed.filter(pk=record.authority_id).exists()

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, *self.above(), {"url": "", "label": self.page_title}]

    def above(self):
        return []


class MessagesView(MailView):
    """All messages, the newest first. Those to one person alone are left out unless asked for."""

    page_title = "Messages"
    template_name = "mail/admin/messages.html"

    def get_context_data(self, **kwargs):
        everything = self.request.GET.get("show") == "all"
        found = Message.objects.filter(authority__in=self.authorities).defer(
            "text", "html", "parts"
        )
        if not everything:
            # A mailing has a message for each form of it, whether or not anyone takes that form.
            sent = Exists(OutboxEmail.objects.filter(message=OuterRef("pk")))
            found = found.filter(sent | Q(released_at=None)).exclude(stream="")
        page = Paginator(found.select_related("authority"), ON_A_PAGE).get_page(
            self.request.GET.get("p")
        )
        counts = telling.counts(list(page))
        return super().get_context_data(
            page=page,
            rows=[(message, counts[message.pk]) for message in page],
            everything=everything,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            several=self.authorities.count() > 1,
            **kwargs,
        )


class OneMessageView(MailView):
    """One message: who got it, who did not and why, who may have got it twice.

    One person is looked for by POST, so that the address stays in no log and no history.
    """

    template_name = "mail/admin/message.html"

    def find(self, pk):
        self.message = self.theirs(Message.objects.select_related("authority__site"), pk=pk)

    @cached_property
    def page_title(self):
        return self.message.subject

    def above(self):
        return [{"url": reverse("mail:index"), "label": "Messages"}]

    def get_context_data(self, **kwargs):
        asked = self.request.GET
        address = self.request.POST.get("address", "").strip()[: addresses.LONGEST]
        show = asked.get("show") if asked.get("show") in telling.SHOWS else "all"
        if address:
            show = "all"  # whoever asks of one person wants to know, whatever became of it
        title, wanted = telling.SHOWS[show]
        rows = OutboxEmail.objects.filter(wanted, message=self.message)
        if address:
            rows = rows.filter(address_hash=addresses.hashed(address))
        page = Paginator(rows.order_by("pk"), ON_A_PAGE).get_page(asked.get("p"))
        return super().get_context_data(
            message=self.message,
            account=telling.account(self.message),
            shows=[(key, label) for key, (label, _wanted) in telling.SHOWS.items()],
            show=show,
            title=title,
            address=address,
            page=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            may_decide=self.may(MAY_DECIDE, self.message),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        return self.get(request, *args, **kwargs)


class DecideView(MailView):
    """What to do about mail of which nobody knows whether it was sent. POST only, and logged."""

    permission = MAY_DECIDE
    http_method_names = ["post"]

    def find(self, pk):
        self.message = self.theirs(Message.objects.all(), pk=pk)

    def post(self, request, *args, **kwargs):
        again = request.POST.get("do") == "again"
        if not again and request.POST.get("do") != "leave":
            return HttpResponse("Choose what to do.", status=400, content_type="text/plain")
        rows = OutboxEmail.objects.filter(message=self.message)
        if one := request.POST.get("email", ""):
            rows = rows.filter(pk=one) if one.isascii() and one.isdecimal() else rows.none()
        number = sweeping.decide(self.message, rows, again=again, by=request.user)
        done = "will be sent again" if again else "will not be sent again"
        messages.success(request, f"{number} email{'' if number == 1 else 's'} {done}.")
        return redirect(f"{reverse('mail:message', args=[self.message.pk])}?show=maybe")


class EmailView(MailView):
    """One mail as it was sent, or would be now: what somebody asks about when they ring up."""

    template_name = "mail/admin/email.html"

    def find(self, email_id):
        rows = OutboxEmail.objects.select_related("message__authority__site")
        self.email = self.theirs(rows, pk=email_id)
        self.content = showing.content(self.email)
        if self.content is None:
            raise Http404

    @property
    def page_title(self):
        return f"Email to {self.email.address}"

    def above(self):
        message = self.email.message
        return [
            {"url": reverse("mail:index"), "label": "Messages"},
            {"url": reverse("mail:message", args=[message.pk]), "label": message.subject},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            email=self.email, shown=showing.read(self.content), **kwargs
        )


class EmailHtmlView(EmailView):
    """Its HTML by itself: nothing in it runs or is fetched."""

    def get(self, request, *args, **kwargs):
        html = showing.read(self.content).html
        if not html:
            raise Http404
        response = HttpResponse(html)
        response.headers["Content-Security-Policy"] = showing.HTML_POLICY
        response._csp_exempt = True  # noqa: SLF001  it has a policy of its own
        return response


class EmailFileView(EmailView):
    """The mail as a file, for those who want to see every header."""

    def get(self, request, *args, **kwargs):
        response = HttpResponse(self.content, content_type="message/rfc822")
        name = f"{self.email.uuid.hex}.eml"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class StoppedView(MailView):
    """Look up an address: does it take our mail, and if not, why. By POST: it stays in no log."""

    permission = MAY_SEE_STOPPED
    page_title = "Addresses that take no mail"
    template_name = "mail/admin/stopped.html"

    def get_context_data(self, **kwargs):
        standing = Suppression.objects.filter(authority__in=self.authorities).standing()
        kwargs.setdefault("form", AddressForm())
        return super().get_context_data(
            reasons=[
                (label, standing.filter(reason=reason).count())
                for reason, label in Suppression.Reason.choices
            ],
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        form = AddressForm(request.POST)
        found = None
        if form.is_valid():
            address_hash = addresses.hashed(form.cleaned_data["address"])
            found = [
                (one, self.may(MAY_LIFT, one) and one.reason != Suppression.Reason.LEGAL)
                for one in Suppression.objects.standing()
                .filter(authority__in=self.authorities, address_hash=address_hash)
                .select_related("authority")
            ]
        context = self.get_context_data(
            form=form, found=found, lift_form=LiftForm(), looked_up=form.is_valid()
        )
        return self.render_to_response(context)


class LiftView(MailView):
    """Write to somebody again, with a reason. Logged."""

    permission = MAY_LIFT
    page_title = "Write to this address again"
    template_name = "mail/admin/lift.html"

    def find(self, suppression_id):
        self.suppression = self.theirs(Suppression.objects.standing(), pk=suppression_id)

    def above(self):
        return [{"url": reverse("mail:stopped"), "label": StoppedView.page_title}]

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", LiftForm())
        return super().get_context_data(suppression=self.suppression, **kwargs)

    def post(self, request, *args, **kwargs):
        form = LiftForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            lifted = suppressing.lift(
                self.suppression, reason=form.cleaned_data["reason"], by=request.user
            )
        except suppressing.StandsError as error:
            messages.error(request, str(error))
        else:
            if lifted:
                messages.success(request, "We will write to this address again.")
        return redirect("mail:stopped")


class PermittedMenuItem(MenuItem):
    permission = MAY_SEE

    def is_shown(self, request):
        return request.user.has_perm(self.permission)


class StoppedMenuItem(PermittedMenuItem):
    permission = MAY_SEE_STOPPED


class MessagesViewSet(ViewSet):
    """Pages to read. A message is written by what happens, never by hand."""

    name = "mail"
    icon = "mail"
    menu_label = "Messages"
    menu_item_class = PermittedMenuItem
    add_to_admin_menu = True
    menu_order = 250
    url_prefix = "mail"

    def get_urlpatterns(self):
        return [
            path("", self.construct_view(MessagesView), name="index"),
            path("message/<int:pk>/", self.construct_view(OneMessageView), name="message"),
            path("message/<int:pk>/decide/", self.construct_view(DecideView), name="decide"),
            path("email/<int:email_id>/", self.construct_view(EmailView), name="email"),
            path("email/<int:email_id>/html/", self.construct_view(EmailHtmlView), name="html"),
            path("email/<int:email_id>/file/", self.construct_view(EmailFileView), name="file"),
            path("stopped/", self.construct_view(StoppedView), name="stopped"),
            path("stopped/<int:suppression_id>/", self.construct_view(LiftView), name="lift"),
        ]
