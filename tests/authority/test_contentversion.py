import os
import uuid

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from localoffer.authority import contentversion
from localoffer.authority.models import MOST_CHANGES, Authority, ContentChange
from localoffer.feedback import actions as feedback
from localoffer.taxonomy.models import Topic
from tests.factories.pages import make_alert, make_site
from tests.factories.search_words import make_asked, make_gap, make_own_words

TOKEN = uuid.UUID(int=1)


@pytest.fixture
def site(db):
    return make_site()


@pytest.fixture
def moves(django_capture_on_commit_callbacks):
    """Whether what is done in a transaction moves the version when it commits."""

    def moved(change):
        before = contentversion.current()
        # The transaction of the test has written already: look at a savepoint as if it were one.
        hooks, connection.run_on_commit = connection.run_on_commit, []
        rows = ContentChange.objects.count()
        with django_capture_on_commit_callbacks(execute=True):
            change()
        connection.run_on_commit = hooks
        written = ContentChange.objects.count() > rows
        assert written is (contentversion.current() != before)
        return written

    return moved


def an_alert(authority, home):
    make_alert(authority)


def a_colour(authority, home):
    authority.brand_colour = "#222222"
    authority.save()


def a_colour_in_bulk(authority, home):
    Authority.objects.update(brand_colour="#222222")


def a_site(authority, home):
    Site.objects.filter(pk=authority.site_id).update(port=8080)


def a_publication(authority, home):
    home.title = "Another"
    home.save_revision().publish()


def going_private(authority, home):
    PageViewRestriction.objects.create(
        page=home, restriction_type=PageViewRestriction.PASSWORD, password="word"
    )


def a_move(authority, home):
    child = home.add_child(instance=Page(title="Child", slug="child"))
    home.add_child(instance=Page(title="Other", slug="other"))
    child.move(home, pos="last-child")


def a_deletion(authority, home):
    Page.objects.get(pk=home.add_child(instance=Page(title="Child", slug="child")).pk).delete()


def a_term(authority, home):
    Topic.objects.bulk_create([Topic(code="new", name="New", plain="New")])


def raw_sql(authority, home):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_page SET title = 'Raw' WHERE id = %s", [home.pk])


def a_word_for_the_search(authority, home):
    make_own_words(authority)


def a_file(authority, home):
    contentversion.moved()


@pytest.mark.parametrize(
    "change",
    [
        an_alert,
        a_colour,
        a_colour_in_bulk,
        a_site,
        a_publication,
        going_private,
        a_move,
        a_deletion,
        a_term,
        raw_sql,
        a_word_for_the_search,
        a_file,
    ],
)
def test_whatever_shows_moves_the_version(site, moves, change):
    assert moves(lambda: change(*site))


def a_draft(authority, home):
    home.title = "Not yet"
    home.save_revision()


def a_lock(authority, home):
    home.locked = True
    home.locked_at = timezone.now()
    home.save(update_fields=["locked", "locked_at"])


def a_session(authority, home):
    Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())


def a_comment(authority, home):
    feedback.receive(authority=authority, about=None, kind="other", text="Thank you", token=TOKEN)


def a_count_of_searches(authority, home):
    make_asked(authority)


def a_gap(authority, home):
    make_gap(authority)


def a_group(authority, home):
    Group.objects.create(name="New")


def a_look(authority, home):
    list(Page.objects.select_for_update().filter(title="UPDATE wagtailcore_page"))


@pytest.mark.parametrize(
    "change",
    [
        a_draft,
        a_lock,
        a_session,
        a_comment,
        a_count_of_searches,
        a_gap,
        a_group,
        a_look,
    ],
)
def test_what_does_not_show_leaves_the_version(site, moves, change):
    assert not moves(lambda: change(*site))


def test_a_visit_leaves_the_version(site, moves, client):
    assert not moves(lambda: client.get("/"))
    assert not moves(lambda: client.get("/feedback/"))


def test_a_transaction_writes_one_row_however_much_it_changes(site, moves):
    before = ContentChange.objects.count()

    moves(lambda: [a_publication(*site), an_alert(*site), a_move(*site)])

    assert ContentChange.objects.count() == before + 1


def an_alert_taken_back(authority):
    with transaction.atomic():
        make_alert(authority)
        transaction.set_rollback(True)


def test_what_is_rolled_back_leaves_the_version(site, moves):
    assert not moves(lambda: an_alert_taken_back(site[0]))


def test_a_change_after_a_savepoint_was_rolled_back_is_still_noticed(site, moves):
    assert moves(lambda: [an_alert_taken_back(site[0]), an_alert(*site)])


def test_the_tick_mends_what_a_killed_process_left(site, moves):
    contentversion.mend()
    an_alert(*site)  # committed, as far as this connection can see, and nobody moved the file
    ContentChange.objects.create()
    before = contentversion.current()

    call_command("tick")

    assert contentversion.current() != before
    assert contentversion.mend() is False


def test_many_rows_become_one_and_the_version_stays(db):
    ContentChange.objects.bulk_create([ContentChange() for _ in range(MOST_CHANGES + 1)])
    contentversion.mend()

    ContentChange.objects.compact()

    assert ContentChange.objects.count() == 1
    assert contentversion.mend() is False


def test_every_process_sees_the_file_move_without_asking_the_system(tmp_path):
    ours = contentversion.VersionFile(tmp_path / "version")
    first = ours.current()
    child = os.fork()
    if child == 0:
        contentversion.VersionFile(tmp_path / "version").move("7")
        os._exit(0)
    os.waitpid(child, 0)

    assert ours.current() != first
    assert ours.mark == "7"


def test_a_version_never_comes_back(tmp_path):
    file = contentversion.VersionFile(tmp_path / "version")

    seen = {file.current()} | {file.move("1") or file.current() for _ in range(1000)}

    assert len(seen) == 1001


def test_a_file_that_was_replaced_is_found_again(tmp_path):
    file = contentversion.VersionFile(tmp_path / "version")
    before = file.current()
    (tmp_path / "version").unlink()
    file.look_again()

    assert file.current() != before
    file.move("1")
    assert contentversion.VersionFile(tmp_path / "version").current() == file.current()


@pytest.mark.django_db
def test_migrations_count_as_one_change():
    before, rows = contentversion.current(), ContentChange.objects.count()
    contentversion.pause()
    try:
        Topic.objects.update(name="Renamed")
        assert ContentChange.objects.count() == rows
    finally:
        contentversion.resume(using="default")

    assert contentversion.current() != before
    assert ContentChange.objects.count() == rows + 1


def test_a_transaction_knows_its_own_state_after_each_change(authority):
    states = [contentversion.pending()]
    for change in [authority.save, lambda: Authority.objects.update(council="Barset")]:
        change()
        states.append(contentversion.pending())

    assert None not in states
    assert len(set(states)) == 3


def test_a_savepoint_that_is_rolled_back_leaves_no_state_that_was_seen_inside_it(authority):
    before = contentversion.pending()
    with transaction.atomic():
        authority.save()
        inside = contentversion.pending()
        transaction.set_rollback(True)

    assert contentversion.pending() not in {None, before, inside}


def test_a_draft_changes_no_state(authority):
    page = authority.site.root_page
    before = contentversion.pending()

    page.title = "A draft"
    page.save_revision()

    assert contentversion.pending() == before


@pytest.mark.django_db
def test_a_transaction_that_has_changed_nothing_has_no_state():
    assert contentversion.pending() is None
    Topic.objects.update(plain="Other words")
    assert contentversion.pending() is not None
