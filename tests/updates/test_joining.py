import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from localoffer.mail.models import OutboxEmail
from localoffer.updates import slowing, tasks, tokens
from localoffer.updates.actions import joining, terms
from localoffer.updates.actions.joining import Choices
from localoffer.updates.models import ConsentRecord, ConsentText, SignUp, Subscriber, Subscription
from tests.factories.news import make_story
from tests.factories.pages import make_page
from tests.factories.updates import BELLS, form_number, item_of, make_person

SIGN_UP = "/updates/sign-up/"
CHECK = "/updates/check-your-email/"


def sent(**fields):
    return {
        "form": slowing.new_form(),
        "topics": [BELLS],
        "frequency": "weekly",
        "format": "html",
        "email": "parent@example.org",
        **fields,
    }


def ask(authority, address="parent@example.org", **fields):
    joining.ask(
        authority=authority,
        address=address,
        address_key=address.casefold(),
        form=form_number(),
        choices=Choices(topics=[BELLS]),
        **fields,
    )


def link(mail):
    """The path of the first link in a mail."""
    return re.search(r"https?://[^/]+(/updates/\S+)", mail.message.text)[1]


def test_looking_at_a_form_writes_nothing(client, authority, index, bells, writer):
    follow = f"/updates/follow/{item_of(make_story(index)).shown_reference}/"
    client.force_login(writer)

    for url in [SIGN_UP, follow, reverse("subscribers:add")]:
        assert "will send you updates" in client.get(url).content.decode()

    assert not ConsentText.objects.exists()


def test_a_visitor_signs_up_confirms_and_follows(client, authority, bells, post):
    response = client.post(SIGN_UP, sent(ages=["5-10"], format="large"))
    assert (response.status_code, response.headers["Location"]) == (302, CHECK)
    assert not Subscriber.objects.exists()

    [mail] = post()
    page = client.get(link(mail))
    assert (page.status_code, Subscriber.objects.count()) == (200, 0)

    done = client.post(link(mail), follow=True)

    subscriber = Subscriber.objects.get()
    assert b"You get our updates now" in done.content
    assert (subscriber.address, subscriber.format, subscriber.ages) == (
        "parent@example.org",
        "large",
        ["5-10"],
    )
    subscription = subscriber.subscriptions.get()
    assert (subscription.topic, subscription.frequency) == (bells, "weekly")
    record = ConsentRecord.objects.get()
    assert (record.channel, record.wording.version, record.taken_by) == ("web", 1, None)


def test_looking_at_the_link_changes_nothing_and_pressing_twice_does_it_once(
    client, authority, bells, post
):
    client.post(SIGN_UP, sent())
    [mail] = post()

    for _look in range(3):
        client.get(link(mail))
        client.head(link(mail))
    assert not Subscriber.objects.exists()

    first, second = client.post(link(mail)), client.post(link(mail))

    assert first.headers["Location"] == second.headers["Location"]
    assert (Subscriber.objects.count(), Subscription.objects.count()) == (1, 1)
    assert ConsentRecord.objects.count() == 1


def test_known_and_unknown_addresses_see_the_same(client, authority, bells):
    make_person(authority)

    known = client.post(SIGN_UP, sent())
    unknown = client.post(SIGN_UP, sent(email="other@example.org"))

    assert known.headers["Location"] == unknown.headers["Location"] == CHECK
    assert known.content == unknown.content
    assert known.cookies.keys() == unknown.cookies.keys()
    texts = OutboxEmail.objects.order_by("pk").values_list("message__text", flat=True)
    plain = {re.sub(r"https?://\S+", "LINK", text) for text in texts}
    assert len(plain) == 1


def test_a_sign_up_by_somebody_else_changes_nothing_before_a_yes(client, authority, bells, post):
    person = make_person(authority, format="plain")
    before = list(Subscription.objects.values())

    client.post(SIGN_UP, sent(frequency="daily", format="large"))

    person.refresh_from_db()
    assert (person.format, list(Subscription.objects.values())) == ("plain", before)


def test_the_same_address_in_other_capitals_is_one_person(client, authority, bells, post):
    for typed in ["Parent@Example.org", "  parent@EXAMPLE.ORG "]:
        client.post(SIGN_UP, sent(email=typed))
    for mail in post():
        client.post(link(mail))

    assert Subscriber.objects.get().address_key == "parent@example.org"
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter your email address"),
        ("parent", "Enter an email address in the correct format"),
        ("a parent@example.org", "Take the spaces out of the email address"),
        ("parent@exam ple.org", "Take the spaces out of the email address"),
        ("parent@example..org", "Enter an email address in the correct format"),
        ("pärent@example.org", "accents before the @"),
        ("p" * 64 + "@" + "e" * 190 + ".org", "Use an email address of 254 characters or fewer"),
        ("parent@exa\0mple.org", "Null characters are not allowed"),
        ("one@example.org, two@example.org", "Take the spaces out"),
        ("one@example.org\nBcc: two@example.org", "Take the spaces out"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_by_the_field_and_in_the_summary(
    client, authority, bells, typed, message
):
    response = client.post(SIGN_UP, sent(email=typed))

    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert message in page.select_one("#id_email-error").text
    assert page.select_one('.govuk-error-summary a[href="#id_email"]')
    assert page.select_one(f"input[name=topics][value={BELLS}]").has_attr("checked")
    assert not SignUp.objects.exists()


def test_a_domain_with_other_letters_is_written_as_mail_needs_it(client, authority, bells):
    client.post(SIGN_UP, sent(email="parent@bücher.example.org"))

    assert SignUp.objects.get().address == "parent@xn--bcher-kva.example.org"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"topics": []}, "Choose at least one subject"),
        ({"topics": ["nothing"]}, "Select a valid choice"),
        ({"frequency": "hourly"}, "Select a valid choice"),
        ({"format": "post"}, "Select a valid choice"),
        ({"form": "altered"}, "Send it again"),
        ({"form": ""}, "Send it again"),
        ({"form": "x" * 5_000}, "200"),
    ],
)
def test_other_mistakes_are_said(client, authority, bells, fields, message):
    response = client.post(SIGN_UP, sent(**fields))

    assert message in response.content.decode()
    assert not SignUp.objects.exists()


def test_a_form_that_was_altered_can_be_sent_again(client, authority, bells):
    page = BeautifulSoup(client.post(SIGN_UP, sent(form="altered")).content, "html.parser")

    again = client.post(SIGN_UP, sent(form=page.select_one("input[name=form]")["value"]))

    assert again.headers["Location"] == CHECK
    assert SignUp.objects.count() == 1


def test_the_same_form_sent_twice_is_one_mail(client, authority, bells):
    form = sent()

    client.post(SIGN_UP, form)
    client.post(SIGN_UP, form)

    assert OutboxEmail.objects.count() == 1


def test_an_address_gets_three_confirmations_a_day_and_everybody_sees_the_same(
    client, authority, bells, neighbour
):
    answers = {client.post(SIGN_UP, sent()).headers["Location"] for _n in range(6)}
    ask(neighbour)

    assert answers == {CHECK}
    assert OutboxEmail.objects.filter(authority=authority).count() == 3
    assert OutboxEmail.objects.filter(authority=neighbour).count() == 1


def test_the_next_day_it_may_be_asked_again(authority, bells):
    now = timezone.now()
    for days in [0, 0, 0, 0, 1]:
        ask(authority, now=now + timedelta(days=days))

    assert OutboxEmail.objects.count() == 4


def test_the_database_itself_allows_no_fourth(authority, bells):
    ask(authority)
    row = SignUp.objects.get()
    row.pk, row.uuid, row.form, row.slot = None, form_number(), form_number(), 4

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_program_that_fills_in_every_field_is_told_nothing(client, authority, bells):
    response = client.post(SIGN_UP, sent(extra="http://spam.example"))

    assert response.headers["Location"] == CHECK
    assert not SignUp.objects.exists()


def test_a_thousand_sign_ups_from_one_form_are_slowed_and_hold_nobody_else_up(
    client, authority, bells
):
    form = slowing.new_form()
    codes = [
        client.post(SIGN_UP, sent(form=form, email=f"p{n}@example.org")).status_code
        for n in range(40)
    ]

    other = client.post(SIGN_UP, sent(email="somebody@example.org"))

    assert codes == [302] * 5 + [429] * 35
    assert other.status_code == 302
    assert OutboxEmail.objects.count() == 6
    page = client.post(SIGN_UP, sent(form=form, email="p99@example.org")).content.decode()
    assert "Wait 60 seconds" in page
    assert "p99@example.org" in page


def test_when_very_many_come_only_forms_that_were_just_shown_wait(
    client, authority, bells, monkeypatch
):
    monkeypatch.setattr(slowing, "OF_ALL_FORMS", 3)
    for n in range(3):
        ask(authority, f"p{n}@example.org")
    form = slowing.new_form()

    fresh = client.post(SIGN_UP, sent(form=form))
    monkeypatch.setattr(slowing, "OLD_ENOUGH", timedelta(seconds=-1))
    read = client.post(SIGN_UP, sent(form=form))

    assert (fresh.status_code, read.status_code) == (429, 302)


def test_nothing_of_the_browser_is_kept(client, authority, bells):
    client.post(SIGN_UP, sent(), headers={"user-agent": "Brows-er"}, REMOTE_ADDR="192.0.2.7")

    row = SignUp.objects.values().get() | OutboxEmail.objects.values().get()
    assert "192.0.2.7" not in str(row)
    assert "Brows-er" not in str(row)


@pytest.mark.parametrize("token", ["x", "", "a.b", "\u00e9" * 20, "x" * 5_000])
def test_an_altered_token_gets_a_page_that_says_what_to_do(client, authority, token):
    for path in ["confirm", "manage", "leave", "stay"]:
        response = client.get(f"/updates/{path}/{token or 'none'}/")
        assert response.status_code == 404
        assert b"This link no longer works" in response.content


def test_a_token_of_another_authority_or_purpose_is_not_taken(client, authority, neighbour, bells):
    theirs = make_person(neighbour)
    ours = make_person(authority)

    foreign = reverse("updates:manage", args=[tokens.make(tokens.MANAGE, theirs.uuid)])
    purpose = reverse("updates:manage", args=[tokens.make(tokens.LEAVE, ours.uuid)])

    assert [client.get(path).status_code for path in [foreign, purpose]] == [404, 404]


def test_a_sign_up_can_be_confirmed_for_seven_days(client, authority, bells, post):
    client.post(SIGN_UP, sent())
    [mail] = post()
    SignUp.objects.update(created_at=timezone.now() - timedelta(days=7, minutes=1))

    late = client.post(link(mail))
    terms.purge(now=timezone.now())

    assert late.status_code == 404
    assert b"sign up again" in late.content
    assert not Subscriber.objects.exists()
    assert not SignUp.objects.exists()


def test_a_page_is_followed_by_its_reference(client, authority, home, post):
    page = make_page(home, title="School transport")
    path = reverse("updates:follow", args=[item_of(page).shown_reference])
    shown = client.get(path)
    form = {"form": slowing.new_form(), "frequency": "daily", "email": "parent@example.org"}

    client.post(path, form)
    [mail] = post()
    client.post(link(mail))

    assert b"School transport" in shown.content
    assert "no-store" in shown["Cache-Control"]
    subscription = Subscription.objects.get()
    assert (subscription.item, subscription.frequency) == (item_of(page), "daily")


def test_following_something_leaves_what_somebody_chose_before(
    client, authority, index, bells, post
):
    person = make_person(authority, format="plain", ages=["0-4"])
    path = reverse("updates:follow", args=[item_of(make_story(index)).shown_reference])

    client.post(path, {"form": slowing.new_form(), "frequency": "weekly", "email": person.address})
    [mail] = post()
    client.post(link(mail))

    person.refresh_from_db()
    assert (person.format, person.ages, person.subscriptions.count()) == ("plain", ["0-4"], 2)


@pytest.mark.parametrize("reference", ["x", "0000-0000-0", "\0"])
def test_nothing_is_followed_by_a_wrong_reference(client, authority, reference):
    assert client.get(f"/updates/follow/{reference}/").status_code == 404


def test_what_was_withdrawn_or_is_anothers_cannot_be_followed(client, authority, home):
    page = make_page(home)
    path = reverse("updates:follow", args=[item_of(page).shown_reference])
    page.unpublish()

    assert client.get(path).status_code == 404


def test_a_link_to_ones_own_page_is_mailed_to_those_who_follow_only(client, authority, bells, post):
    person = make_person(authority)

    answers = [
        client.post("/updates/manage/", {"form": slowing.new_form(), "email": email})
        for email in ["PARENT@example.org", "nobody@example.org"]
    ]

    assert {answer.headers["Location"] for answer in answers} == {f"{CHECK}link/"}
    said = client.get(f"{CHECK}link/").content.decode()
    assert "we delete your address" not in said
    assert not OutboxEmail.objects.exists()
    for who in [*SignUp.objects.values_list("uuid", flat=True)] * 2:
        tasks.send_link.call(who.hex)
    [mail] = post()
    assert mail.address == person.address
    assert client.get(link(mail)).status_code == 200


def test_asking_for_a_link_says_nobody_who_follows(
    client, authority, bells, django_capture_on_commit_callbacks
):
    make_person(authority)
    for kind in ["parent", "nobody"]:  # whom whoever asks knows to follow
        for number in range(6):
            make_person(authority, f"p{number}-{kind}@example.org")
    seen = []
    for email in ["parent@example.org", "nobody@example.org"]:
        form = slowing.new_form()
        codes = []
        with (
            CaptureQueriesContext(connection) as asked,
            django_capture_on_commit_callbacks(execute=True) as later,
        ):
            for number in range(6):
                # Of one form: if the address did not count, the last would be taken.
                to = email if number == 4 else f"p{number}-{email}"
                response = client.post("/updates/manage/", {"form": form, "email": to})
                codes.append(response.status_code)
        first = client.post("/updates/manage/", {"form": slowing.new_form(), "email": email})
        words = [re.sub(r"'[^']*'", "''", one["sql"])[:60] for one in asked]
        seen.append((codes, first.status_code, words, len(later)))

    assert seen[0] == seen[1]
    assert set(SignUp.objects.values_list("address", flat=True)) >= {
        "parent@example.org",
        "nobody@example.org",
    }


def test_from_very_many_on_mails_go_out_one_by_one_and_the_page_is_the_same(
    client, authority, neighbour, bells, monkeypatch
):
    monkeypatch.setattr(slowing, "MAILS_AT_ONCE", 3)
    answers = [client.post(SIGN_UP, sent(email=f"p{n}@example.org")) for n in range(6)]
    ask(neighbour)

    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(302, CHECK)}
    rows = OutboxEmail.objects.filter(authority=authority).order_by("pk")
    waits = [(row.not_before - row.created).total_seconds() for row in rows]
    assert [round(wait) for wait in waits[:3]] == [0, 0, 0]
    assert waits[3] > 0.5
    assert waits[4] > 1
    assert rows[5].not_before - rows[4].not_before == rows[4].not_before - rows[3].not_before
    other = OutboxEmail.objects.get(authority=neighbour)
    assert (other.not_before - other.created).total_seconds() < 0.5
    ask(authority, "later@example.org", now=timezone.now() + timedelta(minutes=2))
    assert SignUp.objects.get(address="later@example.org").mail_from is None


def test_staff_add_somebody_with_the_words_they_said_yes_to(authority, bells, writer):
    person = make_person(authority, by=writer)

    record = person.consent_records.get()
    assert (record.channel, record.taken_by) == ("phone", writer)
    assert person.history.first().by == writer


def test_personal_pages_are_kept_nowhere(client, authority, bells):
    token = tokens.make(tokens.MANAGE, make_person(authority).uuid)

    for path in [SIGN_UP, CHECK, "/updates/manage/", f"/updates/manage/{token}/"]:
        response = client.get(path)
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"
