from django.apps import AppConfig


class OperateConfig(AppConfig):
    name = "localoffer.operate"
    verbose_name = "Running the site"

    def ready(self):
        from localoffer.operate import checks  # noqa: F401  registers them
