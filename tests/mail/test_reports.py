"""Mail as it comes back, written by us after RFC 3464, RFC 5965 and the forms of mail programs."""

from pathlib import Path

import pytest
from flufl.bounce import all_failures
from hypothesis import given
from hypothesis import strategies as st

from localoffer.mail import reports
from localoffer.mail.reports import (
    AUTOMATIC,
    COMPLAINT,
    DELAYED,
    LEAVING,
    OTHER,
    PERMANENT,
    REPORT,
    TEMPORARY,
)

FIXTURES = Path(__file__).parent / "fixtures"
REFERENCE = "5f2b6c0e9a7d4e1b8c3f0a9b1d2e4c7f"


def read(name):
    return reports.read((FIXTURES / f"{name}.eml").read_bytes(), domain="barsetshire.example")


@pytest.mark.parametrize(
    ("name", "failure", "mailbox", "status"),
    [
        ("postfix-no-mailbox", PERMANENT, True, "5.1.1"),
        ("postfix-full", TEMPORARY, False, "4.2.2"),
        ("postfix-delayed", DELAYED, False, "4.4.1"),
        ("exchange-spam", PERMANENT, False, "5.7.1"),
        ("office365-no-type", PERMANENT, True, "5.1.10"),
        ("office365-words-only", PERMANENT, True, "5.1.10"),
        ("dragonfly", PERMANENT, True, "5.1.1"),
        ("dragonfly-expired", TEMPORARY, False, "4.2.2"),
        ("opensmtpd", PERMANENT, True, "5.1.1"),
        ("opensmtpd-warning", DELAYED, False, "4.4.1"),
        ("yahoo", PERMANENT, True, "5.0.0"),
        ("yahoo-no-account", PERMANENT, True, "5.0.0"),
        ("workmail", PERMANENT, True, "5.1.1"),
    ],
)
def test_a_report_is_read_and_says_which_mail_it_is_about(name, failure, mailbox, status):
    found = read(name)

    assert (found.kind, found.failure, found.mailbox, found.status) == (
        REPORT,
        failure,
        mailbox,
        status,
    )
    assert found.reference == REFERENCE


def test_some_of_these_are_forms_that_the_library_does_not_know():
    """Should it learn them all, our own readers can go."""
    import email  # noqa: PLC0415

    missed = [
        path.stem
        for path in FIXTURES.glob("*.eml")
        if read(path.stem).kind == REPORT
        and not any(all_failures(email.message_from_bytes(path.read_bytes())))
    ]

    assert {"dragonfly", "workmail", "office365-words-only"} <= set(missed)


def test_a_complaint_is_told_from_other_feedback():
    assert (read("arf-abuse").kind, read("arf-abuse").reference) == (COMPLAINT, REFERENCE)
    assert read("arf-abuse").address == "parent@mail.example"
    assert read("arf-not-spam").kind == OTHER
    assert read("delivered").kind == OTHER


def test_people_leave_by_the_token_in_the_subject_or_in_the_address():
    assert read("leave").kind == LEAVING
    assert read("leave").tokens == ("TOKEN-1", "token-1")
    assert read("leave-by-provider").tokens == ("TOKEN-1",)


def test_a_machine_that_answers_does_not_leave_and_is_no_report():
    assert read("away").kind == AUTOMATIC
    assert read("away-to-leave").kind == AUTOMATIC


def test_a_person_who_writes_is_no_report_whatever_they_say():
    assert read("person").kind == OTHER


def test_a_report_about_another_address_than_ours_names_no_mail_of_ours():
    raw = (FIXTURES / "postfix-no-mailbox.eml").read_bytes()

    found = reports.read(raw.replace(REFERENCE.encode(), b"somebody-elses"), domain="x.example")

    assert (found.kind, found.reference) == (REPORT, "")


@given(st.binary(max_size=2_000))
def test_whatever_comes_is_read_without_failing(raw):
    assert reports.read(raw, domain="barsetshire.example").reference == ""


@pytest.mark.parametrize("charset", ["no-such", "base64", "utf-8\0", ""])
def test_words_in_an_unknown_charset_are_still_looked_at(charset):
    raw = f'Subject: Out\nContent-Type: text/plain; charset="{charset}"\n\nI am away.\n'

    assert reports.read(raw.encode(), domain="barsetshire.example").kind == OTHER


@given(st.sampled_from(sorted(FIXTURES.glob("*.eml"))), st.data())
def test_a_report_that_was_damaged_is_read_without_failing(path, data):
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 20))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))

    found = reports.read(bytes(raw[:cut]), domain="barsetshire.example")

    assert found.kind in {REPORT, COMPLAINT, LEAVING, AUTOMATIC, OTHER}
