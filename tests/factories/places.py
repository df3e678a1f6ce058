"""Places and areas, for tests that need some of their own."""

from localoffer.places.lookup import Place
from localoffer.places.models import Area


def make_place(**values):
    """The middle of Great Malvern, unless told otherwise. Not saved: a place is not a record."""
    return Place(
        **{
            "postcode": "WR14 1AA",
            "outward": "WR14",
            "easting": 378_592,
            "northing": 247_858,
            "district": "E07000235",
            "ward": "",
            "exact": True,
            **values,
        }
    )


def make_area(*, code="E05999999", name="Bell Tower", kind=Area.Kind.WARD, **values):
    return Area.objects.create(code=code, name=name, kind=kind, **values)
