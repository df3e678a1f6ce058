import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from localoffer.authority.models import Authority
from localoffer.directory.imports import import_services
from localoffer.directory.sources import csv_map
from localoffer.directory.sources.feeds import open_feed
from localoffer.directory.sources.records import FeedError


class Command(BaseCommand):
    help = (
        "Add or update services from an Open Referral feed (UK 1.0 and 3.0, HSDS 3), Outpost, "
        "or a CSV or Excel list. Running it again changes only what has changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("feed", help="a file, or an address with http:// or https://")
        parser.add_argument(
            "--authority", metavar="CODE", help="its ONS code; needed where there are several"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, only")
        parser.add_argument(
            "--map", type=Path, metavar="FILE", help="column map of a list, in TOML or JSON"
        )
        parser.add_argument(
            "--source",
            default="",
            metavar="NAME",
            help="a name for where the list comes from, the same each time: give it when the "
            "file is called something else every month",
        )

    def handle(self, *, feed, authority, dry_run, source, **options):
        authority = self._authority(authority)
        try:
            found = open_feed(
                feed,
                column_map=self._column_map(options["map"]),
                key=source,
                progress=self._say if sys.stderr.isatty() else lambda words: None,
            )
        except FeedError as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        with tqdm(
            total=len(found), unit=" services", disable=not sys.stderr.isatty(), file=sys.stderr
        ) as bar:
            try:
                report = import_services(
                    authority=authority, feed=found, dry_run=dry_run, progress=bar.update
                )
            except DatabaseError as error:
                raise CommandError(
                    f"The database stopped the import: {error}. Each service is whole, old or "
                    "new. Run the command again to complete it."
                ) from error
        self._tell(report, authority)
        if not report.kept:
            raise CommandError(f"None of the {len(found):,} records could be imported.")

    def _authority(self, code):
        authorities = list(Authority.objects.order_by("name"))
        if not authorities:
            raise CommandError("There is no authority yet to import services for.")
        choices = ", ".join(f"{each.gss_code} ({each.name})" for each in authorities)
        if code:
            for each in authorities:
                if each.gss_code == code.upper():
                    return each
            raise CommandError(f"No authority has the code {code}. There is: {choices}")
        if len(authorities) > 1:
            raise CommandError(f"Say whose services they are with --authority: {choices}")
        return authorities[0]

    def _column_map(self, path):
        if path is None:
            return None
        try:
            return csv_map.parse(path.read_text(encoding="utf-8-sig"))
        except csv_map.MapError as error:
            raise CommandError(f"{path}: {error}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The column map {path} cannot be read: {error}") from None

    def _say(self, words):
        self.stderr.write(f"\rReading {words}".ljust(60), ending="")

    def _tell(self, report, authority):
        for refusal in report.refused:
            which = f" ({refusal.source_id})" if refusal.source_id else ""
            self.stderr.write(f"{refusal.where}{which} refused: {refusal.reason}")
        lines = [
            f"{report.form} for {authority.name}, as {report.source}",
            *(
                f"{number:>8,}  {words}"
                for number, words in [
                    (report.added, "added"),
                    (report.changed, "changed"),
                    (report.unchanged, "unchanged"),
                    (len(report.refused), "refused"),
                    (report.missing, "no longer in the list, marked as missing"),
                ]
            ),
        ]
        if report.mended:
            lines.append("Mended on the way in:")
            lines += [f"{number:>8,}  {kind}" for kind, number in report.mended.most_common()]
        if not report.complete:
            lines.append(
                "This is only part of a list, or a record in it has no id: "
                "nothing was marked as missing."
            )
        if report.dry_run:
            lines.append("Dry run: nothing was changed.")
        self.stdout.write("\n".join(lines))
