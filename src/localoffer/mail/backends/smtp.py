"""Mail by SMTP: one connection for a batch, and each answer told apart (RFC 5321, RFC 3463)."""

import smtplib
import ssl
from contextlib import contextmanager, suppress

from localoffer.mail.backends.base import (
    Backend,
    Handed,
    RefusedError,
    TryLaterError,
    UncertainError,
)
from localoffer.mail.composing import Mail

TIMEOUT = 60  # seconds of silence
# Answers about the mailbox itself, whoever writes to it (RFC 3463: 5.1.x, 5.2.1).
NO_MAILBOX = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
NOT_THERE = "Requested action not taken: mailbox unavailable"


class Smtp(Backend):
    """A mail server. ``security``: ``none``, ``starttls`` or ``tls``."""

    name = "smtp"

    def __init__(self, *, host, port, user="", password="", security="none"):
        self.host, self.port = host, port
        self.user, self.password = user, password
        self.security = security

    @contextmanager
    def session(self):
        try:
            connection = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise TryLaterError(
                f"The mail server refuses our password: {_said(error)}", whole=True
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TryLaterError(
                f"The mail server {self.host}:{self.port} does not answer: {error}", whole=True
            ) from error
        try:
            yield SmtpSession(connection)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connect(self):
        context = ssl.create_default_context()
        if self.security == "tls":
            connection = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            connection.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                connection.starttls(context=context)
                connection.ehlo()
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


class SmtpSession:
    def __init__(self, connection: smtplib.SMTP):
        self.connection = connection

    def send(self, mail: Mail) -> Handed:
        """The four steps of a mail. Only after the last line of it is a silence uncertain."""
        handed_over = False
        try:
            asked = self.connection.docmd  # smtplib's own would read each address again, slowly
            self._asked(asked(f"MAIL FROM:<{mail.return_path}>"), about_mailbox=False)
            self._asked(asked(f"RCPT TO:<{mail.to}>"), about_mailbox=True)
            handed_over = True
            code, words = self.connection.data(mail.content)
            self._asked((code, words), about_mailbox=False)
        except smtplib.SMTPDataError as error:  # refused at DATA, before anything was said
            self._asked((error.smtp_code, error.smtp_error), about_mailbox=False)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if handed_over:
                raise UncertainError(f"The connection broke: {error}") from error
            raise TryLaterError(f"The connection broke: {error}", whole=True) from error
        return Handed(reference=_text(words)[:200])

    def _asked(self, answer, *, about_mailbox):
        code, words = answer
        if 200 <= code < 300:
            return
        with suppress(smtplib.SMTPException, OSError):
            self.connection.rset()
        said = f"{code} {_text(words)}"[:500]
        if 400 <= code < 500:
            raise TryLaterError(said, whole=code == 421)
        gone = any(status in said for status in NO_MAILBOX) or (
            about_mailbox and code in {550, 553} and "5." not in said
        )
        raise RefusedError(said, mailbox=about_mailbox and gone)


def _said(error):
    return f"{error.smtp_code} {_text(error.smtp_error)}"


def _text(words):
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)
