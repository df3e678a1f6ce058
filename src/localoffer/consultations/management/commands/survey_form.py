from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from localoffer.consultations import xlsform
from localoffer.consultations.actions import writing
from localoffer.consultations.models import Instrument


class Command(BaseCommand):
    help = (
        "Read an XLSForm workbook into the questions of a survey, or write them as one. What "
        "cannot be expressed is told by its line. Reading a form again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("way", choices=["read", "write"])
        parser.add_argument("consultation", help="the last part of its address")
        parser.add_argument("survey", help="the last part of its address")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--authority", metavar="CODE", help="its ONS code; needed where there are several"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, only")

    def handle(self, *, way, consultation, survey, file, authority, dry_run, **options):
        found = Instrument.objects.filter(consultation__page__slug=consultation, slug=survey)
        if authority:
            found = found.filter(authority__gss_code=authority)
        surveys = list(found[:2])
        if len(surveys) != 1:
            many = "several such surveys: name the authority" if surveys else "no such survey"
            raise CommandError(f"There is {many}.")
        try:
            (self._write if way == "write" else self._read)(surveys[0], file, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None

    def _write(self, survey, file, *, dry_run):
        content, told = xlsform.write(survey.document, title=survey.title)
        if not dry_run:
            file.write_bytes(content)
        self.stdout.write(f"{len(survey.document)} questions")
        for words in told:
            self.stderr.write(f"cannot be expressed: {words}")

    def _read(self, survey, file, *, dry_run):
        try:
            found = xlsform.read(file.read_bytes(), survey.document)
        except xlsform.BadFormError as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        if not dry_run and (found.added or found.changed):
            try:
                writing.write(survey, found.document, number=survey.draft_number)
            except writing.ChangedMeanwhileError as error:
                raise CommandError(f"{error} Nothing was changed.") from None
        left_out = sum(each.refused for each in found.told)
        self.stdout.write(
            f"{len(found.added)} new, {len(found.changed)} changed, "
            f"{len(found.same)} as they were, {left_out} lines left out"
        )
        for each in found.told:
            self.stderr.write(f"{each.sheet}, line {each.line}: {each.words}")
