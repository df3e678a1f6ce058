import gc
import logging
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.utils import DatabaseError
from django.utils import timezone
from wagtail.models import Page, Site

from localoffer.accounts.models import User
from localoffer.authority.models import Authority
from localoffer.demo import building
from localoffer.demo.building import people
from localoffer.demo.models import Demonstration
from localoffer.operate import serving

HOST = "127.0.0.1"
# Wagtail's own migrations leave a root page and a page of welcome.
PAGES_OF_AN_EMPTY_SITE = 2


class Command(BaseCommand):
    help = "Make the demonstration in an empty database, and serve it on this computer only."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="make it, and stop")
        parser.add_argument("--again", action="store_true", help="make it anew, relative to today")
        parser.add_argument(
            "--feed", type=Path, help="a file of services for Severnshire, a third authority"
        )

    def handle(self, *, port, no_serve, again, feed, **options):
        if feed and not feed.is_file():
            raise CommandError(f"There is no file {feed}.")
        if not no_serve:
            try:
                serving.check_address(host=HOST, port=port)
            except serving.AddressInUseError as error:
                raise CommandError(str(error)) from error
        made = self._made()
        if made is None and self._has_content():
            raise CommandError(
                "This database has content that the demonstration did not make, so nothing was "
                "touched. Set LOCALOFFER_DATA to another folder, or LOCALOFFER_DATABASE_URL to an "
                "empty database."
            )
        if made and (again or not made.complete):
            self._empty()
            made = None
        if made is None:
            self._make(port, feed)
        else:
            self.stdout.write(
                f"This is the demonstration made on {made.made_on:%A %-d %B %Y}; its dates are "
                "relative to that day. Use --again to make it anew."
            )
            call_command("migrate", interactive=False, verbosity=0)
        Site.objects.update(port=port)
        if not no_serve:
            self._serve(port)

    def _made(self):
        try:
            return Demonstration.objects.first()
        except DatabaseError:
            return None

    def _has_content(self):
        try:
            return (
                Authority.objects.exists()
                or User.objects.exists()
                or Page.objects.count() > PAGES_OF_AN_EMPTY_SITE
            )
        except DatabaseError:
            # Not our tables: an empty database is ours to fill, another product's is not.
            return bool(connection.introspection.table_names())

    def _empty(self):
        self.stdout.write("Removing the demonstration that was here …")
        if connection.vendor == "sqlite":
            connections.close_all()
            database = settings.DATABASES["default"]["NAME"]
            for ending in ["", "-wal", "-shm"]:
                Path(f"{database}{ending}").unlink(missing_ok=True)
        else:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE")
                cursor.execute("CREATE SCHEMA public")
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)

    def _make(self, port, feed):
        self.stdout.write("Making the database (about ten seconds) …")
        # Wagtail notes each page that it makes, which would bury what is said here.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        # Migrations make millions of short-lived objects: looking for rubbish as often as Python
        # does takes a quarter of the time.
        thresholds = gc.get_threshold()
        gc.set_threshold(50_000, 20, 50)
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("Writing pages and services (about ten seconds) …")
        building.build(today=timezone.localdate(), port=port, say=self.stdout.write, feed=feed)
        gc.set_threshold(*thresholds)

    def _serve(self, port):
        os.environ["LOCALOFFER_DEMO"] = "true"
        os.environ["LOCALOFFER_DATA"] = str(settings.DATA)
        lines = ["", "The demonstration is ready:", ""]
        authorities = Authority.objects.select_related("site").order_by("pk")
        lines += [f"  {authority.name:<16} {authority.root_url}" for authority in authorities]
        lines += [f"  {'Admin':<16} http://localhost:{port}/admin/", ""]
        lines += [f"  {email:<28} {what}" for email, what in people.sign_ins()]
        lines += [f"  password of both:            {people.PASSWORD}", "", "Ctrl-C stops it.", ""]
        self.stdout.write("\n".join(lines))
        connections.close_all()
        serving.serve(host=HOST, port=port, workers=2, say=self.stdout.write)
