"""What officers see of what people looked for: common words, and only of their own authority."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from localoffer.authority.models import Authority
from localoffer.search import actions, panels
from localoffer.search.models import Gap
from localoffer.search.reporting import LITTLE, NOTHING, Asking, report
from tests.factories.authority import make_officer
from tests.factories.search_words import make_asked, make_gap, make_public_item

REPORT = "/admin/search/asked/"


@pytest.fixture
def officer(authority):
    return make_officer(authority, role="participation_officer")


def shown(authority, weeks=4, **fields):
    asking = Asking(authority, weeks, **fields)
    return [line.words for line in report(asking, today=timezone.localdate()).lines]


def test_common_words_come_first_and_rare_ones_are_only_counted(admin, authority):
    make_asked(authority, "respite", times=10)
    make_asked(authority, "school transport", times=30)
    make_asked(authority, "rare condition", times=9)
    make_asked(authority, "another one", times=1)

    html = admin.get(REPORT).content.decode()

    assert html.index("school transport") < html.index("respite")
    assert "rare condition" not in html
    assert "another one" not in html
    assert "And 2 rarer words or phrases, not shown." in " ".join(html.split())


def test_words_are_common_or_rare_in_the_time_and_place_that_are_shown(authority):
    today = timezone.localdate()
    make_asked(authority, "clubs", times=6, outward="WR14", ages=(4, 4))
    make_asked(authority, "clubs", times=6, outward="WR2", on=today - timedelta(weeks=8))

    assert shown(authority, weeks=4) == []
    assert shown(authority, weeks=13) == ["clubs"]
    assert shown(authority, weeks=13, outward="WR14") == []
    assert shown(authority, weeks=13, ages="0-4") == []


def test_words_are_filtered_by_place_age_and_what_was_found(authority):
    make_asked(authority, "pool", times=10, outward="WR14", found=0, strong=0)
    make_asked(authority, "clubs", times=20, ages=(4, 4), found=3, strong=3)
    make_asked(authority, "respite", times=30)

    assert shown(authority) == ["respite", "clubs", "pool"]
    assert shown(authority, outward="WR14") == ["pool"]
    assert shown(authority, ages="0-4") == ["clubs"]
    assert shown(authority, show=NOTHING) == ["pool"]
    assert shown(authority, show=LITTLE) == ["pool", "clubs"]


def test_a_postcode_area_is_offered_only_where_enough_people_searched(admin, authority):
    make_asked(authority, "clubs", times=9, outward="WR2")
    make_asked(authority, "clubs", times=10, outward="WR14")

    html = admin.get(REPORT).content.decode()

    assert "WR14" in html
    assert "WR2" not in html


@pytest.mark.parametrize(
    "query",
    [
        "weeks=x",
        "weeks=4000",
        "show=%00",
        "outward=WR2'--",
        "ages=none",
        "p=x",
        "p=999",
        "weeks=4&weeks=13",
        "export=xml",
    ],
)
def test_an_address_that_means_nothing_shows_everything(admin, authority, query):
    make_asked(authority)

    response = admin.get(f"{REPORT}?{query}")

    assert response.status_code == 200
    assert b"respite" in response.content


def test_each_row_leads_to_the_search_and_to_what_can_be_done(admin, authority):
    make_asked(authority, "swimming & hoist")

    html = admin.get(REPORT).content.decode()

    assert f'href="{authority.site.root_url}/find-help/?q=swimming+hoist"' in html
    assert (
        f'href="/admin/search/gaps/new/?words=swimming+hoist&amp;authority={authority.pk}"' in html
    )


def test_what_was_done_already_is_said_in_place_of_the_link(admin, authority):
    make_asked(authority, "swimming hoist")
    gap = make_gap(authority, words="Swimming hoist")

    html = admin.get(REPORT).content.decode()

    assert "Note as a gap" not in html
    assert f'href="/admin/search/gaps/edit/{gap.pk}/">Gap: open' in html


def test_the_table_to_download_hides_the_same(admin, authority):
    make_asked(authority, "respite", times=12, found=0, strong=0)
    make_asked(authority, "clubs", times=10)
    make_asked(authority, "rare condition", times=9)
    make_gap(authority, words="respite")

    response = admin.get(f"{REPORT}?export=csv&show=nothing")

    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert response.headers["Content-Type"].startswith("text/csv")
    assert rows == [
        ["Words", "Searches", "Found nothing", "Found little", "Noted"],
        ["respite", "12", "12", "0", "Gap: Open"],
        ["And 1 rarer words, not shown", "9"],
        [],
        ["Barsetshire. The last 4 weeks, Found nothing"],
    ]
    assert "rare condition" not in response.content.decode()


@pytest.mark.parametrize("words", [1, 26])
def test_the_report_asks_the_same_number_of_queries_however_many_words(
    authority, django_assert_num_queries, words
):
    for number in range(words):
        make_asked(authority, f"word {chr(97 + number)}")

    with django_assert_num_queries(5):
        assert len(shown(authority)) == words


def test_another_authoritys_counts_are_not_seen(client, authority, neighbour):
    make_asked(neighbour, "their words")
    client.force_login(make_officer(authority, role="participation_officer"))

    assert b"their words" not in client.get(REPORT).content
    for key in [neighbour.pk, 0, -1, "x", "%00", "9" * 50]:
        assert client.get(f"{REPORT}?authority={key}").status_code == 404
        assert client.get(f"{REPORT}?authority={key}&export=csv").status_code == 404


def test_somebody_with_a_role_in_two_authorities_chooses(client, authority, neighbour):
    officer = make_officer(authority, role="participation_officer")
    officer.groups.add(*make_officer(neighbour, role="content_editor").groups.all())
    make_asked(neighbour, "their words")
    client.force_login(officer)

    assert b"their words" not in client.get(f"{REPORT}?authority={authority.pk}").content
    assert b"their words" in client.get(f"{REPORT}?authority={neighbour.pk}").content


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("content_editor", 200),
        ("content_approver", 200),
        ("participation_officer", 200),
        ("administrator", 200),
        ("directory_officer", 302),
        ("forum_editor", 302),
    ],
)
def test_the_report_is_for_those_who_write_and_listen(client, authority, role, status):
    client.force_login(make_officer(authority, role=role))

    assert client.get(REPORT).status_code == status
    assert (b"What people look for" in client.get("/admin/").content) == (status == 200)


def test_somebody_who_has_not_signed_in_sees_nothing(client, authority):
    assert client.get(REPORT).status_code == 302


def test_a_gap_is_noted_from_the_report(admin, authority):
    address = f"/admin/search/gaps/new/?words=swimming+hoist&authority={authority.pk}"

    assert b'value="swimming hoist"' in admin.get(address).content
    admin.post(
        address,
        {
            "words": "swimming hoist",
            "note": "Ask the pools.",
            "state": "open",
            "covered_by": "",
            "authority": authority.pk,
        },
    )

    gap = Gap.objects.get()
    assert (gap.words, gap.state, gap.noted) == ("swimming hoist", "open", timezone.localdate())


@pytest.mark.parametrize("words", ["%00", "x" * 500, "<script>"])
def test_whatever_the_address_says_the_form_opens(admin, authority, words):
    response = admin.get(f"/admin/search/gaps/new/?words={words}&authority=x")

    assert response.status_code == 200
    assert b"<script>&" not in response.content


def change(admin, gap, **fields):
    data = {"words": gap.words, "note": "", "state": "open", "covered_by": ""}
    return admin.post(
        reverse("gaps:edit", args=[gap.pk]), data | {"authority": gap.authority_id} | fields
    )


def test_a_gap_is_covered_by_something_public_and_can_be_opened_again(admin, authority):
    gap, pool = make_gap(authority), make_public_item(authority)

    change(admin, gap, state="covered", covered_by=pool.pk)
    gap.refresh_from_db()
    assert (gap.state, gap.covered_by, gap.decided) == ("covered", pool, timezone.localdate())

    change(admin, gap)
    gap.refresh_from_db()
    assert (gap.state, gap.covered_by, gap.decided) == ("open", None, None)


@pytest.mark.parametrize("state", ["covered", "open", "not_ours"])
def test_a_gap_says_what_covers_it_or_that_nothing_does(admin, authority, state):
    gap, pool = make_gap(authority), make_public_item(authority)

    response = change(admin, gap, state=state, covered_by="" if state == "covered" else pool.pk)

    gap.refresh_from_db()
    assert (response.status_code, gap.state) == (200, "open")
    assert (b"Choose the page" in response.content) or (b"Leave this empty" in response.content)


def test_a_gap_cannot_be_covered_by_what_another_authority_has(admin, authority, neighbour):
    gap, theirs = make_gap(authority), make_public_item(neighbour)

    response = change(admin, gap, state="covered", covered_by=theirs.pk)

    gap.refresh_from_db()
    assert (response.status_code, gap.state) == (200, "open")
    with pytest.raises(ValidationError, match="another Local Offer"):
        Gap(authority=authority, words="pool", state="covered", covered_by=theirs).full_clean()


def test_the_same_words_are_noted_once(admin, authority, neighbour):
    make_gap(neighbour)
    actions.note_gap(authority=authority, words="swimming hoist")

    with pytest.raises(ValidationError, match="noted as a gap already"):
        actions.note_gap(authority=authority, words="swimming hoist")


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "covered", "decided": timezone.localdate},
        {"state": "not_ours"},
        {"state": "open", "decided": timezone.localdate},
    ],
)
def test_the_database_refuses_a_gap_that_contradicts_itself(authority, fields):
    values = {name: value() if callable(value) else value for name, value in fields.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        make_gap(authority, **values)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("view", ["edit", "delete", "history", "usage"])
def test_another_authoritys_gap_is_not_found(client, authority, neighbour, method, view):
    client.force_login(make_officer(authority, role="content_approver"))
    theirs = make_gap(neighbour)

    address = reverse(f"gaps:{view}", args=[theirs.pk])

    assert getattr(client, method)(address).status_code == 404
    assert b"swimming hoist" not in client.get(reverse("gaps:index")).content


def test_today_shows_words_that_find_nothing_until_something_is_done(admin, authority, neighbour):
    make_asked(authority, "swimming hoist", times=12, found=0, strong=0)
    make_asked(authority, "sometimes", times=30)
    make_asked(authority, "sometimes", times=14, found=0, strong=0)
    make_asked(authority, "rare condition", times=9, found=0, strong=0)
    make_asked(neighbour, "their words", times=12, found=0, strong=0)
    long_ago = timezone.localdate() - timedelta(weeks=6)
    make_asked(authority, "old words", times=12, found=0, strong=0, on=long_ago)

    html = admin.get("/admin/").content.decode()

    assert "Words that find nothing" in html
    assert "12 searches of 12 found nothing in 4 weeks" in html
    for words in ["sometimes", "rare condition", "their words", "old words"]:
        assert words not in html
    make_gap(authority, words="Swimming hoist")
    html = admin.get("/admin/").content.decode()
    assert "Words that find nothing" not in html
    assert "Gaps open" in html


def test_a_gap_that_is_decided_waits_no_longer(authority):
    make_gap(authority, state="not_ours", decided=timezone.localdate())

    ours = Authority.objects.filter(pk=authority.pk)
    assert panels.gaps_open(authorities=ours, now=timezone.now()) is None


@pytest.mark.parametrize("number", [1, 12])
def test_the_panels_ask_the_same_number_of_queries(authority, django_assert_num_queries, number):
    for place in range(number):
        make_asked(authority, f"word {chr(97 + place)}", found=0, strong=0)
        make_gap(authority, words=f"gap {place}")
    ours = Authority.objects.filter(pk=authority.pk)

    with django_assert_num_queries(5):
        nothing = panels.words_that_find_nothing(authorities=ours, now=timezone.now())
        gaps = panels.gaps_open(authorities=ours, now=timezone.now())

    assert (nothing.total, gaps.total) == (number, number)
    assert len(nothing.rows) == len(gaps.rows) == min(number, 8)
