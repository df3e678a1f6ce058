"""What every matcher must do, asked of each that can run here."""

import pytest

from localoffer.search import filters
from localoffer.search.matching import database
from localoffer.search.matching.opensearch import OpenSearch
from localoffer.search.models import IndexState, SearchDocument

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["database", "opensearch"])
def engine(request):
    """The matcher of this database, and the one with a cluster, made to show what it was given."""
    if request.param == "database":
        return database()
    cluster = request.getfixturevalue("cluster")
    engine = OpenSearch(cluster.url, "localoffer", otherwise=database())
    match = engine.match

    def match_what_was_put(*given, **options):
        engine.deliver()
        cluster.refresh()
        cluster.requests.clear()
        found = match(*given, **options)
        assert cluster.requests in ([], ["POST /localoffer/_search"])
        assert engine._rest_until == 0
        return found

    engine.match = match_what_was_put
    return engine


@pytest.fixture
def put(authority, engine):
    """Writes a row with these tokens and tells the matcher."""
    made = iter(range(1, 10_000))

    def put(tokens, facts="", *, owner=authority):
        key = str(next(made))
        row = SearchDocument.objects.create(
            authority=owner,
            kind="service",
            key=key,
            title=f"Row {key}",
            url="/",
            tokens=tokens,
            filters=f"{filters.authority(owner.pk)} {facts}".strip(),
        )
        engine.put([row])
        return row.pk

    return put


def test_match_finds_rows_with_any_of_the_tokens_and_no_others(engine, put):
    heron, egret, both = put("heron pond"), put("egret"), put("heron egret")
    put("swift")

    assert set(engine.match(["heron", "egret"])) == {heron, egret, both}
    assert set(engine.match(["heron"])) == {heron, both}
    assert engine.match(["her"]) == []


def test_match_puts_repeated_tokens_first_where_there_are_too_many(engine, put):
    plain, thrice = put("heron a b c d"), put("heron heron heron b c d")
    put("heron a b c d")

    assert engine.match(["heron"], limit=2) == [thrice, plain]


def test_match_takes_an_and_of_ors_of_filters(engine, put):
    here, there = put("heron", "zg1x1 zfree"), put("heron", "zg9x9 zfree")
    nowhere, paid = put("heron", "zgnone zfree"), put("heron", "zg1x1")

    near = ["zg1x1", "zgnone"]
    assert set(engine.match(["heron"], must=[near])) == {here, nowhere, paid}
    assert set(engine.match(["heron"], must=[near, ["zfree"]])) == {here, nowhere}
    assert engine.match(["heron"], must=[["zg5x5"]]) == []
    assert there not in engine.match(["heron"], must=[near])


def test_filters_count_for_nothing_in_the_order(engine, put):
    rare = put("heron", "zg1x1")
    better = [put("heron heron heron", "zgnone") for _ in range(20)]

    assert rare in engine.match(["heron"], must=[["zg1x1", "zgnone"]])
    assert set(engine.match(["heron"], must=[["zg1x1", "zgnone"]], limit=20)) == set(better)


def test_words_do_not_find_filters(engine, put):
    put("heron", "zfree")

    assert engine.match(["zfree"]) == []


def test_nothing_of_one_authority_is_matched_in_another(engine, put, authority, neighbour):
    ours, theirs = put("heron"), put("heron", owner=neighbour)

    assert engine.match(["heron"], must=[[filters.authority(authority.pk)]]) == [ours]
    assert engine.match(["heron"], must=[[filters.authority(neighbour.pk)]]) == [theirs]


def test_a_row_that_changes_or_goes_is_matched_as_it_now_is(engine, put):
    pk, other = put("heron"), put("heron")
    row = SearchDocument.objects.get(pk=pk)
    row.tokens = "egret"
    row.save()
    engine.put([row])

    assert engine.match(["heron"]) == [other]
    assert engine.match(["egret"]) == [pk]

    SearchDocument.objects.filter(pk=pk).delete()
    engine.drop([pk])

    assert engine.match(["egret"]) == []
    assert engine.match(["heron"]) == [other]


def test_match_keeps_to_its_limit_with_the_likeliest_first(engine, put):
    best = put("heron heron heron")
    for _ in range(5):
        put("heron")

    assert engine.match(["heron"], limit=1) == [best]
    assert len(engine.match(["heron"], limit=3)) == 3


def test_document_frequencies_tell_rows_and_how_many_hold_each_token(engine, put):
    put("heron heron pond", "zfree")
    put("heron", "zfree")
    IndexState.objects.move()

    assert engine.document_frequencies() == (2, {"heron": 2, "pond": 1})

    put("pond")
    IndexState.objects.move()

    assert engine.document_frequencies() == (3, {"heron": 2, "pond": 2})


HOSTILE = [
    "",
    " ",
    "\0",
    "her\0on",
    '"',
    "'",
    "heron'",
    'heron" OR "egret',
    "heron' | 'egret",
    "tokens : heron",
    "heron*",
    "heron:*",
    "^heron",
    "NEAR(heron egret)",
    "-heron",
    "!zfree",
    "& | ! <->",
    "\\",
    "{}",
    "🐦",
    "\u202eheron",
    "heron\ud800",
    "AND",
    "OR",
    "NOT",
    "x" * 100_000,
    "%s",
    "%(words)s",
    ";DROP TABLE search_searchdocument",
]


@pytest.mark.parametrize("token", HOSTILE, ids=lambda token: repr(token[:20]))
def test_no_token_makes_it_raise(engine, put, token):
    heron = put("heron and or not", "zfree")

    assert set(engine.match([token])) <= {heron}
    assert engine.match([token, "heron"]) == [heron]
    assert set(engine.match(["heron"], must=[[token]])) <= {heron}
    assert engine.match(["heron"], must=[[token, "zfree"]]) == [heron]


def test_thousands_of_tokens_and_no_tokens_are_answered(engine, put):
    heron = put("heron", "zfree")
    many = [f"w{number}" for number in range(20_000)]

    assert engine.match(["heron", *many], must=[["zfree", *many]]) == [heron]
    assert engine.match(many, must=[many]) == []
    assert engine.match([]) == engine.match([], must=[["zfree"]]) == []
    assert engine.match(["heron"], must=[[]]) == []
    assert engine.match(["heron"], limit=0) == []


def test_letters_of_every_script_are_matched(engine, put):
    words = ["café", "łódź", "тест", "अआ", "中文", "مدرسة", "ℵ", "²"]
    rows = {word: put(word) for word in words if word.isalnum()}

    for word, pk in rows.items():
        assert engine.match([word]) == [pk]


def test_rows_of_any_size_are_taken(engine, put):
    words = [f"w{number}x" for number in range(3000)]
    pk = put(" ".join(words))

    assert engine.match([words[-1]]) == [pk]
