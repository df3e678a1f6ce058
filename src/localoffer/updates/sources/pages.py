"""News, guides and pages."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from localoffer.pages.cards import page_models
from localoffer.updates.sources import Details
from localoffer.updates.sources.areas import districts

TERMS = {"topics": "topic", "audiences": "audience", "age_bands": "ageband"}
COLUMNS = ["pk", "title", "summary", "change_note", "first_published_at"]
OF_AREA = ["area__kind", "area__code", "area__parent"]


def of_kind(kind):
    """The source of the pages of one kind, whichever models they have."""
    return partial(details, kind)


def details(kind, keys) -> Iterator[Details]:
    """What is to be told of these pages: four queries for each model of the kind."""
    numbers = [int(key) for key in keys]
    for model in page_models():
        if model.public_kind != kind:
            continue
        names = {field.name for field in model._meta.get_fields()}
        columns = [*COLUMNS, *(OF_AREA if "area" in names else [])]
        columns += ["promotional"] if "promotional" in names else []
        rows = list(model.objects.filter(pk__in=numbers).values(*columns))
        if not rows:
            continue
        terms = {name: _terms(model, name, [row["pk"] for row in rows]) for name in TERMS}
        for row in rows:
            yield Details(
                key=str(row["pk"]),
                title=row["title"],
                summary=row["summary"],
                published=row["first_published_at"],
                note=row["change_note"],
                topics=frozenset(terms["topics"][row["pk"]]),
                audiences=frozenset(terms["audiences"][row["pk"]]),
                ages=frozenset(terms["age_bands"][row["pk"]]),
                areas=districts(
                    row.get("area__kind"), row.get("area__code"), row.get("area__parent")
                ),
                promotional=row.get("promotional", False),
            )


def _terms(model, name, pages):
    through = getattr(model, name).through
    owner = f"{model._meta.model_name}_id"
    found = defaultdict(set)
    rows = through.objects.filter(**{f"{owner}__in": pages})
    for page, term in rows.values_list(owner, f"{TERMS[name]}_id"):
        found[page].add(term)
    return found
