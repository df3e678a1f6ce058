"""An authority's own words: checked, tried out before they are saved, and no one else's."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from localoffer.search import actions, indexing, own_words, previewing, vocabulary
from localoffer.search.analysis import concept_token
from localoffer.search.models import IndexState, OwnWords, SearchDocument
from localoffer.taxonomy.models import Concept
from tests.factories.authority import make_officer
from tests.factories.directory import make_service
from tests.factories.search_words import make_own_words

NEW = "/admin/search/own-words/new/"


@pytest.fixture
def breaks(db):
    return Concept.objects.get(pk="short-breaks")


def codes(authority, text):
    thesaurus = vocabulary.thesaurus_of(authority)
    return {found.code for found in thesaurus.found(own_words.words(text))}


def about(code, authority=None):
    rows = SearchDocument.objects.holding(concept_token(code))
    rows = rows.for_authority(authority) if authority else rows
    return set(rows.values_list("title", flat=True))


def waiting(authority):
    """How many rows the tick would analyse again."""
    version = indexing.version_of(vocabulary.thesaurus_of(authority))
    rows = SearchDocument.objects.for_authority(authority)
    return rows.exclude(analyser_version=version).count()


def new(authority, concept=None, **fields):
    own = {} if concept else {"name": "Hedge hour", "plain": "Lessons in a hedge."}
    return OwnWords(authority=authority, concept=concept, **own | fields)


def test_a_word_that_is_added_finds_the_concept_here_and_nowhere_else(authority, neighbour, breaks):
    make_own_words(authority, breaks, words=["sitting angels"])

    assert codes(authority, "any sitting angel near me") == {"short-breaks"}
    assert codes(neighbour, "sitting angel") == set()


def test_a_word_that_is_switched_off_finds_it_no_more_here(authority, neighbour, breaks):
    assert codes(authority, "respite") == {"short-breaks"}

    make_own_words(authority, breaks, off=["Respite"])

    assert codes(authority, "respite") == set()
    assert codes(neighbour, "respite") == {"short-breaks"}


def test_a_subject_of_ones_own_is_found_by_its_name_and_words(authority, neighbour):
    own = make_own_words(authority, words=["hedgerow mornings"], hidden=["hegde owr"])

    for text in ["hedge hours", "hedgerow morning", "hegde owr"]:
        assert codes(authority, text) == {own.code}
        assert codes(neighbour, text) == set()


def test_words_that_are_hidden_are_found_and_not_shown(authority, breaks):
    make_own_words(authority, breaks, words=["sitting angels"], hidden=["resbite"])

    concept = vocabulary.thesaurus_of(authority).concepts["short-breaks"]

    assert {"sitting angels", "resbite"} <= set(concept.words)
    assert "sitting angels" in concept.shown
    assert "resbite" not in concept.shown


def test_words_of_a_concept_that_is_retired_are_left_out(authority, breaks):
    make_own_words(authority, breaks, words=["sitting angels"])
    Concept.objects.filter(pk=breaks.pk).update(retired=True)
    IndexState.objects.move(IndexState.Of.THESAURUS)

    assert codes(authority, "sitting angels") == set()


def test_only_documents_with_the_words_are_analysed_again(authority, neighbour, breaks):
    for owner in [authority, neighbour]:
        make_service(owner, name="Sitting angels", slug=f"angels-{owner.pk}")
        make_service(owner, name="Swimming club", slug=f"swimming-{owner.pk}")
    before = dict(SearchDocument.objects.values_list("pk", "changed"))

    change = actions.save_words(new(authority, breaks, words=["sitting angel"]), by=None)

    moved = SearchDocument.objects.exclude(changed__in=before.values())
    assert (change.touched, change.gained, change.lost) == (1, 1, 0)
    assert list(moved.values_list("authority", "title")) == [(authority.pk, "Sitting angels")]
    assert about("short-breaks", authority) == {"Sitting angels"}
    assert about("short-breaks", neighbour) == set()


def test_nothing_is_left_for_the_tick_to_mend(authority, neighbour, breaks):
    make_service(authority, name="Sitting angels")
    make_service(neighbour, name="Sitting angels")
    actions.save_words(new(authority, breaks, words=["sitting angels"], off=["respite"]), by=None)

    assert waiting(authority) == 0
    rows = {row.pk: row.impacts for row in SearchDocument.objects.all()}
    SearchDocument.objects.update(analyser_version="of another release")
    indexing.reindex()
    assert {row.pk: row.impacts for row in SearchDocument.objects.all()} == rows


@pytest.mark.parametrize(
    ("title", "off"),
    [
        ("Respite for families", ["respite"]),
        ("RESPITE AT THE LODGE", ["respite"]),
        ("A short break for you", ["short breaks", "break"]),  # one of them is the same to it
        ("Babysitters", ["babysitter"]),
    ],
)
def test_what_a_switched_off_word_found_is_let_go(authority, breaks, title, off):
    make_service(authority, name=title, summary="Words.")
    assert about("short-breaks") == {title}

    change = actions.save_words(new(authority, breaks, off=off), by=None)

    assert (change.gained, change.lost) == (0, 1)
    assert about("short-breaks") == set()
    assert waiting(authority) == 0


@pytest.mark.parametrize(
    "word",
    [
        "won't go in a lift",
        "cannot dress himself",
        "refuses to bathe",
        "my herons",
        "heronries",
        "heron and lift",
        "the heron",
        "OT4U",
        "IT",
        "heron's",
    ],
)
def test_no_document_with_the_words_is_passed_over(authority, breaks, word):
    for number, text in enumerate(
        [
            "He will not go in the lift, and she can't dress herself.",
            "He is refusing to bathe. Ask OT4U or the IT people about my heron.",
            "A heronry. Herons and lifts. The herons' pool.",
            "Go, dress, bathe.",
        ]
    ):
        make_service(authority, name=f"Club {number}", slug=f"c{number}", description=text)

    change = actions.save_words(new(authority, breaks, words=[word]), by=None)

    rows = {row.pk: row.impacts for row in SearchDocument.objects.all()}
    assert change.gained == len(about("short-breaks"))
    SearchDocument.objects.update(analyser_version="of another release")
    indexing.reindex()
    assert {row.pk: row.impacts for row in SearchDocument.objects.all()} == rows


def test_deleting_puts_all_back_as_it_was(authority, breaks):
    make_service(authority, name="Sitting angels", summary="Words.")
    make_service(authority, name="Respite", summary="Words.")
    own = make_own_words(authority, breaks, words=["sitting angels"], off=["respite"])
    assert about("short-breaks") == {"Sitting angels"}

    actions.delete_words(own, by=None)

    assert about("short-breaks") == {"Respite"}
    assert waiting(authority) == 0


def test_more_documents_than_can_wait_are_left_to_the_tick(authority, breaks, monkeypatch):
    monkeypatch.setattr(actions, "MOST_AT_ONCE", 1)
    for number in range(3):
        make_service(authority, name=f"Angels {number}", slug=f"angels-{number}")
    own = new(authority, breaks, words=["angels"])

    assert previewing.preview(own).too_many == 3
    change = actions.save_words(own, by=None)
    assert (change.gained, about("short-breaks")) == (0, set())
    indexing.repair(seconds=60)
    assert len(about("short-breaks")) == 3


def test_the_preview_is_what_happens_after_saving_and_changes_nothing(authority, breaks):
    for number in range(12):
        make_service(authority, name=f"Sitting angels {number:02}", slug=f"angels-{number}")
    make_service(authority, name="Respite at home", summary="Time off.")
    make_service(authority, name="Swimming club")
    own = new(authority, breaks, words=["sitting angels"])
    revision = IndexState.objects.revision()
    rows = list(SearchDocument.objects.order_by("pk").values())

    shown = previewing.preview(own)

    assert own.pk is None
    assert not OwnWords.objects.exists()
    assert IndexState.objects.revision() == revision
    assert list(SearchDocument.objects.order_by("pk").values()) == rows
    assert codes(authority, "sitting angels") == set()
    assert (shown.gained, shown.lost, shown.too_many) == (12, 0, 0)
    [search] = shown.searches
    assert search.words == "sitting angels"
    assert len(search.before) == 10

    change = actions.save_words(own, by=None)

    assert (change.gained, change.lost) == (shown.gained, shown.lost)
    assert previewing._first(authority, "sitting angels") == search.after


def test_the_preview_shows_that_the_first_results_change(authority, breaks):
    make_service(authority, name="Time off for carers", summary="Respite for carers.")
    own = new(authority, breaks, words=["sitting angels"])

    [search] = previewing.preview(own).searches

    assert search.before == []
    assert [hit.title for hit in search.after] == ["Time off for carers"]
    assert search.after[0].url.startswith(authority.root_url)
    assert search.rows == [(None, search.after[0])]


def test_a_preview_that_fails_leaves_no_words_behind(authority, breaks, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(actions.indexing, "changed", fails)
    make_service(authority, name="Swimming club")
    own = new(authority, breaks, words=["swimming"])

    with pytest.raises(RuntimeError):
        previewing.preview(own)

    assert not OwnWords.objects.exists()


WRONG = [
    ({"words": ["x"]}, "“x” is too short"),
    ({"words": ["y" * 81]}, "is too long"),
    ({"words": ["!?"]}, "has no letters or numbers"),
    ({"words": ["one two three four five six seven"]}, "has too many words"),
    ({"words": ["the"]}, "“the” stands in almost every text"),
    ({"words": ["what about them"]}, "stands in almost every text"),
    ({"words": ["sitting angels", "Sitting Angel"]}, "“Sitting Angel” is here twice"),
    ({"words": ["sitting angels"], "hidden": ["SITTING ANGELS"]}, "is here twice"),
    ({"words": ["Respite"]}, "“Respite” finds this already"),
    ({"words": ["short break"]}, "“short break” finds this already"),
    ({"words": ["EHCP"]}, "“EHCP” is a word for “Education, health and care plan (EHC plan)”"),
    ({"words": ["not talking"]}, "tick the box that says so"),
    ({"words": [f"word {number}" for number in range(101)]}, "Use 100 words at most"),
    ({}, "Write a word that people type, or switch one off"),
]


@pytest.mark.parametrize(("fields", "message"), WRONG)
def test_what_is_wrong_with_words_is_said(authority, breaks, fields, message):
    found = own_words.problems(new(authority, breaks, **fields))

    assert message in " ".join(text for texts in found.values() for text in texts)


def test_a_word_of_two_meanings_is_taken_once_that_is_confirmed(authority, breaks):
    own = new(authority, breaks, words=["not talking"])
    assert own_words.problems(own)
    own.ambiguous = True

    assert own_words.problems(own) == {}
    actions.save_words(own, by=None)
    assert codes(authority, "not talking") == {"short-breaks", "speech-language-needs"}


def test_a_word_of_another_own_subject_is_a_word_of_two_meanings_too(authority, neighbour, breaks):
    make_own_words(authority, words=["hedgerow mornings"])

    wanted = {"words": ["hedgerow mornings"]}
    assert "“Hedge hour” already" in str(own_words.problems(new(authority, breaks, **wanted)))
    assert own_words.problems(new(neighbour, breaks, **wanted)) == {}


def test_a_word_switched_off_elsewhere_is_free_to_mean_this(authority, breaks):
    make_own_words(authority, breaks, off=["respite"])

    assert own_words.problems(new(authority, words=["respite"])) == {}


@pytest.mark.parametrize(
    "fields", [{"name": "Both"}, {"concept": None, "name": ""}, {"plain": "Both."}]
)
def test_the_database_refuses_words_of_no_subject_or_of_two(authority, breaks, fields):
    values = {"authority": authority, "concept": breaks, "words": ["a b"]} | fields

    with pytest.raises(IntegrityError), transaction.atomic():
        OwnWords.objects.create(**values)


def test_a_subject_is_there_once(authority, neighbour, breaks):
    make_own_words(authority, breaks, words=["sitting angels"])
    make_own_words(neighbour, breaks, words=["sitting angels"])
    make_own_words(authority, name="Hedge hour", words=["hedgerow"])

    for twice in [new(authority, breaks, words=["more"]), new(authority, name="HEDGE hour")]:
        with pytest.raises(ValidationError):
            twice.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            twice.save()


# In the admin


def posted(**fields):
    return {"words": "", "hidden": "", "off": [], **fields}


def address(**query):
    return f"{NEW}?" + "&".join(f"{name}={value}" for name, value in query.items())


def test_first_what_the_words_are_for_is_asked(admin, authority):
    html = admin.get(f"{NEW}?words=sitting+angels").content.decode()

    assert "What people mean by it" in html
    assert 'value="sitting angels"' in html
    assert "Short breaks" in html


def test_words_from_the_report_are_in_the_form(admin, authority, breaks):
    html = admin.get(address(concept="short-breaks", words="sitting+angels")).content.decode()

    assert "sitting angels</textarea>" in html
    assert 'value="respite"' in html  # to switch off


@pytest.mark.parametrize(
    "concept", ["none", "%00", "x" * 500, "SHORT-BREAKS", "1%20OR%201=1", "own%00"]
)
def test_a_concept_that_is_not_there_is_not_found(admin, authority, concept):
    assert admin.get(address(concept=concept)).status_code in {200, 404}
    assert admin.post(address(concept=concept), posted(words="a word")).status_code in {200, 404}
    assert not OwnWords.objects.exists()


def test_words_are_previewed_and_then_saved(admin, authority, breaks):
    make_service(authority, name="Sitting angels")
    where = address(authority=authority.pk, concept="short-breaks")
    words = posted(words="sitting angels\r\n\r\n  respite   care at home ")

    preview = admin.post(where, {**words, "preview": "yes"})

    html = " ".join(preview.content.decode().split())
    assert preview.status_code == 200
    assert "What this would change" in html
    assert "1 page or service has these words in it" in html
    assert "Sitting angels" in html
    assert not OwnWords.objects.exists()

    saved = admin.post(where, words)

    own = OwnWords.objects.get()
    assert saved.status_code == 302
    assert (own.authority, own.concept) == (authority, breaks)
    assert own.words == ["sitting angels", "respite care at home"]


def test_a_subject_of_ones_own_is_saved_with_its_sentence(admin, authority):
    where = address(concept="own")

    refused = admin.post(where, posted(name="", plain="", words="hedgerow"))
    admin.post(where, posted(name="Hedge hour", plain="In a hedge.", words="hedgerow"))

    assert b"Give the subject a name." in refused.content
    assert b"Say in one sentence what it is." in refused.content
    own = OwnWords.objects.get()
    assert (own.concept, own.name, own.words) == (None, "Hedge hour", ["hedgerow"])


def test_words_are_changed_and_switched_off_and_back_on(admin, authority, breaks):
    own = make_own_words(authority, breaks, words=["sitting angels"])
    where = reverse("own-words:edit", args=[own.pk])

    assert b"sitting angels</textarea>" in admin.get(where).content
    admin.post(where, posted(words="sitting angels", off=["respite"]))
    own.refresh_from_db()
    assert (own.words, own.off) == (["sitting angels"], ["respite"])

    admin.post(where, posted(words="sitting angels\nangels"))
    own.refresh_from_db()
    assert (own.words, own.off) == (["sitting angels", "angels"], [])


def test_a_preview_of_a_change_leaves_the_words_as_they_are(admin, authority, breaks):
    own = make_own_words(authority, breaks, words=["sitting angels"])
    make_service(authority, name="Sitting angels", summary="Words.")

    response = admin.post(
        reverse("own-words:edit", args=[own.pk]), posted(words="angelic", preview="yes")
    )

    own.refresh_from_db()
    html = " ".join(response.content.decode().split())
    assert "1 page or service will no longer be found by the other words for this." in html
    assert own.words == ["sitting angels"]
    assert about("short-breaks") == {"Sitting angels"}


def test_what_is_wrong_is_said_in_the_form_and_nothing_is_previewed(admin, authority, breaks):
    response = admin.post(address(concept="short-breaks"), posted(words="the\nEHCP", preview="yes"))

    html = response.content.decode()
    assert "“the” stands in almost every text" in html
    assert "“EHCP” is a word for" in html
    assert "What this would change" not in html
    assert "the\nEHCP</textarea>" in html.replace("\r", "")


def test_the_same_form_sent_twice_is_saved_once(admin, authority, breaks):
    where = address(concept="short-breaks")
    admin.post(where, posted(words="sitting angels"))

    again = admin.post(where, posted(words="sitting angels"))

    assert again.status_code == 200
    assert b"in the list already" in again.content
    assert OwnWords.objects.count() == 1


def test_of_two_who_save_at_once_one_is_told(admin, authority, breaks, monkeypatch):
    def beaten(own, *, by):
        OwnWords.objects.create(authority=authority, concept=breaks, words=["sitting angels"])
        own.save()

    monkeypatch.setattr(actions, "save_words", beaten)

    response = admin.post(address(concept="short-breaks"), posted(words="angels"))

    assert response.status_code == 200
    assert b"Somebody has just added words for this" in response.content


def test_a_subject_that_has_words_already_is_opened_to_change(admin, authority, breaks):
    own = make_own_words(authority, breaks, words=["sitting angels"])

    response = admin.get(address(concept="short-breaks", words="angels"), follow=True)

    assert response.redirect_chain[0][0] == f"/admin/search/own-words/edit/{own.pk}/?words=angels"
    assert b"sitting angels\nangels</textarea>" in response.content.replace(b"\r", b"")


def test_deleting_is_asked_and_takes_the_words_back(admin, authority, breaks):
    own = make_own_words(authority, breaks, words=["sitting angels"])
    where = reverse("own-words:delete", args=[own.pk])

    assert admin.get(where).status_code == 200
    admin.post(where)

    assert not OwnWords.objects.exists()
    assert codes(authority, "sitting angels") == set()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("view", ["edit", "delete", "history", "usage"])
def test_another_authoritys_words_are_not_found(client, authority, neighbour, breaks, method, view):
    client.force_login(make_officer(authority, role="content_editor"))
    theirs = make_own_words(neighbour, breaks, words=["their secret words"])

    address = reverse(f"own-words:{view}", args=[theirs.pk])

    assert getattr(client, method)(address).status_code == 404
    assert b"their secret words" not in client.get(reverse("own-words:index")).content


@pytest.mark.parametrize("method", ["get", "post"])
def test_words_cannot_be_added_for_another_authority(client, authority, neighbour, method):
    client.force_login(make_officer(authority, role="content_editor"))
    for concept in ["short-breaks", "own"]:
        where = address(authority=neighbour.pk, concept=concept)
        fields = posted(words="a word", name="N", plain="P.")

        assert getattr(client, method)(where, fields if method == "post" else {}).status_code == 404
    assert not OwnWords.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [("content_editor", 200), ("participation_officer", 200), ("plan_officer", 302)],
)
def test_own_words_are_for_those_who_write_and_listen(client, authority, role, status):
    client.force_login(make_officer(authority, role=role))

    assert client.get(reverse("own-words:index")).status_code == status
    assert client.get(NEW).status_code == status


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_asks_the_same_number_of_queries(
    admin, authority, django_assert_max_num_queries, number
):
    for concept in Concept.objects.all()[:number]:
        make_own_words(authority, concept, words=["sitting angels"], ambiguous=True)
    admin.get(reverse("own-words:index"))

    with django_assert_max_num_queries(17):
        admin.get(reverse("own-words:index"))
