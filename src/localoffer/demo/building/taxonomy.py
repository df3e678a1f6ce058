"""The codes that content files use, looked up once."""

from localoffer.demo.building.reading import BadContentError
from localoffer.taxonomy.models import AgeBand, Audience, Consultee, Duty, Need, ServiceType, Topic


class Taxonomy:
    def __init__(self):
        self.known = {
            "topics": Topic.objects.in_bulk(),
            "audiences": Audience.objects.in_bulk(),
            "age_bands": AgeBand.objects.in_bulk(),
            "needs": Need.objects.in_bulk(),
            "duties": Duty.objects.in_bulk(),
            "consultees": Consultee.objects.in_bulk(),
            "types": ServiceType.objects.in_bulk(),
        }

    def of(self, kind, codes):
        """The records of these codes. Raises BadContentError for a code nobody knows."""
        known = self.known[kind]
        if unknown := [code for code in codes if code not in known]:
            raise BadContentError(f"no {kind} are called {', '.join(map(str, unknown))}")
        return [known[code] for code in codes]
