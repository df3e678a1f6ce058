from django_tasks import task

from localoffer.search.matching import matcher


@task()
def deliver():
    """Send what was noted for another search engine. The tick does it again if this fails."""
    matcher().deliver()
