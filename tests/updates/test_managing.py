import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from localoffer.mail import backends
from localoffer.mail.backends.folder import Folder
from localoffer.mail.models import Message, OutboxEmail
from localoffer.updates import expanding, tokens
from localoffer.updates.actions import following
from localoffer.updates.models import SignUp, Subscriber, Told
from tests.factories.updates import BELLS, item_of, make_approved, make_news, make_person
from tests.updates.test_joining import ask


def mine(person, name="manage"):
    return reverse(f"updates:{name}", args=[tokens.make(tokens.MANAGE, person.uuid)])


def change(**fields):
    return {"topics": [BELLS], "frequency": "weekly", "format": "html", **fields}


def living(person):
    return {str(one): one.frequency for one in person.subscriptions.living()}


def test_the_page_says_what_somebody_gets(client, authority, index, bells):
    item = item_of(make_news(index))
    person = make_person(authority, item=item.pk, ages=["0-4"])

    html = client.get(mine(person)).content.decode()

    assert "Bell ringing" in html
    assert "A new bell" in html
    assert "0 to 4: early years" in html
    assert "parent@example.org" in html


def test_everything_is_changed_in_one_form(client, authority, bells):
    person = make_person(authority, topics=[BELLS, "money"])

    response = client.post(
        mine(person, "change"),
        change(topics=["money", "health"], frequency="monthly", format="large", ages=["0-4"]),
        follow=True,
    )

    person.refresh_from_db()
    assert "Your changes are saved" in response.content.decode()
    assert living(person) == {"Money and benefits": "monthly", "Health": "monthly"}
    assert (person.format, person.ages) == ("large", ["0-4"])


def test_what_is_different_for_each_can_stay_so(client, authority, bells):
    person = make_person(authority)
    following.follow(person, topics=["money"], frequency="daily")

    client.post(mine(person, "change"), change(topics=[BELLS, "money"], frequency="", ages=["0-4"]))

    assert living(person) == {"Bell ringing": "weekly", "Money and benefits": "daily"}


def test_choosing_nothing_is_said_and_stops_nothing(client, authority, bells):
    person = make_person(authority)

    response = client.post(mine(person, "change"), change(topics=[]))

    assert "Choose at least one subject" in response.content.decode()
    assert living(person) == {"Bell ringing": "weekly"}


def test_a_pause_and_its_end(client, authority, bells):
    person = make_person(authority)

    client.post(mine(person, "pause"), {"days": "14"})
    person.refresh_from_db()
    assert person.paused_until == timezone.localdate() + timedelta(days=14)
    assert "Paused until" in client.get(mine(person)).content.decode()

    client.post(mine(person, "resume"))
    person.refresh_from_db()
    assert person.paused_until is None


@pytest.mark.parametrize("days", ["", "0", "-1", "9999", "x"])
def test_a_pause_of_another_length_is_refused(client, authority, bells, days):
    person = make_person(authority)

    client.post(mine(person, "pause"), {"days": days})

    person.refresh_from_db()
    assert person.paused_until is None


def test_one_thing_or_everything_is_stopped_and_taken_back(client, authority, bells):
    person = make_person(authority, topics=[BELLS, "money"])

    client.post(mine(person, "stop"), {"what": f"t-{BELLS}"})
    assert living(person) == {"Money and benefits": "weekly"}
    page = client.post(mine(person, "stop"), {"what": "all"}, follow=True).content.decode()
    assert "We delete your address after" in page
    client.post(mine(person, "undo"), {"what": f"t-{BELLS}"})
    assert living(person) == {"Bell ringing": "weekly"}


@pytest.mark.parametrize("what", ["t-nothing", "i-x", "\0", "x" * 5_000])
def test_stopping_what_is_not_followed_stops_nothing(client, authority, bells, what):
    person = make_person(authority)

    client.post(mine(person, "stop"), {"what": what})

    assert living(person) == {"Bell ringing": "weekly"}


def test_all_that_is_held_can_be_downloaded(client, authority, bells):
    person = make_person(authority, ages=["0-4"])

    response = client.get(mine(person, "download"))

    held = json.loads(response.content)
    assert "attachment" in response["Content-Disposition"]
    assert (held["email"], held["ages"]) == ("parent@example.org", ["0-4"])
    assert held["follows"][0]["what"] == "Bell ringing"
    assert "will send you updates" in held["said_yes"][0]["to_these_words"]


def test_every_field_of_a_person_is_in_the_download(authority, bells):
    """What is not personal, or follows from the rest, is named here."""
    known = {"id", "uuid", "authority", "address_key", "agreed_at", "asked_at", "ask_arrived"}
    known |= {"subscriptions", "consent_records", "history", "address", "ended_at"}
    held = following.held(make_person(authority))

    fields = {field.name for field in Subscriber._meta.get_fields()} - known
    assert {name for name in fields if name} <= set(held)


def test_being_forgotten_leaves_nothing(
    client, authority, index, bells, writer, approver, post, tmp_path, monkeypatch
):
    monkeypatch.setattr(backends, "chosen", lambda: Folder(tmp_path / "mail"))
    make_news(index)
    person = make_person(authority)
    expanding.send_edition(make_approved(authority, by=writer, then_by=approver).pk)
    post()

    assert client.get(mine(person, "erase")).status_code == 200
    assert Subscriber.objects.exists()
    response = client.post(mine(person, "erase"))

    assert "We have deleted it" in response.content.decode()
    assert not Subscriber.objects.exists()
    assert not Told.objects.exists()
    assert not SignUp.objects.exists()
    assert set(OutboxEmail.objects.values_list("address", flat=True)) == {""}
    assert [file.name for file in (tmp_path / "mail").rglob("*.eml")] == []
    assert client.get(mine(person)).status_code == 404


@pytest.mark.parametrize("state", ["queued", "accepted", "unknown"])
@pytest.mark.parametrize("term_over", [False, True])
def test_nor_does_it_leave_mail_to_the_same_address(authority, bells, state, term_over):
    ask(authority, "PARENT@example.org")
    ask(authority, "other@example.org")
    person = make_person(authority)
    if term_over:
        SignUp.objects.filter(address_key=person.address_key).delete()
    OutboxEmail.objects.update(state=state, uncertain_at=timezone.now())

    following.erase(person)

    assert OutboxEmail.objects.get().address == "other@example.org"
    assert Message.objects.count() == 1
    assert SignUp.objects.get().address == "other@example.org"


def test_nor_to_the_address_of_another_authority(authority, neighbour, bells):
    ask(neighbour, "parent@example.org")

    following.erase(make_person(authority))

    assert OutboxEmail.objects.get().address == "parent@example.org"


@pytest.mark.parametrize("name", ["stop", "undo", "resume"])
def test_what_changes_something_is_a_button(client, authority, bells, name):
    person = make_person(authority)

    assert client.get(mine(person, name)).status_code == 405


def test_the_page_costs_the_same_for_one_thing_and_for_many(client, authority, bells):
    few = make_person(authority, "few@example.org", topics=[BELLS])
    many = make_person(
        authority, "many@example.org", topics=[BELLS, "money", "health", "transport", "learning"]
    )
    client.get(mine(few))
    costs = []
    for person in [few, many]:
        with CaptureQueriesContext(connection) as asked:
            client.get(mine(person))
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_who_had_all_deleted_is_not_brought_back_by_a_backup(authority, bells):
    gone, stays = make_person(authority), make_person(authority, "other@example.org")
    before = Subscriber.objects.get(pk=gone.pk)
    following.erase(gone)
    before.save(force_insert=True)

    assert following.erase_again() == 1

    assert list(Subscriber.objects.all()) == [stays]
    assert following.erase_again() == 0
