"""What each person who gets letters is told by one edition."""

from collections import defaultdict
from dataclasses import dataclass

from localoffer.updates.models import EditionItem, Subscriber, Told


@dataclass(frozen=True)
class Letter:
    """One envelope."""

    person: Subscriber
    items: list[EditionItem]


def letters_of(edition) -> list[Letter]:
    """A letter for each person whom the edition told by post and who has not left since."""
    told = Told.objects.filter(edition=edition, subscriber__format="post")
    told = told.filter(subscriber__state=Subscriber.State.ACTIVE)
    items = {}
    for row in edition.items.filter(included=True).select_related("content__item"):
        items[row.content.item_id] = row
    theirs, people = defaultdict(dict), {}
    for one in told.select_related("subscriber", "content").order_by("subscriber_id"):
        people[one.subscriber_id] = one.subscriber
        if row := items.get(one.content.item_id):
            theirs[one.subscriber_id][row.pk] = row
    return [
        Letter(person, sorted(theirs[pk].values(), key=lambda row: row.order))
        for pk, person in people.items()
    ]
