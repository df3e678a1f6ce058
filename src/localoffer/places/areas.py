"""The file of areas that comes with the product: regions, councils and their districts."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

FILE = Path(__file__).parent / "data" / "areas.csv"


def rows() -> Iterator[dict]:
    """The rows of ``areas.csv`` as values of ``Area``'s fields, each parent before its children."""
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            yield {
                "code": row["code"],
                "name": row["name"],
                "kind": row["kind"],
                "parent_id": row["parent"] or None,
                "valid_from": _day(row["valid_from"]),
                "valid_to": _day(row["valid_to"]),
            }


def _day(cell):
    return date.fromisoformat(cell) if cell else None
