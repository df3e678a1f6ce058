from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from localoffer.consultations import merging, sheets


class Command(BaseCommand):
    help = (
        "Merge the spreadsheets of a survey and its Easy Read version, from another survey tool "
        "and from paper, by their manifest. Nothing is put in the database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument(
            "manifest", type=Path, help="the workbook that says what goes with what"
        )
        parser.add_argument("files", type=Path, nargs="+", help="workbooks of responses (.xlsx)")
        parser.add_argument("--out", type=Path, help="write every merged answer to this CSV file")
        parser.add_argument("--tables", type=Path, help="write tables that are safe to publish")
        parser.add_argument("--threshold", type=int, choices=[5, 10], default=10)
        parser.add_argument(
            "--without-assumed",
            action="store_true",
            help="leave out answers that are assumed where a version does not ask",
        )

    def handle(self, *, manifest, files, out, tables, threshold, **options):
        with_assumed = not options["without_assumed"]
        try:
            merged = merging.merge(manifest, files)
        except merging.MergeError as error:
            raise CommandError(f"{error} Nothing was written.") from None
        if out:
            rows = merging.lines(merged, with_assumed=with_assumed)
            _write(out, sheets.as_csv([sheets.guarded(e) for e in merging.head(merged)], rows))
        if tables:
            made = merging.tables(merged, threshold=threshold, with_assumed=with_assumed)
            _write(tables, sheets.as_csv(sheets.RESULT_HEAD, sheets.result_rows(made)))
        for name, (version, number) in merged.files.items():
            self.stdout.write(f"{number:>6}  {version:<5} {name}")
        self.stdout.write(f"{len(merged.rows):>6}  responses in all")
        for each in merged.kept:
            answered = [row for row in merged.rows if each.question in row["answers"]]
            assumed = sum(each.question in row["assumed"] for row in answered)
            told = f", {assumed} of them assumed" if assumed and with_assumed else ""
            number = len(answered) if with_assumed else len(answered) - assumed
            self.stdout.write(f"{number:>6}  {each.question}{told}")
        for problem in merged.problems:
            self.stderr.write(problem)


def _write(path, text):
    try:
        path.write_text(f"\ufeff{text}", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
