from localoffer.directory import actions
from localoffer.directory.models import Schedule, ServiceAtLocation
from tests.factories.directory import make_location, new_service


def make_found(authority, *, name, needs=(), types=(), days=(), at=None, access=(), **fields):
    """A public service with what find help filters by. ``at``: easting and northing of its hall."""
    service = new_service(authority, name=name, **fields)
    if at:
        easting, northing = at
        hall = make_location(
            authority,
            name=f"Hall of {name}",
            easting=easting,
            northing=northing,
            access=list(access),
        )
        service.at_locations.add(ServiceAtLocation(location=hall))
    service.needs.set(needs)
    service.types.set(types)
    service.schedules.set([Schedule(byday=[day]) for day in days])
    actions.publish(service=service)
    return service
