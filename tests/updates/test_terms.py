"""How long each thing is kept, and that nothing else is."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from localoffer.authority import contentversion
from localoffer.authority.models import Authority
from localoffer.mail.models import Message, OutboxEmail
from localoffer.operate import ticking
from localoffer.updates import panels, tokens
from localoffer.updates.actions import following, terms
from localoffer.updates.models import EndedReason, SignUp, Subscriber, Told
from tests.factories.updates import (
    BELLS,
    content_of,
    form_number,
    make_news,
    make_person,
)
from tests.updates.test_joining import ask


def days(number):
    return timedelta(days=number)


def test_an_unconfirmed_sign_up_is_kept_seven_days(authority):
    now = timezone.now()
    for age in [6, 8]:
        SignUp.objects.create(
            authority=authority,
            form=form_number(),
            address="a@example.org",
            address_key="a@example.org",
            day=(now - days(age)).date(),
            slot=1,
            created_at=now - days(age),
        )

    terms.purge(now=now)

    assert [row.created_at for row in SignUp.objects.all()] == [now - days(6)]


def test_the_mail_of_a_sign_up_goes_with_it_and_other_mail_to_the_address_stays(
    authority, bells, post
):
    now = timezone.now()
    ask(authority, now=now - days(8))
    ask(authority)

    terms.purge(now=now)

    [sign_up] = SignUp.objects.all()
    assert OutboxEmail.objects.get().person == str(sign_up.uuid)
    assert Message.objects.count() == 1


def test_who_left_is_kept_thirty_days_and_no_longer(authority, bells):
    now = timezone.now()
    person = make_person(authority)
    following.leave(person, now=now - days(29))
    terms.purge(now=now)
    assert Subscriber.objects.exists()

    terms.purge(now=now + days(2))

    assert not Subscriber.objects.exists()


def test_who_follows_still_is_kept(authority, bells):
    make_person(authority)

    terms.purge(now=timezone.now() + days(400))

    assert Subscriber.objects.exists()


def test_what_somebody_was_told_is_kept_120_days(authority, index, bells):
    content, now = content_of(make_news(index)), timezone.now()
    for address, age in [("a@example.org", 119), ("b@example.org", 121)]:
        Told.objects.create(
            authority=authority,
            subscriber=make_person(authority, address),
            content=content,
            at=now - days(age),
        )

    terms.purge(now=now)

    assert Told.objects.get().subscriber.address == "a@example.org"


def test_after_two_years_people_are_asked_once_and_silence_ends_it(authority, bells, post):
    person = make_person(authority)
    later = timezone.now() + days(731)

    assert (terms.ask_again(now=later), terms.ask_again(now=later)) == (1, 0)
    [mail] = post()
    assert "Do you still want updates" in mail.message.subject
    terms.end_silent(now=later + days(29))
    assert person.subscriptions.living().exists()
    terms.end_silent(now=later + days(31))

    person.refresh_from_db()
    assert person.state == Subscriber.State.ENDED
    assert person.subscriptions.get().ended_reason == EndedReason.SILENCE


@pytest.mark.parametrize("became", ["queued", "hard_bounced", "suppressed", "failed_final"])
def test_who_was_never_reached_is_not_silent_and_is_asked_by_hand(
    client, authority, bells, writer, became
):
    person = make_person(authority)
    later = timezone.now() + days(731)
    terms.ask_again(now=later)
    OutboxEmail.objects.update(state=became)

    assert terms.end_silent(now=later + days(31)) == 0
    ours = Authority.objects.filter(pk=authority.pk)
    [row] = panels.to_ask_again(authorities=ours, now=later + days(31)).rows
    assert (row.title, row.note) == (str(person), "our email that asked did not reach them")
    client.force_login(writer)
    page = client.get(reverse("subscribers:edit", args=[person.pk])).content.decode()
    assert "our email did not reach them" in page

    following.stay(person, channel="phone", by=writer)
    assert panels.to_ask_again(authorities=ours, now=later) is None


def test_that_it_arrived_is_noted_before_the_outbox_forgets(authority, bells, post):
    person = make_person(authority)
    later = timezone.now() + days(731)
    terms.ask_again(now=later)
    post()
    terms.end_silent(now=later + days(8))
    OutboxEmail.objects.all().delete()

    assert terms.end_silent(now=later + days(31)) == 1
    assert not person.subscriptions.living().exists()


def test_each_time_of_asking_is_looked_after_anew(authority, bells, post):
    person = make_person(authority)
    later = timezone.now() + days(731)
    terms.ask_again(now=later)
    post()
    terms.end_silent(now=later + days(8))
    following.stay(person, now=later + days(9))

    terms.ask_again(now=later + days(900))

    assert terms.end_silent(now=later + days(931)) == 0


def test_who_answers_goes_on_for_two_more_years(client, authority, bells, post):
    person = make_person(authority)
    later = timezone.now() + days(731)
    terms.ask_again(now=later)
    [mail] = post()
    link = re.search(r"https?://[^/]+(/updates/stay/\S+)", mail.message.text)[1]

    client.get(link)
    person.refresh_from_db()
    assert person.asked_at is not None
    page = client.post(link, follow=True).content.decode()

    assert "You go on getting updates" in page

    person.refresh_from_db()
    assert (person.asked_at, person.consent_records.count()) == (None, 2)
    assert terms.end_silent(now=later + days(31)) == 0


def test_an_answer_after_it_ended_is_told_so_and_is_no_consent(client, authority, bells, writer):
    person = make_person(authority)
    Subscriber.objects.update(asked_at=timezone.now())
    following.leave(person)
    link = reverse("updates:stay", args=[tokens.make(tokens.STAY, person.uuid)])

    page = client.post(link, follow=True).content.decode()
    client.force_login(writer)
    client.post(reverse("subscribers:act", args=[person.pk]), {"act": "stay", "channel": "phone"})

    assert "Your updates have stopped" in page
    assert "You go on getting updates" not in page
    assert person.consent_records.count() == 1


def test_an_answer_pressed_twice_is_one(client, authority, bells):
    person = make_person(authority)
    Subscriber.objects.update(asked_at=timezone.now())
    link = reverse("updates:stay", args=[tokens.make(tokens.STAY, person.uuid)])

    pages = [client.post(link, follow=True).content.decode() for _time in range(2)]

    assert all("You go on getting updates" in page for page in pages)
    assert person.consent_records.count() == 2


def test_who_said_yes_lately_is_not_asked(authority, bells):
    make_person(authority)

    assert terms.ask_again(now=timezone.now() + days(729)) == 0


@pytest.mark.parametrize("duty", ["make_editions", "forget_followers", "ask_followers_again"])
def test_the_clock_carries_it_out(duty):
    assert duty in [job.__name__ for job in ticking.DUE]


# Every field of these apps that can hold something of a person, and until when it is kept. A new
# field fails here until somebody has given it a term.
ERASED_WITH_THE_PERSON = "until 30 days after they left, or at once if they ask"
SEVEN_DAYS = "7 days"
TERMS = {
    "updates.Subscriber": ERASED_WITH_THE_PERSON,
    "updates.Subscription": ERASED_WITH_THE_PERSON,
    "updates.ConsentRecord": ERASED_WITH_THE_PERSON,
    "updates.HistoryEntry": ERASED_WITH_THE_PERSON,
    "updates.Told": "120 days, and no longer than the person",
    "updates.SignUp": SEVEN_DAYS,
}
# What is about nobody, but for the officers who did it: they are staff, and named as such.
OF_NOBODY = {
    "updates.ConsentText",
    "updates.Content",
    "updates.Edition",
    "updates.EditionItem",
    "updates.Progress",
    "updates.UpdatesPage",
    "updates.UrgentNotice",
}


def test_every_model_is_of_nobody_or_has_a_term():
    models = {model._meta.label for model in apps.get_app_config("updates").get_models()}
    through = {label for label in models if label.startswith("updates.UpdatesPage_")}

    assert models - through == set(TERMS) | OF_NOBODY


def test_nothing_of_nobody_leads_to_a_person():
    people = {apps.get_model(label) for label in TERMS}
    for label in OF_NOBODY:
        fields = apps.get_model(label)._meta.get_fields()
        assert not {f.related_model for f in fields if f.concrete and f.is_relation} & people


def test_what_belongs_to_a_person_goes_with_them():
    for label in ["updates.Subscription", "updates.ConsentRecord", "updates.HistoryEntry"]:
        field = apps.get_model(label)._meta.get_field("subscriber")
        assert field.remote_field.on_delete.__name__ == "CASCADE"
    assert Told._meta.get_field("subscriber").remote_field.on_delete.__name__ == "CASCADE"


def test_writes_about_people_leave_pages_in_memory_and_editions_do_not():
    hidden = contentversion._hidden

    for label in [*TERMS, "updates.ConsentText", "updates.Content", "updates.UrgentNotice"]:
        assert apps.get_model(label)._meta.db_table in hidden
    for label in ["updates.Edition", "updates.EditionItem"]:
        assert apps.get_model(label)._meta.db_table not in hidden


def test_erasing_is_whole_even_with_everything_there_is(authority, index, bells):
    person = make_person(authority, topics=[BELLS, "money"])
    following.pause(person, until=timezone.localdate())
    following.leave(person)
    following.undo(person)

    following.erase(person)

    for label in TERMS:
        assert not apps.get_model(label).objects.exists()
