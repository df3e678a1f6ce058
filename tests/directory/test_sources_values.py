import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.directory.sources import markup, schedules
from localoffer.directory.sources.values import Reading, storable


def read(method, value, **options):
    reading = Reading()
    return getattr(reading, method)({"it": value}, "it", **options), reading.mends


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (4, "4.00"),
        (4.5, "4.50"),
        ("£1,250.50", "1250.50"),
        ("0", "0.00"),
        (-1, ""),
        ("about £5", ""),
        (10**12, ""),
        pytest.param(10**6000, "", id="too many digits"),
        (float("inf"), ""),
        (True, ""),
    ],
)
def test_money_is_pounds_and_pence_or_nothing(sent, kept):
    assert read("money", sent)[0] == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("09:30", dt.time(9, 30)),
        ("09:30:00+01:00", dt.time(9, 30)),
        ("9am", dt.time(9)),
        ("12.15 pm", dt.time(12, 15)),
        ("12am", dt.time(0)),
        ("24:00", None),
        ("hh:mm:ss", None),
        (9, None),
    ],
)
def test_time_of_day_is_read_as_people_write_it(sent, kept):
    assert read("time", sent)[0] == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-03-04", dt.date(2026, 3, 4)),
        ("04/03/2026", dt.date(2026, 3, 4)),
        ("0001-01-01", None),
        ("next week", None),
        (20260304, None),
    ],
)
def test_date_is_day_first_where_it_is_not_iso(sent, kept):
    assert read("date", sent)[0] == kept


@pytest.mark.parametrize(
    ("sent", "kept", "mends"),
    [
        ("wr141aa", "WR14 1AA", []),
        ("ABC 1234", "ABC 1234", ["postcode that is not a British one, kept as text"]),
    ],
)
def test_postcode_is_put_right_or_kept_as_text(sent, kept, mends):
    assert read("postcode", sent) == (kept, mends)


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("Mondays, term time only", "term"),
        ("Every day in the school holidays", "holidays"),
        ("Mondays, not in school holidays", "term"),
        ("Term time and school holidays", "always"),
        ("Every Monday", "always"),
    ],
)
def test_when_is_read_from_the_words_of_a_schedule(words, when):
    assert schedules.when(words) == when


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("MO,we", ("MO", "WE")),
        ("Monday; Thurs.", ("MO", "TH")),
        (["2TU", "-1FR", "9MO"], ("2TU", "-1FR")),
        ("whenever", ()),
        (7, ()),
    ],
)
def test_days_are_read_in_any_of_their_forms(sent, kept):
    assert schedules.days(Reading(), {"it": sent}, "it") == kept


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Tea &amp; cake<br>Bring a mug", "Tea & cake\nBring a mug"),
        ("<script>alert(1)</script>Hello", "Hello"),
        ("<style>p{}</style><p>One</p><p>Two</p>", "One\n\nTwo"),
        ("Hello <![CDATA[x", "Hello"),
        ("<a href='javascript:x'>Link</a>", "Link"),
    ],
)
def test_markup_becomes_text(html, text):
    assert markup.to_text(html).startswith(text)


def test_a_comparison_is_not_taken_for_markup():
    assert read("text", "For ages <5 & >3") == ("For ages <5 & >3", [])


@given(st.text())
def test_markup_never_fails_and_never_leaves_a_script(text):
    cleaned = markup.to_text(f"<script>{text}")

    assert "<script>" not in cleaned


def test_long_text_is_cut_and_counted():
    text, mends = read("line", "word " * 100)

    assert len(text) == 255
    assert mends == ["text too long, cut"]


@given(
    st.recursive(
        st.none() | st.floats() | st.text() | st.sampled_from(["\x00", "\ud800", "caf\u00e9"]),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_storable_is_json_that_any_database_takes(value):
    stored = json.dumps(storable(value), allow_nan=False, ensure_ascii=False)

    assert "\\u0000" not in stored
    stored.encode()


def test_storable_survives_any_depth():
    value = []
    for _ in range(900):
        value = [value]

    assert storable(value)
