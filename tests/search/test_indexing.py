import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from wagtail.models import PageViewRestriction

from localoffer.authority.models import PublicItem
from localoffer.directory import actions
from localoffer.directory.models import Service
from localoffer.operate import ticking
from localoffer.pages.actions import publish
from localoffer.search import entries, indexing, models
from localoffer.search.matching import matcher
from localoffer.search.models import IndexState, SearchDocument, TitleStart
from localoffer.search.thesaurus import ConceptWords, Thesaurus
from tests.factories.directory import make_draft, make_location, make_organisation, make_service
from tests.factories.news import make_index, make_story
from tests.factories.pages import make_guide, make_page, make_section
from tests.factories.search import make_found


def indexed(authority, kind=None):
    rows = SearchDocument.objects.for_authority(authority)
    rows = rows.filter(kind=kind) if kind else rows
    return sorted(rows.values_list("title", flat=True))


def matched(word):
    rows = SearchDocument.objects.in_bulk(matcher().match([word]))
    return sorted(row.title for row in rows.values())


def test_what_is_published_is_found_at_once_with_its_facts(authority, home):
    service = make_found(
        authority,
        name="Heron club",
        needs=["SLCN", "ASD"],
        types=["leisure"],
        days=["MO", "2SA"],
        at=(377_000, 246_000),
        access=["step_free"],
        organisation=make_organisation(authority, name="Plumstead Trust"),
        minimum_age=4,
        maximum_age=11,
        cost_kind="free",
        is_example=True,
    )

    (entry,) = [entry for entry in entries.of_authority(authority) if entry.kind == "service"]

    assert (entry.key, entry.title, entry.url) == (
        str(service.pk),
        "Heron club",
        service.get_absolute_url(),
    )
    assert (entry.needs, entry.types, entry.days) == (
        {"SLCN", "ASD"},
        {"leisure"},
        {"MO", "SA"},
    )
    assert (entry.ages, entry.cost, entry.organisation) == (
        "Ages 4 to 11",
        "Free",
        "Plumstead Trust",
    )
    assert [(spot.easting, spot.town, spot.access) for spot in entry.spots] == [
        (377_000, "Hogglestock", ("Step-free way in",))
    ]
    assert (entry.is_example, entry.reach, entry.impacts) == (True, "in", {})
    assert matched("plumstead") == matched("hogglestock") == ["Heron club"]


def test_pages_guides_and_news_are_found_with_their_terms(home, authority):
    make_page(home, title="Heron page", slug="heron")
    guide = make_guide(home, title="Heron guide")
    guide.needs.set(["ASD"])
    guide.age_bands.set(["0-4", "16-17"])
    guide.audiences.set(["parents"])
    publish(guide)
    story = make_story(make_index(home), title="Heron week", place="Malvern")

    found = {entry.title: entry for entry in entries.of_authority(authority)}

    assert found.keys() == {"Heron page", "Heron guide", "Heron week", "News"}
    assert found["Heron page"].url == "/heron/"
    assert found["Heron guide"].needs == {"ASD"}
    assert (found["Heron guide"].minimum_age, found["Heron guide"].maximum_age) == (0, 17)
    assert found["Heron week"].dated == story.event_date
    assert matched("malvern") == ["Heron week"]


def test_what_is_withdrawn_deleted_or_ended_leaves_at_once(authority, home):
    make_draft(authority, name="Draft heron")
    withdrawn = make_service(authority, name="Withdrawn heron")
    deleted = make_service(authority, name="Deleted heron")
    ended = make_service(authority, name="Ended heron")
    page = make_page(home, title="Unpublished heron", slug="u")
    section = make_section(home, title="Section heron")
    make_page(section, title="Heron below")
    make_service(authority, name="Public heron")

    actions.withdraw(service=withdrawn)
    deleted.delete()
    ended.status = Service.Status.DEFUNCT
    actions.publish(service=ended)
    page.unpublish()
    section.delete()

    assert indexed(authority) == matched("heron") == ["Public heron"]
    assert set(TitleStart.objects.values_list("start", flat=True)) == {"public heron", "heron"}


def test_a_change_that_is_rolled_back_leaves_the_index_as_it_was(authority):
    service = make_service(authority, name="Heron")
    revision = IndexState.objects.revision()

    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        actions.withdraw(service=service)
        make_service(authority, name="Egret")
        assert matched("heron") == []
        assert matched("egret") == ["Egret"]
        raise RuntimeError

    assert matched("heron") == ["Heron"]
    assert matched("egret") == []
    assert IndexState.objects.revision() == revision


def restrict(page, **fields):
    fields = {"restriction_type": PageViewRestriction.PASSWORD, "password": "x", **fields}
    return PageViewRestriction.objects.create(page=page, **fields)


def test_a_page_behind_a_password_is_not_indexed_and_comes_back_when_it_opens(home, authority):
    section = make_section(home, title="Closed", slug="closed")
    page = make_page(section, title="Heron page")
    lock = restrict(section)

    assert indexed(authority) == matched("heron") == []

    publish(page)
    assert indexed(authority) == []

    lock.delete()
    assert indexed(authority) == ["Closed", "Heron page"]


def test_a_page_moved_under_a_restriction_leaves_and_one_moved_out_comes(home, authority):
    closed = make_section(home, title="Closed", slug="closed")
    restrict(closed, restriction_type=PageViewRestriction.LOGIN, password="")
    page = make_section(home, title="Heron section", slug="s")
    make_page(page, title="Heron below")

    page.move(closed, pos="last-child")
    assert indexed(authority) == []

    page.refresh_from_db()
    page.move(home, pos="last-child")
    assert indexed(authority) == ["Heron below", "Heron section"]


def test_a_moved_or_renamed_page_has_its_new_address(home, authority):
    one, other = make_section(home, title="One", slug="one"), make_section(home, slug="other")
    page = make_page(one, title="Heron", slug="heron")

    page.move(other, pos="last-child")

    assert SearchDocument.objects.get(title="Heron").url == "/other/heron/"


def test_each_authority_has_its_own(authority, home, neighbour_site):
    loamshire, their_home = neighbour_site
    make_service(loamshire, name="Their heron")
    make_page(their_home, title="Their page")
    make_service(authority, name="Our heron")
    make_page(home, title="Our page")

    assert indexed(authority) == ["Our heron", "Our page"]
    assert indexed(loamshire) == ["Their heron", "Their page"]
    for owner in [authority, loamshire]:
        for row in SearchDocument.objects.for_authority(owner):
            assert row.filters.split()[0] == f"za{owner.pk}"


def test_what_has_not_changed_is_not_analysed_again(authority, monkeypatch):
    service = make_service(authority, name="Heron")
    revision = IndexState.objects.revision()
    analysed = []
    analyse = indexing.analysis.impacts
    monkeypatch.setattr(
        indexing.analysis, "impacts", lambda *given: analysed.append(given) or analyse(*given)
    )

    actions.mark_checked(service=service, by=None)
    assert analysed == []
    assert IndexState.objects.revision() == revision

    service.description = "A pond."
    actions.publish(service=service)
    assert len(analysed) == 1
    assert IndexState.objects.revision() != revision


def test_a_place_or_an_organisation_that_changes_is_found_by_its_new_name(authority):
    place = make_location(authority, name="Old hall")
    organisation = make_organisation(authority, name="Old trust")
    make_service(authority, name="Heron", locations=[place], organisation=organisation)

    place.name = "New barn"
    place.save()
    actions.announce_place(location=place)
    organisation.name = "Fresh trust"
    organisation.save()
    actions.announce_organisation(organisation=organisation)

    assert matched("barn") == matched("fresh") == ["Heron"]
    assert matched("hall") == matched("old") == []


@pytest.mark.parametrize("number", [1, 12])
def test_indexing_asks_the_same_queries_however_many(authority, django_assert_num_queries, number):
    services = [
        make_found(authority, name=f"Heron {n}", needs=["ASD"], at=(377_000, 246_000))
        for n in range(number)
    ]
    SearchDocument.objects.all().delete()

    with django_assert_num_queries(13):
        indexing.changed("service", [str(service.pk) for service in services])

    assert len(indexed(authority)) == number


def test_entries_are_one_query_with_the_impacts_asked_for(authority, django_assert_num_queries):
    for name in ["Heron", "Egret"]:
        make_service(authority, name=name)
    ids = [*SearchDocument.objects.values_list("pk", flat=True), 999_999]

    with django_assert_num_queries(1):
        found = entries.of_ids(ids, ["therapist", "heron", "kite"])

    found = {entry.title: set(entry.impacts) for entry in found}
    assert found == {"Heron": {"therapist", "heron"}, "Egret": {"therapist"}}
    assert entries.of_ids([], ["heron"]) == []


def forget(**filters):
    """Lose rows of the index as a crash of ours might."""
    SearchDocument.objects.filter(**filters).delete()


def test_repair_indexes_what_has_no_row_and_drops_what_is_public_no_longer(authority, home):
    make_service(authority, name="Heron")
    make_page(home, title="Egret page", slug="egret")
    gone = make_service(authority, name="Gone")
    indexing.repair(seconds=60)
    forget(title__in=["Heron", "Egret page"])
    Service.objects.filter(pk=gone.pk).update(live=False)
    PublicItem.objects.filter(key=str(gone.pk)).update(state=PublicItem.State.WITHDRAWN)
    IndexState.objects.move()

    assert indexing.repair(seconds=60) == 3

    assert indexed(authority) == ["Egret page", "Heron"]
    assert matched("egret") == ["Egret page"]
    assert indexing.repair(seconds=60) == 0


def test_repair_analyses_again_what_another_release_analysed(authority, monkeypatch):
    for name in ["Heron", "Egret"]:
        make_service(authority, name=name)
    assert indexing.repair(seconds=60) == 0
    monkeypatch.setattr(indexing.analysis, "ANALYSER", "next")
    monkeypatch.setattr(
        indexing.analysis, "impacts", lambda document, thesaurus: {document.title[0].lower(): 2.0}
    )

    assert indexing.repair(seconds=60) == 2

    assert matched("h") == ["Heron"]
    assert matched("heron") == []


def test_repair_analyses_again_what_another_thesaurus_tagged_in_that_authority_alone(
    authority, neighbour, monkeypatch
):
    make_service(authority, name="Heron")
    make_service(neighbour, name="Egret")

    edited = Thesaurus([ConceptWords("bird", "Birds", words=("heron",))])
    others = indexing.vocabulary.thesaurus_of
    monkeypatch.setattr(
        indexing.vocabulary, "thesaurus_of", lambda of: edited if of == authority else others(of)
    )

    assert indexing.repair(seconds=60) == 1


def test_repair_stops_in_time_and_goes_on_where_it_stopped(authority, monkeypatch):
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    monkeypatch.setattr(indexing, "PAUSE", 0)
    for n in range(5):
        make_service(authority, name=f"Heron {n}")
    monkeypatch.setattr(indexing.analysis, "ANALYSER", "next")

    assert [indexing.repair(seconds=0) for _ in range(4)] == [2, 2, 1, 0]


def test_repair_looks_at_little_where_nothing_has_changed(authority, django_assert_max_num_queries):
    make_service(authority, name="Heron")
    indexing.repair(seconds=60)

    with django_assert_max_num_queries(8):
        assert indexing.repair(seconds=60) == 0


def test_the_tick_repairs(authority, monkeypatch):
    make_service(authority, name="Heron")
    forget()

    assert ticking.tick() == []

    assert matched("heron") == ["Heron"]


def test_reindex_mends_everything_and_changes_nothing_the_second_time(
    authority, home, neighbour, capsys
):
    make_service(authority, name="Heron")
    make_guide(home, title="Heron guide")
    make_service(neighbour, name="Egret")
    SearchDocument.objects.filter(title="Heron").update(source_hash="old", tokens="")
    forget(title__in=["Egret", "Heron guide"])

    call_command("reindex", authority=authority.gss_code)
    assert "2 changed." in capsys.readouterr().out
    assert matched("heron") == ["Heron", "Heron guide"]
    assert matched("egret") == []

    call_command("reindex")
    assert "1 changed." in capsys.readouterr().out
    call_command("reindex")
    assert "as it should be" in capsys.readouterr().out


def test_reindex_refuses_an_authority_that_is_not_there(db):
    with pytest.raises(CommandError, match="No authority has the code E99"):
        call_command("reindex", authority="E99")


def test_the_revision_survives_being_compacted(db):
    for _ in range(models.MOST_CHANGES + 5):
        IndexState.objects.move()
    revision = IndexState.objects.revision()

    IndexState.objects.compact()

    assert IndexState.objects.count() == 1
    assert IndexState.objects.revision() == revision


@pytest.mark.skipif(connection.vendor != "sqlite", reason="triggers are of SQLite alone")
def test_triggers_that_a_migration_lost_are_put_back_and_what_they_missed_is_found(authority):
    make_service(authority, name="Heron")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER search_fts_update")
        cursor.execute("DROP TRIGGER search_fts_insert")
    make_service(authority, name="Egret")
    assert matched("egret") == []

    indexing.prepare_after_migrate(using="default")

    assert matched("egret") == ["Egret"]
    make_service(authority, name="Swift")
    assert matched("swift") == ["Swift"]


def test_impacts_are_found_in_the_text_as_in_the_whole(authority):
    make_service(authority, name="Heron café مرحبا", description="Speech and a heron, zc0.")
    (row,) = SearchDocument.objects.all()

    impacts = json.loads(row.impacts)
    others = ["hero", "eron", "مرحب", '"', "", "heron: ", "heron2"]
    (entry,) = entries.of_ids([row.pk], [*impacts, *others])

    assert entry.impacts == impacts
    assert {"heron", "cafe", "مرحبا", "zc0"} <= impacts.keys()
