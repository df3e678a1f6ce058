from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "localoffer.news"
    verbose_name = "News"

    def ready(self):
        from localoffer.authority import changes
        from localoffer.pages import descriptions

        changes.describe_with("news", descriptions.of_kind("news"))
