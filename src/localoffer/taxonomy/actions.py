"""Loads the reference data of ``taxonomy/data/`` into the tables."""

import csv
import hashlib
from datetime import date
from pathlib import Path

from django.db import connections, transaction

from localoffer.taxonomy.models import (
    AgeBand,
    Audience,
    Concept,
    ConceptWord,
    Consultee,
    Duty,
    LoadedFile,
    Need,
    ServiceType,
    Topic,
)

DATA = Path(__file__).parent / "data"


def load_reference_data(*, folder: Path = DATA) -> list[str]:
    """Bring the tables in line with the files, and return the names of the files that were read.

    Running it again changes nothing: a file whose content is in the tables already is skipped. A
    changed row is updated in place. A row that has left its file is marked as retired and never
    deleted, because pages, services and addresses may hold its code.
    """
    read = []
    for name, load in LOADERS.items():
        content = (folder / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if LoadedFile.objects.filter(name=name, digest=digest).exists():
            continue
        with transaction.atomic():
            load(list(_rows(content)))
            LoadedFile.objects.update_or_create(name=name, defaults={"digest": digest})
        read.append(name)
    return read


def load_after_migrate(*, using, **kwargs):
    """Load once the tables are there: ``migrate taxonomy zero`` has just taken them away."""
    if LoadedFile._meta.db_table in connections[using].introspection.table_names():
        load_reference_data()


def _rows(content):
    """The rows of a file by column name, without the comments at its head."""
    lines = content.decode("utf-8").splitlines(keepends=True)
    return csv.DictReader(line for line in lines if not line.startswith("#"))


def _several(cell):
    return [value.strip() for value in cell.split(";") if value.strip()]


def _day(cell):
    return date.fromisoformat(cell) if cell else None


def _put(model, rows):
    """Add or update rows in the order of the file, and retire those that are no longer in it."""
    records = [
        model(**values, order=order, retired=False) for order, values in enumerate(rows, start=1)
    ]
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model.objects.bulk_create(
        records, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )
    model.objects.exclude(code__in=[record.code for record in records]).update(retired=True)


def _load_needs(rows):
    _put(Need, rows)


def _load_age_bands(rows):
    _put(AgeBand, rows)


def _load_audiences(rows):
    _put(Audience, rows)


def _load_consultees(rows):
    _put(Consultee, rows)


def _load_topics(rows):
    _put(Topic, rows)


def _load_duties(rows):
    _put(
        Duty,
        [
            {
                **row,
                "in_force_from": _day(row["in_force_from"]),
                "in_force_to": _day(row["in_force_to"]),
            }
            for row in rows
        ],
    )


def _load_service_types(rows):
    _put(ServiceType, [{name: row[name] for name in row if name != "duties"} for row in rows])
    link = ServiceType.duties.through
    link.objects.all().delete()  # links between lists, which nothing refers to
    link.objects.bulk_create(
        link(servicetype_id=row["code"], duty_id=duty)
        for row in rows
        for duty in _several(row["duties"])
    )


def _load_concepts(rows):
    _put(
        Concept,
        [
            {
                "code": row["code"],
                "name": row["name"],
                "plain": row["plain"],
                "ambiguous": row["ambiguous"] == "yes",
            }
            for row in rows
        ],
    )
    ConceptWord.objects.all().delete()
    ConceptWord.objects.bulk_create(word for row in rows for word in _words(row))


def _words(row):
    """Each way to say a concept once: the official way first, then the way that may be shown."""
    said = {}
    for column, official, shown in (
        ("also", True, True),
        ("words", False, True),
        ("dated", False, False),
    ):
        for text in _several(row[column]):
            said.setdefault(
                text.casefold(),
                ConceptWord(concept_id=row["code"], text=text, official=official, shown=shown),
            )
    return said.values()


# Duties before the service types that meet them.
LOADERS = {
    "needs.csv": _load_needs,
    "age_bands.csv": _load_age_bands,
    "audiences.csv": _load_audiences,
    "consultees.csv": _load_consultees,
    "topics.csv": _load_topics,
    "duties.csv": _load_duties,
    "service_types.csv": _load_service_types,
    "concepts.csv": _load_concepts,
}
