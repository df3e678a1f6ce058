import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.places.lookup import BadPostcodeError
from localoffer.search.analysis import words
from localoffer.search.thesaurus import Thesaurus
from localoffer.search.towns import Gazetteer, town
from localoffer.search.understanding import KINDS, LONGEST, understand
from tests.factories.finding import make_places, make_thesaurus
from tests.factories.places import make_place

WORDS_TOO = ["Sale", "Reading", "Bath", "Settle", "Deal", "Street", "Battle"]


def locate(text):
    if text.upper().startswith(("WR", "B9")):
        return make_place(outward=text.upper().split()[0])
    raise BadPostcodeError(text)


PLACES = make_places("Malvern", "Redditch", "Stourport-on-Severn", *WORDS_TOO, locate=locate)


def ask(text, thesaurus=None, **options):
    return understand(text, places=PLACES, thesaurus=thesaurus, **options)


def test_everything_that_was_said_is_understood_and_the_rest_left():
    found = ask("my 4 year old isn't talking, who can help near WR14 on Saturdays, free")

    assert found.ages == (4, 4)
    assert found.place.outward == "WR14"
    assert found.days == ("SA",)
    assert found.free
    assert " ".join(found.rest) == "my isnt talking who can help on saturdays"


def test_chips_carry_the_words_as_they_were_typed():
    found = ask("Clubs for my 9 Year Old  in Redditch, FREE, not for under 5s")

    assert [(chip.kind, chip.text, chip.span_text) for chip in found.chips] == [
        ("age", "Age 9", "9 Year Old"),
        ("place", "Near Redditch", "in Redditch"),
        ("cost", "Free", "FREE"),
        ("age", "Age 5 and over", "not for under 5s"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clubs wr14", "wr14"),
        ("near WR14 3RB please", "near WR14 3RB"),
        ("wr143rb", "wr143rb"),
        ("around B97", "around B97"),
    ],
)
def test_postcode_is_a_place(text, said):
    found = ask(text)

    assert found.place is not None
    assert found.chips[0].span_text == said


@pytest.mark.parametrize("text", ["ZZ99 9ZZ", "near QX1", "B12 vitamin in AB1 2"])
def test_postcode_of_nowhere_is_left_as_words(text):
    found = ask(text)

    assert found.place is None
    assert list(found.rest) == words(text)


def test_code_of_the_law_is_no_postcode():
    thesaurus = make_thesaurus(need="s17")

    assert understand("s17", places=make_places(), thesaurus=thesaurus).place is None
    assert understand("s17", places=make_places()).place is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dyslexia tutor redditch", "Redditch"),
        ("stourport clubs", "Stourport-on-Severn"),
        ("in stourport on severn", "Stourport-on-Severn"),
        ("MALVERN", "Malvern"),
    ],
)
def test_town_is_a_place(text, name):
    assert str(ask(text).place) == name


@pytest.mark.parametrize("name", WORDS_TOO)
def test_town_whose_name_is_a_word_is_one_only_where_it_must_be(name):
    assert ask(f"help with {name.lower()}").place is None
    assert str(ask(f"clubs in {name}").place) == name
    assert str(ask(f"clubs near {name.lower()}").place) == name
    assert str(ask(f"{name}, swimming").place) == name


def test_town_in_a_phrase_of_the_thesaurus_is_no_place():
    thesaurus = make_thesaurus(equipment="malvern chair")

    assert ask("malvern chair", thesaurus).place is None


def test_postcode_wins_over_a_town():
    found = ask("malvern wr14")

    assert found.place.outward == "WR14"
    assert found.rest == ("malvern",)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("saturday club", ("SA",)),
        ("at the weekend", ("SA", "SU")),
        ("weekdays", ("MO", "TU", "WE", "TH", "FR")),
        ("mon or thurs", ("MO", "TH")),
        ("not on sundays", ("MO", "TU", "WE", "TH", "FR", "SA")),
    ],
)
def test_days(text, days):
    assert ask(text).days == days


@pytest.mark.parametrize("text", ["he sat down in the sun", "SATs", "a wed couple"])
def test_word_like_a_day_is_no_day(text):
    assert ask(text).days == ()


@pytest.mark.parametrize("text", ["free swimming", "for free", "no cost", "free of charge"])
def test_free(text):
    assert ask(text).free


@pytest.mark.parametrize(
    "text", ["free time", "gluten-free", "free school", "stress-free", "not free", "freedom"]
)
def test_word_like_free_is_no_cost(text):
    assert not ask(text).free


def test_free_in_a_phrase_of_the_thesaurus_is_no_cost():
    thesaurus = make_thesaurus(meals="free school meals", funding="30 hours free childcare")

    assert not ask("free school meals", thesaurus).free
    assert not ask("30 hours free childcare", thesaurus).free


@pytest.mark.parametrize(
    "text",
    [
        "not talking",
        "isn't talking",
        "won't sleep",
        "can't hear",
        "doesn't eat",
        "not in school",
        "not toilet trained",
        "no friends",
        "no school place",
        "no speech",
    ],
)
def test_need_that_is_said_with_not_is_no_refusal(text):
    found = ask(text)

    assert found.without == ()
    assert found.chips == ()
    assert list(found.rest) == words(text)


@pytest.mark.parametrize(
    ("text", "without", "said"),
    [
        ("respite without overnight stays", ("overnight", "stays"), "without overnight stays"),
        ("clubs no diagnosis needed", ("diagnosis",), "no diagnosis needed"),
        ("help without a referral", ("referral",), "without a referral"),
        ("activities but not football", ("football",), "but not football"),
        ("clubs excluding the sports", ("sports",), "excluding the sports"),
        ("help, no form filling required", ("form", "filling"), "no form filling required"),
        ("not a special school, please", ("special", "school"), "not a special school"),
    ],
)
def test_what_is_not_wanted(text, without, said):
    found = ask(text)

    assert found.without == without
    assert [chip.span_text for chip in found.chips] == [said]
    assert set(found.rest).isdisjoint(without)


def test_phrase_of_the_thesaurus_that_begins_with_without_is_no_refusal():
    thesaurus = make_thesaurus(support="without an EHCP")

    assert ask("help without an ehcp", thesaurus).without == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("training for teachers", ("schools", "health-care", "providers")),
        ("groups for parents", ("parents",)),
        ("help for young people", ("young-people-16-25", "children-11-15")),
        ("help for my son", ()),
    ],
)
def test_audience(text, codes):
    assert ask(text).audience == codes


def test_contradictory_ages_are_all_of_them():
    assert ask("4 year old and 16 year old").ages == (4, 16)


@pytest.mark.parametrize("kind", KINDS)
def test_kind_that_was_taken_off_is_words_again(kind):
    text = "free clubs for parents of 9 year old in malvern on monday without football"
    found, less = ask(text), ask(text, ignore={kind})

    assert kind in {chip.kind for chip in found.chips}
    assert kind not in {chip.kind for chip in less.chips}
    assert set(less.rest) >= set(found.rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x00",
        "🦩🦩🦩",
        "ساعدني ابني عمره 4 سنوات",
        "עזרה לילד בן 4",
        "\u202efree malvern\u202c",
        '"heron" AND (NOT tok:*) OR NEAR/3 ^x {a b} + - ~',
        "'; DROP TABLE search_searchdocument; --",
        "<script>alert(1)</script>",
        "the and of to",
        "\ud800",
        "a" * 10_000,
        "in " * 5_000,
        "under 5 " * 2_000,
        "not for " * 2_000,
    ],
)
def test_hostile_text_is_understood_as_well_as_it_can_be(text):
    found = ask(text)

    assert all(chip.span_text in text for chip in found.chips)
    assert set(found.rest) <= set(words(text[:LONGEST]))


SAID = """
not without no but for in near malvern sale wr14 free 4 16 year old under over saturday weekend
toddler parents teachers swimming , - 's autism except the a
"""
PIECES = st.sampled_from(SAID.split())
MARKS = st.text(st.sampled_from("ab0'\u2019\u0308\u094d \u2100\u00b4"), max_size=12)
TEXTS = st.one_of(st.text(max_size=80), MARKS, st.lists(PIECES, max_size=14).map(" ".join)).map(
    lambda text: unicodedata.normalize("NFKC", text)
)
THESAURUS = make_thesaurus(autism="autism", swimming="swimming for free", talk="not swimming")


@given(TEXTS, st.sets(st.sampled_from(KINDS)))
def test_any_text_is_understood_within_itself(text, ignore):
    found = ask(text, THESAURUS, ignore=ignore)

    assert {chip.kind for chip in found.chips}.isdisjoint(ignore)
    for chip in found.chips:
        assert chip.text
        assert chip.span_text
        assert chip.span_text in text
    assert all(0 <= at < len(found.rest) for at in found.facts)
    left = iter(words(text))
    assert all(word in left for word in found.rest)  # the same words in the same order


@given(TEXTS)
def test_with_everything_taken_off_all_words_are_left(text):
    found = ask(text, THESAURUS, ignore=set(KINDS))

    assert list(found.rest) == words(text)
    assert found.chips == ()


def test_words_that_say_a_fact_and_are_still_looked_for_are_marked():
    found = ask("toddler group on saturday for my 9 year old")

    assert [found.rest[at] for at in sorted(found.facts)] == ["toddler", "saturday"]


def test_gazetteer_gives_a_short_name_only_where_one_town_has_it():
    towns = [
        town(name, easting=1, northing=1)
        for name in ["Upton upon Severn", "Upton on Avon", "Tenbury Wells", "Bath", "!"]
    ]
    gazetteer = Gazetteer(towns)

    assert gazetteer.town(["upton"], 0) is None
    assert str(gazetteer.town(["tenbury"], 0)[0]) == "Tenbury Wells"
    assert gazetteer.town(["tenbury", "wells"], 0)[1] == 2


def test_thesaurus_may_be_missing():
    assert understand("free", places=Gazetteer(), thesaurus=Thesaurus()).free
