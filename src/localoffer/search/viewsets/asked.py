"""What people look for, in the admin: one page to read, and a table to download."""

import csv
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from localoffer.authority.models import Authority
from localoffer.search.forms import AskedForm
from localoffer.search.models.asked import FEWEST_SHOWN
from localoffer.search.reporting import Asking, report
from localoffer.search.viewsets.choosing import chosen_authority

ON_A_PAGE = 50
MAY_SEE = "search.view_asked"


class AskedView(WagtailAdminTemplateMixin, TemplateView):
    """The words that many people typed, and what became of them. ``?export=csv`` for a table."""

    page_title = "What people look for"
    header_icon = "search"
    template_name = "search/admin/asked.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        authorities = Authority.objects.permitting(request.user, [MAY_SEE])
        self.authorities = list(authorities.select_related("site"))

    def get(self, request, *args, **kwargs):
        if not self.authorities:
            raise PermissionDenied
        self.today = timezone.localdate()
        authority = chosen_authority(request, self.authorities)
        form = AskedForm(request.GET, authority=authority, among=self.authorities, today=self.today)
        self.form = form
        self.report = report(form.asking, today=self.today)
        if request.GET.get("export") == "csv":
            return self._table()
        return super().get(request, *args, **kwargs)

    @property
    def header_buttons(self):
        query = self.request.GET.copy()
        query["export"] = "csv"
        return [HeaderButton("Download CSV", url=f"?{query.urlencode()}", icon_name="download")]

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        asking = self.form.asking
        page = Paginator(self.report.lines, ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            form=self.form,
            report=self.report,
            page=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            rows=[(line, self._links(line, asking)) for line in page],
            fewest=FEWEST_SHOWN,
            **kwargs,
        )

    def _links(self, line, asking: Asking):
        """Where each row leads: the search itself, and what may be done about it."""
        site = asking.authority.site.root_url
        add = urlencode({"words": line.words, "authority": asking.authority.pk})
        return {
            "search": f"{site}{reverse('search:find')}?{urlencode({'q': line.words})}",
            "add_word": f"{reverse('own-words:add')}?{add}",
            "add_gap": f"{reverse('gaps:add')}?{add}",
        }

    def _table(self):
        asking = self.form.asking
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        name = f"what-people-look-for-{self.today:%Y-%m-%d}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.write("\ufeff")  # so that Excel reads it as it is
        table = csv.writer(response)
        table.writerow(["Words", "Searches", "Found nothing", "Found little", "Noted"])
        for line in self.report.lines:
            done = line.gap.get_state_display() if line.gap else ""
            done = f"Gap: {done}" if done else f"Word for {line.subject}" if line.subject else ""
            table.writerow([line.words, line.times, line.empty, line.thin, done])
        rare = self.report.rare
        if rare["words"]:
            table.writerow([f"And {rare['words']} rarer words, not shown", rare["searches"]])
        table.writerow([])
        table.writerow([f"{asking.authority.name}. {self.form.said}"])
        return response


class AskedMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(MAY_SEE)


class AskedViewSet(ViewSet):
    """Counts are nobody's to edit: one page to read."""

    name = "asked"
    icon = "search"
    menu_label = "What people look for"
    menu_item_class = AskedMenuItem
    url_prefix = "search/asked"

    def get_urlpatterns(self):
        return [path("", self.construct_view(AskedView), name="index")]
