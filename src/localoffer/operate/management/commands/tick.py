from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from localoffer.operate import ticking


class Command(BaseCommand):
    help = "Do everything that is due now. Running it twice does no harm."

    def handle(self, **options):
        failed = ticking.tick(now=timezone.now(), say=self.stdout.write)
        if failed:
            raise CommandError(f"{', '.join(failed)} failed: see the log.")
