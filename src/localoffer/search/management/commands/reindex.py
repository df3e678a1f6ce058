"""Brings the index of the search in line with everything public, while the site serves."""

from django.core.management.base import BaseCommand
from tqdm import tqdm

from localoffer.search import indexing
from localoffer.search.management.commands.search import named_authority
from localoffer.search.matching import matcher


class Command(BaseCommand):
    help = "Bring the index of the search in line with everything public. Safe while serving."

    def add_arguments(self, parser):
        parser.add_argument(
            "--authority", metavar="CODE", help="ONS code, such as E10000034; all when left out"
        )

    def handle(self, *, authority, verbosity, **options):
        with tqdm(unit="", disable=None if verbosity else True) as bar:

            def progress(done, of):
                bar.total = of
                bar.update(done - bar.n)

            one = named_authority(authority) if authority else None
            moved = indexing.reindex(one, progress=progress)
            if one is None:
                matcher().rebuild(progress)
        if verbosity:
            self.stdout.write(
                f"{moved} changed." if moved else "Everything was in the index as it should be."
            )
