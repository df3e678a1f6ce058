from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "localoffer.mail"
    verbose_name = "Mail"

    def ready(self):
        from localoffer.authority import contentversion

        contentversion.hide("mail")
