from django import forms

REASON = 300


class AddressForm(forms.Form):
    """Whether an address takes our mail. Nothing that is typed is kept."""

    address = forms.CharField(
        label="Email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the email address you want to look up"},
    )

    def clean_address(self):
        address = self.cleaned_data["address"].strip()
        if "@" not in address:
            raise forms.ValidationError(
                "Enter an email address in the right form, like name@example.com"
            )
        return address


class LiftForm(forms.Form):
    """Why somebody is written to again."""

    reason = forms.CharField(
        label="How do you know that the address works, and that they want our mail?",
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "For example: “They rang on 3 May, and their mailbox works again.” "
            "Do not write the address here."
        ),
        error_messages={
            "required": "Say how you know",
            "max_length": f"Use {REASON} characters or fewer",
        },
    )
