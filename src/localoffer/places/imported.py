"""The postcodes that an authority has loaded itself, with wards: ``actions.import_postcodes``.

A set is a folder of indexes, one for each letter, named by its content; the file ``imported.json``
says which set is in force. Only replacing that one small file puts a new set in force, so that an
import that is stopped half way changes nothing, and each process sees the change at its next look.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.conf import settings

from localoffer.places import index

HOME = "postcodes"
POINTER = "imported.json"
PREFIX = "imported-"
MAKING = "importing-"
ABANDONED = 24 * 60 * 60  # seconds after which a folder half made belongs to nobody

_pointers: dict[str, tuple] = {}
_open: dict[tuple[Path, str], index.Index] = {}


def letter(first: str) -> index.Index | None:
    """The index in force of the postcodes with this first letter, if any were imported."""
    folder = in_force()
    if folder is None:
        return None
    key = (folder, first)
    if key not in _open:
        try:
            _open[key] = index.read(folder / f"{first}.bin")
        except (OSError, index.DamagedIndexError):
            return None  # no postcode of that letter, or the set has just been replaced
    return _open[key]


def in_force() -> Path | None:
    """The folder of the set in force."""
    pointer = f"{settings.DATA}/{HOME}/{POINTER}"
    try:
        status = os.stat(pointer)  # noqa: PTH116 - on every look-up, where a Path costs more
    except OSError:
        return None
    seen = (status.st_mtime_ns, status.st_ino)
    known = _pointers.get(pointer)
    if known is None or known[0] != seen:
        try:
            name = json.loads(Path(pointer).read_text())["folder"]
        except (OSError, ValueError, KeyError):
            return None
        known = _pointers[pointer] = (seen, _home() / name)
        _open.clear()
    return known[1]


def rows() -> Iterator[index.Row]:
    """Every row of the set in force."""
    folder = in_force()
    for path in sorted(folder.glob("*.bin")) if folder else []:
        yield from index.read(path)


def replace(letters: Mapping[str, index.Columns]) -> bool:
    """Put a set in force, in one step. False where it is what is in force already."""
    home = _home()
    home.mkdir(parents=True, exist_ok=True)
    _forget_abandoned(home)
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=home))
    try:
        digest = hashlib.sha256(str(index.FORMAT).encode())
        for first in sorted(letters):
            content = letters[first].encoded()
            digest.update(content)
            index.write(making / f"{first}.bin", content)
        folder = home / f"{PREFIX}{digest.hexdigest()[:16]}"
        old = in_force()
        if folder == old:
            return False
        making.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        making.replace(folder)
        index.write(home / POINTER, json.dumps({"folder": folder.name}).encode())
    finally:
        shutil.rmtree(making, ignore_errors=True)
    for other in home.glob(f"{PREFIX}*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return True


def _home():
    return Path(settings.DATA) / HOME


def _forget_abandoned(home):
    """Remove what imports that were killed have left."""
    for folder in home.glob(f"{MAKING}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > ABANDONED:
                shutil.rmtree(folder)
