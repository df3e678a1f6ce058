"""From a frozen message and one person's row to the bytes of a mail. Pure: no database.

Only values are put in; there is no template language here. What is the same for everybody is made
ready once (``Letter``): a mail is then a few joins and one encoding.
"""

import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, quote
from functools import lru_cache

from django.utils.html import escape

PLACE = re.compile(r"\{\{ ?(\w+) ?\}\}")
PARTS = "parts"
BRACES = "braces"  # the place that stands for two braces in somebody's words (``literal``)
WIDTH = 72  # characters of a line of plain text before it flows on (RFC 3676)
LONGEST_LOCAL_PART = 64  # octets (RFC 5321, 4.5.3.1.1)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Envelope:
    """Who mail is from, which is the same for all mail of an authority.

    ``inbox``: where delivery reports and leaving by mail arrive, or empty. ``plus``: whether it
    also takes mail to ``name+anything@``.
    """

    sender_name: str
    sender: str
    reply_to: str = ""
    inbox: str = ""
    plus: bool = True
    list_id: str = ""
    list_name: str = ""
    echoed: str = ""

    @property
    def domain(self):
        return self.sender.rpartition("@")[2] or "localhost"


@dataclass(frozen=True)
class Mail:
    """A mail ready to be handed over."""

    reference: str  # the row's uuid, as 32 hexadecimal digits
    to: str
    return_path: str
    subject: str
    text: str
    html: str = ""
    leave_url: str = ""
    content: bytes = b""


@dataclass
class Letter:
    """One message, with what it says cut up at its places so that a mail is quickly made."""

    subject: str
    text: str
    html: str = ""
    parts: list[dict] = field(default_factory=list)
    _cut: dict = field(default_factory=dict, repr=False)

    def keys(self, wanted: list[str]) -> tuple[str, ...]:
        """The parts that somebody gets, in order: those of ``wanted`` that are left, or all."""
        return tuple(part["key"] for part in self.parts if not wanted or part["key"] in wanted)

    def fill(self, personal: dict, wanted: list[str]) -> tuple[str, str, str]:
        """Subject, text and HTML for one person."""
        keys = self.keys(wanted)
        if keys not in self._cut:
            chosen = [part for part in self.parts if part["key"] in keys]
            text = put(self.text, PARTS, "\n\n".join(part["text"].strip("\n") for part in chosen))
            html = put(self.html, PARTS, "\n".join(part.get("html", "") for part in chosen))
            self._cut[keys] = PLACE.split(self.subject), PLACE.split(flow(text)), PLACE.split(html)
        subject, text, html = self._cut[keys]
        return (
            _one_line(_joined(subject, personal, str)),
            _joined(text, personal, str),
            _joined(html, personal, escape) if self.html else "",
        )


def put(template: str, name: str, value: str) -> str:
    """The template with this value in the place of that name."""
    return PLACE.sub(lambda place: value if place[1] == name else place[0], template)


def literal(words: str) -> str:
    """Words of others, such that nothing in them is a place: a mail says them as they are."""
    return words.replace("{{", f"{{{{ {BRACES} }}}}")


def _joined(pieces, personal, write):
    """``re.split`` leaves words and names by turns."""
    values = {**personal, BRACES: "{{"}
    return "".join(
        write(values.get(piece, "")) if at % 2 else piece for at, piece in enumerate(pieces)
    )


def one_line(value: str) -> str:
    """A value of a header: nothing in it ends the line."""
    return " ".join(_CONTROL.sub(" ", value).split())


_one_line = lru_cache(1_000)(one_line)


def flow(text: str) -> str:
    """Plain text whose long lines are broken so that a mail program may join them (RFC 3676).

    A place counts as one word. Lines that are meant to stand (short ones) stay; a line that
    would be taken for a quotation, or for the start of a mail, is given a space in front.
    """
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        lines += _flowed(line) if line != "-- " else [line]
    return "\n".join(lines)


def _flowed(line):
    line = line.rstrip()
    if len(line) <= WIDTH:
        return [_stuffed(line)]
    made, now = [], ""
    for word in PLACE.sub(r"{{\1}}", line).split(" "):
        if now.strip() and len(now) + len(word) > WIDTH:
            made.append(_stuffed(now))  # it ends in a space: the paragraph goes on
            now = ""
        now += word + " "
    return [*made, _stuffed(now.rstrip())]


def unflowed(text: str) -> str:
    """The same words with each paragraph on one line, for services that break lines themselves."""
    made = ""
    for line in text.split("\n"):
        plain = line.removeprefix(" ")
        made += plain if line.endswith(" ") and line != "-- " else f"{plain}\n"
    return made.removesuffix("\n")


def _stuffed(line):
    return f" {line}" if line.startswith((">", " ", "From ")) else line


def compose(
    *,
    letter: Letter,
    envelope: Envelope,
    reference: str,
    to: str,
    personal: dict,
    parts: list[str],
    leave_url: str = "",
    leave_token: str = "",
    now: datetime,
) -> Mail:
    """One person's mail.

    ``reference``: 32 hexadecimal digits, the same whenever this mail is made, so that one sent
    twice is known for one. ``leave_url``, ``leave_token``: for List-Unsubscribe (RFC 2369, and
    RFC 8058: one POST, without a cookie or a page in between).
    """
    subject, text, html = letter.fill(personal, parts)
    head = [
        _sender(envelope),
        f"To: {to}\r\nSubject: {_encoded(subject)}\r\n",
        f"Date: {_date(now.replace(microsecond=0))}\r\n",
        f"Message-ID: {message_id(reference, envelope)}\r\n",
        f"{envelope.echoed}: {reference}\r\n" if envelope.echoed else "",
    ]
    ways = [f"<{leave_url}>"] if leave_url else []
    if leave_token and envelope.inbox:
        ways.append(f"<{leave_mailto(leave_token, envelope)}>")
    if ways:
        head.append("List-Unsubscribe: " + ",\r\n ".join(ways) + "\r\n")
    if leave_url:
        head.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    return Mail(
        reference=reference,
        to=to,
        return_path=return_path(reference, envelope),
        subject=subject,
        text=text,
        html=html,
        leave_url=leave_url,
        content=_content("".join(head), text, html, boundary=f"=_{reference}"),
    )


def message_id(reference: str, envelope: Envelope) -> str:
    return f"<{reference}@{envelope.domain}>"


def return_path(reference: str, envelope: Envelope) -> str:
    """Where a report goes if the mail cannot be delivered: it says which mail it was."""
    if not envelope.inbox:
        return envelope.sender
    return tagged(envelope, f"bounce-{reference}") if envelope.plus else envelope.inbox


def leave_mailto(token: str, envelope: Envelope) -> str:
    """A mail to this address leaves. The token stands in the subject, where capitals survive."""
    address = envelope.inbox
    named = tagged(envelope, f"leave-{token}")
    if envelope.plus and named.index("@") <= LONGEST_LOCAL_PART:
        address = named
    return f"mailto:{address}?subject=leave%20{token.replace('=', '%3D')}"


def tagged(envelope: Envelope, tag: str) -> str:
    local, _, domain = envelope.inbox.rpartition("@")
    return f"{local}+{tag}@{domain}"


@lru_cache(100)
def _sender(envelope):
    """The headers that all mail of an authority, or of its list, has in common."""
    lines = [
        f"From: {_named(envelope.sender_name, envelope.sender)}",
        "Auto-Submitted: auto-generated",
    ]
    if envelope.reply_to:
        lines.append(f"Reply-To: {envelope.reply_to}")
    if envelope.list_id:
        name = f'"{quote(one_line(envelope.list_name))}" ' if envelope.list_name.isascii() else ""
        lines += [f"List-Id: {name}<{envelope.list_id}.{envelope.domain}>", "Precedence: bulk"]
    return "".join(f"{line}\r\n" for line in lines)


@lru_cache(10)
def _date(now):
    return format_datetime(now)


def _named(name, address):
    name = one_line(name)
    if not name:
        return address
    return f'"{quote(name)}" <{address}>' if name.isascii() else f"{_encoded(name)} <{address}>"


@lru_cache(1_000)
def _encoded(value):
    if value.isascii() and len(value) < 60:
        return value
    return Header(value, "us-ascii" if value.isascii() else "utf-8").encode(linesep="\r\n")


def _content(head, text, html, *, boundary):
    start = f"{head}MIME-Version: 1.0\r\n".encode("ascii")
    plain = _part("text/plain; charset=utf-8; format=flowed", text)
    if not html:
        return start + plain + b"\r\n"
    edge = f"--{boundary}".encode()
    kind = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode()
    rich = _part("text/html; charset=utf-8", html)
    return b"".join(
        [start, kind, edge, b"\r\n", plain, b"\r\n", edge, b"\r\n", rich, b"\r\n", edge, b"--\r\n"]
    )


def _part(kind, words):
    """Quoted-printable, so that every line is short enough for mail and plain words stay plain."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    encoded = binascii.b2a_qp(lines.encode() + b"\n", istext=True)
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + encoded.rstrip(b"\n").replace(b"\n", b"\r\n")
