"""Where a service is offered, as what its source says of areas and places tells it.

For services that nobody at the authority describes: an officer says it on the form.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from localoffer.directory.models import Service
from localoffer.places import lookup
from localoffer.places.actions import districts_of
from localoffer.places.models import Area

NATIONAL = re.compile(
    r"\b(national|nationwide|england|united kingdom|uk|great britain)\b", re.IGNORECASE
)
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Home:
    """The area of an authority: ONS codes that its postcodes carry, and its names in words.

    ``codes`` is empty for an authority that no list of postcodes knows: nothing is outside it.
    """

    codes: frozenset[str]
    names: tuple[str, ...] = ()


def home_of(authority) -> Home:
    """The area of an authority, in three queries: ask once for many services."""
    codes = set(authority.districts)
    with suppress(Area.DoesNotExist):
        codes |= districts_of(authority.gss_code)
    names = Area.objects.filter(pk__in=codes).order_by("pk").values_list("name", flat=True)
    return Home(frozenset(codes), (authority.name, authority.council, *names))


def reach_of(*, areas: Iterable[str], postcodes: Iterable[str], home: Home):
    """The ``Service.Reach``: all of the country, inside or outside our area.

    ``areas``: names, or ONS codes, of the areas it says it takes people from. ``postcodes``: of the
    places where people go to it. A service whose places are all elsewhere is outside, unless it
    names our area; one whose places nobody knows is ours, as is one without any.
    """
    areas = list(areas)
    if any(NATIONAL.search(area) for area in areas):
        return Service.Reach.NATIONAL
    if any(_names(area, home) for area in areas):
        return Service.Reach.IN_AREA
    places = [place for postcode in postcodes if (place := lookup.find(postcode))]
    elsewhere = places and not any(place.district in home.codes for place in places)
    return Service.Reach.OUT_OF_AREA if home.codes and elsewhere else Service.Reach.IN_AREA


def _names(area, home):
    said = _spaced(area)
    return area in home.codes or any(_spaced(name) in said for name in home.names if name)


def _spaced(text):
    """The words of a text with a space around each, so that only whole words are found in it."""
    return f" {' '.join(WORD.findall(text.casefold()))} "
