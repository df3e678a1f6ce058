from django_tasks import task

from localoffer.updates import expanding


@task()
def send():
    """Write out every edition and urgent notice that is due; ``tick`` does so too."""
    expanding.run()
