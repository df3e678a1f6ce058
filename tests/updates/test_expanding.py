from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from localoffer.mail.composing import unflowed
from localoffer.mail.delivering import Sender
from localoffer.mail.models import Message, OutboxEmail
from localoffer.updates import expanding, windows
from localoffer.updates.actions import editions, following
from localoffer.updates.models import Content, Edition, Format, Progress, Subscription, Told
from tests.factories.updates import (
    BELLS,
    SATURDAY,
    content_of,
    item_of,
    make_approved,
    make_edition,
    make_news,
    make_notice,
    make_people,
    make_person,
)

NOON = SATURDAY.ends + timedelta(hours=4)
BEFORE = SATURDAY.starts - timedelta(days=40)  # somebody followed already


@pytest.fixture
def send(authority, writer, approver):
    """Make the edition of a window, have it approved, and write its mails out."""

    def sent(window=SATURDAY):
        edition = make_approved(authority, by=writer, then_by=approver, window=window)
        expanding.send_edition(edition.pk, now=NOON)
        edition.refresh_from_db()
        return edition

    return sent


def addressed(edition=None):
    rows = OutboxEmail.objects.filter(message__kind="edition")
    if edition:
        rows = rows.filter(message__key__contains=str(edition.uuid))
    return sorted(rows.values_list("address", flat=True))


def parts_of(address):
    """The titles of what somebody is told, in order, over all their mails."""
    rows = OutboxEmail.objects.filter(address=address, message__kind="edition").order_by("pk")
    keys = [int(key) for row in rows for key in row.parts]
    titles = dict(Content.objects.filter(pk__in=keys).values_list("pk", "item__title"))
    return [titles[key] for key in keys]


def test_each_person_is_told_of_what_concerns_them(authority, index, bells, send):
    make_news(index, "A new bell")
    make_news(index, "For the very young", age_bands=["0-4"])
    make_news(index, "About transport", topics=["transport"])
    make_news(index, "Bells for sale", promotional=True)
    make_person(authority, "any@example.org")
    make_person(authority, "young@example.org", ages=["0-4"])
    make_person(authority, "older@example.org", ages=["11-15"])
    make_person(authority, "all@example.org", topics=["whole-local-offer"])
    make_person(authority, "buyer@example.org", promotional=True)
    make_person(authority, "other@example.org", topics=["money"])
    make_person(authority, "monthly@example.org", frequency="monthly")
    make_person(authority, "urgent@example.org", frequency="urgent")

    edition = send()

    told = {address: set(parts_of(address)) for address in addressed(edition)}
    assert told == {
        "any@example.org": {"A new bell", "For the very young"},
        "young@example.org": {"A new bell", "For the very young"},
        "older@example.org": {"A new bell"},
        "all@example.org": {"A new bell", "For the very young", "About transport"},
        "buyer@example.org": {"A new bell", "For the very young", "Bells for sale"},
    }
    assert edition.state == Edition.State.SENT


def test_who_follows_one_thing_hears_of_it_whatever_else_they_chose(authority, index, bells, send):
    story = make_news(index, age_bands=["0-4"])
    make_person(authority, topics=[], item=item_of(story).pk, ages=["18-25"])

    send()

    assert parts_of("parent@example.org") == ["A new bell"]


def test_who_follows_what_promotes_something_has_asked_for_that_and_no_more(
    authority, index, bells, send
):
    sale = make_news(index, "Bells for sale", promotional=True)
    make_news(index, "Ropes for sale", promotional=True)
    make_person(authority, item=item_of(sale).pk)

    send()

    assert parts_of("parent@example.org") == ["Bells for sale"]


def test_a_window_without_anything_sends_nothing(authority, index, bells):
    make_person(authority)

    edition = make_edition(authority)

    assert edition.state == Edition.State.EMPTY
    assert not Message.objects.filter(kind="edition").exists()


def test_somebody_whom_nothing_concerns_gets_no_mail(authority, index, bells, send):
    make_news(index, topics=["transport"])
    make_person(authority)

    send()

    assert addressed() == []


def test_what_is_on_the_edge_of_two_windows_is_in_the_second(authority, index, bells):
    make_news(index, "First", at=SATURDAY.starts)
    make_news(index, "Last", at=SATURDAY.ends - timedelta(microseconds=1))
    make_news(index, "Next", at=SATURDAY.ends)

    edition = make_edition(authority)

    titles = set(edition.items.values_list("title", flat=True))
    assert titles == {"First", "Last"}


def test_the_newest_words_are_sent_and_what_was_withdrawn_is_not(
    authority, index, bells, writer, approver
):
    kept, gone = make_news(index, "A bell"), make_news(index, "A mistake")
    make_person(authority)
    edition = make_approved(authority, by=writer, then_by=approver)
    kept.title = "A better bell"
    kept.save_revision().publish()
    gone.unpublish()

    expanding.send_edition(edition.pk, now=NOON)

    message = Message.objects.get(key__endswith="/html")
    assert [part["key"] for part in message.parts] == [str(content_of(kept).pk)]
    assert "A better bell" in message.parts[0]["text"]
    assert parts_of("parent@example.org") == ["A better bell"]


def test_what_was_withdrawn_while_the_edition_was_made_and_is_back_is_told(
    authority, index, bells, writer, approver
):
    make_news(index, "A bell")
    away = make_news(index, "Away for an hour")
    make_person(authority)
    away.unpublish()
    edition = make_approved(authority, by=writer, then_by=approver)
    assert edition.items.count() == 1
    away.save_revision().publish()

    expanding.send_edition(edition.pk, now=NOON)

    assert set(parts_of("parent@example.org")) == {"A bell", "Away for an hour"}
    assert not edition.items.filter(catch_up=True).exists()


def test_an_edition_of_which_all_was_withdrawn_is_not_sent(
    authority, index, bells, writer, approver
):
    story = make_news(index)
    make_person(authority)
    edition = make_approved(authority, by=writer, then_by=approver)
    story.unpublish()

    expanding.send_edition(edition.pk, now=NOON)

    edition.refresh_from_db()
    assert (edition.state, addressed()) == (Edition.State.EMPTY, [])


def test_what_is_withdrawn_before_its_mail_is_sent_is_taken_out(
    authority, index, bells, send, post
):
    kept, gone = make_news(index, "A bell"), make_news(index, "A mistake")
    alone = make_person(authority, "alone@example.org", topics=[], item=item_of(gone).pk)
    make_person(authority)
    send()
    gone.unpublish()

    sent = {mail.address: mail for mail in post()}

    assert set(sent) == {"parent@example.org"}
    assert OutboxEmail.objects.get(person=str(alone.uuid)).state == "cancelled"
    letters = [part["key"] for part in sent["parent@example.org"].message.parts]
    assert letters == [str(content_of(kept).pk)]


def test_nobody_is_told_of_a_thing_twice_whatever_the_edition(authority, index, bells, send):
    make_news(index)
    person = make_person(authority)
    make_person(authority, "monthly@example.org", frequency="monthly")
    send()
    following.change_frequency(person.subscriptions.get(), "monthly")

    month = windows.ending_on("monthly", (SATURDAY.day + timedelta(days=1)))
    edition = send(month)

    assert addressed(edition) == ["monthly@example.org"]
    assert Told.objects.filter(subscriber=person).count() == 1


def test_the_database_itself_allows_no_second_telling(authority, index, bells, send):
    make_news(index)
    make_person(authority)
    send()
    told = Told.objects.get()
    told.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        told.save(force_insert=True)


def test_a_change_to_a_shorter_time_loses_nothing(authority, index, bells, send):
    """Published early in the month, before the week whose edition comes next."""
    early = make_news(index, "Early", at=SATURDAY.starts - timedelta(days=10))
    make_news(index, "Late")
    person = make_person(authority, frequency="monthly", now=BEFORE)
    following.change_frequency(person.subscriptions.get(), "weekly", now=SATURDAY.ends)

    edition = send()

    assert set(parts_of(person.address)) == {"Early", "Late"}
    assert edition.items.get(content=content_of(early)).catch_up
    assert Subscription.objects.get().owed_from is None


def test_what_some_are_owed_is_not_sent_to_others(authority, index, bells, send):
    make_news(index, "Early", at=SATURDAY.starts - timedelta(days=10))
    make_news(index, "Late")
    owed = make_person(authority, frequency="monthly", now=BEFORE)
    following.change_frequency(owed.subscriptions.get(), "weekly", now=SATURDAY.ends)
    make_person(authority, "weekly@example.org")

    send()

    assert parts_of("weekly@example.org") == ["Late"]


def test_an_edition_not_sent_yet_is_owed_to_those_who_change_away_from_it(
    authority, index, bells, writer, approver, send
):
    make_news(index)
    person = make_person(authority, now=BEFORE)
    edition = make_edition(authority)
    following.change_frequency(
        person.subscriptions.get(), "daily", now=SATURDAY.ends + timedelta(days=1)
    )
    day = windows.ending_on("daily", SATURDAY.day + timedelta(days=2))
    make_news(index, "Sunday", at=day.starts)
    daily = editions.make(authority, day)

    expanding.send_edition(daily.pk, now=day.ends)

    assert set(parts_of(person.address)) == {"A new bell", "Sunday"}
    assert edition.state == Edition.State.DRAFT


def change(person, frequency, now):
    following.change_frequency(person.subscriptions.get(), frequency, now=now)
    return person.subscriptions.get().owed_from


def test_a_window_whose_edition_the_clock_has_not_made_yet_is_owed(authority, index, bells):
    make_news(index)
    person = make_person(authority, now=BEFORE)
    minute = timedelta(minutes=1)

    assert change(person, "daily", SATURDAY.ends + minute) == SATURDAY.starts
    daily = windows.ending_on("daily", SATURDAY.day + timedelta(days=1))
    make_news(index, "Sunday", at=daily.starts)
    make_edition(authority, SATURDAY)
    expanding.send_edition(editions.make(authority, daily).pk, now=daily.ends)

    assert set(parts_of(person.address)) == {"A new bell", "Sunday"}


def test_who_wanted_only_urgent_news_is_owed_nothing_of_that_time(authority, bells):
    person = make_person(authority, now=BEFORE)

    assert change(person, "urgent", SATURDAY.starts) is None
    assert change(person, "weekly", SATURDAY.starts + timedelta(days=200)) is None


def test_nothing_is_owed_from_before_somebody_followed(authority, bells):
    make_edition(authority)
    Edition.objects.update(state=Edition.State.DRAFT)
    joined = SATURDAY.ends + timedelta(days=1)
    person = make_person(authority, now=joined)

    assert change(person, "monthly", joined + timedelta(days=1)) == joined


def test_a_draft_that_was_forgotten_is_owed_for_two_months(authority, bells):
    make_edition(authority)
    Edition.objects.update(state=Edition.State.DRAFT)
    person = make_person(authority, now=BEFORE)
    late = SATURDAY.ends + timedelta(days=300)

    assert change(person, "monthly", late) == late - timedelta(days=62)


@pytest.mark.parametrize("frequency", ["weekly", "monthly"])
def test_who_has_paused_is_told_nothing_and_nothing_is_made_up_for(
    authority, index, bells, send, frequency
):
    make_news(index)
    person = make_person(authority, frequency="weekly")
    following.pause(person, until=timezone.localdate() + timedelta(days=2))

    send()

    assert addressed() == []
    assert not Told.objects.exists()


def test_running_it_again_adds_nothing(authority, index, bells, send):
    make_news(index)
    make_people(authority, 3)
    edition = send()

    Edition.objects.update(state=Edition.State.SENDING)
    Progress.objects.update(cursor=0)
    expanding.send_edition(edition.pk)

    assert len(addressed()) == 3
    assert Told.objects.count() == 3


def test_a_run_that_was_cut_short_goes_on_where_it_was(
    authority, index, bells, writer, approver, monkeypatch
):
    make_news(index)
    make_people(authority, 5)
    monkeypatch.setattr(expanding, "AT_ONCE", 2)
    edition = make_approved(authority, by=writer, then_by=approver)
    assert expanding._begin(edition.pk, NOON)
    assert expanding._some_more(edition.pk, expanding.things_of(edition))
    assert len(addressed()) == 2
    assert not Message.objects.released().filter(kind="edition").exists()

    expanding.run(now=NOON)

    assert len(addressed()) == len(set(addressed())) == 5
    assert Message.objects.released().filter(kind="edition").count() == 3


def test_a_step_that_fails_leaves_nothing_half_done(
    authority, index, bells, writer, approver, monkeypatch
):
    make_news(index)
    make_people(authority, 3)
    edition = make_approved(authority, by=writer, then_by=approver)
    monkeypatch.setattr(expanding.mail, "address", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        expanding.send_edition(edition.pk, now=NOON)

    assert (Told.objects.count(), OutboxEmail.objects.count()) == (0, 0)
    monkeypatch.undo()
    expanding.run(now=NOON)
    assert len(addressed()) == Told.objects.count() == 3


def test_a_scheduled_edition_waits_for_its_time(authority, index, bells, writer, approver):
    make_news(index)
    make_person(authority)
    edition = make_approved(authority, by=writer, then_by=approver)
    Edition.objects.update(send_at=NOON + timedelta(hours=1))

    before = expanding.run(now=NOON)
    after = expanding.run(now=NOON + timedelta(hours=1))

    edition.refresh_from_db()
    assert (before, after, edition.state) == (0, 1, Edition.State.SENT)


def test_each_format_has_its_own_message(authority, index, bells, send, post):
    make_news(index, "A <new> bell & rope", summary="Rings on 3 March 2026.")
    for format_ in [Format.HTML, Format.LARGE, Format.PLAIN]:
        make_person(authority, f"{format_}@example.org", format=format_)

    send()

    sent = {mail.address: mail.message for mail in post()}
    assert sent["plain@example.org"].html == ""
    assert "26px" in sent["large@example.org"].html
    assert "18px" in sent["html@example.org"].html
    part = sent["html@example.org"].parts[0]
    assert "A &lt;new&gt; bell &amp; rope" in part["html"]
    assert "A <new> bell & rope" in part["text"]
    for message in sent.values():
        assert "{{ manage }}" in message.text
        assert "{{ parts }}" in message.text


FORGED = "{{ manage }}{{leave}}{{ parts }}{{ other }}"


def filled(mail):
    """Subject, text and HTML of somebody's mail."""
    made = Sender().mail(mail)
    return made.subject, unflowed(made.text), unescape(made.html)


@pytest.mark.parametrize("source", ["title", "summary", "introduction", "council"])
def test_what_others_write_carries_nobodys_link(
    authority, index, bells, writer, approver, post, source
):
    words = f"See https://evil.example/?u={FORGED} now"
    story = {source: words} if source in {"title", "summary"} else {}
    make_news(index, **{"title": "A new bell", "summary": "Rings on 3 March 2026.", **story})
    if source == "council":
        type(authority).objects.filter(pk=authority.pk).update(council=words)
        authority.refresh_from_db()
    make_person(authority)
    edition = make_approved(authority, by=writer, then_by=approver)
    if source == "introduction":
        Edition.objects.filter(pk=edition.pk).update(introduction=words)

    expanding.send_edition(edition.pk, now=NOON)

    [mail] = post()
    _subject, text, html = filled(mail)
    for said in [text, html]:
        assert words in said
        assert said.count("Rings on" if source != "summary" else "A new bell") == 1
        assert said.count("/updates/manage/") == said.count("/updates/leave/") == 1


def test_nor_does_an_urgent_notice(authority, index, bells, writer, post):
    story = make_news(index)
    make_person(authority)
    title, text = f"Off {FORGED}", f"Go to https://evil.example/?u={FORGED}"
    notice = make_notice(authority, item_of(story), title=title, text=text, sent_at=None)

    expanding.send_notice(notice.pk)

    [mail] = post()
    subject, *bodies = filled(mail)
    assert subject == f"Urgent: {title}"
    for said in bodies:
        assert text in said
        assert said.count("This is about") == 1
        assert said.count("/updates/manage/") == said.count("/updates/leave/") == 1


def test_who_gets_letters_is_told_by_letter(authority, index, bells, send):
    make_news(index)
    make_person(
        authority, "", format="post", postal_name="A Parent", postal_address="1 High Street"
    )

    edition = send()

    edition = Edition.objects.get()
    assert (edition.letters, addressed(), Told.objects.get().edition) == (1, [], edition)
    assert Edition.objects.to_print().get() == edition


def test_the_mail_ends_one_thing_or_everything(authority, index, bells, send):
    make_news(index)
    make_person(authority, "one@example.org")
    make_person(authority, "two@example.org", topics=[BELLS, "money"])

    send()

    tokens = dict(OutboxEmail.objects.values_list("address", "leave_token"))
    assert f"_t-{BELLS}." in tokens["one@example.org"]
    assert "_all." in tokens["two@example.org"]


def test_another_authoritys_people_are_told_nothing(authority, neighbour, index, bells, send):
    make_news(index)
    make_person(neighbour)

    send()

    assert addressed() == []


def test_addressing_costs_the_same_for_one_person_and_for_many(
    authority, index, bells, writer, approver
):
    make_news(index)
    costs = []
    before = windows.ending_on("weekly", SATURDAY.day - timedelta(days=7))
    for number, window in [(1, SATURDAY), (20, before)]:
        make_news(index, f"For {number}", at=window.starts)
        for at in range(number):
            make_person(authority, f"p{number}-{at}@example.org")
        edition = make_approved(authority, by=writer, then_by=approver, window=window)
        assert expanding._begin(edition.pk, NOON)
        with CaptureQueriesContext(connection) as asked:
            expanding._some_more(edition.pk, expanding.things_of(edition))
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_reach_counts_without_writing(authority, index, bells):
    story = make_news(index)
    make_people(authority, 3)
    make_person(authority, "urgent@example.org", frequency="urgent")
    make_person(authority, "", format="post", postal_address="1 High Street")
    make_person(authority, "other@example.org", topics=["money"])

    reached = expanding.reach(authority, [expanding.urgent_thing(item_of(story))])

    assert (reached.by_mail, reached.by_post) == (4, 1)
    assert not Told.objects.exists()


def test_an_urgent_notice_goes_out_though_its_page_is_withdrawn(
    authority, index, bells, writer, post, django_capture_on_commit_callbacks
):
    story = make_news(index)
    make_person(authority)
    with django_capture_on_commit_callbacks(execute=True):
        editions.send_urgently(
            authority=authority,
            item=item_of(story),
            title="The bell is off",
            text="Do not come today.",
            reason="It is tonight.",
            token=story.translation_key,
            by=writer,
        )
    story.unpublish()

    assert [mail.message.subject for mail in post()] == ["Urgent: The bell is off"]


def test_an_urgent_notice_goes_to_all_it_concerns_at_once_and_once(
    authority, index, bells, writer, post, django_capture_on_commit_callbacks
):
    story = make_news(index)
    make_person(authority, "urgent@example.org", frequency="urgent")
    make_person(authority, "monthly@example.org", frequency="monthly")
    make_person(authority, "other@example.org", topics=["money"])
    form = {
        "authority": authority,
        "item": item_of(story),
        "title": "The bell is off",
        "text": "Do not come today.",
        "reason": "It is tonight.",
        "token": story.translation_key,
        "by": writer,
    }

    with django_capture_on_commit_callbacks(execute=True):
        notice = editions.send_urgently(**form)
        editions.send_urgently(**form)
    expanding.run()

    sent = post()
    notice.refresh_from_db()
    assert sorted(mail.address for mail in sent) == ["monthly@example.org", "urgent@example.org"]
    assert notice.reached == 2
    assert {mail.message.kind for mail in sent} == {"urgent"}
    assert sent[0].message.subject == "Urgent: The bell is off"
