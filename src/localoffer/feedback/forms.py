import uuid

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from localoffer.feedback.models import MOST_CHARACTERS, Comment, State
from localoffer.ui.forms import GovukForm


class CommentForm(GovukForm, forms.Form):
    """What somebody has to say. It asks for nothing else about them."""

    kind = forms.ChoiceField(
        label="What do you want to tell us?",
        choices=Comment.Kind,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you want to tell us",
            "invalid_choice": "Choose what you want to tell us",
        },
    )
    text = forms.CharField(
        label="Your words",
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Do not name a child, or say anything that could show who they are.",
        error_messages={
            "required": "Write what you want to tell us",
            "max_length": f"Use {MOST_CHARACTERS:,} characters or fewer",
        },
    )
    email = forms.EmailField(
        label="Your email address",
        required=False,
        max_length=254,
        help_text="Only if you want an answer. We use it for nothing else, and delete it after.",
        error_messages={
            "invalid": "Enter an email address in the right form, like name@example.com"
        },
    )
    token = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "This form did not arrive whole. Send it again.",
            "invalid": "This form did not arrive whole. Send it again.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        if self.is_bound and (self.errors.get("token") or not self.data.get("token")):
            self.data = self.data.copy()
            self.data["token"] = str(uuid.uuid4())  # so that sending it again works


class HandleForm(WagtailAdminModelForm):
    """How an officer dealt with a comment."""

    outcome = forms.ChoiceField(
        label="What became of it",
        choices=[
            (State.ANSWERED, "We answered, or put it right"),
            (State.CLOSED, "There is nothing to answer or do"),
        ],
        initial=State.ANSWERED,
        widget=forms.RadioSelect,
    )
    response = forms.CharField(
        label="What you answered, what you did, or why there is nothing to do",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Colleagues see this. It is not published.",
    )

    class Meta:
        model = Comment
        fields = ["response"]

    def clean(self):
        if self.instance.state != State.RECEIVED:
            raise forms.ValidationError("This comment has been dealt with already.")
        return super().clean()

    def _post_clean(self):
        """The comment changes only by its actions: nothing is written onto it here."""
