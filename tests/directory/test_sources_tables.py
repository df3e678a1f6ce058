import datetime as dt
import io
import itertools
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localoffer.directory.sources import csv_map, tables
from localoffer.directory.sources.records import BadRecordError

FIXTURES = Path(__file__).parent / "fixtures"
OUTPOST = (FIXTURES / "outpost.csv").read_bytes()
PLAIN = "Service name,Description,Postcode,Phone\n"


def services(content, column_map=None):
    return list(csv_map.services(tables.rows(content), column_map))


def read_one(text, column_map=None):
    (row,) = services(text.encode(), column_map)
    return csv_map.read(row.record)


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_outpost_is_known_by_its_headings_and_gathers_the_rows_of_a_service():
    rows = services(OUTPOST)

    service = csv_map.read(rows[0].record)

    assert [(row.line, row.source_id) for row in rows] == [(2, "1"), (9, "6"), (10, "7"), (11, "8")]
    assert [place.name for place in service.locations] == ["Leisure centre", "Second hall"]
    assert [(cost.option, cost.amount) for cost in service.costs] == [
        ("Each child", "1.50"),
        ("Carers", "0.00"),
    ]
    assert [hours.byday for hours in service.schedules] == [("MO",), ("TU",)]
    assert service.schedules[0].opens == dt.time(9)
    assert service.schedules[1].opens is None
    assert (service.minimum_age, service.maximum_age) == (5, 16)


def test_outpost_keeps_to_itself_what_its_owner_does():
    service = csv_map.read(services(OUTPOST)[0].record)

    assert [contact.name for contact in service.contacts] == ["Front desk"]
    assert "private@example.org" not in str(service.raw)
    assert "Do not publish this" not in str(service.raw)


def test_outpost_joins_the_words_on_support_to_the_description_with_quoted_lines_whole():
    service = csv_map.read(services(OUTPOST)[0].record)

    assert service.description == (
        'Bouncing for everyone.\n\nBring "grip" socks.\n\nHoists and quiet hours.'
    )


def test_outpost_needs_kinds_and_suitabilities_become_terms():
    service = csv_map.read(services(OUTPOST)[0].record)

    assert [(term.name, term.link_type) for term in service.terms] == [
        ("Clubs", "service_type"),
        ("Sport", "service_type"),
        ("Autism", "sen_need"),
        ("Hearing impairment", "sen_need"),
        ("Autism", "intended_audience"),
        ("Dementia", "intended_audience"),
    ]


def test_a_service_that_is_not_visible_is_not_running():
    assert csv_map.read(services(OUTPOST)[1].record).status == "inactive"


def test_a_row_without_a_name_is_refused():
    with pytest.raises(BadRecordError, match="it has no name"):
        csv_map.read(services(OUTPOST)[2].record)


def test_a_row_that_adds_to_nothing_is_refused_by_line():
    assert services(OUTPOST)[3].refusal == "it adds to 99, not seen yet"


def test_masked_address_keeps_the_town_and_half_the_postcode():
    column_map = csv_map.parse('name = "a"\nlocation_masked = "b"\npostcode = "c"\ncity = "d"')

    service = read_one("a,b,c,d\nClub,TRUE,WR14 1AA,Malvern\n", column_map)

    assert (service.locations[0].city, service.locations[0].postcode) == ("Malvern", "WR14")


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode("utf-8-sig") + "Café,Tea,WR14 1AA,01632 960001\n".encode(),
        (PLAIN + "Café,Tea,WR14 1AA,01632 960001\n").encode("cp1252"),
        (PLAIN + "Café,Tea,WR14 1AA,01632 960001\n").encode("utf-16"),
        (PLAIN + "Café,Tea,WR14 1AA,01632 960001\n").replace(",", ";").encode(),
        (PLAIN + "Café,Tea,WR14 1AA,01632 960001\n").replace(",", "\t").encode(),
        workbook(PLAIN.strip().split(","), ["Café", "Tea", "WR14 1AA", "01632 960001"]),
    ],
    ids=["byte order mark", "cp1252", "utf-16", "semicolons", "tabs", "workbook"],
)  # fmt: skip
def test_a_list_is_read_however_it_was_saved(content):
    (row,) = services(content)

    service = csv_map.read(row.record)

    assert (row.line, service.name, service.locations[0].postcode) == (2, "Café", "WR14 1AA")
    assert service.source_id == " / café"


def test_line_numbers_are_those_of_the_file_after_quoted_line_ends_and_blank_rows():
    text = PLAIN + '"One","Two\nlines",,\n,,,\n\nThree,,,\nFour,a,b,c,too many\n'

    assert [(row.line, bool(row.refusal)) for row in services(text.encode())] == [
        (2, False),
        (6, False),
        (7, True),
    ]


def test_of_a_heading_that_stands_twice_the_first_is_read():
    text = "Service name,Description,Description\nClub,First,Second\n"

    assert read_one(text).description == "First"
    assert csv_map.repeated(["Description", "description", "name"]) == ["description"]


def test_a_formula_is_text_and_is_never_worked_out():
    (row,) = services(workbook(["Service name", "Description"], ["Club", '=HYPERLINK("x")']))

    assert csv_map.read(row.record).description == '=HYPERLINK("x")'


def test_dates_times_and_numbers_of_a_workbook_are_read_as_typed():
    content = workbook(
        ["Service name", "Last checked", "Opens", "From age", "Free"],
        ["Club", dt.datetime(2026, 1, 2), dt.time(9, 30), 5.0, True],  # noqa: DTZ001
    )

    service = csv_map.read(services(content)[0].record)

    assert service.assured_on == dt.date(2026, 1, 2)
    assert service.costs[0].option == "Free"
    assert service.schedules[0].opens == dt.time(9, 30)
    assert service.minimum_age == 5


def test_a_map_may_be_json_or_toml_and_names_several_headings():
    toml = (
        'separator = "|"\n[fields]\nname = "Title"\ndescription = ["About", "More"]\nneeds = "For"'
    )
    text = "title,ABOUT,more,for\nClub,One,Two,Autism|Hearing\n"

    service = read_one(text, csv_map.parse(toml))

    assert service.description == "One\n\nTwo"
    assert [term.name for term in service.terms] == ["Autism", "Hearing"]
    assert csv_map.parse('{"name": "Title"}').fields == {"name": ["Title"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "neither TOML nor JSON"),
        ("[fields]\nurl = 'x'", 'which heading holds "name"'),
        ("[fields]\nname = 'x'\ncolour = 'y'", "do not have: colour"),
        ("[fields]\nname = 5", "must be a heading"),
        ("fields = 3", 'which heading holds "name"'),
    ],
)
def test_a_map_that_cannot_work_says_why(text, words):
    with pytest.raises(csv_map.MapError, match=words):
        csv_map.parse(text)


def test_headings_that_no_map_knows_are_named():
    with pytest.raises(csv_map.MapError, match="The headings are: apples, pears"):
        services(b"apples,pears\n1,2\n")


def test_a_map_whose_name_heading_is_absent_says_so():
    with pytest.raises(csv_map.MapError, match='No heading is called "Title"'):
        services(b"apples,pears\n1,2\n", csv_map.parse('name = "Title"'))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PLAIN.encode() + b'Club,"never closed\n', "Line 2: .*quotation mark"),
        (b"", "holds no rows"),
        (b",,,\n", "holds no rows"),
        (b"PK\x03\x04 not a workbook", "workbook cannot be opened"),
        (b"a\x00b,c\n", "not text"),
    ],
)
def test_a_file_that_is_no_table_says_why(content, words):
    with pytest.raises(tables.TableError, match=words):
        tables.rows(content)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_UNPACKED", 100)

    with pytest.raises(tables.TableError, match="too large"):
        tables.rows(workbook(["Service name"], ["Club"]))


@settings(max_examples=100)
@given(st.lists(st.text(max_size=20), max_size=40))
def test_any_cells_are_read_or_refused_by_their_line(cells):
    headings = tables.rows(OUTPOST)[0]
    table = [headings, tables.Row(2, cells)]

    for row in csv_map.services(table):
        if row.record:
            try:
                assert csv_map.read(row.record).name
            except BadRecordError:
                continue
        else:
            assert row.refusal


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_a_plain_refusal(content):
    try:
        rows = tables.rows(content)
    except tables.TableError:
        return
    assert all(one.line < two.line for one, two in itertools.pairwise(rows))
