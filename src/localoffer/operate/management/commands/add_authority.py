from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from localoffer.authority.models import Authority
from localoffer.operate import founding


class Command(BaseCommand):
    help = "Add a local authority with its site, roles and first pages."

    def add_arguments(self, parser):
        parser.add_argument("--name", required=True, help="for example Barsetshire")
        parser.add_argument("--council", required=True, help="for example Barsetshire Council")
        parser.add_argument("--code", required=True, help="its ONS code, for example E10000099")
        parser.add_argument("--host", required=True, help="the host name of its site")
        parser.add_argument("--port", type=int, default=443)
        parser.add_argument("--district", action="append", default=[], dest="districts")

    def handle(self, *, name, council, code, host, port, districts, **options):
        try:
            authority = founding.found(
                name=name,
                council=council,
                code=code,
                host=host,
                port=port,
                districts=districts,
                is_default=not Authority.objects.exists(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(self.style.SUCCESS(f"{authority.title}: {authority.root_url}"))
