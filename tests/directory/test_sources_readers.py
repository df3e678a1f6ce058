import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localoffer.directory.sources import hsds, oruk1, scout
from localoffer.directory.sources.records import (
    BadRecordError,
    ContactRecord,
    CostRecord,
    LanguageRecord,
    PhoneRecord,
    ScheduleRecord,
    TermRecord,
    fingerprint,
)

FIXTURES = Path(__file__).parent / "fixtures"


def contents(name, wrapper):
    return json.loads((FIXTURES / name).read_text())[wrapper]


HSDS = contents("hsds_services.json", "contents")
ORUK1 = contents("oruk1_services.json", "content")
SCOUT = contents("scout_services.json", "content")
READERS = {"hsds": (hsds, HSDS[0]), "oruk1": (oruk1, ORUK1[0]), "scout": (scout, SCOUT[0])}


def test_hsds_reads_what_a_service_says_of_itself():
    service = hsds.read(HSDS[0])

    assert service.name == "Barchester Speech Therapy"
    assert service.alternate_name == "Talking Together"
    assert (service.minimum_age, service.maximum_age) == (2, 11)
    assert service.referral == "Ask your school or ring us"
    assert service.waiting == "About 18 weeks"
    assert service.assured_on == dt.date(2026, 1, 15)
    assert service.modified == dt.datetime(2026, 2, 1, 9, 30, tzinfo=dt.UTC)
    assert service.organisation.identifiers == (("GB-CHC", "1234567"),)
    assert service.costs == (CostRecord("Free", "0.00", "GBP"),)
    assert service.terms == (TermRecord("SEN need", "", "Autism", "sen_need"),)


def test_hsds_turns_markup_into_plain_paragraphs_without_scripts():
    assert hsds.read(HSDS[0]).description == "Help with talking.\n\n- Groups\n- One to one"


def test_hsds_reads_phones_of_the_superset_of_contacts_and_of_the_service():
    assert hsds.read(HSDS[0]).contacts == (
        ContactRecord(
            "Reception",
            "Front desk",
            "desk@therapy.example.org",
            (PhoneRecord("01632 960001", "Weekdays"),),
        ),
        ContactRecord(phones=(PhoneRecord("01632 960002 ext 12"),)),
    )


def test_hsds_leaves_out_languages_that_the_uk_profile_left_nameless():
    assert hsds.read(HSDS[0]).languages == (LanguageRecord("pl", "Polish"),)


def test_hsds_reads_hours_of_the_service_and_of_one_place():
    everywhere, there = hsds.read(HSDS[0]).schedules

    assert (everywhere.byday, everywhere.when) == (("MO", "WE"), "term")
    assert (everywhere.opens, everywhere.closes) == (dt.time(9), dt.time(17))
    assert (there.freq, there.byday) == ("MONTHLY", ("2TU",))
    assert there.location == HSDS[0]["service_at_locations"][0]["location"]["id"]


def test_hsds_reads_an_address_with_its_point_and_number():
    (place,) = hsds.read(HSDS[0]).locations

    assert place.lines == ("1 High Street", "Hogglestock")
    assert (place.city, place.county, place.postcode) == ("Malvern", "Barsetshire", "WR14 1AA")
    assert (place.latitude, place.longitude) == (52.10644, -2.31753)
    assert place.accessibility == ("Hearing loop", "Ramp at the side")
    assert place.uprn == "10092008082"


def test_oruk1_takes_the_youngest_and_the_oldest_age_of_its_rules():
    service = oruk1.read(ORUK1[0])

    assert (service.minimum_age, service.maximum_age) == (4, 16)
    assert service.eligibility == "Children with a disability. Brothers and sisters"


def test_oruk1_reads_weekday_numbers_and_says_closed_days_in_words():
    regular, closed = oruk1.read(ORUK1[0]).schedules

    assert regular == ScheduleRecord(
        ("SA",), "WEEKLY", opens=dt.time(10), closes=dt.time(12), attending="venue"
    )
    assert closed.description == "Closed from 24 December 2026 until 2 January 2027"
    assert (closed.opens, closed.valid_to) == (None, dt.date(2027, 1, 2))


def test_oruk1_reads_the_rest_by_its_own_names():
    service = oruk1.read(ORUK1[0])

    assert service.needs_referral is True
    assert service.referral == "You need to be referred."
    assert service.organisation.url == "https://ullathorne.example.org"
    assert service.languages == (LanguageRecord(name="Welsh"),)
    assert service.costs == (CostRecord("", "3.00", description="a session"),)
    assert [(term.code, term.link_type) for term in service.terms] == [
        ("bccservicetype:78", "service_type"),
        ("circumstance:1", "eligibility"),
    ]
    assert service.locations[0].accessibility == ("Step-free access",)
    assert service.locations[0].latitude == 52.1


def test_oruk1_counts_what_it_mends():
    mended = Counter(oruk1.read(ORUK1[0]).mended)

    assert mended["web address that is not one left out"] == 1
    assert mended["number sent as text"] == 5
    assert mended["id that is a number, kept as text"] == 1
    assert mended["null left out"] == 1


def test_scout_reads_points_in_their_order_and_hides_a_masked_address():
    hall, house = scout.read(SCOUT[0]).locations

    assert (hall.latitude, hall.longitude) == (52.1, -2.3)
    assert (house.lines, house.postcode, house.latitude) == ((), "WR14", None)


def test_scout_reads_needs_kinds_and_how_to_start():
    service = scout.read(SCOUT[0])

    assert [term.name for term in service.terms] == ["Clubs and groups", "Autism"]
    assert service.referral == "Come and see us."
    assert service.description == "Games and crafts.\n\nWe welcome everyone."
    assert service.costs == (CostRecord("Free", "0.00"),)
    assert service.needs_referral is False


def test_ages_the_wrong_way_round_are_swapped_and_counted():
    service = scout.read(SCOUT[0])

    assert (service.minimum_age, service.maximum_age) == (5, 11)
    assert "ages the wrong way round, swapped" in service.mended


def test_an_organisation_without_a_name_is_no_organisation():
    assert scout.read(SCOUT[1]).organisation is None


@pytest.mark.parametrize(
    ("change", "field", "value", "kind"),
    [
        ({"minimum_age": "7"}, "minimum_age", 7, "number sent as text"),
        ({"minimum_age": 300}, "minimum_age", None, "age that nobody has left out"),
        ({"minimum_age": None}, "minimum_age", None, "null left out"),
        ({"fees_description": ""}, "fees", "", "empty text left out"),
        ({"status": "flying"}, "status", "active", "status not known, taken as active"),
        ({"url": "http://ex ample"}, "url", "", "web address that is not one left out"),
        ({"url": "javascript:alert(1)"}, "url", "", "web address that is not one left out"),
        ({"url": "www.example.org"}, "url", "https://www.example.org", "web address mended"),
        ({"url": "https://ex.org/\u00e9"}, "url", "https://ex.org/%C3%A9", "web address mended"),
        ({"email": 12345}, "email", "", "e-mail address that is not one left out"),
        ({"email": False}, "email", "", "e-mail address that is not one left out"),
        ({"assured_date": "2026-02-30"}, "assured_on", None, "date that is not one left out"),
        (
            {"assured_date": "2026-02-03T10:00:00Z"},
            "assured_on",
            dt.date(2026, 2, 3),
            "date with a time, the date kept",
        ),
        (
            {"last_modified": "2026-02-03"},
            "modified",
            dt.datetime(2026, 2, 3, tzinfo=dt.UTC),
            "date without a time or a zone, taken as UTC",
        ),
        ({"name": 5}, "name", "5", "number where text belongs"),
        ({"alert": "a\u0000b"}, "alert", "ab", "characters that are not text left out"),
        ({"contacts": {"name": "Me"}}, "contacts", None, "one where a list belongs"),
    ],
)  # fmt: skip
def test_hsds_mends_and_counts(change, field, value, kind):
    service = hsds.read({**HSDS[0], **change})

    assert kind in service.mended
    if value is not None or field == "minimum_age":
        assert getattr(service, field) == value


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"name": "No id"}, "it has no id"),
        ({"id": "", "name": "Empty id"}, "it has no id"),
        ({"id": ["x"], "name": "List id"}, "it has no id"),
        ({"id": "1"}, "it has no name"),
        ({"id": "1", "name": None}, "it has no name"),
        ({"id": "x" * 300, "name": "Long id"}, "its id is longer"),
        (None, "it is not a record"),
        ([], "it is not a record"),
    ],
)
@pytest.mark.parametrize("reader", [hsds, oruk1, scout])
def test_a_record_without_id_or_name_is_refused_with_the_reason(reader, record, reason):
    with pytest.raises(BadRecordError, match=reason):
        reader.read(record)


def test_the_same_place_twice_is_read_once():
    site = HSDS[1]["service_at_locations"][0]
    again = {**site, "location": {**site["location"], "id": "another"}}

    service = hsds.read({**HSDS[1], "service_at_locations": [site, again]})

    assert len(service.locations) == 1
    assert "same place listed twice, joined" in service.mended


def test_a_point_outside_the_country_is_left_out():
    site = HSDS[0]["service_at_locations"][0]
    far = {**site, "location": {**site["location"], "latitude": 0, "longitude": 0}}

    (place,) = hsds.read({**HSDS[0], "service_at_locations": [far]}).locations

    assert (place.latitude, place.longitude) == (None, None)


def test_fingerprint_changes_with_nested_content_and_not_with_what_we_do_not_keep():
    site = HSDS[0]["service_at_locations"][0]
    address = {**site["location"]["addresses"][0], "address_1": "2 High Street"}
    moved = {**site, "location": {**site["location"], "addresses": [address]}}
    before = fingerprint(hsds.read(HSDS[0]))

    assert fingerprint(hsds.read({**HSDS[0], "x_ours": 1})) == before
    assert fingerprint(hsds.read({**HSDS[0], "service_at_locations": [moved]})) != before


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["", "1", "MO", "MONTHLY", "\ud800", "<![", "2026-01-01", "9:99", "http://["]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def paths(value, at=()):
    """Where each value of a record stands, the record itself first."""
    yield at
    if isinstance(value, dict):
        for name, item in value.items():
            yield from paths(item, (*at, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*at, index))


def with_value(record, path, value):
    if not path:
        return value
    copy = dict(record) if isinstance(record, dict) else list(record)
    copy[path[0]] = with_value(copy[path[0]], path[1:], value)
    return copy


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=150)
@given(data=st.data())
def test_any_value_anywhere_is_read_or_refused_and_nothing_else(name, data):
    reader, record = READERS[name]
    path = data.draw(st.sampled_from(list(paths(record))))
    value = data.draw(json_values)

    try:
        service = reader.read(with_value(record, path, value))
    except BadRecordError:
        return
    assert service.name
    assert service.source_id
    assert len(fingerprint(service)) == 64


@given(json_values)
def test_reading_the_same_record_twice_gives_the_same_fingerprint(value):
    record = {**HSDS[0], "description": value}

    assert fingerprint(hsds.read(record)) == fingerprint(hsds.read(record))
