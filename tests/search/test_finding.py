import pytest
from wagtail.models import PageViewRestriction

from localoffer.directory import actions
from localoffer.directory.models import Service
from localoffer.search import filters, finding, vocabulary
from localoffer.search.finding import find
from localoffer.search.models import IndexState
from localoffer.search.sources.pages import plain
from localoffer.taxonomy.models import Concept
from tests.factories.directory import make_draft, make_location, make_organisation, make_service
from tests.factories.news import make_index, make_story
from tests.factories.pages import make_guide, make_page, make_section, text
from tests.factories.places import make_place
from tests.factories.search import make_found
from tests.factories.search_words import make_own_words

MALVERN, REDDITCH = (378_592, 247_858), (404_000, 267_000)


def titles(authority, words, **options):
    found = find(authority=authority, words=words, **options)
    return [match.entry.title for match in found.matches]


def test_find_puts_what_holds_more_of_the_words_first_and_hides_nothing_else(authority):
    make_service(authority, name="Speech drop-in", description="A therapist listens.")
    make_service(authority, name="Music", summary="A therapist plays.")
    make_service(authority, name="Swimming", summary="A pool.", description="Warm water.")

    assert titles(authority, "speech therapist") == ["Speech drop-in", "Music"]


def test_find_puts_titles_first_then_families_words_then_the_rest(authority, home):
    make_service(authority, name="A pool", summary="For all.", description="Some herons there.")
    make_page(home, title="C page", words="heron, wading bird")
    make_service(authority, name="Heron group")

    assert titles(authority, "heron") == ["Heron group", "C page", "A pool"]


@pytest.mark.parametrize("words", ["zoe", "ZOË", "Zoé's", "cafe", "CAFÉ zoës"])
def test_find_sees_past_case_accents_and_apostrophes(authority, words):
    make_service(authority, name="Zoë's café")

    assert titles(authority, words) == ["Zoë's café"]


def test_find_does_not_look_inside_words(authority):
    make_service(authority, name="Party", summary="Cake.")

    assert titles(authority, "art") == []


def test_find_reads_pages_guides_and_news_with_all_their_blocks(home, authority):
    make_page(home, title="Transport", slug="t", body=text("<p>A <b>marmalade</b> bus</p>"))
    make_guide(home, title="Guide", steps=["Spread the marmalade"])
    make_section(home, title="Section", summary="About marmalade.")
    make_story(make_index(home), title="Marmalade week")

    matches = find(authority=authority, words="marmalade").matches

    assert {(match.entry.kind, match.entry.title, match.entry.url) for match in matches} == {
        ("page", "Transport", "/t/"),
        ("guide", "Guide", "/guide/"),
        ("page", "Section", "/section/"),
        ("news", "Marmalade week", "/news/marmalade-week/"),
    }
    assert matches[0].entry.title == "Marmalade week"


def test_find_reads_organisations_places_needs_and_kinds_of_services(authority):
    service = make_service(
        authority,
        name="Meeting",
        organisation=make_organisation(authority, name="Plumstead Trust"),
        locations=[make_location(authority, town="Silverbridge")],
    )
    service.needs.set(["HI"])
    service.types.set(["leisure"])
    actions.publish(service=service)

    for words in ["plumstead", "silverbridge", "hearing impairment", "clubs"]:
        assert titles(authority, words) == ["Meeting"]


def test_find_never_shows_what_is_not_public(home, authority):
    make_draft(authority, name="Draft heron")
    make_page(home, title="Draft heron page", publish=False)
    withdrawn = make_service(authority, name="Withdrawn heron")
    actions.withdraw(service=withdrawn)
    make_service(authority, name="Ended heron", status=Service.Status.DEFUNCT)
    closed = make_section(home, title="Closed heron", slug="closed")
    make_page(closed, title="Heron behind a password")
    PageViewRestriction.objects.create(
        page=closed, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    make_service(authority, name="Public heron")

    assert titles(authority, "heron") == ["Public heron"]
    assert titles(authority, "free") == ["Public heron"]


def test_find_never_shows_another_authoritys_things(authority, home, neighbour_site):
    loamshire, their_home = neighbour_site
    make_service(loamshire, name="Their heron")
    make_page(their_home, title="Their heron page")
    make_service(authority, name="Our heron")
    make_page(home, title="Our heron page")

    assert set(titles(authority, "heron")) == {"Our heron", "Our heron page"}
    assert set(titles(loamshire, "heron")) == {"Their heron", "Their heron page"}
    assert set(titles(loamshire, "free")) == {"Their heron", "Their heron page"}


@pytest.mark.parametrize("words", ["", " 😀 ", "the of and", "?!", "what is it"])
def test_find_answers_nothing_for_words_that_say_nothing(authority, words):
    make_service(authority, name="Heron")

    assert titles(authority, words) == []


def test_find_orders_equals_by_title_and_ranks_no_more_than_its_limit(authority):
    for name in ["Heron c", "Heron a", "Heron b"]:
        make_service(authority, name=name)

    assert titles(authority, "heron") == ["Heron a", "Heron b", "Heron c"]
    assert len(titles(authority, "heron", limit=2)) == 2


def test_find_knows_what_families_call_it(authority):
    make_service(authority, name="Short breaks", summary="Time for carers.")
    make_service(authority, name="Swimming", summary="A pool.")

    assert titles(authority, "respite") == ["Short breaks"]
    assert titles(authority, "someone to look after my disabled son")[0] == "Short breaks"


def test_find_puts_a_misspelt_word_right_and_says_so(authority):
    make_service(authority, name="Autism assessment")

    found = find(authority=authority, words="autism Assesment")

    assert [match.entry.title for match in found.matches] == ["Autism assessment"]
    assert [(one.typed, one.used) for one in found.corrected] == [("Assesment", "assessment")]


def test_find_looks_for_the_very_words_where_told_to(authority):
    make_service(authority, name="Heron watching")

    assert titles(authority, "heorn") == ["Heron watching"]
    exactly = find(authority=authority, words="heorn", exactly=True)
    assert exactly.matches == []
    assert exactly.corrected == ()


def test_find_does_not_put_right_what_some_text_has(authority):
    make_service(authority, name="Heron", description="We play quoitz.")
    make_service(authority, name="Quoits")

    assert find(authority=authority, words="quoitz").corrected == ()


def test_find_does_not_put_right_a_word_that_is_english(authority):
    make_service(authority, name="Solo")

    assert find(authority=authority, words="polo").corrected == ()


def test_find_moves_up_what_fits_what_was_understood(authority):
    make_found(authority, name="Heron grown up", minimum_age=18, maximum_age=60)
    make_found(authority, name="Heron toddlers", minimum_age=0, maximum_age=4)

    found = find(authority=authority, words="heron for my 3 year old")

    assert [match.entry.title for match in found.matches] == ["Heron toddlers", "Heron grown up"]
    assert [(chip.kind, chip.span_text) for chip in found.understood.chips] == [
        ("age", "3 year old")
    ]


def test_find_ignores_the_kinds_that_were_taken_off(authority):
    make_found(authority, name="Heron aardvarks", minimum_age=18, maximum_age=60)
    make_found(authority, name="Heron zebras", minimum_age=0, maximum_age=4)
    words = "heron for my 3 year old"

    assert titles(authority, words) == ["Heron zebras", "Heron aardvarks"]
    assert titles(authority, words, ignore={"age"}) == ["Heron aardvarks", "Heron zebras"]
    assert find(authority=authority, words=words, ignore={"age"}).understood.chips == ()


def two_halls(authority):
    make_found(authority, name="Heron far", at=REDDITCH)
    make_found(authority, name="Heron near", at=MALVERN)


def test_find_knows_the_towns_of_its_index_and_postcodes(authority, monkeypatch):
    two_halls(authority)
    for title, town, at in [("Owl", "Redditch", REDDITCH), ("Owl 2", "Great Malvern", MALVERN)]:
        hall = make_location(authority, town=town, easting=at[0], northing=at[1])
        make_service(authority, name=title, locations=[hall])

    assert titles(authority, "heron great malvern")[:2] == ["Heron near", "Heron far"]
    assert titles(authority, "heron near redditch")[:2] == ["Heron far", "Heron near"]
    assert titles(authority, "heron WR14 1AA")[:2] == ["Heron near", "Heron far"]


def test_find_takes_the_place_of_the_box_before_that_of_the_words(authority):
    two_halls(authority)
    redditch = make_place(easting=REDDITCH[0], northing=REDDITCH[1], outward="B97")

    found = find(authority=authority, words="heron wr14", place=redditch)

    assert found.understood.place == redditch
    assert [match.entry.title for match in found.matches] == ["Heron far", "Heron near"]


def test_chip_has_the_town_as_it_was_typed_though_it_was_put_right(authority):
    hall = make_location(authority, town="Silverbridge", easting=380_000, northing=250_000)
    make_service(authority, name="Heron", locations=[hall])

    found = find(authority=authority, words="heron in Silverbrige")

    (chip,) = found.understood.chips
    assert (chip.text, chip.span_text) == ("Near Silverbridge", "in Silverbrige")


def test_find_with_nothing_but_facts_finds_everything_as_well_as_it_fits(authority):
    two_halls(authority)

    assert titles(authority, "WR14 1AA") == ["Heron near", "Heron far"]
    assert titles(authority, "qwertyuiop near WR14") == ["Heron near", "Heron far"]


def test_find_keeps_to_what_was_chosen(authority):
    make_found(authority, name="Heron monday", days=["MO"])
    make_found(authority, name="Heron sunday", days=["SU"])

    assert titles(authority, "heron", chosen=[filters.days(["SU"])]) == ["Heron sunday"]
    assert titles(authority, "free", chosen=[filters.days(["SU"])]) == []


def test_find_says_below_which_score_a_match_is_weak(authority):
    make_service(authority, name="Heron and egret", description="A kite.")
    make_service(authority, name="Other", description="Words and words, and one kite. " * 9)

    found = find(authority=authority, words="heron egret kite")

    best, other = found.matches
    assert found.cut == pytest.approx(best.score / 4)
    assert other.score < found.cut


def test_find_offers_the_meanings_of_an_abbreviation(authority):
    (choice,) = find(authority=authority, words="what is AP").choices

    assert choice.abbreviation == "AP"
    assert {code for code, _, _ in choice.options} == {
        "alternative-provision",
        "accelerated-progress-plan",
    }


def test_find_offers_no_meanings_where_another_word_tells(authority):
    assert find(authority=authority, words="SEN swimming").choices == ()


@pytest.mark.parametrize("words", ["suicidal", "my son is sucidal", "help tonight"])
def test_find_says_when_somebody_may_be_in_danger(authority, words):
    make_service(authority, name="Suicidal thoughts helpline")

    assert find(authority=authority, words=words).crisis
    assert not find(authority=authority, words="swimming").crisis


HOSTILE = [
    "a" * 10_000,
    "heron " * 2_000,
    "\0heron\0",
    "' OR 1=1 --",
    '"; DROP TABLE search_searchdocument; --',
    '"heron" AND (NOT tokens:*) OR NEAR(a b, 3) ^x + - ~',
    "heron & !egret | (kite) <-> owl:*",
    "<script>alert(1)</script>",
    "🦩🏳️‍🌈",
    "\u202enoreh",
    "هيرون ابني عمره 4 سنوات",
    "ZZ99 9ZZ",
    "4 year old 16 year old under 5 over 12 year 6",
    "not without no except but",
    "%s %d {0} \\ \\x00",
    "\ud800",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_find_has_an_answer_or_nothing_for_hostile_words(authority, words):
    make_service(authority, name="Heron")

    found = find(authority=authority, words=words)

    assert {match.entry.title for match in found.matches} <= {"Heron"}


@pytest.mark.parametrize("number", [1, 12])
def test_find_asks_the_same_queries_however_much_is_found(
    authority, home, django_assert_num_queries, number
):
    for n in range(number):
        make_page(home, title=f"Heron {n}", slug=f"heron-{n}")
        make_service(authority, name=f"Heron {n}", locations=[make_location(authority)])
    find(authority=authority, words="heron")

    with django_assert_num_queries(5):
        assert len(find(authority=authority, words="heron wr14").matches) == 2 * number


def test_candidates_around_a_place_come_before_all_others(authority, monkeypatch):
    for n in range(6):
        make_found(authority, name=f"Heron heron heron {n}", at=REDDITCH)
    make_found(authority, name="Owl", description="A heron.", at=(300_000, 100_000))
    there = make_place(easting=300_000, northing=100_000)

    assert titles(authority, "heron", place=there, limit=4)[0] == "Owl"


# The words of an authority.


def test_own_words_of_an_authority_are_its_own(authority, neighbour):
    breaks = Concept.objects.get(code="short-breaks")
    make_own_words(authority, breaks, words=["sunflower scheme"], hidden=["sunflowr"])
    make_service(authority, name="Short breaks")
    make_service(neighbour, name="Short breaks")

    assert titles(authority, "sunflower scheme") == ["Short breaks"]
    assert titles(neighbour, "sunflower scheme") == []
    concept = vocabulary.thesaurus_of(authority).concepts["short-breaks"]
    assert concept.name == "Short breaks"
    assert "sunflowr" in concept.words
    assert "sunflowr" not in concept.shown


def test_concept_of_an_authority_is_added(authority):
    own = make_own_words(authority, name="Wye Club")

    assert vocabulary.thesaurus_of(authority).concepts[own.code].words == ("Wye Club",)
    assert vocabulary.speller_of(authority).is_right("wye")


def test_thesaurus_is_read_again_only_when_its_words_change(authority, django_assert_num_queries):
    first = vocabulary.thesaurus_of(authority)
    make_service(authority, name="Heron")

    with django_assert_num_queries(1):
        assert vocabulary.thesaurus_of(authority) is first
    make_own_words(authority, name="Wye Club")
    assert vocabulary.thesaurus_of(authority) is not first


def test_retired_concept_is_no_longer_meant(authority):
    Concept.objects.filter(code="autism").update(retired=True)
    IndexState.objects.move(of=IndexState.Of.THESAURUS)

    assert "autism" not in vocabulary.thesaurus_of(authority).concepts


@pytest.mark.parametrize(
    ("typed", "other", "meant"),
    [
        ("refereal", "refer", "referral"),
        ("medition", "meditation", "mediation"),
        ("devisions", "devise", "decisions"),
        ("difficultes", "difficult", "difficulties"),
    ],
)
def test_slip_that_shares_its_stem_with_a_word_of_some_text_finds_what_was_meant(
    authority, typed, other, meant
):
    make_service(authority, name="Plover", description=f"We {other} herons.")
    make_service(authority, name=f"Heron {meant}", description="Ask us.")

    found = find(authority=authority, words=typed)

    assert [(one.typed, one.used) for one in found.corrected] == [(typed, meant)]
    assert found.matches[0].entry.title == f"Heron {meant}"


def test_speller_learns_the_titles_organisations_and_towns_of_the_index(authority):
    hall = make_location(authority, town="Zwolle", easting=380_000, northing=250_000)
    organisation = make_organisation(authority, name="Quetzal Trust")
    make_service(authority, name="Quoits", organisation=organisation, locations=[hall])

    speller = vocabulary.speller_of(authority)

    assert all(speller.is_right(word) for word in ["quoits", "quetzal", "zwolle", "autism"])
    assert not speller.is_right("quiots")


def test_english_words_are_known_and_slips_are_not():
    assert {"polo", "caution", "swimming"} <= vocabulary.english()
    assert {"assesment", "recieve", "autisim"}.isdisjoint(vocabulary.english())


def test_words_beyond_what_is_looked_at_do_not_matter(authority):
    make_service(authority, name="Heron")

    assert titles(authority, "heron " + "x " * finding.LONGEST + "egret") == ["Heron"]


def test_plain_keeps_words_and_drops_markup_ids_and_kinds_of_block():
    stored = '[{"type": "text", "value": "<p>A &amp; B</p>", "id": "xyz"}]'

    assert plain(stored).split() == ["A", "&", "B"]
    assert plain("[not json") == "[not json"
    assert plain(None) == ""
