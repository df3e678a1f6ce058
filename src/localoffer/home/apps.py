from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "localoffer.home"
    verbose_name = "Home"
