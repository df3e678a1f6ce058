from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from localoffer.mail.posting import Postman


class Command(DatabaseWorker):
    help = "Carry out background tasks and send mail, until stopped."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        # Looking for changed programs each second, as with DEBUG, costs far more than waiting.
        parser.set_defaults(reload=False)

    def configure_logging(self, verbosity):
        """Settings say what is logged: the library would note the start and end of every task."""

    def handle(self, **options):
        postman = Postman()
        postman.start()
        try:
            super().handle(**options)
        finally:
            postman.stop()
