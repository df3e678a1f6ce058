"""The terms that people can filter by."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import CharField, Value

from localoffer.authority import kept
from localoffer.taxonomy.models import Need, ServiceType

SIZE = 20_000  # bytes, about


@dataclass(frozen=True, slots=True)
class Terms:
    """The codes that people can filter by, with their names, in the order to show them."""

    needs: dict[str, str]
    types: dict[str, str]


def terms() -> Terms:
    """Needs and kinds of service, in one query where they are not kept."""
    return kept.get("search.terms", _terms, size=lambda _: SIZE)


def _terms():
    rows = [
        model.objects.order_by()
        .annotate(which=Value(which, output_field=CharField()))
        .values_list("which", "order", "code", "name")
        for which, model in [("needs", Need), ("types", ServiceType)]
    ]
    found = defaultdict(dict)
    for which, _order, code, name in sorted(rows[0].union(rows[1])):
        found[which][code] = name
    return Terms(needs=found["needs"], types=found["types"])
