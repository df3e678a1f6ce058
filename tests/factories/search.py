from localoffer.directory.models import Schedule
from tests.factories.directory import make_location, make_service


def make_found(authority, *, name, needs=(), types=(), days=(), at=None, access=(), **fields):
    """A public service with what find help filters by. ``at``: easting and northing of its hall."""
    locations = []
    if at:
        easting, northing = at
        locations.append(
            make_location(
                authority,
                name=f"Hall of {name}",
                easting=easting,
                northing=northing,
                access=list(access),
            )
        )
    service = make_service(authority, name=name, locations=locations, **fields)
    service.needs.set(needs)
    service.types.set(types)
    service.save()
    for day in days:
        Schedule.objects.create(service=service, byday=[day])
    return service
