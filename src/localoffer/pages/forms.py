"""The form of every page in the admin, and the form that says "I have checked this page"."""

from django import forms
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import CollectionMember, Page
from wagtail.permissions import policy_registry

from localoffer.authority.models import Authority
from localoffer.authority.narrowing import narrow
from localoffer.pages import readiness

# The buttons after which what is in the form may become public without another look at it.
PUBLISHING = {
    "action-publish",
    "action-submit",
    "action-restart-workflow",
    "action-workflow-action",
}


class PageForm(WagtailAdminPageForm):
    """Offers only one's own authorities' records, and lets nothing unready be published."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.authorities = Authority.objects.none()
        if self.for_user:
            self.authorities = Authority.objects.editable_by(self.for_user)
            narrow(self, user=self.for_user, authorities=self.authorities)

    def _post_clean(self):
        super()._post_clean()
        if self.for_user and not self.for_user.is_superuser:
            self._refuse_what_is_not_theirs()
        if PUBLISHING & set(self.data) and not self.errors:
            for name, problem in self.instance.problems():
                self.add_error(name if name in self.fields else None, problem)

    def _refuse_what_is_not_theirs(self):
        """A page, picture or file chosen inside a block, named by the key of another's."""
        roots = list(self.authorities.values_list("site__root_page__path", flat=True))
        for name, stream in readiness.stream_fields(self.instance):
            if name not in self.fields or name in self.errors:
                continue
            for _block, value in readiness.walk(stream):
                if not self._is_theirs(value, roots):
                    self.add_error(name, "Choose a page, picture or file of your own authority.")
                    break

    def _is_theirs(self, value, roots):
        if isinstance(value, Page):
            return any(value.path.startswith(root) for root in roots)
        if isinstance(value, CollectionMember):
            policy = policy_registry.get_by_type(type(value))
            return policy.user_has_any_permission_for_instance(
                self.for_user, ["choose", "change"], value
            )
        return True


class CheckForm(forms.Form):
    """Somebody has read a page and found it right."""

    review_due = forms.DateField(label="Check it again by", widget=AdminDateInput, required=False)

    def clean_review_due(self):
        day = self.cleaned_data["review_due"]
        if day and day <= timezone.localdate():
            raise forms.ValidationError("Choose a day in the future.")
        return day
