"""Loads areas and postcodes."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections, transaction

from localoffer.authority import contentversion
from localoffer.places import areas, imported, index, postcodes
from localoffer.places.models import Area
from localoffer.places.postcode_files import (
    NotPostcodesError,
    Refusal,
    paths,
    read,
    ward_names,
)

WARD = ("code", "name", "parent_id")
REFUSALS_KEPT = 1_000  # the rest are counted: a file of another kind is refused on every line


def load_areas() -> int:
    """Bring the areas in line with ``areas.csv`` and return how many were added or changed.

    Wards, which only an import of postcodes brings, are left as they are.
    """
    fields = ["name", "kind", "parent_id", "valid_from", "valid_to"]
    known = {row.pop("code"): row for row in Area.objects.values("code", *fields)}
    wanted = list(areas.rows())
    changed = [
        Area(**row)
        for row in wanted
        if known.get(row["code"]) != {name: row[name] for name in fields}
    ]
    with transaction.atomic():
        _put(changed)
    return len(changed)


def load_after_migrate(*, using, **kwargs):
    """Load once the table is there: ``migrate places zero`` has just taken it away."""
    if Area._meta.db_table in connections[using].introspection.table_names():
        load_areas()


def _put(records):
    Area.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "kind", "parent", "valid_from", "valid_to"],
        batch_size=1_000,
    )


@dataclass
class Imported:
    """What an import of postcodes did."""

    postcodes: int = 0
    with_ward: int = 0
    wards_new: int = 0
    ended: int = 0
    elsewhere: int = 0
    northern_ireland: int = 0
    without_point: int = 0
    unchanged: bool = False
    refused: list[Refusal] = field(default_factory=list)
    refused_more: int = 0

    def refuse(self, refusal: Refusal) -> None:
        """Count a refusal, and keep it while there is room."""
        if len(self.refused) < REFUSALS_KEPT:
            self.refused.append(refusal)
        else:
            self.refused_more += 1


def import_postcodes(
    *,
    path: Path,
    districts: Collection[str] = (),
    names: Path | None = None,
    progress: Callable[[int], object] = lambda size: None,
) -> Imported:
    """Put the postcodes of an ONSPD or Code-Point Open file, with their wards, in force.

    With ``districts``, ONS codes, only rows of those are taken, and what was imported before for
    other districts stays; without, the file replaces all that was imported. ``names`` is a file
    of ward codes and names. ``progress`` is told the number of bytes read. Good rows are kept and
    bad ones refused by line. The set is made beside the one in force and takes its place in one
    step at the end, so that an import that is stopped changes nothing, and running it twice
    changes nothing either.

    Raises NotPostcodesError where the file does not hold postcodes, or holds none that we want.
    """
    done = Imported()
    names_of_wards = ward_names(names) if names else {}
    gathered = _Gathered()
    for row in imported.rows() if districts else ():
        if row.district not in districts:
            gathered.keep(row)
    for source in paths(path):
        for item in read(source, progress=progress):
            if isinstance(item, Refusal):
                done.refuse(item)
            else:
                _take(item, source.name, districts, gathered, done)
    if not done.postcodes:
        raise NotPostcodesError(_nothing(path, done))
    done.wards_new = _put_wards(gathered.wards, names_of_wards)
    done.unchanged = not imported.replace(gathered.in_order())
    if not done.unchanged:
        contentversion.moved()
    return done


def districts_of(code: str) -> set[str]:
    """The districts a council's postcodes carry: a county's, or its own code.

    Raises Area.DoesNotExist where no council has that ONS code.
    """
    area = Area.objects.local_authorities().get(code=code)
    return set(area.children.exclude(kind=Area.Kind.WARD).values_list("code", flat=True)) or {code}


class _Gathered:
    """Rows by their first letter, and the wards they are in. Packed: a country is 2.7 million."""

    def __init__(self):
        self._letters = defaultdict(index.Columns)
        self._lines = {}
        self.wards = {}

    def seen(self, key):
        return self._lines.get(key)

    def keep(self, row, line=0):
        self._lines[row.key] = line
        self._letters[chr(row.key[0])].append(row)

    def in_order(self):
        return {first: columns.in_order() for first, columns in self._letters.items()}


def _take(item, source, districts, gathered, done):
    """Keep a good row, or count why it is left out."""
    if postcodes.area(item.postcode) in postcodes.NORTHERN_IRELAND:
        done.northern_ireland += 1
        return
    if districts and item.district not in districts:
        done.elsewhere += 1
        return
    if item.easting is None:
        done.without_point += 1
        return
    key = index.key_of(item.postcode)
    if before := gathered.seen(key):
        reason = f"{item.postcode} is on line {before} already"
        done.refuse(Refusal(source, item.line, reason))
        return
    gathered.keep(index.Row(key, item.easting, item.northing, item.district, item.ward), item.line)
    done.postcodes += 1
    done.ended += item.ended
    if item.ward:
        done.with_ward += 1
        gathered.wards.setdefault(item.ward, (item.ward_name, item.district))


def _put_wards(found, names):
    """Add the wards, and their names where they are known. How many were new."""
    wards = Area.objects.filter(kind=Area.Kind.WARD)
    existing = {code: (name, parent) for code, name, parent in wards.values_list(*WARD)}
    parents = set(Area.objects.exclude(kind=Area.Kind.WARD).values_list("code", flat=True))
    wanted = {
        code: (
            names.get(code) or name or existing.get(code, ("",))[0],
            district if district in parents else None,
        )
        for code, (name, district) in sorted(found.items())
    }
    changed = [
        Area(code=code, name=name, kind=Area.Kind.WARD, parent_id=parent)
        for code, (name, parent) in wanted.items()
        if existing.get(code) != (name, parent)
    ]
    for batch in _batched(changed):
        with transaction.atomic():
            _put(batch)
    return len(found.keys() - existing.keys())


def _batched(records: list, size: int = 1_000) -> Iterator[list]:
    """Lists of at most so many, each for one short transaction: the site stays writable."""
    for start in range(0, len(records), size):
        yield records[start : start + size]


def _nothing(path, done):
    refused = len(done.refused) + done.refused_more
    first = f" The first: line {done.refused[0].line}: {done.refused[0].reason}." if refused else ""
    return (
        f"{path.name} has no postcode to keep. Refused: {refused}; of other districts: "
        f"{done.elsewhere}; without a point: {done.without_point}.{first} Nothing was changed."
    )
