from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from localoffer.authority.models import Authority
from localoffer.mail.models import OutboxEmail
from localoffer.updates import expanding, panels
from localoffer.updates.actions import editions
from localoffer.updates.models import (
    ConsentText,
    Edition,
    IllegalMoveError,
    Subscriber,
    UrgentNotice,
)
from tests.factories.authority import make_officer
from tests.factories.mail import make_stopped
from tests.factories.updates import (
    BELLS,
    SATURDAY,
    form_number,
    item_of,
    make_approved,
    make_edition,
    make_news,
    make_person,
)


@pytest.fixture
def edition(authority, index, bells):
    make_news(index, "A new bell", summary="It rings on 3 March 2026.")
    make_news(index, "A mistake")
    make_person(authority)
    return make_edition(authority)


@pytest.fixture
def as_(client):
    """A browser of somebody."""

    def browser(user):
        client.force_login(user)
        return client

    return browser


def at(edition, name="edit"):
    return reverse(f"editions:{name}", args=[edition.pk])


def act(browser, edition, what, **fields):
    if what == "approve":
        fields = {"read": edition.fingerprint, **fields}
    response = browser.post(at(edition, "act"), {"act": what, **fields}, follow=True)
    edition.refresh_from_db()
    return response.content.decode()


def test_an_edition_is_written_approved_by_another_and_sent(
    as_, edition, writer, approver, post, django_capture_on_commit_callbacks
):
    browser = as_(writer)
    keep = edition.items.get(title="A new bell")
    browser.post(at(edition), {"introduction": "Hello.\n\nThis week.", "items": [keep.pk]})
    act(browser, edition, "submit")
    assert (edition.state, edition.submitted_by, edition.edited_by) == ("waiting", writer, writer)
    assert "Approve: send it" not in browser.get(at(edition)).content.decode()

    browser = as_(approver)
    assert "Approve: send it" in browser.get(at(edition)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        act(browser, edition, "approve")

    edition.refresh_from_db()
    assert edition.state == Edition.State.SENT
    [mail] = post()
    assert mail.address == "parent@example.org"
    public = browser.get(edition.get_absolute_url()).content.decode()
    assert '<p class="govuk-body-l">This week.</p>' in public
    assert "A new bell" in public
    assert "A mistake" not in public
    after = browser.get(at(edition)).content.decode()
    assert "Approved" in after
    assert f'{reverse("mail:message", args=[mail.message_id])}">Email with headings' in after
    assert "Plain text email</a>" not in after  # to nobody


def test_nobody_approves_what_they_wrote(as_, edition, writer, approver):
    act(as_(writer), edition, "submit")

    said = act(as_(writer), edition, "approve")

    assert "somebody else must approve what you wrote" in said
    assert edition.state == Edition.State.WAITING


def test_nor_what_they_wrote_before_somebody_else_did(as_, authority, edition, writer, approver):
    words = {"introduction": "Hello.", "items": list(edition.items.values_list("pk", flat=True))}
    as_(approver).post(at(edition), words)
    act(as_(approver), edition, "submit")
    act(as_(writer), edition, "take_back", reason="A mistake")
    as_(writer).post(at(edition), {**words, "introduction": "Good day."})
    act(as_(writer), edition, "submit")

    browser = as_(approver)
    assert "Approve: send it" not in browser.get(at(edition)).content.decode()
    assert "somebody else must approve what you wrote" in act(browser, edition, "approve")
    assert edition.state == Edition.State.WAITING

    third = make_officer(authority, role="content_approver", email="third@example.org")
    act(as_(third), edition, "approve")
    assert edition.state == Edition.State.APPROVED


@pytest.mark.parametrize("what", ["introduction", "items", "send_at"])
def test_what_is_approved_is_what_was_read(as_, edition, writer, approver, what):
    words = {"introduction": "Hello.", "items": list(edition.items.values_list("pk", flat=True))}
    as_(writer).post(at(edition), words)
    act(as_(writer), edition, "submit")
    browser = as_(approver)
    opened = BeautifulSoup(browser.get(at(edition)).content, "html.parser")
    read = opened.find("input", attrs={"name": "read"})["value"]
    other = {
        "introduction": {"introduction": "Something else"},
        "items": {"items": words["items"][:1]},
        "send_at": {"send_at_0": "2036-03-01", "send_at_1": "09:00"},
    }
    as_(writer).post(at(edition), words | other[what])
    act(as_(writer), edition, "submit")

    said = act(as_(approver), edition, "approve", read=read)

    assert "it was changed after you opened it" in said
    assert edition.state == Edition.State.WAITING
    act(as_(approver), edition, "approve")
    assert edition.state == Edition.State.APPROVED


def test_nor_does_the_database_let_them(edition, writer):
    from django.db import IntegrityError, transaction  # noqa: PLC0415

    editions.submit(edition, by=writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(approved_by=writer)


def test_an_editor_may_write_and_not_approve(as_, authority, edition, writer):
    editor = make_officer(authority, role="content_editor")
    act(as_(writer), edition, "submit")
    browser = as_(editor)
    browser.raise_request_exception = False

    response = browser.post(at(edition, "act"), {"act": "approve"})

    edition.refresh_from_db()
    assert (response.status_code, edition.state) == (404, Edition.State.WAITING)


def test_a_change_after_approval_must_be_approved_again(as_, edition, writer, approver):
    act(as_(writer), edition, "submit")
    Edition.objects.update(state="approved", approved_by=approver, send_at=timezone.now())
    edition.refresh_from_db()

    browser = as_(writer)
    browser.post(at(edition), {"introduction": "Other words", "items": []})

    edition.refresh_from_db()
    assert (edition.state, edition.approved_by, edition.submitted_by) == ("draft", None, None)


def test_an_edition_that_tells_of_nothing_is_not_submitted(as_, edition, writer):
    browser = as_(writer)
    browser.post(at(edition), {"introduction": "", "items": []})

    assert "it tells of nothing" in act(browser, edition, "submit")
    assert edition.state == Edition.State.DRAFT


def test_what_is_being_sent_can_no_longer_be_changed(as_, edition, writer, approver):
    Edition.objects.update(state="sent", sent_at=timezone.now())
    browser = as_(writer)

    browser.post(at(edition), {"introduction": "Too late", "items": []})
    said = act(browser, edition, "take_back", reason="Too late")

    assert "Nothing was done" in said
    assert edition.introduction == ""


def test_of_two_who_press_at_once_one_is_refused(edition, writer, approver):
    editions.submit(edition, by=writer)
    stale = Edition.objects.get(pk=edition.pk)
    editions.cancel(edition, by=writer, reason="Not this week")

    with pytest.raises(IllegalMoveError):
        editions.approve(stale, by=approver, read=stale.fingerprint)


@pytest.mark.parametrize("what", ["cancel", "take_back"])
def test_not_sending_asks_why(as_, edition, writer, what):
    act(as_(writer), edition, "submit")

    said = act(as_(writer), edition, what, reason=" ")

    assert "say why" in said
    assert edition.state == Edition.State.WAITING


@pytest.mark.parametrize(
    ("format_", "shows"), [("html", "<h2"), ("large", "26px"), ("plain", "* A new bell")]
)
def test_it_is_seen_before_as_people_get_it(as_, edition, writer, format_, shows):
    shown = as_(writer).get(f"{at(edition, 'preview')}?format={format_}").content.decode()

    assert shows in shown
    assert "It rings on 3 March 2026." in shown
    assert "{{" not in shown


def test_a_test_goes_to_the_officer_alone(as_, edition, writer, post):
    act(as_(writer), edition, "test", format="large")

    [mail] = post()
    assert mail.address == writer.email
    assert mail.message.subject.startswith("Test: Weekly update")


@pytest.mark.parametrize("what", ["", "explode"])
def test_there_is_no_other_button(as_, edition, writer, what):
    assert as_(writer).post(at(edition, "act"), {"act": what}).status_code == 400


def test_looking_changes_nothing(as_, edition, writer):
    browser = as_(writer)
    before = Edition.objects.values().get()

    browser.get(at(edition))
    assert browser.get(at(edition, "act")).status_code == 405

    assert Edition.objects.values().get() == before


def test_letters_have_each_person_and_what_concerns_them(
    as_, authority, index, bells, writer, approver
):
    make_news(index, "A new bell")
    make_news(index, "About buses", topics=["transport"])
    for name, topic in [("Bell Ringer", BELLS), ("Bus Rider", "transport")]:
        make_person(
            authority,
            "",
            format="post",
            postal_name=name,
            postal_address="1 High St",
            topics=[topic],
        )
    edition = make_approved(authority, by=writer, then_by=approver)
    expanding.send_edition(edition.pk)
    browser = as_(writer)

    page = BeautifulSoup(browser.get(at(edition, "letters")).content, "html.parser")

    letters = [letter.text for letter in page.select(".letter")]
    assert len(letters) == 2
    assert "Bell Ringer" in letters[0]
    assert "A new bell" in letters[0]
    assert "About buses" not in letters[0]
    act(browser, edition, "printed")
    assert edition.printed_by == writer
    assert panels.to_print(authorities=Authority.objects.all(), now=timezone.now()) is None


def test_addresses_are_for_those_who_may_see_people(as_, authority, edition):
    browser = as_(make_officer(authority, role="content_editor"))
    browser.raise_request_exception = False

    assert browser.get(at(edition, "letters")).status_code == 404
    assert browser.get(reverse("subscribers:index")).status_code in {302, 403}


def test_today_says_what_waits(as_, edition, writer, approver):
    drafts = as_(writer).get("/admin/").content.decode()
    editions.submit(edition, by=writer)
    waiting = as_(approver).get("/admin/").content.decode()

    assert "Editions to write" in drafts
    assert "Editions waiting for approval" in waiting
    assert str(edition) in waiting


def test_the_panels_cost_the_same_for_one_and_many(
    authority, index, bells, django_assert_num_queries
):
    from localoffer.updates import windows  # noqa: PLC0415

    ours = Authority.objects.filter(pk=authority.pk)
    for weeks in range(5):
        window = windows.ending_on("weekly", SATURDAY.day - timedelta(weeks=weeks))
        make_news(index, f"Story {weeks}", at=window.starts)
        make_edition(authority, window)
        with django_assert_num_queries(3):
            assert panels.drafts(authorities=ours, now=timezone.now()).total == weeks + 1


# People


def by_phone(authority, **fields):
    return {
        "authority": authority.pk,
        "channel": "phone",
        "agreed": "on",
        "format": "html",
        "email": "Caller@Example.org",
        "topics": [BELLS],
        "frequency": "weekly",
        **fields,
    }


def test_somebody_who_rings_is_added_with_the_words_they_heard(as_, authority, bells, writer):
    browser = as_(writer)
    words = ConsentText.objects.current(authority).text

    assert words[:40] in browser.get(reverse("subscribers:add")).content.decode()
    browser.post(reverse("subscribers:add"), by_phone(authority))

    person = Subscriber.objects.get()
    record = person.consent_records.get()
    assert (person.address_key, record.channel, record.taken_by) == (
        "caller@example.org",
        "phone",
        writer,
    )


def test_staff_are_told_of_an_address_that_takes_no_mail(as_, authority, bells, writer):
    make_stopped(authority, "caller@example.org")
    browser = as_(writer)

    added = browser.post(reverse("subscribers:add"), by_phone(authority), follow=True)
    page = browser.get(added.request["PATH_INFO"]).content.decode()

    assert "is added, but gets no mail yet" in added.content.decode()
    assert "gets updates from now on" not in added.content.decode()
    assert "There is no such mailbox" in page
    assert reverse("mail:stopped") in page.partition("We send nothing")[2]
    other = by_phone(authority, email="other@example.org")
    other = browser.post(reverse("subscribers:add"), other, follow=True).content.decode()
    assert "gets updates from now on" in other
    assert "We send nothing" not in other


def test_letters_need_a_postal_address_and_emails_an_email_address(as_, authority, bells, writer):
    browser = as_(writer)

    for fields, message in [
        ({"format": "post"}, "Enter the address to post it to"),
        ({"email": ""}, "Enter the address to send it to"),
        ({"email": "x y"}, "Take the spaces out"),
        ({"agreed": ""}, "They must hear the words"),
        ({"topics": []}, "Choose at least one subject"),
    ]:
        response = browser.post(reverse("subscribers:add"), by_phone(authority, **fields))
        assert message in response.content.decode()
    assert not Subscriber.objects.exists()


def test_a_postal_address_is_kept_only_where_letters_are_sent(as_, authority, bells, writer):
    as_(writer).post(
        reverse("subscribers:add"), by_phone(authority, postal_address="1 High Street")
    )

    assert Subscriber.objects.get().postal_address == ""


def test_staff_end_and_take_back_and_erase_and_it_is_recorded(as_, authority, bells, writer):
    person = make_person(authority, topics=[BELLS, "money"])
    browser = as_(writer)
    url = reverse("subscribers:act", args=[person.pk])

    browser.post(url, {"act": "end", "what": f"t-{BELLS}", "reason": "Rang on Monday"})
    assert [str(one) for one in person.subscriptions.living()] == ["Money and benefits"]
    entry = person.history.last()
    assert (entry.by, entry.reason) == (writer, "Rang on Monday")
    assert (
        "Rang on Monday"
        in browser.get(reverse("subscribers:edit", args=[person.pk])).content.decode()
    )

    browser.post(url, {"act": "undo"})
    assert person.subscriptions.living().count() == 2

    browser.post(url, {"act": "end", "what": "all", "reason": ""})
    assert person.subscriptions.living().count() == 2

    browser.post(url, {"act": "erase"})
    assert not Subscriber.objects.exists()


def test_staff_change_what_somebody_gets(as_, authority, bells, writer):
    person = make_person(authority)
    browser = as_(writer)

    browser.post(
        reverse("subscribers:edit", args=[person.pk]),
        {
            "format": "post",
            "postal_name": "A Parent",
            "postal_address": "1 High Street",
            "topics": ["money"],
            "frequency": "monthly",
        },
    )

    person.refresh_from_db()
    [one] = person.subscriptions.living()
    assert (person.format, person.postal_address) == ("post", "1 High Street")
    assert (one.topic_id, one.frequency) == ("money", "monthly")


def test_staff_note_that_somebody_still_wants_it(as_, authority, bells, writer):
    person = make_person(authority)
    Subscriber.objects.update(asked_at=timezone.now())

    as_(writer).post(
        reverse("subscribers:act", args=[person.pk]), {"act": "stay", "channel": "phone"}
    )

    person.refresh_from_db()
    assert person.asked_at is None
    assert person.consent_records.last().taken_by == writer


# What cannot wait


def urgent(item, **fields):
    return {
        "item": item.pk,
        "title": "The bell is off",
        "text": "Do not come.",
        "reason": "It is tonight.",
        "token": str(form_number()),
        **fields,
    }


def test_reach_is_shown_before_anything_is_sent(
    as_, authority, index, bells, writer, post, django_capture_on_commit_callbacks
):
    item = item_of(make_news(index))
    make_person(authority, frequency="monthly")
    make_person(authority, "two@example.org", frequency="urgent")
    browser, form = as_(writer), urgent(item)

    shown = browser.post(reverse("urgent-notices:add"), form).content.decode()
    assert "This goes now to 2 people" in shown
    assert not UrgentNotice.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("urgent-notices:add"), {**form, "send": "yes"})
        browser.post(reverse("urgent-notices:add"), {**form, "send": "yes"})

    assert len(post()) == OutboxEmail.objects.count() == 2
    assert UrgentNotice.objects.get().reason == "It is tonight."


def test_an_editor_sends_nothing_urgent(as_, authority, index, bells):
    editor = make_officer(authority, role="content_editor")
    browser = as_(editor)
    browser.raise_request_exception = False

    response = browser.post(
        reverse("urgent-notices:add"), urgent(item_of(make_news(index)), send="yes")
    )

    assert response.status_code in {302, 403, 404}
    assert not UrgentNotice.objects.exists()


def test_another_authoritys_page_is_not_sent_of(as_, authority, neighbour, bells, writer):
    from tests.factories.search_words import make_public_item  # noqa: PLC0415

    theirs = make_public_item(neighbour)

    as_(writer).post(reverse("urgent-notices:add"), urgent(theirs, send="yes"))

    assert not UrgentNotice.objects.exists()


def test_new_words_are_a_new_version(as_, authority, writer):
    first = ConsentText.objects.current(authority)

    as_(writer).post(
        reverse("consent-words:add"), {"text": "Other words", "authority": authority.pk}
    )

    now = ConsentText.objects.current(authority)
    first.refresh_from_db()
    assert (now.version, now.text, now.written_by) == (2, "Other words", writer)
    assert first.text != "Other words"


def test_people_by_post_are_asked_again_by_hand(as_, authority, bells, writer):
    person = make_person(authority, "", format="post", postal_name="A", postal_address="1 High St")
    Subscriber.objects.update(asked_at=timezone.now())

    html = as_(writer).get("/admin/").content.decode()

    assert "Ask by phone or letter" in html
    assert reverse("subscribers:edit", args=[person.pk]) in html
