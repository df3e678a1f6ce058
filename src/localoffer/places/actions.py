"""Loads areas and postcodes."""

from django.db import connections, transaction

from localoffer.places import areas
from localoffer.places.models import Area


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
