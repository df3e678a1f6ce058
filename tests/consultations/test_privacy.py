"""Nothing is known of who answered."""

import uuid

from django.db import connection

from localoffer.consultations.models import Draft, Response
from tests.consultations.pages import START, at, begin, post, whole

PERSONAL = {"ip", "address", "agent", "user", "session", "email", "name", "phone", "time", "at"}


def test_a_response_has_no_column_for_who_or_when():
    fields = {field.name for field in Response._meta.concrete_fields}

    assert fields == {
        "id", "authority", "door", "version", "variant", "channel", "answers", "submitted_on",
        "late", "receipt_digest", "withdrawn", "words_deleted", "unread", "alarm", "mixed",
    }  # fmt: skip
    kinds = {field.name: field.get_internal_type() for field in Response._meta.concrete_fields}
    assert (kinds["id"], kinds["submitted_on"]) == ("UUIDField", "DateField")
    assert not any(part in PERSONAL for name in fields for part in name.split("_"))


def test_sending_writes_to_no_table_but_that_of_responses(client, while_open):
    """A dump holds nothing that came with a response and could join it to a person."""

    def rows():
        found = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
                found[table] = sorted(map(repr, cursor.fetchall()))
        return found

    before = rows()
    client.get("/", headers={"user-agent": "Curious/1.0"}, REMOTE_ADDR="198.51.100.77")
    whole(client)
    after = rows()

    assert {table for table in after if after[table] != before[table]} == {"consultations_response"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM consultations_response")
        dump = repr(cursor.fetchall())
    assert "198.51.100.77" not in dump
    assert "12:00" not in dump


def test_the_key_of_a_response_tells_nothing_of_its_draft(client, while_open):
    begin(client)
    draft = Draft.objects.get().pk
    post(client, at("AGE"), answer="AGE2")
    post(client, at("WORDS"), answer="")
    client.post(f"{START}check/")

    response = Response.objects.get()
    assert response.pk != draft
    assert uuid.UUID(str(response.pk)).version == 4
    assert draft.hex not in repr(Response.objects.values().get())


def test_the_cookie_is_for_these_pages_and_ends_with_the_browser(client, while_open):
    begin(client)
    cookie = client.cookies["answering"]

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "/have-your-say/answer/",
        True,
        "Lax",
    )
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_no_page_of_a_survey_is_kept_anywhere(client, while_open):
    begin(client)
    for url in [START, at("AGE"), f"{START}save/", "/have-your-say/receipt/"]:
        assert "no-store" in client.get(url).headers["Cache-Control"]
