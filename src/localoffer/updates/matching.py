"""What concerns whom. Pure."""

from dataclasses import dataclass, field

from localoffer.updates.sources import Details

WHOLE_LOCAL_OFFER = "whole-local-offer"  # the topic that is everything


@dataclass(frozen=True)
class Wants:
    """What somebody wants to hear of: topics and single things they follow, and for whom.

    No area, age or audience means any.
    """

    topics: frozenset[str] = field(default_factory=frozenset)
    items: frozenset[int] = field(default_factory=frozenset)
    areas: frozenset[str] = field(default_factory=frozenset)
    ages: frozenset[str] = field(default_factory=frozenset)
    audiences: frozenset[str] = field(default_factory=frozenset)
    promotional: bool = False


def concerns(item: int, details: Details, wants: Wants) -> bool:
    """Whether somebody is to be told of a thing: ``item`` is its ``PublicItem``'s key.

    Who follows a single thing hears of it whatever else they chose: to follow it is to ask for it.
    Of other things that promote something only they hear who asked for that (PECR, regulation 22).
    """
    if item in wants.items:
        return True
    if details.promotional and not wants.promotional:
        return False
    if WHOLE_LOCAL_OFFER not in wants.topics and not wants.topics & details.topics:
        return False
    return (
        _meet(details.areas, wants.areas)
        and _meet(details.ages, wants.ages)
        and _meet(details.audiences, wants.audiences)
    )


def _meet(of_thing, wanted):
    return not of_thing or not wanted or not of_thing.isdisjoint(wanted)
