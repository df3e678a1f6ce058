from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker

from localoffer.mail.posting import Postman


class Command(DatabaseWorker):
    help = "Carry out background tasks and send mail, until stopped."

    def handle(self, **options):
        postman = Postman()
        postman.start()
        try:
            super().handle(**options)
        finally:
            postman.stop()
