"""One file of postcodes that is searched where it lies on the disk.

A table of 2.7 million rows would be two thirds of a council's whole database, written by every
installation and changed by nobody. A file for each first letter of a postcode is made in a tenth
of a second, shared by every process through the operating system's own cache, and searched in
microseconds without a query.

Layout: eight bytes with the length of the head; the head, JSON, with the codes of districts and
wards and, for each outward code, its rows and its middle; then one column after another, each in
the order of the postcodes: keys (7 bytes, the first half padded with spaces to four), eastings,
northings (unsigned, 4 bytes, metres), district, ward (2 bytes, places in the head's lists). Numbers
are in the order of bytes of the machine, which made the file for itself.
"""

import json
import mmap
import os
import tempfile
from array import array
from bisect import bisect_left
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

FORMAT = 1  # changes when the layout does: files of another format are made again
KEY = 7
ROW = KEY + 4 + 4 + 2 + 2


class Row(NamedTuple):
    """One postcode. ``key`` is its seven bytes; ``ward`` is empty where it is not known."""

    key: bytes
    easting: int
    northing: int
    district: str
    ward: str


class Outward(NamedTuple):
    """The middle of the postcodes that begin alike, and the district that most of them are in."""

    easting: int
    northing: int
    district: str


class DamagedIndexError(Exception):
    """A file that is not a whole index."""


def key_of(postcode: str) -> bytes:
    """The seven bytes of a postcode as ``postcodes.parse`` returns it: ``S1  1AA``."""
    first, _, last = postcode.partition(" ")
    return f"{first:<4}{last}".encode("ascii")


class Columns:
    """Rows on their way into a file, in the order of their keys."""

    def __init__(self):
        self.keys: list[bytes] = []
        self.eastings = array("I")
        self.northings = array("I")
        self.districts = array("H")
        self.wards = array("H")
        self.codes_of_districts: dict[str, int] = {}
        self.codes_of_wards: dict[str, int] = {}

    def append(self, row: Row) -> None:
        self.keys.append(row.key)
        self.eastings.append(row.easting)
        self.northings.append(row.northing)
        self.districts.append(number(self.codes_of_districts, row.district))
        self.wards.append(number(self.codes_of_wards, row.ward))

    def in_order(self) -> "Columns":
        """The same rows in the order of their keys, and codes in the order of the alphabet.

        The same postcodes then make the same file, whatever order they came in.
        """
        places = sorted(range(len(self.keys)), key=self.keys.__getitem__)
        districts, wards = list(self.codes_of_districts), list(self.codes_of_wards)
        ordered = Columns()
        for code in sorted(districts):
            number(ordered.codes_of_districts, code)
        for code in sorted(wards):
            number(ordered.codes_of_wards, code)
        for at in places:
            ordered.append(
                Row(
                    self.keys[at],
                    self.eastings[at],
                    self.northings[at],
                    districts[self.districts[at]],
                    wards[self.wards[at]],
                )
            )
        return ordered

    def encoded(self) -> bytes:
        """The whole file."""
        districts = list(self.codes_of_districts)
        head = json.dumps(
            {
                "rows": len(self.keys),
                "districts": districts,
                "wards": list(self.codes_of_wards),
                "outwards": dict(self._outwards(districts)),
            }
        ).encode()
        columns = (self.eastings, self.northings, self.districts, self.wards)
        return b"".join(
            [len(head).to_bytes(8, "big"), head, *self.keys, *(c.tobytes() for c in columns)]
        )

    def _outwards(self, districts):
        start = 0
        for first, keys in groupby(self.keys, key=lambda key: key[:4]):
            end = start + sum(1 for _ in keys)
            here = slice(start, end)
            district, _ = Counter(self.districts[here]).most_common(1)[0]
            yield (
                first.decode().rstrip(),
                (
                    start,
                    end,
                    round(sum(self.eastings[here]) / (end - start)),
                    round(sum(self.northings[here]) / (end - start)),
                    districts[district],
                ),
            )
            start = end


def number(codes: dict[str, int], code: str) -> int:
    """The place of a code in its list, at the end where it is new."""
    return codes.setdefault(code, len(codes))


class Index:
    """An index that can be asked. Raises DamagedIndexError where the bytes are not a whole one."""

    def __init__(self, content):
        try:
            length = int.from_bytes(content[:8], "big")
            head = json.loads(bytes(content[8 : 8 + length]))
            self._rows = head["rows"]
            self._outwards = head["outwards"]
            self._district_codes, self._ward_codes = head["districts"], head["wards"]
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedIndexError(str(error)) from error
        if len(content) != 8 + length + self._rows * ROW:
            raise DamagedIndexError("the file is cut short")
        self._content = content
        self._places = range(self._rows)
        self._keys = 8 + length
        start = self._keys + self._rows * KEY
        columns = []
        for kind, size in (("I", 4), ("I", 4), ("H", 2), ("H", 2)):
            end = start + self._rows * size
            columns.append(memoryview(content)[start:end].cast(kind))
            start = end
        self._eastings, self._northings, self._districts, self._wards = columns

    def __len__(self):
        return self._rows

    def __iter__(self):
        return map(self._row, self._places)

    def find(self, postcode: str) -> Row | None:
        """The row of a postcode as ``postcodes.parse`` returns it."""
        rows = self._outwards.get(postcode.partition(" ")[0])
        if not rows:
            return None
        start, end, *_ = rows
        key = key_of(postcode)
        at = bisect_left(self._places, key, start, end, key=self._key)
        return self._row(at) if at < end and self._key(at) == key else None

    def outward(self, code: str) -> Outward | None:
        """The middle of an outward code such as ``WR14``."""
        rows = self._outwards.get(code)
        return Outward(*rows[2:]) if rows else None

    def _key(self, at):
        start = self._keys + at * KEY
        return self._content[start : start + KEY]

    def _row(self, at):
        return Row(
            self._key(at),
            self._eastings[at],
            self._northings[at],
            self._district_codes[self._districts[at]],
            self._ward_codes[self._wards[at]],
        )


def read(path: Path) -> Index:
    """The index in a file. Raises FileNotFoundError, or DamagedIndexError."""
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            raise DamagedIndexError("the file is empty")
        return Index(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def write(path: Path, content: bytes) -> None:
    """Put a file in its place whole, or not at all: another process may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".making-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
