"""The services of the directory, as documents."""

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse

from localoffer.directory.models import Service, ServiceAtLocation
from localoffer.search.documents import Document

TEXT = [
    "organisation__name",
    "description",
    "eligibility",
    "how_to_get_it",
    "decision_maker",
    "status_note",
    "area_served",
]


def documents(authority) -> Iterator[Document]:
    """The services that one authority lists, in two queries."""
    around = _around(authority)
    before, _, after = reverse("directory:service", args=["slug"]).rpartition("slug")
    services = Service.objects.for_authority(authority).listed()
    for pk, slug, name, other, summary, *text in services.values_list(
        "pk", "slug", "name", "alternate_name", "summary", *TEXT
    ).order_by():
        yield Document(
            kind="service",
            key=str(pk),
            title=name,
            summary=summary,
            url=f"{before}{slug}{after}",  # asked for once: reversing is slow
            other_names=other,
            text="\n".join(filter(None, [*text, *around[pk]])),
        )


def _around(authority):
    """Words that stand beside each service: its places, its kinds, the needs it is for."""
    of_authority = {"service__authority": authority}
    places = ServiceAtLocation.objects.filter(**of_authority).order_by()
    rows = places.values_list("service_id", "location__name").union(
        places.values_list("service_id", "location__town"),
        Service.types.through.objects.filter(**of_authority)
        .order_by()
        .values_list("service_id", "servicetype__name"),
        Service.needs.through.objects.filter(**of_authority)
        .order_by()
        .values_list("service_id", "need__name"),
    )
    around = defaultdict(list)
    for pk, word in rows:
        around[pk].append(word)
    return around
