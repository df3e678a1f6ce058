from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "localoffer.mail"
    verbose_name = "Mail"

    def ready(self):
        from localoffer.authority import contentversion, roles, today
        from localoffer.mail import panels

        contentversion.hide("mail")
        for model in ["message", "suppression"]:
            roles.allow_all(f"mail.{model}", "participation_officer", actions=("view", "change"))
        today.register(panels.trouble, permission="mail.change_message", order=110)
