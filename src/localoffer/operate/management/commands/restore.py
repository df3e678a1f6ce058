from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from localoffer.operate import backups, ticking


class Command(BaseCommand):
    help = "Put a backup back. Stop the site first."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="a folder that `localoffer backup` made")
        parser.add_argument(
            "--overwrite", action="store_true", help="replace a database that is not empty"
        )

    def handle(self, *, folder, overwrite, **options):
        try:
            manifest = backups.restore(folder, overwrite=overwrite)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        # What was due for deletion since the backup was made must not come back.
        ticking.tick(now=timezone.now(), say=self.stdout.write)
        self.stdout.write(self.style.SUCCESS(f"Restored the backup of {manifest['made']}"))
