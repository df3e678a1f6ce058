from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "localoffer.search"
    verbose_name = "Search"
