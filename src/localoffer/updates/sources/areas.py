"""The districts that something concerns. A ward is part of one; a whole council is everywhere."""

from localoffer.places.models import Area


def districts(area_kind: str, code: str | None, parent: str | None) -> frozenset[str]:
    """The codes of the districts that an area is part of, or none where it is all of them."""
    if area_kind == Area.Kind.DISTRICT and code:
        return frozenset([code])
    if area_kind == Area.Kind.WARD and parent:
        return frozenset([parent])
    return frozenset()
