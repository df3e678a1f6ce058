from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "localoffer.accounts"
    verbose_name = "People who sign in"
