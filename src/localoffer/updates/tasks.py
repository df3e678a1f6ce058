from django_tasks import task

from localoffer.updates import expanding, linking


@task()
def send():
    """Write out every edition and urgent notice that is due; ``tick`` does so too."""
    expanding.run()


@task()
def send_link(who: str):
    """Mail somebody the address of their own page, if they follow."""
    linking.send(who)
