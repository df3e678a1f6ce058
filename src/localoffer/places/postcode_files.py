"""Reads the files of postcodes that a council can have for nothing.

The ONS Postcode Directory (ONSPD) is one CSV with a row of column names; Code-Point Open is a
folder of CSVs, as a rule without one. Columns are found by name where there are names, whatever
their order and year (``osward``, ``wd25cd``); otherwise by Code-Point Open's positions.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from localoffer.places import grid, postcodes

COLUMNS = {
    "postcode": r"pcds|pcd\d?|postcode|pc",
    "easting": r"oseast1m|east1m|eastings?|ea|e",
    "northing": r"osnrth1m|north1m|northings?|no|n",
    "district": r"oslaua|laua|lad\d\dcd|admin_district_code|district|dc",
    "ward": r"osward|wd\d\dcd|admin_ward_code|ward|wc",
    "ward_name": r"wd\d\dnm|ward_name",
    "ended": r"doterm",
}
BY_POSITION = {  # Code-Point Open, by its number of columns: since 2011, and before
    10: {"postcode": 0, "easting": 2, "northing": 3, "district": 8, "ward": 9},
    19: {"postcode": 0, "easting": 10, "northing": 11, "district": 16, "ward": 17},
}
CODE = re.compile(r"[A-Z]\d{8}")
WHOLE = re.compile(r"\d{1,7}(\.0+)?")


class NotPostcodesError(ValueError):
    """A file that does not hold postcodes. The message is for the person who gave it."""


@dataclass(frozen=True)
class Postcode:
    """A good row. ``easting`` and ``northing`` are metres, None where the file gives no point."""

    line: int
    postcode: str
    easting: int | None
    northing: int | None
    district: str
    ward: str
    ward_name: str
    ended: bool


class Refusal(NamedTuple):
    """A row that was left out, and why."""

    file: str
    line: int
    reason: str


def paths(given: Path) -> list[Path]:
    """The files to read: the one given, or every CSV in a folder and below it.

    Raises NotPostcodesError where there is none.
    """
    if given.is_dir():
        found = sorted(path for path in given.rglob("*") if path.suffix.lower() == ".csv")
        if not found:
            raise NotPostcodesError(f"There is no CSV file in {given}.")
        return found
    if not given.is_file():
        raise NotPostcodesError(f"There is no file {given}.")
    return [given]


def read(path: Path, *, progress: Callable[[int], object]) -> Iterator[Postcode | Refusal]:
    """The rows of one file, good and refused, in its order.

    ``progress`` is told the number of bytes of each line. Raises NotPostcodesError where the file
    is not a CSV of postcodes at all.
    """
    with path.open("rb") as file:
        _check_start(path, file.read(512))
        file.seek(0)
        rows = csv.reader(_lines(file, progress))
        try:
            first = next(rows, [])
            columns = _by_name(first)
            if not columns:
                columns = _by_position(path, first)
                yield _row(path, rows.line_num, first, columns)
            for row in rows:
                if any(row):
                    yield _row(path, rows.line_num, row, columns)
        except csv.Error as error:
            raise NotPostcodesError(
                f"{path.name} is not a CSV file: line {rows.line_num}: {error}."
            ) from error


def ward_names(path: Path) -> dict[str, str]:
    """Names of wards by code: ONSPD's "Ward names and codes" (columns such as WD25CD, WD25NM).

    Raises NotPostcodesError where the file has no such columns.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.reader(file)
        columns = _match(next(rows, []))
        if not {"ward", "ward_name"} <= columns.keys():
            raise NotPostcodesError(f"{path.name} has no columns of ward codes and names.")
        code, name = columns["ward"], columns["ward_name"]
        return {
            row[code]: row[name].strip()
            for row in rows
            if len(row) > max(code, name) and CODE.fullmatch(row[code])
        }


def _lines(file: Iterable[bytes], progress):
    for number, line in enumerate(file):
        progress(len(line))
        yield line.decode("utf-8-sig" if number == 0 else "utf-8", errors="replace")


def _check_start(path, start):
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t")
    if not text:
        raise NotPostcodesError(f"{path.name} is empty.")
    if start.startswith(b"PK\x03\x04"):
        raise NotPostcodesError(f"{path.name} is a zip file: unpack it, and give what is inside.")
    if text[:1] in b"<{[" or b"\0" in start:
        raise NotPostcodesError(f"{path.name} is not a CSV file.")


def _match(row):
    """The place of each column that has a name we know, the first of several."""
    columns: dict[str, int] = {}
    for at, cell in enumerate(row):
        name = cell.strip().lower()
        for column, pattern in COLUMNS.items():
            if re.fullmatch(pattern, name):
                columns.setdefault(column, at)
    return columns


def _by_name(row):
    columns = _match(row)
    wanted = {"postcode", "easting", "northing", "district"}
    return columns if wanted <= columns.keys() else {}


def _by_position(path, row):
    if row and postcodes.parse(row[0]) and len(row) in BY_POSITION:
        return BY_POSITION[len(row)]
    raise NotPostcodesError(
        f"{path.name} has no columns of postcodes, eastings, northings and districts: "
        "give an ONS Postcode Directory or Code-Point Open file."
    )


def _row(path, line, row, columns):
    try:
        return _postcode(line, row, columns)
    except ValueError as error:
        return Refusal(path.name, line, str(error))


def _postcode(line, row, columns):
    """Raises ValueError with the reason where the row is no good."""
    cell = {name: row[at].strip() for name, at in columns.items() if at < len(row)}
    missing = {"postcode", "easting", "northing", "district"} - cell.keys()
    if missing:
        raise ValueError(f"the row is cut short: it has no {', '.join(sorted(missing))}")
    postcode = postcodes.parse(cell["postcode"])
    if postcode is None:
        raise ValueError(f"{cell['postcode'][:20]!r} is not a postcode")
    for name in ("district", "ward"):
        if cell.get(name) and not CODE.fullmatch(cell[name]):
            raise ValueError(f"{cell[name][:20]!r} is not the code of a {name}")
    easting, northing = _metres(cell["easting"]), _metres(cell["northing"])
    if easting and northing and not grid.on_grid(easting, northing):
        raise ValueError(f"{easting}, {northing} is not on the National Grid")
    known = easting and northing  # Code-Point Open says 0, 0 where it does not know
    return Postcode(
        line=line,
        postcode=postcode,
        easting=easting if known else None,
        northing=northing if known else None,
        district=cell["district"],
        ward=cell.get("ward", ""),
        ward_name=cell.get("ward_name", ""),
        ended=bool(cell.get("ended")),
    )


def _metres(text):
    if text in {"", "NULL"}:
        return 0
    if not WHOLE.fullmatch(text):
        raise ValueError(f"{text[:20]!r} is not a number of metres")
    return int(float(text))
