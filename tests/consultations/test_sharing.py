"""Two councils that ask together: one consultation on two sites, one set of answers, one result."""

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.urls import reverse

from localoffer.authority.models import PublicItem
from localoffer.consultations import doors
from localoffer.consultations.actions import answering, planning, results, sharing
from localoffer.consultations.models import (
    ConsultationOwner,
    ConsultationPage,
    Draft,
    Response,
    listing,
)
from localoffer.search.sources import pages as found_pages
from localoffer.updates.models import Content
from tests.factories.authority import make_officer
from tests.factories.consultations import (
    CLOSES,
    OPENS,
    WHILE_OPEN,
    answer,
    make_consultation,
    make_listing,
    make_open,
    share,
)
from tests.factories.pages import make_site

PAGE = "/have-your-say/what-about-clubs/"
THERE = {"HTTP_HOST": "loamshire.example"}
AFTER = CLOSES + timedelta(hours=2)
JOINT = ConsultationOwner.Role.JOINT


@pytest.fixture
def partner(db):
    """Loamshire, with a listing of its own."""
    authority, home = make_site(
        name="Loamshire", hostname="loamshire.example", gss_code="E10000998"
    )
    make_listing(home)
    return authority


@pytest.fixture
def shared(opened, partner, clock):
    clock(WHILE_OPEN)
    record, survey = opened
    return record, survey, share(record, partner)


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_the_other_site_shows_it_with_its_own_brand_and_points_to_the_lead(client, shared):
    response = client.get(PAGE, **THERE)

    html = response.content.decode()
    assert response.status_code == 200
    assert "Loamshire SEND Local Offer" in html
    assert '<link rel="canonical" href="http://testserver/have-your-say/what-about-clubs/">' in html
    told = "Asked together by Barsetshire County Council and Loamshire County Council"
    assert told in words(response)
    assert "canonical" not in client.get(PAGE).content.decode()


def test_the_other_site_lists_finds_and_feeds_it(client, shared, partner):
    page = shared[2].page

    assert [each.title for each in listing.of(partner, now=WHILE_OPEN).open] == [page.title]
    assert "Led by Barsetshire County Council" in words(client.get("/have-your-say/", **THERE))
    assert f"http://loamshire.example{PAGE}" in (
        client.get("/have-your-say/feed.atom", **THERE).content.decode()
    )
    [row] = client.get("/have-your-say/list.json", **THERE).json()["consultations"]
    assert row["url"] == f"http://loamshire.example{PAGE}"
    assert row["canonical_url"] == f"http://testserver{PAGE}"
    [document] = found_pages.documents("consultation", partner)
    assert (document.key, document.url) == (str(page.pk), PAGE)


def test_followers_of_both_are_told_once_and_hear_of_what_comes_of_it(
    shared, partner, authority, clock
):
    def told(of):
        return Content.objects.filter(authority=of, item__kind="consultation").count()

    assert (told(authority), told(partner)) == (1, 1)
    before = PublicItem.objects.get(authority=partner, kind="consultation").changed

    clock(WHILE_OPEN + timedelta(hours=1))
    planning.move_closing(
        shared[0], closes_on=shared[0].closes_on + timedelta(days=1), reason="Post.", now=WHILE_OPEN
    )

    assert told(partner) == 1
    assert PublicItem.objects.get(authority=partner, kind="consultation").changed > before


def test_answers_keep_the_door_they_came_through(client, shared, partner, authority):
    start = reverse("consultations:start", args=["what-about-clubs", "parents"])
    assert "holds the answers" in words(client.get(start, **THERE))
    client.post(start, **THERE)
    for code, value in [("AGE", "AGE2"), ("WORDS", "More swimming")]:
        url = reverse("consultations:step", args=["what-about-clubs", "parents", code])
        revision = Draft.objects.get().revision
        client.post(url, {"answer": value, "revision": revision}, **THERE)
    check = reverse("consultations:check", args=["what-about-clubs", "parents"])

    sent = client.post(check, **THERE)

    response = Response.objects.get()
    assert sent.url.endswith("/sent/")
    assert (response.authority, response.door) == (authority, partner)
    answer(shared[1], {"AGE": "AGE1"})
    assert {row.door for row in Response.objects.all()} == {authority, partner}


@pytest.mark.parametrize("host", [{}, THERE], ids=["lead", "partner"])
def test_a_receipt_works_where_it_was_given(client, shared, partner, authority, host):
    receipt = answer(shared[1], {"AGE": "AGE2"}, door=partner if host else authority)

    response = client.post(reverse("consultations:receipt"), {"code": receipt}, **host)

    assert "You answered What about clubs?" in words(response)


def test_a_code_to_come_back_with_works_on_both_sites(client, shared):
    draft = answering.begin(shared[1], now=WHILE_OPEN)
    code = answering.put_aside(draft, now=WHILE_OPEN)

    response = client.post(reverse("consultations:come_back"), {"code": code}, **THERE)

    assert response.url.startswith("/have-your-say/answer/what-about-clubs/")


def test_a_third_authority_has_nothing_of_it(client, shared):
    _third, home = make_site(name="Rutshire", hostname="rutshire.example", gss_code="E10000997")
    make_listing(home)
    host = {"HTTP_HOST": "rutshire.example"}

    for url in [PAGE, reverse("consultations:start", args=["what-about-clubs", "parents"])]:
        assert client.get(url, **host).status_code == 404
    assert "clubs" not in words(client.get("/have-your-say/", **host))


def test_before_its_officers_agree_the_other_site_shows_nothing(client, opened, partner, clock):
    clock(WHILE_OPEN)
    share(opened[0], partner, joined=False)

    assert client.get(PAGE, **THERE).status_code == 404


def test_a_page_that_is_published_later_appears_on_both(client, authority, index, partner, clock):
    record = make_consultation(index, authority=authority)
    owner = share(record, partner, now=OPENS - timedelta(days=2))
    assert not ConsultationPage.objects.get(pk=owner.page_id).live

    planning.set_going(record, now=OPENS - timedelta(days=1))
    clock(WHILE_OPEN)

    assert [client.get(PAGE, **host).status_code for host in [{}, THERE]] == [200, 200]
    assert not record.owner_changes.exists()


def published(record, survey, partner, number=40):
    for person in range(number):
        door = partner if person % 4 < 2 else survey.authority
        answer(survey, {"AGE": f"AGE{1 + person % 2}"}, door=door)
    planning.begin_counting(record, now=AFTER)
    return results.make(record, now=AFTER)


def test_one_result_on_both_sites_split_by_door_where_that_is_safe(client, shared, partner, clock):
    record, survey, _owner = shared
    survey.break_down_by = doors.DOOR
    survey.save()
    made = published(record, survey, partner)
    results.publish(made, now=AFTER)
    clock(AFTER)

    tables = made.tables[0]["tables"]
    through = next(table for table in tables if table["code"] == doors.DOOR)
    assert [(row["label"], row["number"]) for row in through["rows"]] == [
        ("Barsetshire County Council", 20),
        ("Loamshire County Council", 20),
    ]
    split = next(table for table in tables if table["kind"] == "broken_down")
    assert [row["label"] for row in split["rows"]] == [row["label"] for row in through["rows"]]
    pages = [client.get(f"{PAGE}results/", **host) for host in [{}, THERE]]
    assert [page.status_code for page in pages] == [200, 200]
    files = [client.get(f"{PAGE}results.json", **host).json() for host in [{}, THERE]]
    assert files[0] == files[1]


def test_a_door_with_few_answers_is_hidden(shared, partner):
    record, survey, _owner = shared
    for _person in range(30):
        answer(survey, {"AGE": "AGE1"})
    answer(survey, {"AGE": "AGE1"}, door=partner)
    planning.begin_counting(record, now=AFTER)

    tables = results.make(record, now=AFTER).tables[0]["tables"]

    through = [table for table in tables if table["code"] == doors.DOOR]
    assert all(row["number"] is None for table in through for row in table["rows"])


# What owners see in the admin

ACTS = ["open", "move", "promise", "count", "decide", "owners"]


@pytest.mark.parametrize(
    ("rights", "answers", "tables"),
    [
        ({}, 404, 404),
        ({"can_see_results": True}, 404, 200),
        ({"can_see_raw": True}, 200, 404),
        ({"role": ConsultationOwner.Role.PROCESSOR, "can_see_raw": True}, 200, 404),
    ],
)
def test_an_owner_sees_what_it_may_and_changes_nothing(
    client, opened, partner, clock, rights, answers, tables
):
    record = opened[0]
    share(record, partner, joined=False, **rights)
    answer(opened[1], {"AGE": "AGE1"})
    planning.begin_counting(record, now=AFTER)
    results.make(record, now=AFTER)
    clock(AFTER)
    client.force_login(make_officer(partner, role="administrator"))

    def ask(name, method="get"):
        return getattr(client, method)(
            reverse(f"consultations_admin:{name}", args=[record.pk])
        ).status_code

    assert (ask("edit"), ask("answers"), ask("export"), ask("results")) == (
        200, answers, answers, tables
    )  # fmt: skip
    assert {ask(name) for name in ACTS} == {404}
    assert {ask(name, "post") for name in [*ACTS, "edit", "results"]} == {404}
    assert client.get(reverse("surveys:edit", args=[opened[1].pk])).status_code == 404
    assert "Barsetshire" in words(client.get(reverse("consultations_admin:index")))


def test_a_third_authoritys_officer_finds_nothing(client, shared):
    third, _home = make_site(name="Rutshire", hostname="rutshire.example", gss_code="E10000997")
    client.force_login(make_officer(third, role="administrator"))
    names = [*ACTS, "edit", "answers", "export", "results", "join", "unshare"]

    for name in names:
        url = reverse(f"consultations_admin:{name}", args=[shared[0].pk])
        assert {client.get(url).status_code, client.post(url).status_code} == {404}


def test_the_lead_shares_it_and_the_others_agree_in_the_admin(client, opened, partner, clock):
    clock(WHILE_OPEN)
    record = opened[0]
    owners = reverse("consultations_admin:owners", args=[record.pk])
    join = reverse("consultations_admin:join", args=[record.pk])
    lead = make_officer(record.authority, role="administrator", email="lead@example.org")
    theirs = make_officer(partner, role="administrator", email="theirs@example.org")
    data = {"authority": partner.gss_code, "role": JOINT, "can_see_results": "on"}

    client.force_login(lead)
    assert "say why" in words(client.post(owners, data))
    client.post(owners, {**data, "reason": "Both plan it."})
    assert client.get(join).status_code == 404
    client.force_login(theirs)
    assert "Show it on the site of Loamshire" in words(
        client.get(reverse("consultations_admin:edit", args=[record.pk]))
    )
    client.post(join)
    client.post(join)

    owner = record.owners.get()
    assert (owner.page.live, owner.can_see_results, owner.can_see_raw) == (True, True, False)
    told = words(client.get(PAGE))
    assert "Loamshire County Council joined in asking from Monday 10 April 2023. Both plan it." in (
        told
    )


def test_the_export_tells_the_door(client, shared):
    answer(shared[1], {"AGE": "AGE1"})
    client.force_login(make_officer(shared[0].authority, role="administrator"))

    response = client.get(reverse("consultations_admin:export", args=[shared[0].pk]))

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][-1] == "Barsetshire County Council"


# What is refused


def test_nobody_is_taken_away_while_people_answer_there(shared):
    with pytest.raises(planning.RefusedError, match="People are answering"):
        sharing.take_away(shared[2], now=WHILE_OPEN, reason="No more.")


def test_an_owner_that_goes_leaves_its_answers_and_a_way_to_the_lead(client, shared, partner):
    answering_page = shared[2].page
    receipt = answer(shared[1], {"AGE": "AGE2"}, door=partner)

    with pytest.raises(planning.RefusedError, match="say why"):
        sharing.take_away(shared[2], now=AFTER)
    sharing.take_away(shared[2], now=AFTER, reason="The boundary moved.")

    assert Response.objects.get().door == partner
    gone = client.get(PAGE, **THERE)
    assert (gone.status_code, gone.url) == (302, f"http://testserver{PAGE}")
    item = PublicItem.objects.get(key=str(answering_page.pk), kind="consultation")
    assert item.state == PublicItem.State.WITHDRAWN
    response = client.post(reverse("consultations:receipt"), {"code": receipt}, **THERE)
    assert f"http://testserver{PAGE}" in response.content.decode()


def test_a_site_without_a_listing_or_with_the_same_address_is_told_so(opened, partner):
    other, _home = make_site(name="Rutshire", hostname="rutshire.example", gss_code="E10000997")
    with pytest.raises(planning.RefusedError, match="no page called Have your say"):
        share(opened[0], other)
    index = partner.site.root_page.get_children().get()
    make_open(index, authority=partner)
    with pytest.raises(planning.RefusedError, match="another page at"):
        share(opened[0], partner)


def test_who_may_not_publish_cannot_put_it_on_their_site(opened, partner):
    owner = share(opened[0], partner, joined=False)

    with pytest.raises(planning.RefusedError, match="who may publish"):
        sharing.join(owner, by=make_officer(partner, role="participation_officer"))


def test_the_database_refuses_a_processor_with_a_page_and_an_owner_twice(shared, partner):
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsultationOwner.objects.update(role="processor")
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsultationOwner.objects.create(
            consultation=shared[0], authority=partner, role="controller"
        )


def test_the_page_there_cannot_become_one_of_its_own(client, shared, partner):
    client.force_login(make_officer(partner, role="administrator"))
    url = reverse("wagtailadmin_pages:convert_alias", args=[shared[2].page_id])

    client.post(url)

    assert ConsultationPage.objects.get(pk=shared[2].page_id).alias_of_id == shared[0].page_id
