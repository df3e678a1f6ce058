"""Distances, numbers and ages in words."""

from localoffer.places.distance import miles


def away(metres: float) -> str:
    """How far it is as people say it: "about 2 miles". As the crow flies."""
    distance = miles(metres)
    if distance < 0.5:
        return "less than half a mile"
    if distance < 1:
        return "less than 1 mile"
    return f"about {number(round(distance), 'mile')}"


def number(count: int, one: str, many: str = "") -> str:
    """So many of them: "1 service", "2 services", "no services"."""
    return f"{count or 'no'} {one if count == 1 else many or one + 's'}"


def years(ages: tuple[int, int]) -> str:
    """The ages that were asked for: "age 4", "ages 5 to 10"."""
    first, last = ages
    if last == 0:
        return "under 1"
    return f"age {first}" if first == last else f"ages {first} to {last}"
