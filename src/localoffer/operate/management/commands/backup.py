from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from localoffer.operate import backups


class Command(BaseCommand):
    help = "Copy the database and the media into a folder, while the site runs."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        try:
            made = backups.backup(folder)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"Backed up to {made}"))
