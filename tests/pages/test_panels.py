from datetime import timedelta

import pytest
from django.utils import timezone

from localoffer.authority.models import Authority
from localoffer.pages import actions, panels
from tests.factories.authority import make_officer
from tests.factories.pages import make_guide, make_page, make_site


@pytest.fixture
def ours(authority):
    return Authority.objects.filter(pk=authority.pk)


def titles(panel):
    return [row.title for row in panel.rows] if panel else None


def test_pages_past_their_day_are_late_first(home, ours):
    today = timezone.localdate()
    make_page(home, title="A week late", review_due=today - timedelta(days=7))
    make_guide(home, title="A month late", review_due=today - timedelta(days=30))
    make_page(home, title="Due today", review_due=today)
    _other, their_home = make_site(
        name="Loamshire", hostname="loamshire.example", gss_code="E10000998"
    )
    make_page(their_home, title="Theirs", review_due=today - timedelta(days=7))

    panel = panels.past_review(authorities=ours, now=timezone.now())

    assert titles(panel) == ["A month late", "A week late"]
    assert panel.urgent


def test_pages_that_nobody_has_checked(home, ours):
    actions.check(home, on=timezone.localdate())
    actions.check(make_page(home, title="Checked"), on=timezone.localdate())
    make_page(home, title="Not checked")
    make_page(home, title="Only a draft", publish=False)

    panel = panels.never_checked(authorities=ours, now=timezone.now())

    assert titles(panel) == ["Not checked"]


def test_pages_that_will_appear_or_disappear_soon(home, ours):
    now = timezone.now()
    page = make_page(home, title="Going", expire_at=now + timedelta(days=3))
    make_page(home, title="Staying", expire_at=now + timedelta(days=30))
    draft = make_page(home, title="Coming", publish=False)
    draft.go_live_at = now + timedelta(days=2)
    draft.save_revision().publish()

    panel = panels.changing_soon(authorities=ours, now=now)

    assert titles(panel) == ["Coming", "Going"]
    assert page.title == "Going"


def test_drafts_waiting_for_approval(home, ours, authority):
    page = make_page(home)
    page.save_revision()
    page.get_workflow().start(page, make_officer(authority, role="content_editor"))

    panel = panels.waiting_for_approval(authorities=ours, now=timezone.now())

    assert titles(panel) == ["School transport"]


def test_nothing_to_say_is_no_panel(authority, ours):
    for panel in [panels.waiting_for_approval, panels.past_review, panels.changing_soon]:
        assert panel(authorities=ours, now=timezone.now()) is None


def test_the_first_page_of_the_admin_shows_them(admin, home):
    make_page(home, title="A week late", review_due=timezone.localdate() - timedelta(days=7))

    html = admin.get("/admin/").content.decode()

    assert "Pages past their review date" in html
    assert "A week late" in html
