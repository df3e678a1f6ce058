"""Spreadsheets of another survey tool, of a survey, its Easy Read version and paper, merged."""

import csv
from io import StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from localoffer.consultations import merging

HEAD = ["question", "type", "col_id", "question_easy", "type_easy", "col_id_easy", "assumed_easy",
        "omit", "custom_map"]  # fmt: skip
CODED, WORDS = "Multi-choice coded", "Long text"
MANIFEST = [
    ["Who are you?", CODED, 1, None, None, None, "A parent", False, None],
    ["Which area?", CODED, 2, "Which part?", CODED, 1, None, False, "map2"],
    ["How old?", CODED, 3, "Your age?", "Short text", 2, None, False, None],
    ["Where do you work?", "Multi-select", 4, None, None, None, None, False, None],
    ["Explain_1", WORDS, 5, "Tell us more", WORDS, 3, None, False, None],
    ["Response ID", None, 6, None, None, 4, None, False, None],
    ["Status", None, 7, None, None, 5, None, True, None],
]
MAP = [
    ["North East", "North", "North"],
    ["North West", "North", "North"],
    ["London", "London", "London"],
    ["NA", "NA", "NA"],
]
MAIN_HEAD = ["Who are you?", "Which area?", "How old?", "Where do you work?", "Explain_1",
             "Response ID", "Status"]  # fmt: skip
EASY_HEAD = ["Which part?", "Your age?", "Tell us more_1", "Response ID", "Status", None]


@pytest.fixture
def workbook(tmp_path):
    """Write a workbook: ``workbook(name, sheet, title=sheet)``."""

    def write(name, rows, **more):
        book = openpyxl.Workbook()
        book.active.title = "all"
        for row in rows:
            book.active.append(row)
        for title, others in more.items():
            sheet = book.create_sheet(title)
            for row in others:
                sheet.append(row)
        path = tmp_path / f"{name}.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def manifest(workbook):
    return workbook("manifest", [HEAD, *MANIFEST], map2=[["main", "easy", "final"], *MAP])


@pytest.fixture
def files(workbook):
    """An export of each version, and one typed from paper without a key."""
    return [
        workbook("main", [
            MAIN_HEAD,
            ["A school", "North East", "16 to 24", "Here|There", "=1+1", "a1", "completed"],
            ["A parent", "London", "25 to 34", None, "NA", "a2", "completed"],
            [None] * 7,
        ]),
        workbook("easy", [
            EASY_HEAD,
            ["North", "thirty", "Words", "b1", "completed", None],
            [None, None, "More", "b2", "completed", None],
        ]),
        workbook("paper", [MAIN_HEAD, ["A parent", "North West", None, "Here", None, None, "x"]]),
    ]  # fmt: skip


def test_every_answer_of_every_file_is_merged(manifest, files):
    merged = merging.merge(manifest, files)

    assert merged.files == {
        "main.xlsx": ("main", 2), "easy.xlsx": ("easy", 2), "paper.xlsx": ("main", 1),
    }  # fmt: skip
    areas = [row["answers"].get("Which area?") for row in merged.rows]
    assert areas == ["North", "London", "North", None, "North"]
    assert merged.rows[0]["answers"]["Where do you work?"] == ["Here", "There"]
    assert list(merged.check()) == []
    assert [each.question for each in merged.kept][-1] == "Explain_1"


def test_what_is_assumed_is_marked_and_can_be_left_out(manifest, files):
    merged = merging.merge(manifest, files)

    assert [row["assumed"] for row in merged.rows] == [[], [], ["Who are you?"], ["Who are you?"], []]  # fmt: skip # noqa: E501
    place = merging.head(merged).index("Who are you?")
    assert [line[place] for line in merging.lines(merged)].count("A parent") == 4
    plain = merging.lines(merged, with_assumed=False)
    assert [line[place] for line in plain] == ["A school", "A parent", "", "", "A parent"]


def test_what_the_versions_ask_in_another_form_is_told_and_not_counted_together(manifest, files):
    merged = merging.merge(manifest, files)

    assert any("“How old?” is multi-choice coded" in words for words in merged.problems)
    tables = merging.tables(merged, threshold=5)[0]["tables"]
    assert "thirty" not in str(tables)
    assert "Words" not in str(tables)


def test_small_numbers_are_hidden_in_the_tables(manifest, workbook):
    rows = [["A parent", "London", "16 to 24", None, None, None, "x"]] * 30
    rows += [["A parent", "North East", "16 to 24", None, None, None, "x"]] * 3
    merged = merging.merge(manifest, [workbook("main", [MAIN_HEAD, *rows])])

    table = merging.tables(merged, threshold=10)[0]["tables"][1]
    assert [row["number"] for row in table["rows"]] == [None, None]


def test_an_answer_that_the_map_has_not_stays_and_is_told(manifest, workbook):
    odd = ["A parent", "Atlantis", None, None, None, None, "x"]
    merged = merging.merge(manifest, [workbook("main", [MAIN_HEAD, odd])])

    assert merged.rows[0]["answers"]["Which area?"] == "Atlantis"
    assert merged.problems[0] == "main.xlsx, line 2: the map has no “Atlantis” for “Which area?”."


def test_the_same_response_twice_is_told(manifest, workbook):
    row = ["A parent", None, None, None, None, "a1", "x"]
    merged = merging.merge(manifest, [workbook("main", [MAIN_HEAD, row, row])])

    assert merged.problems[0] == "main.xlsx, line 3: the same response as main.xlsx, line 2."


@pytest.mark.parametrize(
    ("rows", "more", "words"),
    [
        ([["a", "b"]], {}, "is no manifest"),
        ([HEAD], {}, "has no questions"),
        ([HEAD, ["Q", CODED, "x", *[None] * 6]], {}, "line 2: “x” is no number of a column"),
        ([HEAD, [*MANIFEST[1][:8], "gone"]], {}, "there is no sheet gone"),
        ([HEAD, MANIFEST[0], MANIFEST[0]], {}, "has “Who are you\\?” twice"),
        ([HEAD, MANIFEST[1]], {"map2": [["a", "b", "c"]]}, "main, easy and final"),
        (
            [HEAD, MANIFEST[1]],
            {"map2": [["main", "easy", "final"], ["A", "X", "1"], ["A", "Y", "2"]]},
            "line 3: “A” cannot mean both “1” and “2”",
        ),
    ],
)
def test_a_manifest_that_cannot_be_followed_is_refused_with_its_line(workbook, rows, more, words):
    with pytest.raises(merging.MergeError, match=words):
        merging.read_manifest(workbook("manifest", rows, **more))


def test_a_file_with_other_headings_is_refused_by_the_column(manifest, workbook):
    other = workbook("other", [["Who are you?", "Colour?", *MAIN_HEAD[2:]], ["x"] * 7])

    with pytest.raises(
        merging.MergeError, match="column 2 is headed “Colour\\?”, and the manifest"
    ):
        merging.merge(manifest, [other])


def test_what_is_no_workbook_is_refused(manifest, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 no")
    for path in [bad, tmp_path / "gone.xlsx"]:
        with pytest.raises(merging.MergeError):
            merging.merge(manifest, [path])


def test_the_command_writes_answers_and_tables_that_no_spreadsheet_runs(
    manifest, files, tmp_path, capsys
):
    out, tables = tmp_path / "out.csv", tmp_path / "tables.csv"

    call_command("merge_survey_files", manifest, *files, out=out, tables=tables)

    rows = list(csv.DictReader(StringIO(out.read_text(encoding="utf-8-sig"))))
    assert len(rows) == 5
    assert rows[0]["Explain_1"] == "'=1+1"
    assert rows[0]["Where do you work?"] == "Here|There"
    assert "question" in tables.read_text(encoding="utf-8-sig").splitlines()[0]
    printed = capsys.readouterr()
    assert "5  responses in all" in printed.out
    assert "5  Who are you?, 2 of them assumed" in printed.out
    assert "How old?" in printed.err
    with pytest.raises(CommandError, match="named twice"):
        call_command("merge_survey_files", manifest, files[0], files[0])


def test_the_health_departments_files_merge_and_every_answer_is_there(shared):
    """The four exports that the Department of Health and Social Care publishes with its tools."""
    folder = shared / "consultations"
    found = sorted(folder.glob("dhsc_survey_responses_*.xlsx"))
    if not found:
        pytest.skip(f"no survey files of the health department in {folder}")

    merged = merging.merge(folder / "dhsc_survey_manifest_main_vs_easyread.xlsx", found)

    assert [number for _version, number in merged.files.values()] == [20, 20, 3, 3]
    assert [version for version, _number in merged.files.values()] == ["main", "easy"] * 2
    areas = [row["answers"].get("Which area of England do you live in?") for row in merged.rows]
    # From the files themselves: 3 + 3 + 2 and 2 + 2 + 1 of the two parts that Easy Read joins.
    assert (areas.count("North"), areas.count("South")) == (8, 5)
    who = "In what capacity are you responding to this survey?"
    assert sum(who in row["assumed"] for row in merged.rows) == 23
    assert sum(who in row["answers"] for row in merged.rows) == 46
    assert [words for words in merged.problems if "the map has no" in words] == []
