from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from localoffer.places import actions
from localoffer.places.models import Area
from localoffer.places.postcode_files import NotPostcodesError, paths

SHOWN = 20  # refused lines in the report; --verbosity 2 shows all that were kept


class Command(BaseCommand):
    help = "Load postcodes with their wards: an ONS Postcode Directory or Code-Point Open file."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="A CSV file, or a folder of them.")
        parser.add_argument(
            "--authority",
            metavar="CODE",
            help="Take only this council's postcodes. Its ONS code, such as E10000034.",
        )
        parser.add_argument(
            "--names",
            type=Path,
            metavar="FILE",
            help="Ward codes and names: in ONSPD's folder Documents.",
        )

    def handle(self, *, file, authority, names, verbosity, **options):
        try:
            districts = actions.districts_of(authority) if authority else ()
            size = sum(path.stat().st_size for path in paths(file))
            with tqdm(
                total=size, unit="B", unit_scale=True, desc="Postcodes", disable=verbosity == 0
            ) as bar:
                done = actions.import_postcodes(
                    path=file, districts=districts, names=names, progress=bar.update
                )
        except Area.DoesNotExist as error:
            raise CommandError(f"No council in England has the ONS code {authority}.") from error
        except (NotPostcodesError, OSError) as error:
            raise CommandError(str(error)) from error
        self._report(done, verbosity)

    def _report(self, done, verbosity):
        refused = len(done.refused) + done.refused_more
        for amount, what in [
            (done.postcodes, "postcodes kept"),
            (done.with_ward, "of them with a ward"),
            (done.ended, "of them no longer in use"),
            (done.wards_new, "new wards"),
            (done.elsewhere, "of other councils, left out"),
            (done.northern_ireland, "in Northern Ireland, left out"),
            (done.without_point, "without a point, left out"),
            (refused, "refused"),
        ]:
            self.stdout.write(f"{amount:>10,} {what}")
        shown = done.refused if verbosity > 1 else done.refused[:SHOWN]
        for refusal in shown:
            self.stdout.write(f"{refusal.file}, line {refusal.line}: {refusal.reason}")
        if len(shown) < refused:
            self.stdout.write(f"... and {refused - len(shown):,} more")
        self.stdout.write(
            "Nothing has changed since the last import." if done.unchanged else "Now in force."
        )
