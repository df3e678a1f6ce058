from django.core.exceptions import ValidationError
from wagtail.admin.views.generic import EditView

from localoffer.authority.viewsets import OwnedViewSet
from localoffer.feedback import actions
from localoffer.feedback.forms import HandleForm
from localoffer.feedback.models import Comment, IllegalMoveError, State


class HandleView(EditView):
    """An officer reads a comment and says what became of it."""

    page_title = "Comment"
    success_message = "%(object)s is dealt with."
    submit_button_label = "Save: it is dealt with"

    def get_form_class(self):
        return HandleForm

    def is_valid(self, form):
        return super().is_valid(form) and self._handled(form)

    def _handled(self, form):
        words, outcome = form.cleaned_data["response"], form.cleaned_data["outcome"]
        try:
            if outcome == State.CLOSED:
                actions.close(self.object, reason=words, by=self.request.user)
            else:
                actions.answer(self.object, response=words, by=self.request.user)
        except IllegalMoveError as error:
            form.add_error(None, ValidationError(f"Nothing was changed: {error}."))
            self.produced_error_message = self.get_error_message()
            return False
        return True

    def save_instance(self):
        return self.object  # saved already, by its action


class CommentViewSet(OwnedViewSet):
    """What people told us. Nobody changes their words: officers read, and say what they did."""

    model = Comment
    name = "comments"
    icon = "comment"
    menu_label = "Comments"
    menu_order = 240
    add_to_admin_menu = True
    inspect_view_enabled = True
    inspect_view_fields = [
        "kind",
        "about",
        "text",
        "email",
        "received_at",
        "state",
        "handled_at",
        "response",
    ]
    copy_view_enabled = False
    edit_view_class = HandleView
    edit_template_name = "feedback/admin/handle.html"
    list_display = ["__str__", "kind", "about", "state", "received_at"]
    list_filter = ["state", "kind", "received_at"]
    search_fields = ["text", "reference"]
    ordering = ["-received_at"]
    form_fields = ["response"]
