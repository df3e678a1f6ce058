"""A mail as somebody who answers the phone can read it."""

import email
import email.policy
from dataclasses import dataclass

from localoffer.mail import backends
from localoffer.mail.composing import unflowed
from localoffer.mail.delivering import Sender
from localoffer.mail.models import OutboxEmail

HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


@dataclass(frozen=True)
class Shown:
    """What a mail says: its headers in order, its plain text, its HTML if it has any."""

    headers: list[tuple[str, str]]
    text: str
    html: str


def content(row: OutboxEmail) -> bytes | None:
    """The bytes: of the file where mail goes into a folder, else made again from the row.

    None once the address has been erased.
    """
    if not row.address:
        return None
    backend = backends.chosen()
    if hasattr(backend, "file") and (file := backend.file(row.uuid.hex)).exists():
        return file.read_bytes()
    return Sender(backend=backend).mail(row).content


def read(raw: bytes) -> Shown:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    return Shown(
        headers=[
            (name, str(value))
            for name, value in message.items()
            if name not in {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
        ],
        text=unflowed(plain.get_content()) if plain else "",
        html=rich.get_content() if rich else "",
    )
