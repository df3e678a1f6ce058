"""The services of the directory."""

from collections import defaultdict
from collections.abc import Iterator

from localoffer.directory.models import Service, ServiceArea
from localoffer.taxonomy.models import AgeBand
from localoffer.updates.sources import Details
from localoffer.updates.sources.areas import districts

LONGEST_SUMMARY = 300  # characters of the description, where there is no summary
COLUMNS = [
    "pk",
    "name",
    "summary",
    "description",
    "change_note",
    "first_published_at",
    "minimum_age",
    "maximum_age",
]
OLDEST = 200  # years: no oldest age


def details(keys) -> Iterator[Details]:
    """What is to be told of these services: four queries."""
    rows = list(Service.objects.filter(pk__in=keys).values(*COLUMNS))
    if not rows:
        return
    found = [row["pk"] for row in rows]
    topics, areas = defaultdict(set), defaultdict(set)
    through = Service.topics.through.objects.filter(service_id__in=found)
    for service, topic in through.values_list("service_id", "topic_id"):
        topics[service].add(topic)
    served = ServiceArea.objects.filter(service_id__in=found)
    for service, *area in served.values_list(
        "service_id", "area__kind", "area__code", "area__parent"
    ):
        areas[service].add(districts(*area))
    bands = list(AgeBand.objects.current().values_list("code", "minimum", "maximum"))
    for row in rows:
        yield Details(
            key=str(row["pk"]),
            title=row["name"],
            summary=row["summary"] or row["description"][:LONGEST_SUMMARY],
            published=row["first_published_at"],
            note=row["change_note"],
            topics=frozenset(topics[row["pk"]]),
            ages=_bands(row["minimum_age"], row["maximum_age"], bands),
            areas=_together(areas[row["pk"]]),
        )


def _bands(first, last, bands):
    """The age bands of which some years are among those of a service; none where it has none."""
    if first is None and last is None:
        return frozenset()
    first, last = first or 0, OLDEST if last is None else last
    return frozenset(code for code, low, high in bands if low <= last and high >= first)


def _together(areas):
    """All districts of several areas; everywhere, where one of them is."""
    return frozenset() if frozenset() in areas else frozenset().union(*areas)
