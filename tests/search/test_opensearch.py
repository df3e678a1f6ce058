"""What only the matcher with a cluster does: notes, deliveries, rebuilds, and doing without it."""

import pytest
from django.core.management import call_command
from django.db import transaction
from opensearchpy import OpenSearchException

from localoffer.directory import actions
from localoffer.operate import ticking
from localoffer.search import entries, matching
from localoffer.search.matching import opensearch
from localoffer.search.models import Outgoing, SearchDocument
from tests.factories.directory import make_service


@pytest.fixture
def settled(settings, cluster, authority):
    """An installation whose search is that cluster, with an empty index in it."""
    settings.OPENSEARCH_URL = cluster.url
    matching.matcher.cache_clear()
    matching.matcher().deliver()
    yield matching.matcher()
    matching.matcher.cache_clear()


def found(word):
    rows = SearchDocument.objects.in_bulk(matching.matcher().match([word]))
    return sorted(row.title for row in rows.values())


def delivered(cluster):
    matching.matcher().deliver()
    cluster.refresh()


def test_a_save_notes_the_row_and_asks_nothing_of_the_cluster(settled, cluster, authority):
    cluster.requests.clear()

    make_service(authority, name="Heron")

    assert cluster.requests == []
    assert list(Outgoing.objects.values_list("document_id", flat=True)) == list(
        SearchDocument.objects.values_list("pk", flat=True)
    )


def test_what_was_noted_is_delivered_once(settled, cluster, authority):
    service = make_service(authority, name="Heron")
    delivered(cluster)
    assert found("heron") == ["Heron"]
    assert Outgoing.objects.count() == 0

    service.name = "Egret"
    actions.publish(service=service)
    delivered(cluster)

    assert found("heron") == []
    assert found("egret") == ["Egret"]


def test_what_is_withdrawn_is_not_shown_even_before_the_cluster_hears_of_it(
    settled, cluster, authority
):
    service = make_service(authority, name="Heron")
    delivered(cluster)

    actions.withdraw(service=service)

    candidates = settled.match(["heron"])
    assert len(candidates) == 1
    assert entries.of_ids(candidates, ["heron"]) == []

    delivered(cluster)
    assert settled.match(["heron"]) == []


def test_a_note_is_undone_with_its_change(settled, authority):
    with transaction.atomic():
        make_service(authority, name="Heron")
        transaction.set_rollback(True)

    assert Outgoing.objects.count() == 0


def test_a_change_is_delivered_by_the_worker_after_its_transaction(
    settled, cluster, authority, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        make_service(authority, name="Heron")
    cluster.refresh()

    assert found("heron") == ["Heron"]


def test_the_tick_delivers_what_nobody_else_did(settled, cluster, authority):
    make_service(authority, name="Heron")

    assert ticking.tick() == []
    cluster.refresh()

    assert found("heron") == ["Heron"]


def test_while_the_cluster_is_out_of_order_the_database_answers(settled, cluster, authority):
    make_service(authority, name="Heron")
    cluster.failing = True
    cluster.requests.clear()

    assert found("heron") == found("heron") == ["Heron"]
    assert len(cluster.requests) == 1  # it is left to rest
    with pytest.raises(OpenSearchException):
        settled.deliver()
    assert Outgoing.objects.count() == 1

    cluster.failing = False
    delivered(cluster)
    assert Outgoing.objects.count() == 0
    cluster.requests.clear()
    settled._rest_until = 0
    assert found("heron") == ["Heron"]
    assert cluster.requests == ["POST /localoffer/_search"]


def test_nothing_is_lost_that_the_cluster_refuses(settled, cluster, authority):
    make_service(authority, name="Heron")
    pk = SearchDocument.objects.get().pk
    cluster.refusing.add(str(pk))

    with pytest.raises(OpenSearchException, match=f"index of {pk}"):
        settled.deliver()
    assert Outgoing.objects.count() == 1

    cluster.refusing.clear()
    delivered(cluster)
    assert found("heron") == ["Heron"]


def test_an_older_delivery_that_comes_late_changes_nothing(settled, cluster, authority):
    service = make_service(authority, name="Heron")
    row = SearchDocument.objects.get()
    note = Outgoing.objects.get().pk
    service.name = "Egret"
    actions.publish(service=service)
    delivered(cluster)

    settled._write(settled._ours(), {row.pk: note}, {row.pk: row})
    cluster.refresh()

    assert found("heron") == []
    assert found("egret") == ["Egret"]


def test_rebuild_makes_a_new_index_and_takes_the_place_of_the_old(settled, cluster, authority):
    for name in ["Heron", "Egret"]:
        make_service(authority, name=name)
    (before,) = cluster.indices
    told = []

    settled.rebuild(lambda done, of: told.append((done, of)))

    (after,) = cluster.indices
    assert after != before
    assert "localoffer" in cluster.indices[after].aliases
    assert found("heron") == ["Heron"]
    assert told == [(2, 2)]


def test_what_changes_during_a_rebuild_is_as_it_was_changed(settled, cluster, authority):
    gone, renamed = make_service(authority, name="Heron"), make_service(authority, name="Egret")
    delivered(cluster)
    copied = {row.pk: row for row in SearchDocument.objects.all()}
    name = "localoffer-1-building"
    settled.client.indices.create(
        index=name, body={**opensearch.INDEX, "aliases": {f"{name}-write": {}}}
    )
    actions.withdraw(service=gone)
    renamed.name = "Swift"
    actions.publish(service=renamed)
    settled.deliver()  # to both

    settled._write([name], dict.fromkeys(copied, 0), copied)  # the copy, made of older rows
    cluster.indices[name].refresh()

    (shown,) = cluster.indices[name].shown.values()
    assert "swift" in shown["tokens"]


def test_a_rebuild_that_fails_leaves_the_old_index_in_use_and_the_next_one_tidies(
    settled, cluster, authority, monkeypatch
):
    make_service(authority, name="Heron")
    delivered(cluster)
    cluster.refusing.add(str(SearchDocument.objects.get().pk))

    with pytest.raises(OpenSearchException):
        settled.rebuild(lambda done, of: None)
    cluster.refusing.clear()
    assert len(cluster.indices) == 2
    assert found("heron") == ["Heron"]

    monkeypatch.setattr(opensearch, "STALE", -opensearch.STALE)
    settled.rebuild(lambda done, of: None)
    assert len(cluster.indices) == 1
    assert found("heron") == ["Heron"]


def test_an_index_that_was_lost_or_has_another_shape_is_made_again(
    settled, cluster, authority, monkeypatch
):
    make_service(authority, name="Heron")
    cluster.indices.clear()
    delivered(cluster)
    assert found("heron") == ["Heron"]

    monkeypatch.setattr(opensearch, "SHAPE", "2")
    delivered(cluster)
    (index,) = cluster.indices
    assert index.startswith("localoffer-2-")


def test_reindex_rebuilds_it(settled, cluster, authority, capsys):
    make_service(authority, name="Heron")
    cluster.indices.clear()

    call_command("reindex")

    assert found("heron") == ["Heron"]


def test_an_index_that_goes_during_a_delivery_is_not_made_by_chance(settled, cluster, authority):
    make_service(authority, name="Heron")
    cluster.during["POST /_bulk"] = cluster.indices.clear

    with pytest.raises(OpenSearchException):
        settled.deliver()

    assert cluster.indices == {}
    assert Outgoing.objects.count() == 1


def test_the_setting_without_its_package_says_what_to_install(settings, monkeypatch):
    settings.OPENSEARCH_URL = "http://127.0.0.1:1"
    monkeypatch.setattr(matching.importlib.util, "find_spec", lambda name: None)
    matching.matcher.cache_clear()

    with pytest.raises(matching.ImproperlyConfigured, match=r"localoffer\[opensearch\]"):
        matching.matcher()
