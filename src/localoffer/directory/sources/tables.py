"""Rows of a CSV file or an Excel workbook, each with the line on which it stands in the file."""

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

MOST_ROWS = 100_000
MOST_COLUMNS = 500
MOST_UNPACKED = 200_000_000  # bytes of a workbook once unzipped
DELIMITERS = ",;\t|"


class TableError(ValueError):
    """The file cannot be read as a table at all. The words say why."""


@dataclass(frozen=True)
class Row:
    line: int
    cells: list[str]


def is_workbook(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def rows(content: bytes) -> list[Row]:
    """Every row with anything in it, headings first. Raises TableError."""
    found = _workbook(content) if is_workbook(content) else _csv(content)
    filled = [row for row in found if any(row.cells)]
    if not filled:
        raise TableError("The file holds no rows.")
    return filled


def _csv(content):
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    found, start = [], 1
    try:
        for cells in reader:
            found.append(Row(start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
            if len(found) > MOST_ROWS:
                raise TableError(f"The file has more than {MOST_ROWS:,} rows.")
    except csv.Error as error:
        raise TableError(
            f"Line {start}: the row that starts here cannot be read ({error}). "
            "Look for a quotation mark that is opened and never closed."
        ) from None
    return found


def _decoded(content):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise TableError("The file is not text: its letters are neither UTF-8 nor Windows-1252.")


def _delimiter(text):
    heading = text[:10_000].split("\n", 1)[0]
    return max(DELIMITERS, key=heading.count)


def _workbook(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise TableError("The workbook is too large once unpacked.")
        # Formulas are kept as the text they are: nothing in a workbook is worked out here.
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return list(_sheet_rows(sheet))
    except (
        InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, IndexError, OSError,
        EOFError, AttributeError, TypeError, NotImplementedError,
    ) as error:  # fmt: skip
        raise TableError(f"The workbook cannot be opened: {error}") from None


def _sheet_rows(sheet):
    for line, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        if line > MOST_ROWS:
            raise TableError(f"The sheet has more than {MOST_ROWS:,} rows.")
        written = [_written(cell) for cell in cells]
        while written and not written[-1]:
            written.pop()
        yield Row(line, written)


def _written(cell):
    """A cell as a person would type it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
