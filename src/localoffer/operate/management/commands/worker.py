from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker


class Command(DatabaseWorker):
    help = "Carry out background tasks until stopped."

    def configure_logging(self, verbosity):
        """Settings say what is logged: the library would note the start and end of every task."""
