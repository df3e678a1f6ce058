"""Forms of the sign-in pages, with the looks and the words of the rest of the site."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery_codes
from allauth.mfa.totp import forms as totp

from localoffer.ui.forms import GovukForm


class LoginForm(GovukForm, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email address"
        self.fields["password"].label = "Password"
        self.fields["remember"].label = "Keep me signed in on this computer"
        self.fields["login"].error_messages["required"] = "Enter your email address"
        self.fields["password"].error_messages["required"] = "Enter your password"
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ChangePasswordForm(GovukForm, account.ChangePasswordForm):
    pass


class ResetPasswordForm(GovukForm, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(GovukForm, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(GovukForm, account.ReauthenticateForm):
    pass


class AuthenticateForm(GovukForm, mfa.AuthenticateForm):
    pass


class ReauthenticateWithCodeForm(GovukForm, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(GovukForm, totp.ActivateTOTPForm):
    pass


class DeactivateTOTPForm(GovukForm, totp.DeactivateTOTPForm):
    pass


class GenerateRecoveryCodesForm(GovukForm, recovery_codes.GenerateRecoveryCodesForm):
    pass
