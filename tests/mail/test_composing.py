"""What a mail looks like to a mail server, a mail program, and somebody with a text terminal."""

import base64
import email
import email.policy
import re
from datetime import UTC, datetime
from email.utils import getaddresses

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from localoffer.mail.composing import Envelope, Letter, compose, flow, literal, unflowed

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
REFERENCE = "0123456789abcdef" * 2
ENVELOPE = Envelope(
    sender_name="Barsetshire SEND Local Offer",
    sender="localoffer@barsetshire.example",
    reply_to="team@barsetshire.example",
    inbox="mail@barsetshire.example",
    list_id="updates",
    list_name="Barsetshire: updates",
)


def made(letter=None, *, envelope=ENVELOPE, personal=None, parts=(), **fields):
    values = {
        "reference": REFERENCE,
        "to": "parent@example.org",
        "leave_url": "https://barsetshire.example/updates/leave/TOKEN/",
        "leave_token": "TOKEN-1",
        **fields,
    }
    return compose(
        letter=letter or Letter("News", "Hello.", "<p>Hello.</p>"),
        envelope=envelope,
        personal=personal or {},
        parts=list(parts),
        now=NOW,
        **values,
    )


def parsed(mail):
    return email.message_from_bytes(mail.content, policy=email.policy.SMTP)


def test_every_header_that_mail_programs_and_servers_ask_for():
    message = parsed(made())

    assert {name: str(value) for name, value in message.items()} == {
        "From": "Barsetshire SEND Local Offer <localoffer@barsetshire.example>",
        "To": "parent@example.org",
        "Subject": "News",
        "Date": "Thu, 26 Nov 2026 09:00:00 +0000",
        "Message-ID": f"<{REFERENCE}@barsetshire.example>",
        "Auto-Submitted": "auto-generated",
        "Reply-To": "team@barsetshire.example",
        "List-Id": '"Barsetshire: updates" <updates.barsetshire.example>',
        "Precedence": "bulk",
        "List-Unsubscribe": "<https://barsetshire.example/updates/leave/TOKEN/>, "
        "<mailto:mail+leave-TOKEN-1@barsetshire.example?subject=leave%20TOKEN-1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="=_{REFERENCE}"',
    }
    assert message.defects == []


def test_one_persons_own_mail_has_no_way_to_leave():
    envelope = Envelope(sender_name="Barsetshire", sender="localoffer@barsetshire.example")

    names = set(parsed(made(envelope=envelope, leave_url="", leave_token="")).keys())

    assert not {name for name in names if name.startswith("List-")}
    assert "Precedence" not in names
    assert "Auto-Submitted" in names


def test_a_mail_sent_twice_is_the_same_mail():
    assert made() == made()


def test_a_report_comes_back_to_an_address_that_says_which_mail_it_was():
    plain = Envelope(sender_name="", sender="a@b.example", inbox="in@b.example", plus=False)

    assert made().return_path == f"mail+bounce-{REFERENCE}@barsetshire.example"
    assert made(envelope=plain, leave_token="").return_path == "in@b.example"


def test_a_long_token_to_leave_with_stands_in_the_subject_alone():
    way = str(parsed(made(leave_token="x" * 80))["List-Unsubscribe"])

    assert f"<mailto:mail@barsetshire.example?subject=leave%20{'x' * 80}>" in way


@pytest.fixture(scope="module")
def key():
    """A key of our own, and the line of DNS that belongs to it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return pem, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


SIGNED = [
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
]


def test_a_signature_covers_both_headers_of_leaving_and_holds(key):
    pem, record = key
    mail = made(Letter("Café news", "Hello " * 60 + "{{ name }}", "<p>Hello</p>"))

    header = dkim.sign(mail.content, b"mail", b"barsetshire.example", pem, include_headers=SIGNED)
    signed = header + mail.content

    def holds(content):
        return dkim.verify(content, dnsfunc=lambda name, timeout=5: record)

    covered = re.search(rb"h=([^;]+);", header)[1].replace(b"\r\n", b"").replace(b" ", b"")
    assert {b"list-unsubscribe", b"list-unsubscribe-post"} <= set(covered.split(b":"))
    assert holds(signed)
    assert not holds(signed.replace(b"leave/TOKEN/", b"leave/OTHER/"))
    assert not holds(signed.replace(b"=One-Click", b"=Two-Click"))


WORDS = (
    "Hello Sam,\n\nA new club for children who like company meets each Monday in the village hall "
    "of Barchester, and everyone is welcome. Parents may stay.\n\n"
    "https://barsetshire.example/find-help/service/a-very-long-address-that-must-not-be-broken-in-"
    "two-or-it-does-not-work/\n\n> this is not a quotation\nFrom here on it is the team.\n\n-- \n"
    "The Local Offer team"
)


def test_the_plain_text_reads_well_in_a_text_terminal():
    content = parsed(made(Letter("News", WORDS))).get_body(("plain",))
    raw = content.get_content().replace("\r\n", "\n").rstrip("\n")

    assert content.get_param("format") == "flowed"
    lines = raw.split("\n")
    assert all(len(line) <= 78 for line in lines if "https:" not in line)
    assert sum("https:" in line for line in lines) == 1
    assert all(not line.startswith((">", "From ")) for line in lines)
    assert "-- " in lines
    assert unflowed(raw) == WORDS


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=400))
def test_broken_lines_join_to_the_words_they_were(words):
    joined = unflowed(flow(words))

    assert [line.rstrip() for line in joined.split("\n")] == [
        line.rstrip() for line in words.split("\n")
    ]


anything = st.text(st.characters(codec="utf-8"), max_size=120)


@given(subject=anything, name=anything, words=anything, sender=anything)
def test_nothing_that_is_put_in_adds_a_header_or_breaks_a_part(subject, name, words, sender):
    letter = Letter(f"News {{{{ name }}}} {subject}", "Hello {{ words }}.", "<p>{{ words }}</p>")
    envelope = Envelope(sender_name=sender, sender="a@b.example", list_id="u", list_name=sender)

    mail = made(letter, envelope=envelope, personal={"name": name, "words": words})
    message = parsed(mail)

    assert mail.content.isascii()
    assert max(map(len, mail.content.split(b"\r\n"))) <= 998
    assert b"\n" not in mail.content.replace(b"\r\n", b"")
    assert b"\r" not in mail.content.replace(b"\r\n", b"")
    assert len(message.keys()) == len(set(message.keys()))
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert getaddresses([str(message["From"])])[-1][1] == "a@b.example"


def test_what_is_put_in_html_is_escaped_and_is_never_a_place_itself():
    letter = Letter(
        "S",
        "{{ name }} {{ parts }}",
        "<p>{{ name }}</p>{{ parts }}",
        [
            {"key": "one", "text": "For {{ name }}", "html": "<b>{{ name }}</b>"},
        ],
    )

    mail = made(letter, personal={"name": "<i>{{ parts }}</i>"})

    assert mail.html == "<p>&lt;i&gt;{{ parts }}&lt;/i&gt;</p><b>&lt;i&gt;{{ parts }}&lt;/i&gt;</b>"
    assert mail.text == "<i>{{ parts }}</i> For <i>{{ parts }}</i>"


@pytest.mark.parametrize(
    "words", ["{{ name }}", "{{name}}", "{{{ name }}}", "{{{{ parts }}}}", "{{ braces }}", "{{"]
)
def test_words_of_others_are_said_as_they_are(words):
    letter = Letter(
        literal(words),
        f"{literal(words)} {{{{ name }}}}",
        f"<p>{literal(words)}</p>",
        [{"key": "one", "text": "A part", "html": "A part"}],
    )

    mail = made(letter, personal={"name": "Person", "braces": "forged"})

    assert (mail.subject, mail.text, mail.html) == (words, f"{words} Person", f"<p>{words}</p>")


def test_each_gets_their_parts_in_the_order_of_the_message():
    parts = [{"key": key, "text": key, "html": ""} for key in ("one", "two", "three")]
    letter = Letter("S", "{{ parts }}", "", parts)

    assert made(letter, parts=["three", "one"]).text == "one\n\nthree"
    assert made(letter).text == "one\n\ntwo\n\nthree"
