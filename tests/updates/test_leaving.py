from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from localoffer.mail import addresses, collecting, incoming, outcomes
from localoffer.mail.models import OutboxEmail
from localoffer.updates import expanding, slowing, staying, tokens, windows
from localoffer.updates.actions import following
from localoffer.updates.models import ConsentRecord, Content, EndedReason, Subscriber, Subscription
from tests.factories.updates import (
    BELLS,
    SATURDAY,
    content_of,
    item_of,
    make_approved,
    make_news,
    make_person,
)
from tests.mail.test_reports import FIXTURES, REFERENCE

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def strict():
    """A mail program: no cookie, and a server that insists on cross-site tokens."""
    return Client(enforce_csrf_checks=True)


def leaving(person, scope=tokens.EVERYTHING, name="leave"):
    return reverse(f"updates:{name}", args=[tokens.make(tokens.LEAVE, person.uuid, scope)])


def living(person):
    return {str(one) for one in person.subscriptions.living()}


def test_a_mail_programs_post_leaves_at_once(strict, authority, bells):
    person = make_person(authority)

    response = strict.post(leaving(person), ONE_CLICK)

    person.refresh_from_db()
    assert (response.status_code, person.state, living(person)) == (200, "ended", set())
    assert not response.cookies
    assert "Location" not in response.headers
    assert "no-store" in response["Cache-Control"]


def test_the_same_post_as_a_form_with_parts_leaves_too(strict, authority, bells):
    """RFC 8058 lets a mail program send it either way."""
    person = make_person(authority)

    body = (
        '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
        "One-Click\r\n--b--\r\n"
    )
    strict.generic("POST", leaving(person), body, content_type="multipart/form-data; boundary=b")

    assert living(person) == set()


def test_a_replay_is_200_and_changes_nothing_more(strict, authority, bells):
    person = make_person(authority)
    strict.post(leaving(person), ONE_CLICK)
    before = list(person.history.values()), Subscriber.objects.values().get()

    codes = [strict.post(leaving(person), ONE_CLICK).status_code for _n in range(3)]

    assert codes == [200, 200, 200]
    assert (list(person.history.values()), Subscriber.objects.values().get()) == before


def test_a_replay_after_all_was_deleted_is_200(strict, authority, bells):
    person = make_person(authority)
    url = leaving(person)
    following.erase(person)

    assert strict.post(url, ONE_CLICK).status_code == 200


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_the_address_changes_nothing(strict, authority, bells, method):
    person = make_person(authority)

    for name in ["leave", "manage", "stay"]:
        token = tokens.make(name, person.uuid, tokens.EVERYTHING if name == "leave" else "")
        assert getattr(strict, method)(reverse(f"updates:{name}", args=[token])).status_code == 200

    assert living(person) == {"Bell ringing"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"List-Unsubscribe": "one-click"},
        {"List-Unsubscribe": ["One-Click", "One-Click"]},
        {**ONE_CLICK, "more": "x"},
        {"what": "all"},
    ],
)
def test_any_other_body_is_refused(strict, authority, bells, body):
    person = make_person(authority)

    assert strict.post(leaving(person), body).status_code == 400
    assert living(person) == {"Bell ringing"}


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_other_method_is_taken(strict, authority, bells, method):
    assert getattr(strict, method)(leaving(make_person(authority))).status_code == 405


def test_an_altered_or_foreign_token_leaves_nothing(strict, authority, neighbour, bells):
    person, theirs = make_person(authority), make_person(neighbour)
    altered = leaving(person).replace("_all.", "_alk.")

    assert strict.post(altered, ONE_CLICK).status_code == 404
    assert strict.post(leaving(theirs), ONE_CLICK).status_code == 200
    assert living(person) == living(theirs) == {"Bell ringing"}


def test_many_who_leave_from_one_place_are_all_let_go(strict, authority, bells, monkeypatch):
    """A mailbox provider sends everybody's clicks from the same few addresses."""
    monkeypatch.setattr(slowing, "OF_ONE_FORM", 0)
    monkeypatch.setattr(slowing, "OF_ALL_FORMS", 0)
    people = [make_person(authority, f"p{n}@example.org") for n in range(20)]

    codes = {strict.post(leaving(person), ONE_CLICK).status_code for person in people}

    assert codes == {200}
    assert not Subscription.objects.living().exists()


def test_signing_in_makes_no_difference(client, authority, bells, writer):
    person = make_person(authority)
    client.force_login(writer)

    client.post(leaving(person), ONE_CLICK)

    assert living(person) == set()


def test_a_mail_about_one_thing_ends_that_and_offers_everything(client, authority, bells):
    person = make_person(authority, topics=[BELLS, "money"])
    url = leaving(person, f"t-{BELLS}")

    assert "Stop updates about Bell ringing" in client.get(url).content.decode()
    page = client.post(leaving(person, f"t-{BELLS}", "leave_stop"), follow=True).content.decode()

    assert living(person) == {"Money and benefits"}
    assert "You have stopped updates about Bell ringing" in page
    assert "You still follow" in page
    client.post(leaving(person, f"t-{BELLS}", "leave_stop"), {"what": "all"})
    assert living(person) == set()


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("purpose", [tokens.LEAVE, tokens.STAY])
def test_an_address_to_leave_or_stay_leads_to_nothing_else_of_theirs(
    client, authority, bells, purpose, left
):
    person = make_person(authority)
    if left:
        following.leave(person)
    path = reverse(f"updates:{purpose}", args=[tokens.make(purpose, person.uuid)])

    pages = [client.get(path, follow=True)]
    if purpose == tokens.STAY:
        pages.append(client.post(path, follow=True))

    for page in pages:
        assert page.status_code == 200
        assert person.address not in page.content.decode()
        assert tokens.make(tokens.MANAGE, person.uuid) not in page.content.decode()
        assert "/manage/" not in page.request["PATH_INFO"]


def test_an_old_mail_still_works_after_how_often_was_changed(strict, authority, bells):
    person = make_person(authority)
    url = leaving(person, f"t-{BELLS}")
    following.leave(person, scope=f"t-{BELLS}")
    following.follow(person, topics=[BELLS], frequency="daily")

    strict.post(url, ONE_CLICK)

    assert living(person) == set()


@pytest.mark.parametrize("asked", [None, timezone.now()])
def test_the_addresses_for_leaving_and_staying_open_nothing_else(client, authority, bells, asked):
    """Mail services, filters and our own mailbox see them."""
    person = make_person(authority)
    Subscriber.objects.update(asked_at=asked)
    stay = reverse("updates:stay", args=[tokens.make(tokens.STAY, person.uuid)])

    pages = [client.get(leaving(person)), client.get(stay), client.post(stay, follow=True)]
    following.leave(person)
    pages += [client.get(leaving(person)), client.get(stay), client.post(stay, follow=True)]

    for page in pages:
        assert tokens.make(tokens.MANAGE, person.uuid) not in page.content.decode()
        assert "/updates/manage/" not in page.request["PATH_INFO"]
    assert reverse("updates:send_link") in pages[0].content.decode()
    assert reverse("updates:send_link") in pages[1].content.decode()


def test_a_single_page_is_left_by_its_own_address(strict, authority, index, bells):
    item = item_of(make_news(index))
    person = make_person(authority, item=item.pk)

    strict.post(leaving(person, f"i-{item.uuid.hex}"), ONE_CLICK)

    assert living(person) == {"Bell ringing"}


def test_our_buttons_want_a_cross_site_token(strict, authority, bells):
    person = make_person(authority)

    for name in ["leave_stop", "leave_undo"]:
        assert strict.post(leaving(person, name=name)).status_code == 403
    assert strict.get(leaving(person, name="leave_stop")).status_code == 405
    assert living(person) == {"Bell ringing"}


def test_leaving_can_be_taken_back_for_thirty_days_on_the_same_consent(client, authority, bells):
    person = make_person(authority, topics=[BELLS, "money"])
    records = ConsentRecord.objects.count()
    client.post(leaving(person), ONE_CLICK)

    assert "Was it a mistake?" in client.get(leaving(person)).content.decode()
    client.post(leaving(person, name="leave_undo"))

    person.refresh_from_db()
    assert (person.state, person.ended_at, len(living(person))) == ("active", None, 2)
    assert ConsentRecord.objects.count() == records


def test_and_not_after_that(client, authority, bells):
    person = make_person(authority)
    following.leave(person, now=timezone.now() - timedelta(days=30, minutes=1))

    client.post(leaving(person, name="leave_undo"))

    assert living(person) == set()


def test_undoing_twice_brings_one_back(authority, bells):
    person = make_person(authority)
    for _n in range(3):
        following.leave(person)
        following.undo(person)
    following.undo(person)

    assert person.subscriptions.living().count() == 1


def test_left_by_mail_is_left(authority, bells):
    person = make_person(authority)

    for token in ["x", "", tokens.make(tokens.MANAGE, person.uuid)]:
        staying.left_by_mail(token)
    assert living(person) == {"Bell ringing"}
    staying.left_by_mail(tokens.make(tokens.LEAVE, person.uuid, tokens.EVERYTHING))
    assert living(person) == set()


@pytest.mark.parametrize(
    ("event", "reason"),
    [("hard_bounced", EndedReason.BOUNCED), ("complained", EndedReason.COMPLAINT)],
)
def test_a_mail_that_came_back_for_good_ends_everything_and_is_not_undone(
    authority, index, bells, writer, approver, event, reason
):
    make_news(index)
    person = make_person(authority, topics=[BELLS, "money"])
    expanding.send_edition(make_approved(authority, by=writer, then_by=approver).pk)
    row = OutboxEmail.objects.get(person=str(person.uuid))

    outcomes.tell(row, addresses.hashed(person.address), event)

    ended = set(person.subscriptions.values_list("ended_reason", flat=True))
    assert (ended, following.undo(person)) == ({reason}, 0)


@pytest.mark.parametrize(
    ("report", "follows"),
    [("exchange-spam", {"Bell ringing"}), ("postfix-no-mailbox", set())],
)
def test_only_a_report_about_the_mailbox_itself_ends_anything(
    authority, index, bells, writer, approver, post, settings, report, follows
):
    settings.MAIL_FROM = "localoffer@barsetshire.example"
    make_news(index)
    person = make_person(authority)
    expanding.send_edition(make_approved(authority, by=writer, then_by=approver).pk)
    post()
    OutboxEmail.objects.update(uuid=REFERENCE)

    collecting.keep((FIXTURES / f"{report}.eml").read_bytes())
    incoming.handle_all()

    assert OutboxEmail.objects.get().state == "hard_bounced"
    assert living(person) == follows


@pytest.mark.parametrize("event", ["accepted", "soft_bounced", "delivered"])
def test_other_news_of_a_mail_end_nothing(authority, index, bells, writer, approver, event):
    make_news(index)
    person = make_person(authority)
    expanding.send_edition(make_approved(authority, by=writer, then_by=approver).pk)

    outcomes.tell(OutboxEmail.objects.get(person=str(person.uuid)), "", event)
    outcomes.tell(None, addresses.hashed(person.address), "hard_bounced")

    assert living(person) == {"Bell ringing"}


@pytest.fixture
def written(authority, index, bells, writer, approver):
    """An edition written out to one person, not sent yet: two topics, a story of each."""
    first = make_news(index, "A new bell")
    second = make_news(index, "About money", topics=["money"])
    person = make_person(authority, topics=[BELLS, "money"])
    expanding.send_edition(make_approved(authority, by=writer, then_by=approver).pk)
    return person, first, second


def test_who_left_before_a_mail_was_sent_does_not_get_it(written, post):
    person, *_stories = written
    following.leave(person)

    assert post() == []
    row = OutboxEmail.objects.get(person=str(person.uuid))
    assert (row.state, row.last_error) == ("cancelled", staying.LEFT)


def test_who_paused_before_a_mail_was_sent_does_not_get_it(written, post):
    person, *_stories = written
    following.pause(person, until=timezone.localdate() + timedelta(days=2))

    assert post() == []


def test_who_left_one_thing_gets_the_mail_without_it(written, post, tmp_path):
    person, _first, second = written
    following.leave(person, scope=f"t-{BELLS}")

    [mail] = post()

    assert mail.parts == [str(content_of(second).pk)]
    [file] = (tmp_path / "mail").rglob("*.eml")
    assert "About money" in file.read_text()
    assert "A new bell" not in file.read_text()


@pytest.mark.parametrize(
    ("scope", "missed"),
    [(tokens.EVERYTHING, {"A new bell", "About money"}), (f"t-{BELLS}", {"A new bell"})],
)
def test_who_takes_leaving_back_is_told_of_what_was_not_sent_meanwhile(
    written, post, authority, index, writer, approver, scope, missed
):
    person, *_stories = written
    following.leave(person, scope=scope)
    post()
    following.undo(person)
    week = windows.ending_on("weekly", SATURDAY.day + timedelta(days=7))
    make_news(index, "A newer bell", at=week.starts)

    edition = make_approved(authority, by=writer, then_by=approver, window=week)
    expanding.send_edition(edition.pk)

    [mail] = post()
    told = Content.objects.filter(pk__in=mail.parts).values_list("item__title", flat=True)
    assert set(told) == {*missed, "A newer bell"}


def test_a_mail_is_sent_to_who_was_erased_and_came_back_no_more(written, post):
    person, *_stories = written
    following.erase(person)

    assert post() == []


def test_asking_who_still_wants_it_costs_the_same_for_one_and_many(
    authority, index, bells, writer, approver, django_assert_num_queries
):
    make_news(index)
    for number in range(10):
        make_person(authority, f"p{number}@example.org")
    expanding.send_edition(make_approved(authority, by=writer, then_by=approver).pk)
    rows = list(OutboxEmail.objects.all())

    for some in [rows[:1], rows]:
        with django_assert_num_queries(2):
            assert staying.still_wanted(some) == {}
