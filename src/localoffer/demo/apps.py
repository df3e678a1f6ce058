from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "localoffer.demo"
    verbose_name = "Demonstration"
