from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "localoffer.feedback"
    verbose_name = "Comments"

    def ready(self):
        from localoffer.authority import contentversion, roles, today
        from localoffer.feedback import panels

        contentversion.hide("feedback.comment")
        roles.allow_all("feedback.comment", "participation_officer", actions=("view", "change"))
        today.register(panels.waiting, permission="feedback.change_comment", order=100)
