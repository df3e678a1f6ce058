"""Reads mail that came to our mailbox: what could not be delivered, who complains, who leaves.

Pure: bytes in, what they say out. Reports are read by flufl.bounce and after RFC 3464, complaints
after RFC 5965; the readers here are for those forms which flufl.bounce does not know. Which mail
of ours a report is about is told by our own reference in it, never by an address alone: anybody
can write a report about somebody else's address.
"""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr

from flufl.bounce import all_failures

REFERENCE = r"[0-9a-f]{32}"
MOST_READ = 2_000_000  # bytes of one mail
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?m)(?:^|[\s(:;])([45])(\d\d)(?=[\s:;-])")
_ADDRESS = re.compile(r"<?([\w.+=%'&/-]{1,64}@[\w-]+(?:\.[\w-]+)+)>?")
# What comes before a copy of the mail that came back.
_COPY = re.compile(
    r"(?im)^(?:-+ *(?:below this line is a copy|original message|message header|forwarded|"
    r"this is a copy)|\s*below is a copy of the original|message headers follow|"
    r"original message (?:follows|headers)|-+ ?returned message)"
)
# How programs that report say that it is a report, by the first words of its text.
_FORMS = {
    "DragonFly": re.compile(
        r"This is the DragonFly Mail Agent.*?error delivering your mail", re.DOTALL
    ),
    "OpenSMTPD": re.compile(
        r"MAILER-DAEMON, please DO NOT REPLY.*?(?:error has occurred|not been delivered)", re.DOTALL
    ),
    "Yahoo": re.compile(
        r"(?:unable to deliver your message to the following address"
        r"|message wasn't delivered|Message from +yahoo)",
        re.IGNORECASE,
    ),
    "WorkMail": re.compile(r"Technical report:", re.IGNORECASE),
    "Office 365": re.compile(
        r"(?:couldn't be delivered|wasn't able to be delivered|Your message to .{1,254} couldn|"
        r"Delivery has failed to these recipients)",
        re.IGNORECASE,
    ),
}
_SENDERS = re.compile(r"(?i)mailer-daemon|postmaster|microsoftexchange|mail delivery")
_SUBJECTS = re.compile(
    r"(?i)undeliver|delivery (?:status|failure|has failed)|failure notice|returned mail|"
    r"mail delivery failed|non remis"
)
_WAITING = re.compile(r"(?i)\b(?:delayed|still being retried|will (?:be )?re-?tr|no action is req)")
_COMPLAINTS = {"abuse", "fraud", "opt-out", "opt-out-list", "other", "virus"}

PERMANENT, TEMPORARY, DELAYED = "permanent", "temporary", "delayed"
REPORT, COMPLAINT, LEAVING, AUTOMATIC, OTHER = (
    "report",
    "complaint",
    "leaving",
    "automatic",
    "other",
)


@dataclass(frozen=True)
class Read:
    """What a mail says.

    ``kind``: REPORT, COMPLAINT, LEAVING, AUTOMATIC or OTHER. ``failure``: of a report, PERMANENT,
    TEMPORARY, or DELAYED (still being tried). ``mailbox``: of a permanent failure, that the mailbox
    itself is the reason, and not what was in the mail. ``reference``: of our mail that it is
    about. ``tokens``: to leave with, the likeliest first.
    """

    kind: str
    failure: str = ""
    mailbox: bool = False
    status: str = ""
    address: str = ""
    said: str = ""
    reference: str = ""
    tokens: tuple[str, ...] = ()


def read(raw: bytes, *, domain: str) -> Read:
    """Read a mail. ``domain``: that of our Message-IDs. Never raises for what somebody sent."""
    message = email.message_from_bytes(raw[:MOST_READ], policy=email.policy.compat32)
    reference = _reference(raw[:MOST_READ], message, domain)
    if complaint := _complaint(message, reference):
        return complaint
    if report := _report(message, reference):
        return report
    automatic = _header(message, "Auto-Submitted").lower().startswith("auto-replied")
    if not automatic and (tokens := _tokens(message)):
        return Read(LEAVING, tokens=tokens)
    if automatic or _is_automatic(message):
        return Read(AUTOMATIC, reference=reference)
    return Read(OTHER, reference=reference)


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


# Which mail of ours


def _reference(raw, message, domain):
    """Ours, wherever it stands: the address it came to, or the Message-ID in the copy of it."""
    for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"):
        for value in message.get_all(name, []):
            if found := re.search(rf"\+bounce-({REFERENCE})@", str(value), re.IGNORECASE):
                return found[1].lower()
    ours = re.compile(rf"({REFERENCE})@{re.escape(domain)}".encode())
    if found := ours.search(raw.replace(b"=\r\n", b"").replace(b"=\n", b"")):
        return found[1].decode()
    for part in message.walk():
        if not part.is_multipart() and (found := ours.search(_payload(part))):
            return found[1].decode()
    return ""


def _payload(part) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return b""
    return found if isinstance(found, bytes) else b""


def _words(part) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        return _payload(part).decode(charset, "replace")
    except (LookupError, ValueError):  # a name of no charset, or not even a name
        return _payload(part).decode("latin-1")


# Complaints (RFC 5965)


def _complaint(message, reference):
    for part in message.walk():
        if part.get_content_type() != "message/feedback-report":
            continue
        fields = _fields(part)
        kind = fields.get("feedback-type", "").lower()
        if kind not in _COMPLAINTS:
            return Read(OTHER, said=f"feedback of the kind {kind[:40]}", reference=reference)
        address = parseaddr(fields.get("original-rcpt-to", ""))[1]
        return Read(COMPLAINT, address=address, said=kind, reference=reference)
    return None


def _fields(part) -> dict[str, str]:
    """The fields of a part that is nothing but fields, however it was wrapped."""
    inner = part.get_payload()
    blocks = inner if isinstance(inner, list) else [email.message_from_string(_words(part))]
    found: dict[str, str] = {}
    for block in blocks:
        for name, value in block.items():
            found.setdefault(name.lower(), " ".join(str(value).split()))
    return found


# Reports of failure (RFC 3464), and those who have a form of their own


def _report(message, reference):
    if standard := _standard(message, reference):
        return standard
    words = _own_words(message)
    form = any(pattern.search(words) for pattern in _FORMS.values())
    from_daemon = bool(_SENDERS.search(_header(message, "From"))) or (
        _header(message, "Return-Path") == "<>"
        and bool(_SUBJECTS.search(_header(message, "Subject")))
    )
    temporary, permanent = _by_flufl(message)
    if not (temporary or permanent or (from_daemon and (form or _is_failure(message, words)))):
        return None
    status, said = first_status(words)
    if _WAITING.search(words) and not permanent:
        failure = DELAYED
    elif status.startswith("4") or (temporary and not permanent and not status):
        failure = TEMPORARY
    else:
        failure = PERMANENT
    addresses = sorted(permanent or temporary) or _ADDRESS.findall(words)[:1]
    return Read(
        REPORT,
        failure=failure,
        mailbox=failure == PERMANENT and is_of_mailbox(status, said or words),
        status=status,
        address=addresses[0] if addresses else "",
        said=said,
        reference=reference,
    )


def _standard(message, reference):
    """The part for programs. A field with a comment or a wrong name is read all the same."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        fields = _fields(part)
        action = fields.get("action", "").lower()
        status = _STATUS.search(fields.get("status", ""))
        said = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get(
            "status", ""
        )
        if not status:
            status = _STATUS.search(said)
        number = status[0] if status else ""
        recipient = fields.get("final-recipient", "") or fields.get("original-recipient", "")
        address = _ADDRESS.search(recipient.partition(";")[2] or recipient)
        if action.startswith(("delivered", "relayed", "expanded")) or number.startswith("2"):
            return Read(OTHER, said=f"{action} {number}".strip(), reference=reference)
        if action.startswith("delayed"):
            failure = DELAYED
        elif action.startswith(("fail", "error")) or number:
            failure = TEMPORARY if number.startswith("4") else PERMANENT
        else:
            continue
        return Read(
            REPORT,
            failure=failure,
            mailbox=failure == PERMANENT and is_of_mailbox(number, said),
            status=number,
            address=address[1] if address else "",
            said=said[:300],
            reference=reference,
        )
    return None


def _by_flufl(message):
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001  a report that its readers choke on is read by ours
        return set(), set()
    return (
        {address.decode("ascii", "replace") for address in temporary},
        {address.decode("ascii", "replace") for address in permanent},
    )


def _own_words(message):
    """What the report itself says, before any copy of the mail that came back."""
    for part in message.walk():
        if part.get_content_type() in {"text/plain", "text/html"}:
            words = _words(part)
            if part.get_content_type() == "text/html":
                words = re.sub(r"<[^<>@]{0,500}>", " ", words)
            copy = _COPY.search(words)
            return words[: copy.start()] if copy else words
    return ""


def _is_failure(message, words):
    return bool(_SUBJECTS.search(_header(message, "Subject"))) and bool(first_status(words)[0])


def status_of(words: str) -> str:
    """The first status (RFC 3463) in what a server said, such as 5.1.1; empty if there is none."""
    return first_status(words)[0]


def first_status(words: str) -> tuple[str, str]:
    """The first status in a text, and the line it stands in. ``550`` alone is as good as 5.0.0."""
    if found := _STATUS.search(words):
        status, at = found[0], found.start()
    elif found := _CODE.search(words):
        status, at = f"{found[1]}.0.0", found.start(1)
    else:
        return "", ""
    line = words[words.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    return status, " ".join(line.split())[:300]


_MAILBOX_WORDS = re.compile(
    r"(?i)no such (?:user|mailbox|recipient|address)|(?:user|mailbox|recipient|address)"
    r"(?: is| was)? (?:unknown|not found|unavailable|disabled|invalid)"
    r"|unknown (?:user|recipient|address)|(?:does not|doesn't) exist|recipientnotfound"
    r"|doesn't have a .{0,40}account|account .{0,60}(?:disabled|discontinued|over)"
)
_OTHER_WORDS = re.compile(r"(?i)spam|blocked|blacklist|policy|reputation|dmarc|dkim|spf|content")


def is_of_mailbox(status: str, said: str) -> bool:
    """Whether it failed because of the mailbox: our being blocked is no reason to drop a person."""
    if re.match(r"5\.1\.(?:1|2|3|6|10)$|5\.2\.1$", status):
        return not _OTHER_WORDS.search(said) or bool(_MAILBOX_WORDS.search(said))
    if re.match(r"5\.7\.", status):
        return False
    return bool(_MAILBOX_WORDS.search(said)) or (
        status in {"5.0.0", ""} and not _OTHER_WORDS.search(said)
    )


# People who leave, and machines that answer


def _tokens(message):
    """What to leave with: in the subject, where capitals survive, then in the address."""
    found = re.findall(r"(?i)\bleave ([A-Za-z0-9._=-]+)", _header(message, "Subject"))
    for name in ("To", "Delivered-To", "X-Original-To"):
        for value in message.get_all(name, []):
            found += re.findall(r"\+leave-([A-Za-z0-9._=-]+)@", str(value))
    return tuple(dict.fromkeys(found))


def _is_automatic(message):
    submitted = _header(message, "Auto-Submitted").lower()
    precedence = _header(message, "Precedence").lower()
    return (
        (submitted not in {"", "no"})
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or "X-Autoreply" in message
        or "X-Autorespond" in message
    )
