from localoffer.authority.changes import Description
from localoffer.directory.models import Service


def describe(keys):
    """What the public row of each of these services says, in one query."""
    fields = ["pk", "authority_id", "name", "slug", "live", "first_published_at"]
    for service in Service.objects.filter(pk__in=keys).only(*fields):
        yield Description(
            key=str(service.pk),
            authority_id=service.authority_id,
            title=service.name,
            url=service.get_absolute_url(),
            public=service.live,
            published=service.first_published_at,
        )
