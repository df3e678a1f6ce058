import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from localoffer.authority.models import PublicItem
from localoffer.feedback import panels
from localoffer.feedback.models import Comment, State
from tests.factories.authority import make_officer
from tests.factories.feedback import make_comment
from tests.factories.pages import make_page


def sent(**fields):
    return {"kind": "wrong", "text": "The number is wrong.", "token": str(uuid.uuid4()), **fields}


def test_a_comment_is_taken_and_its_reference_given(client, home):
    page = make_page(home)
    item = PublicItem.objects.get(kind="page", key=str(page.pk))

    response = client.post(f"/feedback/?about={item.shown_reference}", sent(), follow=True)

    comment = Comment.objects.get()
    assert (comment.about, comment.text, comment.state) == (
        item,
        "The number is wrong.",
        "received",
    )
    assert comment.shown_reference.encode() in response.content
    assert b"The number is wrong" not in response.content


def test_the_same_form_sent_twice_is_one_comment(client, home):
    form = sent()

    first, second = client.post("/feedback/", form), client.post("/feedback/", form)

    assert Comment.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "Write what you want to tell us"),
        ({"text": "  "}, "Write what you want to tell us"),
        ({"text": "x" * 5001}, "Use 5,000 characters or fewer"),
        ({"kind": ""}, "Choose what you want to tell us"),
        ({"kind": "spam"}, "Choose what you want to tell us"),
        ({"email": "not an address"}, "Enter an email address in the right form"),
        ({"token": "not a token"}, "Send it again"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, home, fields, message):
    response = client.post("/feedback/", sent(email="me@example.org") | fields)

    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: " in html
    assert message in html
    assert fields.get("text", "The number is wrong.").strip() in html
    assert not Comment.objects.exists()


def test_a_form_whose_token_was_lost_can_be_sent_again(client, home):
    response = client.post("/feedback/", sent(token=""))

    token = response.context["form"]["token"].value()
    assert client.post("/feedback/", sent(token=token)).status_code == 302


@pytest.mark.parametrize("about", ["nonsense", "AAAA-AAAA-A", "", "%00", "7K3M-9Q2X-4"])
def test_a_mistyped_reference_does_not_stop_anyone(client, home, about):
    assert client.get(f"/feedback/?about={about}").status_code == 200


def test_a_thing_of_another_authority_is_not_named(client, home, neighbour):
    now = timezone.now()
    theirs = PublicItem.objects.create(
        authority=neighbour,
        kind="page",
        key="0",
        title="Theirs",
        url="/",
        state="public",
        changed=now,
    )

    html = client.get(f"/feedback/?about={theirs.shown_reference}").content.decode()

    assert "Theirs" not in html


def test_asking_for_another_format_is_chosen_for_you(client, home):
    html = client.get("/feedback/?kind=format").content.decode()

    assert 'value="format" checked' in " ".join(html.split())


def test_the_form_is_never_kept_by_a_cache_and_warns_not_to_name_a_child(client, home):
    response = client.get("/feedback/")

    assert "no-store" in response.headers["Cache-Control"]
    assert b"Do not name a child" in response.content
    assert b"csrfmiddlewaretoken" in response.content


def test_a_reference_of_another_authority_has_no_thanks(client, home, neighbour):
    comment = make_comment(neighbour)

    assert client.get(f"/feedback/thanks/{comment.shown_reference}/").status_code == 404
    assert client.get("/feedback/thanks/nonsense/").status_code == 404


def test_nothing_of_who_wrote_is_kept():
    fields = {field.name for field in Comment._meta.get_fields()}

    assert not {name for name in fields if "ip" in name.split("_") or "agent" in name}


@pytest.mark.parametrize("outcome", ["answered", "closed"])
def test_an_officer_says_what_became_of_a_comment(client, authority, home, outcome):
    client.force_login(make_officer(authority, role="participation_officer"))
    comment = make_comment(authority)
    address = reverse("comments:edit", args=[comment.pk])

    shown = client.get(address)
    client.post(address, {"outcome": outcome, "response": "We mended the number."})

    comment.refresh_from_db()
    assert b"The number is wrong." in shown.content
    assert (comment.state, comment.response) == (outcome, "We mended the number.")
    assert comment.handled_at is not None


def test_a_comment_dealt_with_by_a_colleague_meanwhile_is_not_dealt_with_again(
    admin, authority, home
):
    comment = make_comment(
        authority, state=State.ANSWERED, response="Done.", handled_at=timezone.now()
    )

    response = admin.post(
        reverse("comments:edit", args=[comment.pk]), {"outcome": "closed", "response": "No."}
    )

    comment.refresh_from_db()
    assert (response.status_code, comment.response) == (200, "Done.")


def test_another_authoritys_comment_is_not_found(admin, neighbour):
    comment = make_comment(neighbour)

    for name in ["edit", "delete", "inspect", "history", "usage"]:
        for method in [admin.get, admin.post]:
            assert method(reverse(f"comments:{name}", args=[comment.pk])).status_code == 404
    assert comment.text.encode() not in admin.get(reverse("comments:index")).content


def test_a_content_editor_sees_no_comments(client, authority, home):
    client.force_login(make_officer(authority, role="content_editor"))

    assert client.get(reverse("comments:index")).status_code == 302


def test_the_first_page_of_the_admin_says_what_is_waiting_and_late(admin, authority, home):
    make_comment(authority, received_at=timezone.now() - timedelta(days=29))
    make_comment(authority, kind=Comment.Kind.PRAISE)

    html = admin.get("/admin/").content.decode()

    assert "Comments waiting, 1 late" in html
    assert "Late: was due" in html


def test_the_panel_asks_the_same_number_of_queries_however_many_comments(
    authority, home, django_assert_num_queries
):
    from localoffer.authority.models import Authority  # noqa: PLC0415

    ours = Authority.objects.filter(pk=authority.pk)
    for number in [1, 5]:
        for _n in range(number):
            make_comment(authority)
        with django_assert_num_queries(3):
            panels.waiting(authorities=ours, now=timezone.now())


@pytest.mark.parametrize(
    ("words", "begun"),
    [
        ("a hoist", "I looked for “a hoist” and did not find it."),
        ("</textarea><script>\0", "I looked for “</textarea><script>” and did not find it."),
        ("x" * 10_000, f"I looked for “{'x' * 200}” and did not find it."),
        (" \0\n ", ""),
    ],
)
def test_words_that_found_nothing_begin_a_comment(client, home, words, begun):
    response = client.get("/feedback/", {"kind": "missing", "looked_for": words})

    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("textarea").string.strip() == begun
    assert page.select_one("input[value=missing]").has_attr("checked")
    assert "no-store" in response["Cache-Control"]
