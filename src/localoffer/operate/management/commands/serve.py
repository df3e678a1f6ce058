import os

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from localoffer.operate import serving, waiver


class Command(BaseCommand):
    help = "Serve the site: web workers, background tasks and everything that is due by the clock."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, help="web processes (one a core)"
        )

    def handle(self, *, host, port, workers, **options):
        waiver.check(host)
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(
                "The database is not up to date. Run `localoffer migrate`, then serve again."
            )
        connections.close_all()
        try:
            serving.check_address(host=host, port=port)
            self.stdout.write(f"Serving on http://{host}:{port}. Press Ctrl-C to stop.")
            serving.serve(host=host, port=port, workers=workers, say=self.stdout.write)
        except serving.AddressInUseError as error:
            raise CommandError(str(error)) from error
