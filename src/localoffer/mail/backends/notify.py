"""Mail through GOV.UK Notify: our row's number is its reference, so that it can be asked later.

The template in Notify must hold ``((subject))`` and ``((body))``. Notify makes its own HTML of the
body, which is Markdown of a few kinds: ours is plain text, which stays as it is.
"""

from contextlib import contextmanager

import requests
from urllib3.exceptions import NewConnectionError

from localoffer.mail.backends.base import (
    Backend,
    Handed,
    RefusedError,
    TryLaterError,
    UncertainError,
)
from localoffer.mail.composing import Mail, unflowed
from localoffer.mail.states import State

# What Notify says of a mail, in our words (its documentation, "Check message status").
STATES = {
    "created": State.ACCEPTED,
    "sending": State.ACCEPTED,
    "pending": State.ACCEPTED,
    "sent": State.ACCEPTED,
    "delivered": State.DELIVERED,
    "permanent-failure": State.HARD_BOUNCED,
    "temporary-failure": State.SOFT_BOUNCED,
    "technical-failure": State.FAILED_FINAL,
}
# Refusals that are about our account, not about this mail: 403 is a wrong or a revoked key.
OF_THE_ACCOUNT = {401, 403, 429}


class Notify(Backend):
    """A service of GOV.UK Notify. ``base_url``: another address, for tests."""

    name = "notify"
    can_be_asked = True

    def __init__(self, *, key: str, template: str, reply_to: str = "", base_url: str = ""):
        self.key, self.template = key, template
        self.reply_to, self.base_url = reply_to, base_url

    @contextmanager
    def session(self):
        self.client = self._connect()
        try:
            yield self
        finally:
            self.client.request_session.close()

    def send(self, mail: Mail) -> Handed:
        from notifications_python_client.errors import (  # noqa: PLC0415  an extra
            HTTPError,
            InvalidResponse,
        )

        try:
            answer = self.client.send_email_notification(
                email_address=mail.to,
                template_id=self.template,
                personalisation={"subject": mail.subject, "body": unflowed(mail.text)},
                reference=mail.reference,
                email_reply_to_id=self.reply_to or None,
                one_click_unsubscribe_url=mail.leave_url or None,
            )
        except HTTPError as error:
            raise _told(error) from error
        except InvalidResponse as error:
            raise UncertainError(f"GOV.UK Notify: {error}") from error
        try:
            return Handed(reference=answer["id"])
        except (KeyError, TypeError) as error:
            raise UncertainError("GOV.UK Notify answered what we cannot read.") from error

    def find(self, reference: str) -> tuple[str, str] | None:
        """What became of the mail with our reference: a state, and Notify's number for it.

        None if Notify never took it. Raises TryLaterError if it cannot say.
        """
        from notifications_python_client.errors import HTTPError  # noqa: PLC0415

        client = self._connect()
        try:
            found = client.get_all_notifications(reference=reference)["notifications"]
        except HTTPError as error:
            raise TryLaterError(f"GOV.UK Notify: {_said(error)}", whole=True) from error
        finally:
            client.request_session.close()
        if not found:
            return None
        latest = max(found, key=lambda one: one.get("created_at") or "")
        return str(STATES.get(latest["status"], State.ACCEPTED)), latest["id"]

    def _connect(self):
        try:
            from notifications_python_client.notifications import (  # noqa: PLC0415
                NotificationsAPIClient,
            )
        except ImportError as error:
            raise TryLaterError(
                "GOV.UK Notify needs: pip install 'localoffer[notify]'", whole=True
            ) from error
        options = {"base_url": self.base_url} if self.base_url else {}
        return NotificationsAPIClient(self.key, timeout=30, **options)


def _told(error):
    """Which kind of failure this is. The client says 503 where nobody answered."""
    status = error.status_code
    said = f"GOV.UK Notify: {_said(error)}"
    if status in OF_THE_ACCOUNT or _never_reached(error.__cause__):
        return TryLaterError(said, whole=True)
    if 400 <= status < 500:
        return RefusedError(said)
    return UncertainError(said)  # it failed, or did not answer in time: it may have taken the mail


def _never_reached(cause):
    """Whether the line was never open, so that nothing can have been taken."""
    if isinstance(cause, requests.ConnectTimeout):
        return True
    inner = cause.args[0] if isinstance(cause, requests.ConnectionError) and cause.args else None
    return isinstance(getattr(inner, "reason", inner), NewConnectionError)


def _said(error):
    words = error.message
    if isinstance(words, list):
        words = "; ".join(str(one.get("message", one)) for one in words)
    return f"{error.status_code} {words}"[:400]
