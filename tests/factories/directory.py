import datetime as dt

from localoffer.directory import actions
from localoffer.directory.models import (
    Contact,
    CostOption,
    Location,
    Organisation,
    Schedule,
    Service,
    ServiceAtLocation,
)


def make_organisation(authority, *, name="Barset Therapies", **fields):
    return Organisation.objects.create(authority=authority, name=name, **fields)


def make_location(authority, *, name="Hogglestock Hall", **fields):
    """A hall. Give ``easting`` and ``northing`` where distance matters."""
    defaults = {"address_1": "1 High Street", "town": "Hogglestock", "postcode": "WR14 1AA"}
    return Location.objects.create(authority=authority, name=name, **{**defaults, **fields})


def new_service(authority, *, name="Speech and language drop-in", **fields):
    """A service fit to be published, not yet in the database."""
    defaults = {
        "summary": "Talk to a therapist about your child's speech.",
        "eligibility": "No criteria",
        "complaints_route": "Write to the team.",
        "owner_team": "Local Offer team",
    }
    return Service(authority=authority, name=name, **{**defaults, **fields})


def make_service(authority, *, name="Speech and language drop-in", locations=(), **fields):
    """A public service, published as an officer would."""
    service = new_service(authority, name=name, **fields)
    for location in locations:
        service.at_locations.add(ServiceAtLocation(location=location))
    actions.publish(service=service)
    return service


def make_draft(authority, **fields):
    """A service that has never been public."""
    service = new_service(authority, live=False, **fields)
    service.save()
    return service


def add_rows(service, count):
    """So many of every row that a service can have, in the database."""
    for number in range(count):
        location = make_location(
            service.authority,
            name=f"Hall {number}",
            easting=377000 + number,
            northing=246000,
        )
        ServiceAtLocation.objects.create(service=service, location=location)
        Schedule.objects.create(
            service=service, location=location, byday=["MO"], opens=dt.time(10), closes=dt.time(12)
        )
        Contact.objects.create(service=service, name=f"Desk {number}", phone="01905 000 000")
        CostOption.objects.create(service=service, option=f"Session {number}", amount="2.50")
